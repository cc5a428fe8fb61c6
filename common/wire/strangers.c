/* SPDX-License-Identifier: Apache-2.0 */
#include "common/wire/strangers.h"

#include <stdlib.h>
#include <string.h>

void strangers_add(struct strangers *strangers, const char *endpoint, const struct error *error)
{
	if (strangers_find(strangers, endpoint) != NULL || strangers->count == STRANGERS_MAX)
		return;
	strangers->list[strangers->count].endpoint = string_copy(endpoint);
	strangers->list[strangers->count].error = error_copy(error);
	strangers->count++;
}

const struct error *strangers_find(const struct strangers *strangers, const char *endpoint)
{
	for (size_t i = 0; i < strangers->count; i++)
		if (strcmp(strangers->list[i].endpoint, endpoint) == 0)
			return strangers->list[i].error;
	return NULL;
}

void strangers_release(struct strangers *strangers)
{
	for (size_t i = 0; i < strangers->count; i++) {
		free(strangers->list[i].endpoint);
		error_free(strangers->list[i].error);
	}
	*strangers = (struct strangers){0};
}
