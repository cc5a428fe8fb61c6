/* SPDX-License-Identifier: Apache-2.0 */
/* Base64 both ways. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/base64.h"
#include "common/base/scoped.h"

static void test_vectors(void **state)
{
	static const char *const cases[][2] = {
		{"", ""},
		{"f", "Zg=="},
		{"fo", "Zm8="},
		{"foo", "Zm9v"},
		{"foob", "Zm9vYg=="},
		{"fooba", "Zm9vYmE="},
		{"foobar", "Zm9vYmFy"},
		{"\xfb\xff\xbf", "+/+/"},
	};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		size_t size = 99;
		scoped(string) char *text = base64_encode(cases[i][0], strlen(cases[i][0]));
		scoped(string) char *bytes = base64_decode(cases[i][1], strlen(cases[i][1]), &size);

		assert_string_equal(text, cases[i][1]);
		assert_string_equal(bytes, cases[i][0]);
		assert_int_equal(size, strlen(cases[i][0]));
	}
}

static void test_spellings(void **state)
{
	static const char *const cases[][2] = {{"Zg", "f"}, {"Zg=", "f"}, {"Zm8", "fo"}, {"-_-_", "\xfb\xff\xbf"},
		{"-/+_", "\xfb\xff\xbf"}, {"=", ""}};
	static const char *const broken[] = {
		"Z", "Zm9vY", "Zg===", "Z g=", "Zm9v\n", "Zg==Zg==", "Z\xc3\xa4==", "====="};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		size_t size = 99;
		scoped(string) char *bytes = base64_decode(cases[i][0], strlen(cases[i][0]), &size);

		assert_string_equal(bytes, cases[i][1]);
	}
	for (size_t i = 0; i < array_length(broken); i++) {
		size_t size = 99;

		assert_null(base64_decode(broken[i], strlen(broken[i]), &size));
		assert_int_equal(size, 0);
	}
}

static void test_all_bytes(void **state)
{
	unsigned char bytes[256];

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (unsigned char)i;
	for (size_t length = 0; length <= sizeof(bytes); length++) {
		scoped(string) char *text = base64_encode(bytes, length);
		size_t size = 0;
		scoped(string) char *again = base64_decode(text, strlen(text), &size);

		assert_int_equal(size, length);
		assert_memory_equal(again, bytes, length);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_spellings),
		cmocka_unit_test(test_all_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
