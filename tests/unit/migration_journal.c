/* SPDX-License-Identifier: Apache-2.0 */
/* The files of the journal: what is written, what is read back, and what is left alone. */
#include <json-c/json.h>

#include "tests/unit/journal_place.h"

#define NO_SENSE "cannot make sense of "
#define LATER " was written by another version of this program; left alone"

static void assert_same_entry(const struct journal_entry *read, const struct journal_entry *written)
{
	assert_string_equal(read->model_uuid, written->model_uuid);
	assert_string_equal(read->model, written->model);
	assert_string_equal(read->jaas, written->jaas);
	assert_string_equal(read->jaas_uuid, written->jaas_uuid);
	assert_string_equal(read->source_uuid, written->source_uuid);
	assert_string_equal(read->source_name, written->source_name);
	assert_string_equal(read->target_uuid, written->target_uuid);
	assert_string_equal(read->target_name, written->target_name);
	assert_string_equal(read->migration_id, written->migration_id);
	assert_true(read->sent == written->sent);
	assert_true(read->start0 == written->start0);
	assert_true(read->start == written->start);
	assert_true(read->login == written->login);
	assert_int_equal(read->seen, written->seen);
}

static void test_round_trip(void **state)
{
	const struct place *place = *state;
	const struct journal_entry written = {
		.model_uuid = (char *)ONE,
		.model = (char *)"alice@canonical.com/my-model",
		.jaas = (char *)"jaas",
		.jaas_uuid = (char *)"a-jaas",
		.source_uuid = (char *)"a-source",
		.source_name = (char *)"",
		.target_uuid = (char *)"a-target",
		.target_name = (char *)"my \"controller\"/\\",
		.migration_id = (char *)ONE ":0",
		.sent = INT64_C(1782900000123456789),
		.start0 = INT64_C(1782800000) * INSTANT_SECOND,
		.start = INT64_C(1782900001) * INSTANT_SECOND + 1,
		.login = INT64_C(1782900002) * INSTANT_SECOND,
	};

	for (unsigned int seen = 0; seen < JOURNAL_GIVEN_UP << 1; seen++) {
		struct journal_entry entry = written;
		scoped(journal_entry) struct journal_entry *read = NULL;

		entry.seen = seen;
		assert_int_equal(journal_write(&place->journal, &entry, NULL), 0);
		assert_int_equal(journal_read(&place->journal, ONE, &read, NULL), 0);
		assert_non_null(read);
		assert_same_entry(read, &entry);
	}
	assert_int_equal(files_in(place), 1);
}

/* What is not known is absent, and is not known again. */
static void test_little_known(void **state)
{
	const struct place *place = *state;
	const struct journal_entry entry = sample(ONE);
	scoped(journal_entry) struct journal_entry *read = NULL;

	assert_int_equal(journal_write(&place->journal, &entry, NULL), 0);
	assert_int_equal(journal_read(&place->journal, ONE, &read, NULL), 0);
	assert_null(read->model);
	assert_null(read->source_uuid);
	assert_null(read->source_name);
	assert_null(read->target_uuid);
	assert_null(read->migration_id);
	assert_true(read->start0 == INSTANT_NONE && read->start == INSTANT_NONE && read->login == INSTANT_NONE);
	assert_int_equal(read->seen, 0);
}

static void test_foreign_keys(void **state)
{
	const struct place *place = *state;
	static const char text[] = "{\"format\": 1, \"model-uuid\": \"" ONE "\", \"target\": \"my-controller\", "
				   "\"sent\": \"2026-07-01T10:00:00Z\", \"seen\": [\"edge\", \"moonlight\", 7, null], "
				   "\"colour\": {\"of\": [1, \"two\", null]}, \"empty\": null}";
	scoped(journal_entry) struct journal_entry *read = NULL;

	put_file(place, ONE ".json", text, strlen(text));
	assert_int_equal(journal_read(&place->journal, ONE, &read, NULL), 0);
	assert_non_null(read);
	assert_int_equal(read->seen, JOURNAL_EDGE);
	read->seen |= JOURNAL_LATE;
	assert_int_equal(journal_write(&place->journal, read, NULL), 0);

	scoped(string) char *again = text_of(place, ONE ".json");
	struct json_object *object = json_tokener_parse(again);
	struct json_object *empty = NULL;
	assert_string_equal(
		json_object_to_json_string_ext(json_object_object_get(object, "colour"), JSON_C_TO_STRING_PLAIN),
		"{\"of\":[1,\"two\",null]}");
	assert_true(json_object_object_get_ex(object, "empty", &empty));
	assert_string_equal(
		json_object_to_json_string_ext(json_object_object_get(object, "seen"), JSON_C_TO_STRING_PLAIN),
		"[\"edge\",\"late\"]");
	json_object_put(object);
}

