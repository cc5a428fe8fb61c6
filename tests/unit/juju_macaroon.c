/* SPDX-License-Identifier: Apache-2.0 */
/* Macaroons in all their forms, bound and written; and what is said to the doors that discharge them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/base64.h"
#include "common/base/instant.h"
#include "common/base/scoped.h"
#include "common/juju/discharge.h"

#define S00 "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
#define S20 "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8"
#define BOUND "8Fio3qyZgMZvshx01lwYylE9Df2qYmQx88umW25xXJk"
#define HEX01 "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define HEX00 "00" HEX01

static struct macaroon *read_text(const char *text)
{
	scoped(secret) struct secret *json = secret_new(text, strlen(text));

	return macaroon_parse(json, NULL);
}

static void written_as(const struct macaroon *const *set, size_t count, const char *text)
{
	scoped(secret) struct secret *written = macaroon_set_write(set, count);

	assert_string_equal(secret_reveal(written), text);
}

/* Every form becomes the newest one. */
static void test_forms(void **state)
{
	static const struct {
		const char *text;
		const char *written;
	} cases[] = {
		{"{\"i\":\"x\",\"s64\":\"" S00 "\"}", "[{\"i\":\"x\",\"s64\":\"" S00 "\"}]"},
		{"{\"i64\":\"eA\",\"s64\":\"" S00 "=\",\"c\":null}", "[{\"i\":\"x\",\"s64\":\"" S00 "\"}]"},
		{"{\"identifier\":\"x\",\"location\":\"l\",\"signature\":\"" HEX00
		 "\",\"caveats\":[{\"cid\":\"a b\"},{\"cid\":\"third\",\"vid\":\"_v7-\",\"cl\":\"https://h/auth\"}]}",
			"[{\"c\":[{\"i\":\"a b\"},{\"i\":\"third\",\"v64\":\"_v7-\",\"l\":\"https://h/auth\"}],"
			"\"l\":\"l\",\"i\":\"x\",\"s64\":\"" S00 "\"}]"},
		{"{\"m\":{\"c\":[{\"i64\":\"AwA\",\"v64\":\"_v7-\",\"l\":\"https://h/"
		 "auth\"}],\"i64\":\"AwoQ\",\"s64\":\"" S00 "\"},\"v\":3,\"cdata\":{\"AwA\":\"A1x9\"},\"ns\":\"std:\"}",
			"[{\"c\":[{\"i64\":\"AwA\",\"v64\":\"_v7-\",\"l\":\"https://h/"
			"auth\"}],\"i64\":\"AwoQ\",\"s64\":\"" S00 "\"}]"},
	};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		scoped(macaroon) struct macaroon *macaroon = read_text(cases[i].text);

		assert_non_null(macaroon);
		written_as((const struct macaroon *const[]){macaroon}, 1, cases[i].written);
	}
}

static struct macaroon *read_binary(const char *bytes, size_t length)
{
	scoped(string) char *encoded = base64_encode(bytes, length);
	scoped(string) char *text = string_format("\"%s\"", encoded);

	return read_text(text);
}

#define RAW "\0\1\2\3\4\5\6\7\10\11\12\13\14\15\16\17\20\21\22\23\24\25\26\27\30\31\32\33\34\35\36\37"
#define BINARY2 "\2\1\1l\2\1x\0\2\3a b\0\1\1h\2\2\3\0\4\1v\0\0\6\40" RAW
#define BINARY1 "000flocation l\n0011identifier x\n000ccid a b\n000acid t\n000avid v\n0009cl h\n002fsignature " RAW "\n"

static void test_binary_forms(void **state)
{
	scoped(macaroon) struct macaroon *newer = read_binary(BINARY2, sizeof(BINARY2) - 1);
	scoped(macaroon) struct macaroon *older = read_binary(BINARY1, sizeof(BINARY1) - 1);

	(void)state;
	assert_non_null(newer);
	written_as((const struct macaroon *const[]){newer}, 1,
		"[{\"c\":[{\"i\":\"a "
		"b\"},{\"i64\":\"AwA\",\"v64\":\"dg\",\"l\":\"h\"}],\"l\":\"l\",\"i\":\"x\",\"s64\":\"" S00 "\"}]");
	assert_non_null(older);
	written_as((const struct macaroon *const[]){older}, 1,
		"[{\"c\":[{\"i\":\"a "
		"b\"},{\"i\":\"t\",\"v64\":\"dg\",\"l\":\"h\"}],\"l\":\"l\",\"i\":\"x\",\"s64\":\"" S00 "\"}]");
}

