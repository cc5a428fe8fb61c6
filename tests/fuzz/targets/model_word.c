/* SPDX-License-Identifier: Apache-2.0 */
/* What a person types for a model, a word a line: which model it means, and which JAAS. */
#include "common/store/model_word.h"

#include <stdbool.h>
#include <string.h>

#include "common/store/choose.h"
#include "common/store/resolve.h"
#include "tests/fuzz/fuzz.h"

static const struct resolve_model known[] = {
	{"alice@canonical.com", "web", "5f0c9a52-0d0e-4e55-8f0b-6f2a6f6f0001"},
	{"alice@canonical.com", "db", "5f0c9a52-0d0e-4e55-8f0b-6f2a6f6f0002"},
	{"bob", "web", "1c9f0000-0d0e-4e55-8f0b-6f2a6f6f0003"},
	{"bob", "5f0c9a", "1c9f0000-0d0e-4e55-8f0b-6f2a6f6f0004"},
};

static void resolve(const struct model_word *word)
{
	scoped(error) struct error *error = NULL;
	size_t index = 0;
	int failed = resolve_model(word, "jaas", "alice@canonical.com", known, array_length(known), &index, &error) < 0;

	fuzz_expect_error(failed, error);
	if (failed)
		return;
	fuzz_expect(index < array_length(known));
	fuzz_expect(strcmp(word->name, known[index].name) == 0 ||
		    (word->prefix && strncmp(word->name, known[index].uuid, strlen(word->name)) == 0));
	fuzz_expect(word->owner[0] == '\0' || strcmp(word->owner, known[index].owner) == 0);
}

static bool read_word(const char *text, struct model_word *word)
{
	scoped(error) struct error *error = NULL;
	int failed = model_word_parse(text, word, &error) < 0;

	fuzz_expect_error(failed, error);
	fuzz_expect(!failed || (error->kind == ERROR_USAGE && word->text == NULL && word->name == NULL));
	if (failed)
		return false;
	fuzz_expect(strlen(text) <= MODEL_WORD_MAX && word->name[0] != '\0');
	fuzz_expect(strpbrk(word->name, "/:") == NULL && strchr(word->controller, ':') == NULL);
	fuzz_expect(word->owner[0] == '\0' || model_word_user(word->owner));
	fuzz_expect(!word->whole || (word->prefix && strlen(word->name) == MODEL_WORD_UUID_LENGTH));
	fuzz_expect_printable(word->name);
	fuzz_expect_printable(word->owner);
	resolve(word);
	return true;
}

static void choose(const struct model_word *words, size_t count, char *option, char *const *environment)
{
	struct store_controller controllers[] = {
		{.name = "jaas", .uuid = "u1", .public_hostname = "", .type = "", .oidc_login = 1},
		{.name = "plain", .uuid = "u2", .public_hostname = "", .type = ""},
		{.name = "other", .uuid = "u3", .public_hostname = "", .type = "", .oidc_login = 1},
	};
	const struct store store = {
		.controllers = {"controllers.yaml", controllers, array_length(controllers), "plain", 1}};
	const struct choose_request request = {option, words, count, environment};
	struct choose_result result = {NULL, NULL, NULL};
	scoped(error) struct error *error = NULL;
	int failed = choose_jaas(&store, &request, &result, &error) < 0;

	fuzz_expect_error(failed, error);
	fuzz_expect(failed == (result.controller == NULL));
	fuzz_expect(failed || result.controller->oidc_login);
	fuzz_expect_printable(result.notice);
	choose_result_release(&result);
}

void fuzz_one(const char *bytes, size_t length)
{
	scoped(fuzz_lines) struct fuzz_lines lines;
	struct model_word words[FUZZ_LINES_MAX] = {{0}};
	size_t count = 0;

	fuzz_lines_read(&lines, (struct fuzz_input){bytes, length});
	for (size_t i = 0; i < lines.count; i++)
		count += read_word(lines.list[i], &words[count]);
	choose(words, count, NULL, lines.list);
	choose(words, 0, lines.count > 0 ? lines.list[0] : NULL, lines.list);
	for (size_t i = 0; i < count; i++)
		model_word_release(&words[i]);
}
