/* SPDX-License-Identifier: Apache-2.0 */
/* A node tree as text, and small changes to it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/text.h"
#include "common/store/node_edit.h"
#include "common/store/yaml_write.h"

static struct document *parsed(const char *content)
{
	struct document *document = document_parse("f.yaml", content, strlen(content), NULL);

	assert_non_null(document);
	return document;
}

static void assert_written(const struct document *document, int indent, const char *expected)
{
	scoped(file) struct file file;

	assert_int_equal(yaml_write(document, indent, &file, NULL), 0);
	assert_string_equal(file.bytes, expected);
	assert_int_equal(file.length, strlen(expected));
}

/* What juju has written comes out as it was, byte for byte. */
static void test_as_it_was(void **state)
{
	static const char *const files[] = {
		"",
		"controllers: {}\n",
		"controllers:\n"
		"  lab:\n"
		"    models:\n"
		"      admin/controller:\n"
		"        uuid: 2d1c7d1e-3d5b-4f55-8a0e-0f6a1ce0b001\n"
		"        type: iaas\n"
		"        branch: \"\"\n"
		"    current-model: admin/web\n"
		"  '123':\n"
		"    null: ~\n"
		"    'nil': 'null'\n"
		"    password: \"123\"\n"
		"    number: 123\n"
		"    nothing: null\n"
		"    list:\n"
		"    - [a, 'b', \"c\", 1, {d: e, 'f': []}]\n"
		"    - - x\n"
		"      - y\n"
		"    tagged: !!str 12\n"
		"    text: |\n"
		"      -----BEGIN CERTIFICATE-----\n"
		"\n"
		"      AAAA\n"
		"    cut: |-\n"
		"      AAAA\n"
		"    kept: |+\n"
		"      AAAA\n"
		"\n"
		"    indented: |2\n"
		"        AAAA\n"
		"      BBBB\n"
		"    umlaut: \xc3\xa4\xc3\xb6\n"
		"    control: \"\\e\\x01\\t\"\n"
		"    token: ZXlKaGJHY2lPaUpJVXpJMU5pSjkuZXlKaGJHY2lPaUpJVXpJMU5pSjkuZXlKaGJHY2lPaUpJVXpJMU5pSjku\n"
		"    blanks: a b c d e f g h i j k l m n o p q r s t u v w x y z a b c d e f g h i j k l m n o p q r s "
		"t u v w x y z\n"
		"    quoted: 'a b c d e f g h i j k l m n o p q r s t u v w x y z: a b c d e f g h i j k l m n o p q "
		"r s t u v w x y z'\n",
	};

	(void)state;
	for (size_t i = 0; i < array_length(files); i++) {
		scoped(document) struct document *document = parsed(files[i]);

		assert_written(document, 2, files[i]);
	}
}

static void test_indent(void **state)
{
	(void)state;
	scoped(document) struct document *document = parsed("a:\n  b:\n    c: |\n      x\n      y\n    d: [1]\n");

	assert_written(document, 4, "a:\n    b:\n        c: |\n            x\n            y\n        d: [1]\n");
}

/* Other spellings of the same, which libyaml writes in its own way. */
static void test_respelled(void **state)
{
	static const struct {
		const char *from;
		const char *to;
	} cases[] = {
		{"# remark\n\na: 1 # one\n", "a: 1\n"},
		{"---\na: 1\n...\n", "a: 1\n"},
		{"{a: , b: ~}\n", "{a: null, b: ~}\n"},
		{"a:\nb: ~\n", "a: null\nb: ~\n"},
		{"a: ! 12\nb: ! [1]\n", "a: !<%21> 12\nb: !<%21> [1]\n"},
		{"? a\n: b\n", "a: b\n"},
		{"a: \xf0\x9f\x98\x80\n", "a: \"\\U0001F600\"\n"},
		{"a: two\n  lines\n", "a: two lines\n"},
		/* On one line a colon is quoted, and a time would become a text. */
		{"a: [name.example.com:1]\nb: 'c'\n", "a: ['name.example.com:1']\nb: 'c'\n"},
		{"a: [12:30:45]\nb: 'c'\n", "a:\n- 12:30:45\nb: \"c\"\n"},
	};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		scoped(document) struct document *document = parsed(cases[i].from);

		assert_written(document, 2, cases[i].to);
	}
}

static void test_same(void **state)
{
	static const struct {
		const char *one;
		const char *other;
		bool same;
	} cases[] = {
		{"a: 1\n", "{a: 1}\n", true},
		{"a: ~\n", "a:\n", true},
		{"", "~\n", true},
		{"", "a:\n", false},
		{"a: b\n", "'a': \"b\"\n", true},
		{"a: 1\n", "a: '1'\n", false},
		{"a: yes\n", "a: 'yes'\n", false},
		{"a: ''\n", "a:\n", false},
		{"a: !!str 1\n", "a: !!str '1'\n", true},
		{"a: !!str 1\n", "a: 1\n", false},
		{"a: b\n", "a: c\n", false},
		{"a: b\n", "c: b\n", false},
		{"a: [b]\n", "a: b\n", false},
		{"a: [b]\n", "a: [b, c]\n", false},
		{"a: []\n", "a: {}\n", false},
		{"a: 3.6.14\n", "a: '3.6.14'\n", true},
	};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		scoped(document) struct document *one = parsed(cases[i].one);
		scoped(document) struct document *other = parsed(cases[i].other);

		if (yaml_same(one->root, other->root) != cases[i].same ||
			yaml_same(other->root, one->root) != cases[i].same)
			fail_msg("%s and %s", cases[i].one, cases[i].other);
	}
}

