/* SPDX-License-Identifier: Apache-2.0 */
/* Macaroons of the simulated controllers, against values that were worked out elsewhere. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <json-c/json.h>

#include "common/base/scoped.h"
#include "tests/sim/base64.h"
#include "tests/sim/macaroon.h"

static void binds_a_discharge(void **state)
{
	struct macaroon primary = {0}, discharge = {0};
	(void)state;
	for (size_t i = 0; i < MACAROON_KEY; i++) {
		primary.signature[i] = (unsigned char)i;
		discharge.signature[i] = (unsigned char)(i + 32);
	}
	macaroon_bind(&primary, &discharge);
	scoped(string) char *text = base64_url(discharge.signature, MACAROON_KEY);
	assert_string_equal(text, "8Fio3qyZgMZvshx01lwYylE9Df2qYmQx88umW25xXJk");
	struct macaroon same = primary;
	macaroon_bind(&primary, &same);
	assert_memory_equal(same.signature, primary.signature, MACAROON_KEY);
}

/* The well-known example of the macaroons' own documents: this key, this id, this location, one condition. */
static void signs_as_the_first_library(void **state)
{
	static const char key[] = "this is our super secret key; only we should know it";
	static const unsigned char generator[MACAROON_KEY] = "macaroons-key-generator";
	struct macaroon macaroon = {0};
	unsigned char derived[MACAROON_KEY];
	(void)state;
	macaroon_hash(generator, key, strlen(key), derived);
	macaroon_hash(derived, "we used our secret key", 22, macaroon.signature);
	scoped(string) char *text = base64_url(macaroon.signature, MACAROON_KEY);
	/* e3d9e02908526c4c0039ae15114115d97fdd68bf2ba379b342aaf0f617d0552f */
	assert_string_equal(text, "49ngKQhSbEwAOa4VEUEV2X_daL8ro3mzQqrw9hfQVS8");
}

static const unsigned char key[MACAROON_KEY] = "a key";

static struct macaroon example(void)
{
	struct macaroon macaroon;
	macaroon_init(&macaroon, key, "\3\1\2", 3, "juju model 1");
	macaroon_restrict(&macaroon, "time-before 2026-08-24T08:00:00Z");
	macaroon_refer(&macaroon, "\3\0", 2, "\xff hidden", 8, "https://10.1.2.3:17070/auth");
	return macaroon;
}

static void travels_as_json(void **state)
{
	struct macaroon macaroon = example(), again;
	(void)state;
	assert_true(macaroon_signed(&macaroon, key, NULL));
	struct json_object *object = macaroon_json(&macaroon);
	struct json_object *caveats = json_object_object_get(object, "c");
	assert_string_equal(json_object_to_json_string_ext(json_object_array_get_idx(caveats, 0), 0),
		"{\"i\":\"time-before 2026-08-24T08:00:00Z\"}");
	assert_string_equal(
		json_object_to_json_string_ext(json_object_array_get_idx(caveats, 1), JSON_C_TO_STRING_NOSLASHESCAPE),
		"{\"i64\":\"AwA\",\"v64\":\"_yBoaWRkZW4\",\"l\":\"https://10.1.2.3:17070/auth\"}");
	assert_string_equal(json_object_get_string(json_object_object_get(object, "i64")), "AwEC");
	assert_int_equal(macaroon_read(&again, object), 0);
	assert_true(macaroon_signed(&again, key, NULL));
	struct json_object *caveat = json_object_array_get_idx(caveats, 1);
	json_object_object_del(caveat, "i64");
	json_object_object_add(caveat, "i", json_object_new_string_len("\3\0", 2));
	assert_int_equal(macaroon_read(&again, object), 0);
	assert_true(macaroon_signed(&again, key, NULL));
	json_object_object_add(object, "s", json_object_new_string("x"));
	assert_int_equal(macaroon_read(&again, object), -1);
	json_object_put(object);
}

static void notices_what_was_changed(void **state)
{
	struct macaroon macaroon = example();
	(void)state;
	macaroon.caveats[0].id.data[20]++;
	assert_false(macaroon_signed(&macaroon, key, NULL));
	macaroon = example();
	macaroon.caveat_count--;
	assert_false(macaroon_signed(&macaroon, key, NULL));
	macaroon = example();
	macaroon.caveats[1].hidden.data[3]++;
	assert_false(macaroon_signed(&macaroon, key, NULL));
	static const unsigned char other[MACAROON_KEY] = "b key";
	macaroon = example();
	assert_false(macaroon_signed(&macaroon, other, NULL));
}

static void reads_any_base64(void **state)
{
	static const struct {
		const char *text;
		long length;
	} cases[] = {{"", 0}, {"_-8=", 2}, {"/+8", 2}, {"AAECAw==", 4}, {"AAECAw", 4}, {"AA EC", -1}, {"AAECAwQF", -1}};
	unsigned char bytes[4];
	(void)state;
	for (size_t i = 0; i < array_length(cases); i++)
		assert_int_equal(base64_read(cases[i].text, bytes, sizeof(bytes)), cases[i].length);
	scoped(string) char *standard = base64_standard("\xff\xef", 2);
	scoped(string) char *url = base64_url("\xff\xef", 2);
	assert_string_equal(standard, "/+8=");
	assert_string_equal(url, "_-8");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(binds_a_discharge),
		cmocka_unit_test(signs_as_the_first_library),
		cmocka_unit_test(travels_as_json),
		cmocka_unit_test(notices_what_was_changed),
		cmocka_unit_test(reads_any_base64),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