/* However it is cut or changed, it is refused or read, and nothing else happens: memory checkers watch. */
static void test_damaged_binary(void **state)
{
	static const struct {
		const char *bytes;
		size_t length;
	} forms[] = {{BINARY2, sizeof(BINARY2) - 1}, {BINARY1, sizeof(BINARY1) - 1}};

	(void)state;
	for (size_t form = 0; form < array_length(forms); form++) {
		for (size_t length = 0; length < forms[form].length; length++)
			assert_null(read_binary(forms[form].bytes, length));
		for (size_t at = 0; at < forms[form].length; at++) {
			scoped(string) char *changed = memory_get(forms[form].length, 1);

			for (int value = 0; value < 256; value += 5) {
				memcpy(changed, forms[form].bytes, forms[form].length);
				changed[at] = (char)value;
				macaroon_free(read_binary(changed, forms[form].length));
			}
		}
	}
}

static void test_refused(void **state)
{
	static const char *const texts[] = {
		"",
		"{}",
		"null",
		"[]",
		"7",
		"\"\"",
		"\"x\"",
		"{\"i\":\"x\"}",
		"{\"i\":\"x\",\"s64\":\"AAEC\"}",
		"{\"i\":\"x\",\"i64\":\"eA\",\"s64\":\"" S00 "\"}",
		"{\"i\":7,\"s64\":\"" S00 "\"}",
		"{\"i\":\"x\",\"s64\":\"" S00 "\",\"c\":{}}",
		"{\"i\":\"x\",\"s64\":\"" S00 "\",\"c\":[7]}",
		"{\"i\":\"x\",\"s64\":\"" S00 "\",\"c\":[{\"v64\":\"dg\"}]}",
		"{\"i\":\"x\",\"s64\":\"" S00 "\",\"c\":[{\"i\":\"y\",\"v64\":\"!\"}]}",
		"{\"identifier\":\"x\",\"signature\":\"00\"}",
		"{\"identifier\":\"x\",\"signature\":\"zz" HEX01 "\"}",
		"{\"m\":null}",
		"[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]",
	};

	(void)state;
	for (size_t i = 0; i < array_length(texts); i++) {
		scoped(secret) struct secret *json = secret_new(texts[i], strlen(texts[i]));
		scoped(error) struct error *error = NULL;

		assert_null(macaroon_parse(json, &error));
		assert_int_equal(error->kind, ERROR_PROTOCOL);
	}
}

static void test_binding(void **state)
{
	scoped(macaroon) struct macaroon *primary = read_text("{\"i\":\"p\",\"s64\":\"" S00 "\"}");
	scoped(macaroon) struct macaroon *discharge = read_text("{\"i\":\"d\",\"s64\":\"" S20 "\"}");
	scoped(macaroon) struct macaroon *same = read_text("{\"i\":\"e\",\"s64\":\"" S00 "\"}");

	(void)state;
	macaroon_bind_to(discharge, primary);
	macaroon_bind_to(same, primary);
	written_as((const struct macaroon *const[]){primary, discharge, same}, 3,
		"[{\"i\":\"p\",\"s64\":\"" S00 "\"},{\"i\":\"d\",\"s64\":\"" BOUND "\"},{\"i\":\"e\",\"s64\":\"" S00
		"\"}]");
}

static void test_expiry(void **state)
{
	scoped(macaroon) struct macaroon *never = read_text("{\"i\":\"x\",\"s64\":\"" S00 "\"}");
	scoped(macaroon) struct macaroon *day =
		read_text("{\"c\":[{\"i\":\"time-before 2026-08-24T08:00:00Z\"},{\"i\":\"time-before "
			  "2026-08-23T09:00:00+01:00\"},"
			  "{\"i\":\"time-before soon\"},{\"i\":\"time-before 2020-01-01T00:00:00Z\",\"v64\":\"dg\"},"
			  "{\"i\":\"declared username bob\"}],\"i\":\"x\",\"s64\":\"" S00 "\"}");

	(void)state;
	assert_int_equal(macaroon_expires(never), INSTANT_NONE);
	assert_int_equal(macaroon_expires(day), instant_parse("2026-08-23T08:00:00Z"));
}

#define LOCAL                                                                                             \
	"{\"m\":{\"c\":[{\"i64\":\"AwA\",\"v64\":\"dg\",\"l\":\"https://h/auth\"},{\"i\":\"is \\u00e9 & " \
	"so?\",\"v64\":\"dg\"}],"                                                                         \
	"\"i\":\"x\",\"s64\":\"" S00 "\"},\"cdata\":{\"AwA\":\"A1x9-_\"}}"

