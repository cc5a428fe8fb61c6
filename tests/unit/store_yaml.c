/* SPDX-License-Identifier: Apache-2.0 */
/* YAML as a node tree, and everything that is refused with its line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/text.h"
#include "common/store/yaml.h"

#define ADVICE "; fix it or restore a backup"

static struct document *parsed(const char *content)
{
	scoped(error) struct error *error = NULL;
	struct document *document = document_parse("f.yaml", content, strlen(content), &error);

	if (document == NULL)
		fail_msg("%s", error->message);
	return document;
}

static void test_tree(void **state)
{
	(void)state;
	scoped(document) struct document *document = parsed("# remark\n"
							    "a: plain\n"
							    "'b': {x: \"1\", y: [ '[fd00::3]:17070', two ]}\n"
							    "c:\n- |\n  one\n  two\n- !!str null\n- >\n  folded\n");
	const struct node *root = document->root;

	assert_string_equal(document->file, "f.yaml");
	assert_int_equal(root->kind, NODE_MAPPING);
	assert_int_equal(root->style, NODE_BLOCK);
	assert_int_equal(root->count, 3);
	assert_string_equal(root->keys[1]->text, "b");
	assert_int_equal(root->keys[1]->style, NODE_SINGLE_QUOTED);
	assert_int_equal(root->keys[1]->line, 3);
	assert_string_equal(node_find(root, "a")->text, "plain");

	const struct node *flow = node_find(root, "b");
	assert_int_equal(flow->style, NODE_FLOW);
	assert_int_equal(node_find(flow, "x")->style, NODE_DOUBLE_QUOTED);
	assert_string_equal(node_find(flow, "y")->items[0]->text, "[fd00::3]:17070");
	assert_null(node_find(flow, "z"));
	assert_null(node_find(node_find(flow, "y"), "two"));

	const struct node *list = node_find(root, "c");
	assert_int_equal(list->kind, NODE_SEQUENCE);
	assert_string_equal(list->items[0]->text, "one\ntwo\n");
	assert_int_equal(list->items[0]->style, NODE_LITERAL);
	assert_string_equal(list->items[1]->tag, "tag:yaml.org,2002:str");
	assert_false(node_null(list->items[1]));
	assert_int_equal(list->items[2]->style, NODE_FOLDED);
	assert_int_equal(list->items[2]->line, 9);
}

static void test_empty(void **state)
{
	static const char *const cases[] = {"", "\n\n", "# only a remark\n", "---\n", "--- ~\n", "null\n", "---\n...\n",
		"\xef\xbb\xbf", "%YAML 1.1\n---\n"};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		scoped(document) struct document *document = parsed(cases[i]);
		assert_null(document->root);
	}
	scoped(document) struct document *missing = document_read("/proc/nonexistent/f.yaml", NULL);
	assert_non_null(missing);
	assert_null(missing->root);
}

static void assert_refused(const char *content, size_t length, const char *message)
{
	scoped(error) struct error *error = NULL;

	assert_null(document_parse("f.yaml", content, length, &error));
	assert_int_equal(error->kind, ERROR_STORE);
	assert_string_equal(error->message, message);
}

static void test_refused(void **state)
{
	static const struct {
		const char *content;
		const char *message;
	} cases[] = {
		{"a: b\nc: [1, 2\nd: e\n", "f.yaml:3: did not find expected ',' or ']' while parsing a flow sequence"},
		{"a: b\n c: d\n", "f.yaml:2: mapping values are not allowed in this context"},
		{"a: b\n\tc: d\n",
			"f.yaml:2: found a tab character that violates indentation while scanning a plain scalar"},
		{"a: 'b\n", "f.yaml:2: found unexpected end of stream while scanning a quoted scalar"},
		{"a: b\nc: \x01\n", "f.yaml:2: control characters are not allowed"},
		{"a: b\n\xff\n", "f.yaml:2: invalid leading UTF-8 octet"},
		{"\x7f"
		 "ELF\x02\x01",
			"f.yaml:1: control characters are not allowed"},
		{"a: b\n---\nc: d\n", "f.yaml:2: a second YAML document begins"},
		{"a: b\n---\n", "f.yaml:2: a second YAML document begins"},
		{"a: b\nc: d\n'a': e\n", "f.yaml:3: key \"a\" is there twice, first in line 1"},
		{"x:\n  b: 1\n  a: 2\n  c: 3\n  a: 4\n", "f.yaml:5: key \"a\" is there twice, first in line 3"},
		{"[a]: b\n", "f.yaml:1: a key must be a text"},
		{"? {a: b}\n: c\n", "f.yaml:1: a key must be a text"},
		{"a: {?}\n", "f.yaml:1: a key must be a text"},
		{"a: b\n? \n: c\n", "f.yaml:2: a key must be a text"},
		{"a: &x b\n", "f.yaml:1: anchors are not supported, juju writes none"},
		{"a: b\nc: *x\n", "f.yaml:2: aliases are not supported, juju writes none"},
		{"a: b\n*x : c\n", "f.yaml:2: a key must be a text"},
		{"a: &x [1]\nb: [*x, *x]\n", "f.yaml:1: anchors are not supported, juju writes none"},
		{"a:\n  <<: {b: c}\n", "f.yaml:2: merge keys are not supported, juju writes none"},
		{"a: !secret b\n", "f.yaml:1: tag !secret is not supported, juju writes none"},
		{"a: !!binary aGk=\n", "f.yaml:1: tag tag:yaml.org,2002:binary is not supported, juju writes none"},
		{"a: !!str [b]\n", "f.yaml:1: tag tag:yaml.org,2002:str is not supported, juju writes none"},
		{"a: \"b\\0c\"\n", "f.yaml:1: a text has a NUL character in it"},
		{"\"\\e[31m\": 1\n\"\\e[31m\": 2\n", "f.yaml:2: key \"?[31m\" is there twice, first in line 1"},
	};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		scoped(string) char *message = string_format("cannot read %s" ADVICE, cases[i].message);
		assert_refused(cases[i].content, strlen(cases[i].content), message);
	}
	assert_refused("a: b\0", 5, "cannot read f.yaml:1: control characters are not allowed" ADVICE);
}

static char *repeated(const char *piece, size_t count)
{
	size_t length = strlen(piece);
	char *all = memory_get(length * count + 1, 1);

	for (size_t i = 0; i < count; i++)
		memcpy(all + i * length, piece, length);
	return all;
}

static void test_ceilings(void **state)
{
	(void)state;
	scoped(string) char *deep = repeated("[", DOCUMENT_DEPTH_MAX + 1);
	assert_refused(deep, strlen(deep), "cannot read f.yaml:1: nested more than 64 deep" ADVICE);

	scoped(string) char *open = repeated("- ", DOCUMENT_DEPTH_MAX);
	scoped(document) struct document *allowed = document_parse("f.yaml", open, strlen(open), NULL);
	assert_non_null(allowed);

	/* One sequence and a million elements. */
	scoped(string) char *many = repeated("- a\n", DOCUMENT_NODES_MAX);
	assert_refused(many, strlen(many), "cannot read f.yaml:400000: more than 400000 values" ADVICE);

	scoped(string) char *large = memory_get(DOCUMENT_BYTES_MAX + 1, 1);
	assert_refused(large, DOCUMENT_BYTES_MAX + 1, "cannot read f.yaml:1: larger than 16777216 bytes" ADVICE);
}

