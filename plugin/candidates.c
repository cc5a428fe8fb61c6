/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/candidates.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/text.h"

void candidates_add(struct candidates *candidates, const char *value, const char *description)
{
	if (!string_given(value) || !string_starts(value, candidates->typed) || candidates->count >= CANDIDATES_MAX)
		return;
	if (value[0] == '-' && !candidates->may_be_dashed)
		return;
	scoped(string) char *shown = text_printable_length(value, strlen(value), CANDIDATE_VALUE_MAX);
	if (strcmp(shown, value) != 0)
		return;
	const char *more = description != NULL ? description : "";
	candidates->list =
		memory_room(candidates->list, candidates->count, &candidates->capacity, sizeof(*candidates->list));
	candidates->list[candidates->count++] = (struct candidate){
		.value = steal(shown),
		.description = text_printable_length(more, strlen(more), CANDIDATE_DESCRIPTION_MAX),
	};
}

static int by_value(const void *one, const void *other)
{
	return strcmp(((const struct candidate *)one)->value, ((const struct candidate *)other)->value);
}

void candidates_print(struct candidates *candidates, FILE *out)
{
	if (candidates->count > 1)
		qsort(candidates->list, candidates->count, sizeof(*candidates->list), by_value);
	for (size_t i = 0; i < candidates->count; i++) {
		const struct candidate *one = &candidates->list[i];

		if (i > 0 && strcmp(one->value, candidates->list[i - 1].value) == 0)
			continue;
		fprintf(out, "%s%s%s%s\n", candidates->before, one->value, one->description[0] != '\0' ? "\t" : "",
			one->description);
	}
}

void candidates_release(struct candidates *candidates)
{
	for (size_t i = 0; i < candidates->count; i++) {
		free(candidates->list[i].value);
		free(candidates->list[i].description);
	}
	free(candidates->list);
	*candidates = (struct candidates){0};
}
