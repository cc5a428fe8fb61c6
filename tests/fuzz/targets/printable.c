/* SPDX-License-Identifier: Apache-2.0 */
/* Foreign text made fit for a terminal, a column, a quoted word, JSON and YAML. */
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/text.h"
#include "common/store/yaml.h"
#include "plugin/columns.h"
#include "plugin/json_text.h"
#include "plugin/quote.h"
#include "plugin/yaml_text.h"
#include "tests/fuzz/fuzz.h"

static void cut(const char *bytes, size_t length)
{
	static const size_t most[] = {0, 1, 2, 3, 4, 17, TEXT_SHOWN_MAX};

	for (size_t i = 0; i < array_length(most); i++) {
		scoped(string) char *shown = text_printable_length(bytes, length, most[i]);

		fuzz_expect(strlen(shown) <= most[i]);
		fuzz_expect_printable(shown);
		scoped(string) char *again = text_printable_length(shown, strlen(shown), most[i]);
		fuzz_expect(strcmp(shown, again) == 0);
	}
}

static void fit(const char *text)
{
	static const size_t most[] = {0, 1, 2, 5, 40};

	for (size_t i = 0; i < array_length(most); i++) {
		scoped(string) char *wide = columns_fit(text, most[i], true);
		scoped(string) char *ascii = columns_fit(text, most[i], false);

		fuzz_expect_printable(wide);
		fuzz_expect(columns_count(wide) <= most[i] && columns_count(ascii) <= most[i]);
		for (const char *at = ascii; *at != '\0'; at++)
			fuzz_expect(*at >= ' ' && *at <= '~');
	}
}

/* Every line is as narrow as asked for, or a single character, and all of the text comes. */
static void wrap(const char *text)
{
	scoped(string) char *shown = text_printable(text);

	for (const char *at = shown; *at != '\0';) {
		size_t bytes = columns_line(at, 7);
		scoped(string) char *line = string_copy_length(at, bytes);

		fuzz_expect(bytes > 0 && bytes <= strlen(at));
		fuzz_expect(columns_count(line) <= 7);
		fuzz_expect_printable(line);
		at += bytes;
	}
}

static void quote(const char *text)
{
	scoped(string) char *word = quote_word(text);
	scoped(string) char *bytes = quote_bytes(text);

	fuzz_expect_printable(word);
	for (const char *at = bytes; *at != '\0'; at++)
		fuzz_expect(*at >= ' ' && *at <= '~');
	fuzz_expect(word[0] == '"' && word[strlen(word) - 1] == '"');
}

/* A reader gets what went in, but for what was no UTF-8. */
static void json(const char *text)
{
	scoped(text) struct text out = {.ceiling = 1 << 24};

	json_text_add(&out, text);
	struct json_object *value = json_tokener_parse(out.data);
	fuzz_expect(value != NULL && json_object_is_type(value, json_type_string));
	scoped(string) char *shown = text_printable_length(text, strlen(text), 1 << 20);
	scoped(string) char *back = text_printable_length(
		json_object_get_string(value), (size_t)json_object_get_string_len(value), 1 << 20);
	if (strchr(shown, '?') == NULL)
		fuzz_expect(strcmp(shown, back) == 0);
	json_object_put(value);
}

static void yaml(const char *text)
{
	scoped(text) struct text out = {.ceiling = 1 << 24};
	scoped(error) struct error *error = NULL;

	text_add_string(&out, "key: ");
	yaml_text_add(&out, text, 4);
	text_add_string(&out, "\nnext: end\n");
	scoped(document) struct document *document = document_parse("out", out.data, out.length, &error);
	fuzz_expect(document != NULL);
	fuzz_expect(document->root->count == 2);
	const struct node *value = node_find(document->root, "key");
	fuzz_expect(value != NULL && value->kind == NODE_SCALAR && value->text != NULL);
	fuzz_expect(string_same(node_find(document->root, "next")->text, "end"));
	for (size_t i = 0, length = strlen(text); i < length; i++)
		if ((unsigned char)text[i] >= 0x80)
			return;
	fuzz_expect(strcmp(value->text, text) == 0);
}

void fuzz_one(const char *bytes, size_t length)
{
	scoped(string) char *text = fuzz_text(&(struct fuzz_input){bytes, length});

	cut(bytes, length);
	fit(text);
	wrap(text);
	quote(text);
	json(text);
	yaml(text);
}