static void test_forms_sent(void **state)
{
	scoped(macaroon) struct macaroon *macaroon = read_text(LOCAL);
	scoped(secret) struct secret *password = secret_new("s3cret\"\n", 8);
	struct discharge_token token = {(char *)(uintptr_t) "juju_userpass", secret_new("9f2c", 4), 4};
	struct discharge_token odd = {(char *)(uintptr_t) "juju_userpass", secret_new("\0\377", 2), 2};
	struct secret *const sent[] = {
		discharge_write(&macaroon->caveats[0], NULL),
		discharge_write(&macaroon->caveats[0], &token),
		discharge_write(&macaroon->caveats[1], &odd),
		discharge_write_password("bob", password),
	};
	static const char *const expected[] = {
		"id64=AwA&caveat64=A1x9-_",
		"id64=AwA&caveat64=A1x9-_&token=9f2c&token-kind=juju_userpass",
		"id=is%20%C3%A9%20%26%20so%3F&token64=AP8&token-kind=juju_userpass",
		"{\"form\":{\"user\":\"bob\",\"password\":\"s3cret\\\"\\n\"}}",
	};

	(void)state;
	for (size_t i = 0; i < array_length(sent); i++) {
		assert_string_equal(secret_reveal(sent[i]), expected[i]);
		secret_free(sent[i]);
	}
	secret_free(token.value);
	secret_free(odd.value);
}

static void test_answers(void **state)
{
	static const struct {
		int proof;
		unsigned int status;
		const char *body;
		int outcome; /* -1: fails */
		const char *door, *message, *token;
	} cases[] = {
		{0, 200, "{\"Macaroon\":{\"m\":{\"i\":\"x\",\"s64\":\"" S20 "\"},\"v\":3,\"ns\":\"std:\"}}",
			DISCHARGE_DONE, NULL, NULL, NULL},
		{0, 401,
			"{\"Code\":\"interaction required\",\"Message\":\"cannot discharge: interaction "
			"required\",\"Info\":{"
			"\"InteractionMethods\":{\"juju_userpass\":{\"url\":\"/auth/form\"}}}}",
			DISCHARGE_ASKS, "/auth/form", "cannot discharge: interaction required", NULL},
		{0, 401,
			"{\"Code\":\"interaction required\",\"Info\":{\"InteractionMethods\":{\"browser-window\":{}}}}",
			DISCHARGE_ASKS, "", "", NULL},
		{0, 401, "{\"Code\":\"interaction required\"}", DISCHARGE_ASKS, "", "", NULL},
		{0, 400, "{\"Code\":\"bad request\",\"Message\":\"no\"}", DISCHARGE_REFUSED, "", "no", NULL},
		{0, 407, "{}", DISCHARGE_REFUSED, "", "", NULL},
		{1, 200, "{\"token\":{\"kind\":\"juju_userpass\",\"value\":\"OWYyYw==\"}}", DISCHARGE_PROVED, NULL,
			NULL, "9f2c"},
		{1, 500, "{\"Message\":\"invalid entity name or password\"}", DISCHARGE_REFUSED, "",
			"invalid entity name or password", NULL},
		{0, 200, "{}", -1, NULL, NULL, NULL},
		{0, 200, "{\"Macaroon\":{\"m\":{}}}", -1, NULL, NULL, NULL},
		{0, 200, "<html>", -1, NULL, NULL, NULL},
		{0, 502, "<html>bad gateway", -1, NULL, NULL, NULL},
		{0, 401, "{\"Info\":7}", -1, NULL, NULL, NULL},
		{1, 200, "{\"token\":{\"kind\":\"juju_userpass\"}}", -1, NULL, NULL, NULL},
		{1, 200, "{\"token\":{\"kind\":\"juju_userpass\",\"value\":\"!\"}}", -1, NULL, NULL, NULL},
		{1, 200, "{\"token\":{\"value\":\"OWYyYw==\"}}", -1, NULL, NULL, NULL},
		{1, 200, "{\"token\":7}", -1, NULL, NULL, NULL},
	};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		scoped(error) struct error *error = NULL;
		struct discharge_answer answer;
		int result = (cases[i].proof ? discharge_read_proof : discharge_read)(
			cases[i].status, cases[i].body, strlen(cases[i].body), &answer, &error);

		assert_int_equal(result, cases[i].outcome < 0 ? -1 : 0);
		assert_true((error != NULL) == (result != 0));
		if (result == 0) {
			assert_int_equal(answer.outcome, cases[i].outcome);
			assert_true(string_same(answer.door, cases[i].door));
			assert_true(string_same(answer.message, cases[i].message));
			assert_int_equal(answer.macaroon != NULL, cases[i].outcome == DISCHARGE_DONE);
		}
		if (cases[i].token != NULL) {
			assert_string_equal(secret_reveal(answer.token.value), cases[i].token);
			assert_int_equal(answer.token.length, strlen(cases[i].token));
			assert_string_equal(answer.token.kind, "juju_userpass");
		}
		discharge_answer_release(&answer);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_binary_forms),
		cmocka_unit_test(test_damaged_binary),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_binding),
		cmocka_unit_test(test_expiry),
		cmocka_unit_test(test_forms_sent),
		cmocka_unit_test(test_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
