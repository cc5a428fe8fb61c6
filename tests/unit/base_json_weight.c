/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <json-c/json.h>
#include <malloc.h>

#include "common/base/json_weight.h"
#include "common/base/scoped.h"

#define MANY 20000

static size_t weight(const char *text)
{
	return json_weight(text, strlen(text));
}

static void what_is_in_strings_weighs_its_length(void **state)
{
	(void)state;
	assert_int_equal(weight("\"{,[{,[\\\"{,[\"") - weight("\"aaaaaaaaaaa\""), 0);
	assert_true(weight("{") > weight("\"{"));
	assert_true(weight("\"a\",{") > weight("\"a,{\""));
}

static void what_is_no_json_has_a_weight_too(void **state)
{
	static const char *const texts[] = {"", "\"", "\"\\", "]]]]", "}{", "[[[[", ",,,,", "{\"a\":[{]}"};

	(void)state;
	for (size_t i = 0; i < array_length(texts); i++)
		assert_true(weight(texts[i]) >= strlen(texts[i]));
}

/* Returns `one` many times as a list, owned by the caller. */
static char *list_of(const char *one)
{
	size_t length = strlen(one);
	char *text = memory_get(MANY * (length + 1) + 3, 1);
	char *at = text;

	*at++ = '[';
	for (size_t i = 0; i < MANY; i++) {
		memcpy(at, one, length);
		at += length;
		*at++ = ',';
	}
	at[-1] = ']';
	return text;
}

/* Bytes that are asked of the C library; a sanitizer's allocator does not tell. */
static size_t used(void)
{
	struct mallinfo2 info = mallinfo2();

	return info.uordblks + info.hblkhd;
}

static void it_is_no_less_than_what_json_c_takes(void **state)
{
	static const char *const shapes[] = {"{}", "[]", "1", "1.5", "true", "\"\"", "\"abcdefghijklmnopqrstuvwxyz\"",
		"{\"a\":1}", "{\"a\":{\"b\":{\"c\":{}}}}", "[[[[]]]]", "[1,2,3]",
		("{\"a\":1,\"b\":2,\"c\":3,\"d\":4,\"e\":5,\"f\":6,\"g\":7,\"h\":8,\"i\":9,\"j\":10,\"k\":11,\"l\":12,"
		 "\"m\":13}")};

	(void)state;
	for (size_t i = 0; i < array_length(shapes); i++) {
		scoped(string) char *text = list_of(shapes[i]);
		size_t before = used();
		struct json_object *value = json_tokener_parse(text);
		size_t taken = used() - before;

		assert_non_null(value);
		if (taken + strlen(text) > weight(text))
			fail_msg("%s: %zu bytes each, the weight is %zu", shapes[i], taken / MANY,
				(weight(text) - strlen(text)) / MANY);
		json_object_put(value);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_in_strings_weighs_its_length),
		cmocka_unit_test(what_is_no_json_has_a_weight_too),
		cmocka_unit_test(it_is_no_less_than_what_json_c_takes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