/* A new attempt overwrites the entry of an earlier one: of that nothing that we know the meaning of must stay. */
static void test_earlier_move(void **state)
{
	const struct place *place = *state;
	struct journal_entry entry = sample(ONE);
	scoped(journal_entry) struct journal_entry *earlier = NULL;
	scoped(journal_entry) struct journal_entry *read = NULL;

	entry.migration_id = (char *)ONE ":0";
	entry.target_uuid = (char *)"a-target";
	entry.start0 = entry.start = entry.login = INT64_C(1782900001) * INSTANT_SECOND;
	assert_int_equal(journal_write(&place->journal, &entry, NULL), 0);
	assert_int_equal(journal_read(&place->journal, ONE, &earlier, NULL), 0);
	entry = sample(ONE);
	entry.rest = earlier->rest;
	assert_int_equal(journal_write(&place->journal, &entry, NULL), 0);
	assert_int_equal(journal_read(&place->journal, ONE, &read, NULL), 0);
	assert_null(read->migration_id);
	assert_null(read->target_uuid);
	assert_true(read->start0 == INSTANT_NONE && read->start == INSTANT_NONE && read->login == INSTANT_NONE);
}

/* Texts of the file reach messages: they are made printable. */
static void test_printable(void **state)
{
	const struct place *place = *state;
	static const char text[] =
		"{\"format\": 1, \"model-uuid\": \"" ONE "\", \"target\": \"my\\u001b[31m-controller\", "
		"\"sent\": \"2026-07-01T10:00:00Z\"}";
	scoped(journal_entry) struct journal_entry *read = NULL;

	put_file(place, ONE ".json", text, strlen(text));
	assert_int_equal(journal_read(&place->journal, ONE, &read, NULL), 0);
	assert_non_null(read);
	assert_null(strchr(read->target_name, '\033'));
}

static void test_remove(void **state)
{
	const struct place *place = *state;
	const struct journal_entry entry = sample(ONE);
	scoped(journal_entry) struct journal_entry *read = NULL;

	assert_int_equal(journal_remove(&place->journal, ONE, NULL), 0);
	assert_int_equal(journal_write(&place->journal, &entry, NULL), 0);
	assert_int_equal(journal_remove(&place->journal, OTHER, NULL), 0);
	assert_int_equal(files_in(place), 1);
	/* A process that was killed while it wrote has left this. */
	put_file(place, ONE ".json.new", "{", 1);
	assert_int_equal(journal_remove(&place->journal, ONE, NULL), 0);
	assert_int_equal(files_in(place), 0);
	assert_int_equal(journal_read(&place->journal, ONE, &read, NULL), 0);
	assert_null(read);
}

/* ---- files that cannot be understood ---- */

/* The file is reported by its name, and stays as it is. */
static void assert_refused(const struct place *place, const char *message)
{
	scoped(journal_entry) struct journal_entry *read = NULL;
	scoped(error) struct error *error = NULL;

	assert_int_equal(journal_read(&place->journal, ONE, &read, &error), -1);
	assert_null(read);
	assert_non_null(error);
	assert_int_equal(error->kind, ERROR_FAILED);
	assert_non_null(strstr(error->message, message));
	assert_non_null(strstr(error->message, ONE ".json"));
	assert_null(strchr(error->message, '\n'));
}

static const struct damage {
	const char *text;
	size_t length; /* 0: all of the text */
	const char *message;
} damages[] = {
	{"", 0, NO_SENSE},
	{" \n", 0, NO_SENSE},
	{"\0\0\0\0", 4, NO_SENSE},
	{"\177ELF\2\1\1\0", 8, NO_SENSE},
	{WHOLE, sizeof(WHOLE) - 2, NO_SENSE},
	{WHOLE, 20, NO_SENSE},
	{WHOLE "}", 0, NO_SENSE},
	{WHOLE WHOLE, 0, NO_SENSE},
	{WHOLE "/* a note */", 0, NO_SENSE},
	{WHOLE "// a note", 0, NO_SENSE},
	{WHOLE "\0 and more", sizeof(WHOLE) + 9, NO_SENSE},
	{"[]", 0, NO_SENSE},
	{"[" WHOLE "]", 0, NO_SENSE},
	{"null", 0, NO_SENSE},
	{"\"text\"", 0, NO_SENSE},
	{"{}", 0, NO_SENSE},
	{"{\"format\": 1}", 0, NO_SENSE},
	{"{\"format\": 1, \"model-uuid\": \"" ONE "\", \"target\": \"my-controller\"}", 0, NO_SENSE},
	{"{\"format\": 1, \"model-uuid\": \"" ONE "\", \"sent\": \"2026-07-01T10:00:00Z\"}", 0, NO_SENSE},
	{"{\"format\": 1, \"model-uuid\": \"" ONE "\", \"target\": 7, \"sent\": \"2026-07-01T10:00:00Z\"}", 0,
		NO_SENSE},
	{"{\"format\": 1, \"model-uuid\": \"" ONE "\", \"target\": null, \"sent\": \"2026-07-01T10:00:00Z\"}", 0,
		NO_SENSE},
	{"{\"format\": 1, \"model-uuid\": \"" ONE "\", \"target\": \"t\", \"sent\": \"yesterday\"}", 0, NO_SENSE},
	{"{\"format\": 1, \"model-uuid\": \"" ONE "\", \"target\": \"t\", \"sent\": 1782900000}", 0, NO_SENSE},
	{"{\"format\": 1, \"model-uuid\": [\"" ONE "\"], \"target\": \"t\", \"sent\": \"2026-07-01T10:00:00Z\"}", 0,
		NO_SENSE},
	{"{\"format\": 1, \"model-uuid\": \"" OTHER "\", \"target\": \"t\", \"sent\": \"2026-07-01T10:00:00Z\"}", 0,
		NO_SENSE},
	{"{\"format\": 1, \"target\": \"t\", \"sent\": \"2026-07-01T10:00:00Z\"}", 0, NO_SENSE},
	{"{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{}}}}}}}}}}", 0, NO_SENSE},
	{"{\"format\": 2}", 0, LATER},
	{"{\"format\": 2, \"model-uuid\": \"" ONE "\", \"target\": \"t\", \"sent\": \"2026-07-01T10:00:00Z\"}", 0,
		LATER},
	{"{\"format\": 0}", 0, LATER},
	{"{\"format\": -1}", 0, LATER},
	/* Newer versions of json-c take no such number: in either case the file is left alone. */
	{"{\"format\": 99999999999999999999}", 0, ""},
	{"{\"format\": \"2\"}", 0, LATER},
};