static void test_clearly_text(void **state)
{
	static const char *const texts[] = {
		"alice@canonical.com", "3.6.14", "4.0.1-beta2", "10.1.2.3", "a", "/x", "_1", "ZXlK/+==", "\xc3\xa4"};
	static const char *const others[] = {"", "~", "null", "Null", "yes", "No", "ON", "y", "123", "4.0", "1e5", "-a",
		"12:30", ".inf", "=", "<<", "0x1f", "1_000", "2001-12-14", "3.6.", "3..6", "+1", " a", "[a"};

	(void)state;
	for (size_t i = 0; i < array_length(texts); i++)
		if (!node_clearly_text(texts[i]))
			fail_msg("%s", texts[i]);
	for (size_t i = 0; i < array_length(others); i++)
		if (node_clearly_text(others[i]))
			fail_msg("%s", others[i]);
}

/* New texts keep the quotes of the old, or get those that they need. */
static void test_set_text(void **state)
{
	static const char *const order[] = {"a", "b", "c", "d", NULL};

	(void)state;
	scoped(document) struct document *document = parsed("x: 1\nb: \"2\"\nd: 'x'\ne:\nf: |\n  x\n");
	struct node *root = document->root;

	assert_true(node_set_text(root, "c", "4.0", order));
	assert_true(node_set_text(root, "a", "null", order));
	assert_true(node_set_text(root, "b", "text", order));
	assert_true(node_set_text(root, "d", "text", order));
	assert_true(node_set_text(root, "e", "", order));
	assert_true(node_set_text(root, "f", "- [", order));
	assert_true(node_set_text(root, "new", "it's", order));
	assert_true(node_set_text(root, "later", "ends:", NULL));
	assert_true(node_set_text(root, "x", "a #b", NULL));
	assert_false(node_set_text(root, "b", "text", order));
	assert_false(node_set_text(root, "c", "4.0", order));
	assert_false(node_set_text(root, "e", "", order));
	assert_written(document, 2,
		"a: 'null'\nx: 'a #b'\nb: \"text\"\nc: '4.0'\nd: 'text'\nnew: it's\ne: ''\nf: '- ['\nlater: 'ends:'\n");
}

static void test_set_texts(void **state)
{
	char *texts[] = {"10.1.2.3:17070", "[fd00::3]:17070", "name"};

	(void)state;
	scoped(document) struct document *document =
		parsed("a: ['10.1.2.3:17070', \"[fd00::3]:17070\"]\nb:\n- x\nc: x\n");
	struct node *root = document->root;

	assert_false(node_set_texts(root, "a", texts, 2, NULL));
	assert_true(node_set_texts(root, "a", texts + 1, 2, NULL));
	assert_true(node_set_texts(root, "b", texts, 1, NULL));
	assert_true(node_set_texts(root, "c", texts, 1, NULL));
	assert_true(node_set_texts(root, "d", NULL, 0, NULL));
	assert_false(node_set_texts(root, "d", NULL, 0, NULL));
	assert_written(
		document, 2, "a: ['[fd00::3]:17070', name]\nb:\n- '10.1.2.3:17070'\nc: ['10.1.2.3:17070']\nd: []\n");
}

static void test_enter_and_remove(void **state)
{
	(void)state;
	scoped(document) struct document *document = parsed("a: {x: 1}\nb:\nc: [1]\n");
	struct node *root = document->root;

	assert_ptr_equal(node_enter(root, "a", NULL), node_find(root, "a"));
	assert_null(node_enter(root, "c", NULL));
	assert_true(node_set_text(node_enter(root, "b", NULL), "y", "2", NULL));
	assert_true(node_set_text(node_enter(root, "d", NULL), "z", "3", NULL));
	assert_true(node_remove(root, "a"));
	assert_false(node_remove(root, "a"));
	assert_written(document, 2, "b: {'y': '2'}\nc: [1]\nd: {z: '3'}\n");
	assert_true(node_remove(root, "d"));
	assert_true(node_remove(root, "b"));
	assert_true(node_remove(root, "c"));
	assert_written(document, 2, "{}\n");
}

static void assert_refused(const struct document *document, const char *message)
{
	scoped(error) struct error *error = NULL;
	struct file file = {(char *)"", 1};

	assert_int_equal(yaml_write(document, 2, &file, &error), -1);
	assert_null(file.bytes);
	assert_int_equal(error->kind, ERROR_STORE);
	assert_string_equal(error->message, message);
}

static void test_refused(void **state)
{
	(void)state;
	scoped(document) struct document *document = parsed("a: b\n");
	scoped(string) char *large = memory_get(DOCUMENT_BYTES_MAX + 1, 1);

	memset(large, 'x', DOCUMENT_BYTES_MAX);
	node_set_text(document->root, "a", "\xc3", NULL);
	assert_refused(document, "cannot write f.yaml: a text in it is not valid UTF-8");
	node_set_text(document->root, "a", large, NULL);
	assert_refused(document, "cannot write f.yaml: it would become too large");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_as_it_was),
		cmocka_unit_test(test_indent),
		cmocka_unit_test(test_respelled),
		cmocka_unit_test(test_same),
		cmocka_unit_test(test_clearly_text),
		cmocka_unit_test(test_set_text),
		cmocka_unit_test(test_set_texts),
		cmocka_unit_test(test_enter_and_remove),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
