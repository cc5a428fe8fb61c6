/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A command line that is being typed, a word a line, and what is offered for its end; behind a line "%%" names that JIMM has told,
 * a line each. What the shells read are lines: nothing that was told makes another one, or an option.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/text.h"
#include "plugin/complete_line.h"
#include "plugin/complete_offer.h"
#include "tests/fuzz/fuzz.h"

#define NOW (INT64_C(1790000000) * INSTANT_SECOND)

static void learn(struct catalogue *catalogue, const struct fuzz_lines *names)
{
	catalogue->user = string_copy("alice@canonical.com");
	catalogue->models_at = catalogue->controllers_at = NOW;
	for (size_t i = 0; i < names->count; i++) {
		scoped(string) char *uuid = string_format("5f0c9a52-0d0e-4e55-8f0b-6f2a6f6f%04zu", i);
		/* As catalogue_learn takes them in: made printable. */
		scoped(string) char *name = text_printable(names->list[i]);

		catalogue_add_model(catalogue, &(struct catalogue_model){.uuid = uuid,
						       .name = name,
						       .owner = i % 2 == 0 ? catalogue->user : name,
						       .host = name,
						       .host_at = NOW,
						       .cloud = name});
		if (name[0] != '\0')
			catalogue_add_controller(
				catalogue, &(struct catalogue_controller){
						   .name = name, .uuid = uuid, .cloud = name, .status = name});
	}
	catalogue_settle(catalogue);
}

static void expect_offered(const struct complete_line *line, const struct candidates *candidates)
{
	fuzz_expect(candidates->count <= CANDIDATES_MAX);
	for (size_t i = 0; i < candidates->count; i++) {
		const struct candidate *one = &candidates->list[i];

		fuzz_expect(one->value[0] != '\0' && strlen(one->value) <= CANDIDATE_VALUE_MAX);
		fuzz_expect(strlen(one->description) <= CANDIDATE_DESCRIPTION_MAX);
		fuzz_expect(string_starts(one->value, line->typed));
		fuzz_expect(one->value[0] != '-' || candidates->may_be_dashed);
		fuzz_expect_printable(one->value);
		fuzz_expect_printable(one->description);
	}
}

static void print(const struct complete_line *line, struct candidates *candidates)
{
	char *text = NULL;
	size_t size = 0, lines = 0;
	FILE *out = open_memstream(&text, &size);

	candidates_print(candidates, out);
	fclose(out);
	for (const char *at = text; *at != '\0'; lines++) {
		fuzz_expect(string_starts(at, line->before));
		at += strcspn(at, "\n");
		fuzz_expect(*at++ == '\n');
	}
	fuzz_expect(lines <= candidates->count);
	free(text);
}

void fuzz_one(const char *bytes, size_t length)
{
	struct fuzz_input input = {bytes, length};
	scoped(fuzz_lines) struct fuzz_lines words;
	scoped(fuzz_lines) struct fuzz_lines names;
	scoped(complete_line) struct complete_line line;
	scoped(catalogue) struct catalogue catalogue;
	struct store_controller controllers[] = {{.name = "jaas", .uuid = "u", .type = "", .oidc_login = 1}};
	struct store store = {.controllers = {"controllers.yaml", controllers, array_length(controllers), "jaas", 1}};

	fuzz_lines_read(&words, fuzz_part(&input));
	fuzz_lines_read(&names, input);
	catalogue_init(&catalogue);
	learn(&catalogue, &names);
	complete_line_read(&line, words.list);
	fuzz_expect(line.want >= WANT_NOTHING && line.want <= WANT_TARGET && line.typed != NULL && line.before != NULL);
	const struct complete_known known = {&store, "jaas", "alice@canonical.com", &catalogue, NOW, NULL};
	scoped(candidates) struct candidates candidates = {
		.before = line.before, .typed = line.typed, .may_be_dashed = line.may_be_dashed};
	/* Folders of this machine are no matter of the input. */
	if (line.want == WANT_FILE)
		return;
	complete_offer(&line, &known, &candidates);
	expect_offered(&line, &candidates);
	if (strpbrk(line.before, "\n") == NULL)
		print(&line, &candidates);
}