static void test_damaged(void **state)
{
	const struct place *place = *state;

	for (size_t i = 0; i < array_length(damages); i++) {
		size_t length = damages[i].length != 0 ? damages[i].length : strlen(damages[i].text);
		scoped(string) char *before = string_copy_length(damages[i].text, length);

		print_message("damage %zu\n", i);
		put_file(place, ONE ".json", damages[i].text, length);
		assert_refused(place, damages[i].message);
		assert_file(place, ONE ".json", before);
	}
}

/* A value that only looks like the format's number is none. */
static void test_odd_formats(void **state)
{
	const struct place *place = *state;
	static const char *const formats[] = {"\"1\"", "1.9", "true", "[1]", "{}", "null"};

	for (size_t i = 0; i < array_length(formats); i++) {
		scoped(string) char *text = string_format("{\"format\": %s, \"model-uuid\": \"" ONE
							  "\", \"target\": \"t\", \"sent\": \"2026-07-01T10:00:00Z\"}",
			formats[i]);

		print_message("format %s\n", formats[i]);
		put_file(place, ONE ".json", text, strlen(text));
		assert_refused(place, "");
	}
}

static void test_size(void **state)
{
	const struct place *place = *state;
	scoped(string) char *large = memory_get(1, JOURNAL_FILE_MAX + 2);
	scoped(journal_entry) struct journal_entry *read = NULL;

	memset(large, ' ', JOURNAL_FILE_MAX + 1);
	memcpy(large, WHOLE, strlen(WHOLE));
	put_file(place, ONE ".json", large, JOURNAL_FILE_MAX / 2);
	assert_int_equal(journal_read(&place->journal, ONE, &read, NULL), 0);
	assert_non_null(read);
	put_file(place, ONE ".json", large, JOURNAL_FILE_MAX + 1);
	assert_refused(place, "cannot read ");
	assert_int_equal(files_in(place), 1);
}

static void test_no_files(void **state)
{
	const struct place *place = *state;
	scoped(string) char *path = path_in(place, ONE ".json");
	scoped(string) char *elsewhere = path_in(place, "elsewhere");

	put_file(place, "elsewhere", WHOLE, strlen(WHOLE));
	assert_int_equal(symlink(elsewhere, path), 0);
	assert_refused(place, "cannot read ");
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_refused(place, "");
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_refused(place, "cannot read ");
}

/* Writing puts a file of its own in the place of a link; what the link points to stays. */
static void test_link_replaced(void **state)
{
	const struct place *place = *state;
	const struct journal_entry entry = sample(ONE);
	scoped(string) char *path = path_in(place, ONE ".json");
	scoped(string) char *elsewhere = path_in(place, "elsewhere");
	struct stat status;

	put_file(place, "elsewhere", "precious", 8);
	assert_int_equal(symlink(elsewhere, path), 0);
	assert_int_equal(journal_write(&place->journal, &entry, NULL), 0);
	assert_int_equal(lstat(path, &status), 0);
	assert_true(S_ISREG(status.st_mode));
	assert_file(place, "elsewhere", "precious");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_round_trip, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_little_known, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_foreign_keys, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_earlier_move, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_printable, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_remove, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_damaged, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_odd_formats, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_size, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_no_files, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_link_replaced, make_place, remove_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