static void test_null(void **state)
{
	static const struct {
		const char *content;
		int null;
	} cases[] = {{"a:\n", 1}, {"a: ~\n", 1}, {"a: null\n", 1}, {"a: Null\n", 1}, {"a: NULL\n", 1}, {"a: nULL\n", 0},
		{"a: 'null'\n", 0}, {"a: \"\"\n", 0}, {"a: {}\n", 0}, {"a: []\n", 0}, {"a: !!str null\n", 0},
		{"a: 0\n", 0}};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		scoped(document) struct document *document = parsed(cases[i].content);
		assert_int_equal(node_null(node_find(document->root, "a")), cases[i].null);
	}
	assert_true(node_null(NULL));
}

static void test_texts_and_flags(void **state)
{
	static const struct {
		const char *content;
		const char *text; /* NULL: refused */
		int flag;         /* -1: refused */
	} cases[] = {{"b: c\n", "", 0}, {"a:\n", "", 0}, {"a: null\n", "", 0}, {"a: 'null'\n", "null", -1},
		{"a: true\n", "true", 1}, {"a: 'true'\n", "true", 1}, {"a: Yes\n", "Yes", 1}, {"a: on\n", "on", 1},
		{"a: false\n", "false", 0}, {"a: OFF\n", "OFF", 0}, {"a: 1\n", "1", -1}, {"a: 4.0\n", "4.0", -1},
		{"a: 0x10\n", "0x10", -1}, {"a: maybe\n", "maybe", -1}, {"a: ''\n", "", -1}, {"a: [b]\n", NULL, -1},
		{"a: {b: c}\n", NULL, -1}};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		scoped(document) struct document *document = parsed(cases[i].content);
		scoped(string) char *text = NULL;
		int flag = 7;
		assert_int_equal(node_get_text("f", document->root, "a", &text, NULL), cases[i].text != NULL ? 0 : -1);
		if (cases[i].text != NULL)
			assert_string_equal(text, cases[i].text);
		else
			assert_null(text);
		assert_int_equal(node_get_flag("f", document->root, "a", &flag, NULL), cases[i].flag >= 0 ? 0 : -1);
		assert_int_equal(flag, cases[i].flag > 0);
	}
}

static void test_list(void **state)
{
	char **texts = NULL;
	size_t count = 9;

	(void)state;
	scoped(document) struct document *document = parsed("a: [x, ~, '', y]\nb: c\nd: [e, [f]]\nn: ~\n");
	assert_int_equal(node_texts("f", node_find(document->root, "a"), "a", &texts, &count, NULL), 0);
	assert_int_equal(count, 2);
	assert_string_equal(texts[0], "x");
	assert_string_equal(texts[1], "y");
	node_texts_free(texts, count);
	assert_int_equal(node_texts("f", node_find(document->root, "n"), "n", &texts, &count, NULL), 0);
	assert_int_equal(count, 0);
	assert_null(texts);

	scoped(error) struct error *text = NULL;
	assert_int_equal(node_texts("f", node_find(document->root, "b"), "b", &texts, &count, &text), -1);
	assert_string_equal(text->message, "cannot read f:2: \"b\" must be a list, not a text" ADVICE);
	scoped(error) struct error *nested = NULL;
	assert_int_equal(node_texts("f", node_find(document->root, "d"), "d", &texts, &count, &nested), -1);
	assert_string_equal(nested->message, "cannot read f:3: \"d\" must be a text, not a list" ADVICE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tree),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_ceilings),
		cmocka_unit_test(test_null),
		cmocka_unit_test(test_texts_and_flags),
		cmocka_unit_test(test_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
