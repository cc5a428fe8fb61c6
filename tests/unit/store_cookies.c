/* SPDX-License-Identifier: Apache-2.0 */
/* The cookie jar: which macaroons it gives out, what is put in and where, and what stays untouched. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/store/cookie_jar.h"
#include "common/store/cookies.h"
#include "tests/unit/support/folder.h"

#define UUID "0f3b1f6e-6f0a-4c1e-8c55-2a3f0c9d7e11"
#define MACAROONS "[{\"i\":\"x\",\"s64\":\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\"}]"
#define VALUE "W3siaSI6IngiLCJzNjQiOiJBQUVDQXdRRkJnY0lDUW9MREEwT0R4QVJFaE1VRlJZWEdCa2FHeHdkSGg4In1d"
#define DIGITS "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define NAME "macaroon-" DIGITS

/* 2026-08-22T12:00:00Z */
#define NOW (INT64_C(1787400000) * INSTANT_SECOND)
#define HOUR (60 * INSTANT_MINUTE)

/* An entry of a jar. */
#define ENTRY(name, value, domain, path, expires, creation, updated)                                          \
	"{\"Name\":\"" name "\",\"Value\":\"" value "\",\"Domain\":\"" domain "\",\"Path\":\"" path           \
	"\",\"Secure\":false,\"HttpOnly\":false,\"Persistent\":true,\"HostOnly\":true,\"Expires\":\"" expires \
	"\",\"Creation\":\"" creation "\",\"LastAccess\":\"" updated "\",\"Updated\":\"" updated              \
	"\",\"CanonicalHost\":\"" domain "\"}"
#define LATER "2026-08-23T09:00:00Z"
#define EARLIER "2026-08-22T09:00:00.5+02:00"
#define SIMPLE(name, value, domain) ENTRY(name, value, domain, "/", LATER, EARLIER, EARLIER)

static const char *const hosts[] = {UUID, "Lab.Example.COM.:443", "wss://10.1.2.3:17070/path", "[FD00::3]:17070"};

static struct secret *text(const char *of)
{
	return secret_new(of, strlen(of));
}

static struct cookie_jar *jar_of(const char *bytes)
{
	return cookie_jar_parse("f.json", bytes, strlen(bytes), NULL);
}

static void assert_sets(const struct cookie_sets *sets, const char *const *expected, size_t count)
{
	assert_int_equal(sets->count, count);
	for (size_t i = 0; i < count; i++)
		assert_string_equal(secret_reveal(sets->items[i]), expected[i]);
}

static void test_hosts(void **state)
{
	static const char *const cases[][2] = {
		{UUID, UUID},
		{"Lab.Example.COM", "lab.example.com"},
		{"lab.example.com.", "lab.example.com"},
		{"lab.example.com:443", "lab.example.com"},
		{"lab.example.com.:443", "lab.example.com"},
		{"wss://lab.example.com:443/a:b/c", "lab.example.com"},
		{"10.1.2.3:17070", "10.1.2.3"},
		{"[fd00::3]:17070", "fd00::3"},
		{"[FD00::3]", "fd00::3"},
		{"fd00::3", "fd00::3"},
		{"", ""},
		{"/", ""},
	};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		scoped(string) char *host = cookie_jar_host(cases[i][0]);
		assert_string_equal(host, cases[i][1]);
	}
}

static void test_names(void **state)
{
	static const struct {
		const char *macaroons;
		const char *name;
	} cases[] = {
		{MACAROONS, NAME},
		{"[{\"identifier\":\"x\",\"signature\":\"" DIGITS "\"},\"other\"]", NAME},
		{"[{\"identifier\":\"x\",\"signature\":"
		 "\"000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F\"}]",
			NAME},
		{" [ {\"s\":\"abcdefghijklmnopqrstuvwxyz012345\"} ] ",
			"macaroon-6162636465666768696a6b6c6d6e6f707172737475767778797a303132333435"},
		{"[{\"s64\":\"AAEC\"}]", NULL},
		{"[{\"s64\":\"?\"}]", NULL},
		{"[{\"s\":\"abc\"}]", NULL},
		{"[{\"signature\":\"00\"}]", NULL},
		{"[{\"signature\":\"" DIGITS "0\"}]", NULL},
		{"[{\"i\":\"x\"}]", NULL},
		{"[\"binary\"]", NULL},
		{"[]", NULL},
		{"{}", NULL},
		{"", NULL},
		{MACAROONS "x", NULL},
		{"[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]", NULL},
	};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		scoped(secret) struct secret *macaroons = text(cases[i].macaroons);
		scoped(string) char *name = cookie_jar_name(macaroons);

		if (!string_same(name, cases[i].name))
			fail_msg("%s: %s", cases[i].macaroons, name != NULL ? name : "(none)");
	}
}

/* Each entry alone: 1 when it is given out. */
static void test_select(void **state)
{
	static const struct {
		const char *jar;
		size_t count;
	} cases[] = {
		{"[" SIMPLE(NAME, VALUE, UUID) "]", 1},
		{"[" SIMPLE(NAME, VALUE, "lab.example.com") "]", 1},
		{"[" SIMPLE(NAME, VALUE, "10.1.2.3") "]", 1},
		{"[" SIMPLE(NAME, VALUE, "fd00::3") "]", 1},
		{"[" SIMPLE("macaroon-suffix", VALUE, UUID) "]", 1},
		{"[" ENTRY(NAME, VALUE, UUID, "/", "2126-01-01T00:00:00Z", EARLIER, EARLIER) "]", 1},
		{"[" ENTRY(NAME, VALUE, UUID, "/", "9999-01-01T00:00:00Z", EARLIER, EARLIER) "]", 1},
		{"[" ENTRY(NAME, VALUE, UUID, "/", "2026-08-22T14:00:01+02:00", EARLIER, EARLIER) "]", 1},
		/* Other people's, other things, and what is over. */
		{"[" SIMPLE(NAME, VALUE, "identity.example.com") "]", 0},
		{"[" SIMPLE(NAME, VALUE, "example.com") "]", 0},
		{"[" SIMPLE(NAME, VALUE, "") "]", 0},
		{"[" SIMPLE("session", VALUE, UUID) "]", 0},
		{"[" ENTRY(NAME, VALUE, UUID, "/other", LATER, EARLIER, EARLIER) "]", 0},
		{"[" ENTRY(NAME, VALUE, UUID, "/", "2026-08-22T12:00:00Z", EARLIER, EARLIER) "]", 0},
		{"[" ENTRY(NAME, VALUE, UUID, "/", "0001-01-01T00:00:00Z", EARLIER, EARLIER) "]", 0},
		{"[" ENTRY(NAME, VALUE, UUID, "/", "soon", EARLIER, EARLIER) "]", 0},
		/* Damaged. */
		{"[" SIMPLE(NAME, "", UUID) "]", 0},
		{"[" SIMPLE(NAME, "?", UUID) "]", 0},
		{"[" SIMPLE(NAME, "W10=", UUID) "]", 0},
		{"[" SIMPLE(NAME, "e30=", UUID) "]", 0},
		{"[" SIMPLE(NAME, "W3t9XQ==", UUID) "]", 0},
		{"[1, null, [], {}, {\"Name\":1,\"Value\":{},\"Domain\":null}]", 0},
		{"null", 0},
		{"{}", 0},
		{"\"text\"\n", 0},
	};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		scoped(cookie_sets) struct cookie_sets sets = {NULL, 0};
		scoped(cookie_jar) struct cookie_jar *jar = jar_of(cases[i].jar);

		assert_non_null(jar);
		cookie_jar_select(jar, hosts, array_length(hosts), NOW, &sets);
		if (sets.count != cases[i].count)
			fail_msg("%s", cases[i].jar);
		for (size_t j = 0; j < sets.count; j++)
			assert_string_equal(secret_reveal(sets.items[j]), MACAROONS);
	}
}

/* Both alphabets, with and without padding; the binary form is passed on as it is. */
static void test_values(void **state)
{
	static const char jar_text[] = "[" SIMPLE("macaroon-a", "W3sicyI6Ij8_In1d", UUID) "," SIMPLE(
		"macaroon-b", "W3sicyI6Ij8/In0sImFiIl0", UUID) "," SIMPLE("macaroon-c", "WyJhYiJd", UUID) "]";
	static const char *const expected[] = {"[{\"s\":\"??\"}]", "[{\"s\":\"??\"},\"ab\"]", "[\"ab\"]"};
	scoped(cookie_sets) struct cookie_sets sets = {NULL, 0};

	(void)state;
	scoped(cookie_jar) struct cookie_jar *jar = jar_of(jar_text);
	cookie_jar_select(jar, hosts, array_length(hosts), NOW, &sets);
	assert_sets(&sets, expected, array_length(expected));
}

static void test_broken(void **state)
{
	static const char *const cases[] = {
		"", "[", "[{]", "[]]", "[] x", "nul", "[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]"};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		scoped(error) struct error *error = NULL;

		assert_null(cookie_jar_parse("f.json", cases[i], strlen(cases[i]), &error));
		assert_int_equal(error->kind, ERROR_STORE);
		assert_string_equal(
			error->message, "cannot read f.json: it is not JSON; `juju logout` and `juju login` renew it");
	}
	scoped(error) struct error *error = NULL;
	scoped(string) char *many = memory_get(COOKIES_COUNT_MAX + 1, 3);
	many[0] = '[';
	for (size_t i = 0; i <= COOKIES_COUNT_MAX; i++)
		memcpy(many + 1 + 2 * i, i < COOKIES_COUNT_MAX ? "1," : "1]", 2);
	assert_null(cookie_jar_parse("f.json", many, strlen(many), &error));
	assert_string_equal(error->message, "cannot read f.json: more than 4096 cookies");
}

static bool put(struct cookie_jar *jar, const char *macaroons, const char *host, int64_t expires)
{
	scoped(secret) struct secret *secret = text(macaroons);
	bool changed = false;

	assert_int_equal(cookie_jar_put(jar, &(struct cookie_set){secret, host, expires}, NOW, &changed, NULL), 0);
	return changed;
}

static void assert_text(struct cookie_jar *jar, const char *expected)
{
	scoped(secret) struct secret *found = cookie_jar_format(jar, NOW);

	assert_string_equal(secret_reveal(found), expected);
}

#define STAMP "2026-08-22T12:00:00Z"
#define KEPT(expires, domain) ENTRY(NAME, VALUE, domain, "/", expires, STAMP, STAMP)

/* Go's keys in Go's order, for the host without its port; how long it lasts. */
static void test_put(void **state)
{
	(void)state;
	scoped(cookie_jar) struct cookie_jar *jar = cookie_jar_new();
	assert_text(jar, "null\n");
	assert_true(put(jar, MACAROONS, "Lab.Example.com:443", NOW + HOUR));
	assert_text(jar, "[" KEPT("2026-08-22T13:00:00Z", "lab.example.com") "]\n");
	assert_false(put(jar, MACAROONS, "lab.example.com", NOW + HOUR));
	assert_true(put(jar, MACAROONS, "lab.example.com", NOW + 2 * HOUR));
	assert_text(jar, "[" KEPT("2026-08-22T14:00:00Z", "lab.example.com") "]\n");
	assert_true(put(jar, MACAROONS, UUID, INSTANT_NONE));
	assert_false(put(jar, MACAROONS, UUID, INSTANT_NONE));
	assert_text(
		jar, "[" KEPT("2126-07-29T12:00:00Z", UUID) "," KEPT("2026-08-22T14:00:00Z", "lab.example.com") "]\n");
	/* Less than a minute is not worth a cookie. */
	assert_false(put(jar, MACAROONS, "other", NOW + INSTANT_MINUTE - 1));
	assert_false(put(jar, MACAROONS, "other", NOW - HOUR));
	assert_true(put(jar, MACAROONS, "other", NOW + INSTANT_MINUTE));
}

/* The old entry keeps its creation and what we do not know of; a later one of somebody else stays. */
static void test_merge(void **state)
{
	(void)state;
	scoped(cookie_jar) struct cookie_jar *jar = jar_of(
		"[{\"More\":[1.50],\"Name\":\"" NAME "\",\"Value\":\"\",\"Domain\":\"" UUID
		"\",\"Path\":\"/\",\"Persistent\":true,\"Expires\":\"2026-08-22T09:00:00Z\",\"Creation\":\"" EARLIER
		"\",\"LastAccess\":\"x\",\"Updated\":\"" STAMP "\",\"CanonicalHost\":\"" UUID "\"}," ENTRY(
			NAME, "", "later", "/", "2026-08-22T09:00:00Z", EARLIER, "2026-08-22T12:00:00.000000001Z") "]");

	assert_true(put(jar, MACAROONS, UUID, NOW + HOUR));
	assert_false(put(jar, MACAROONS, "later", NOW + HOUR));
	assert_text(jar,
		"[{\"More\":[1.50],\"Name\":\"" NAME "\",\"Value\":\"" VALUE "\",\"Domain\":\"" UUID
		"\",\"Path\":\"/\",\"Persistent\":true,\"Expires\":\"2026-08-22T13:00:00Z\",\"Creation\":\"" EARLIER
		"\",\"LastAccess\":\"" STAMP "\",\"Updated\":\"" STAMP "\",\"CanonicalHost\":\"" UUID "\"}," ENTRY(NAME,
			"", "later", "/", "2026-08-22T09:00:00Z", EARLIER, "2026-08-22T12:00:00.000000001Z") "]\n");
}

#define OLD "2026-08-21T11:59:59Z"
#define SORTED(name, value, domain, path, creation) ENTRY(name, value, domain, path, LATER, creation, EARLIER)

static void test_order(void **state)
{
	(void)state;
	scoped(cookie_jar) struct cookie_jar *jar = jar_of("[" SORTED("b", "2", "b", "/",
		"2026-08-22T09:00:00Z") "," SORTED("b", "1", "b", "/", "2026-08-22T11:00:00+02:00") "," SORTED("a", "2",
		"b", "/",
		"2026-08-22T09:00:00Z") "," SORTED("z", "", "b", "/", "2026-08-22T10:30:00+02:00") "," SORTED("z", "",
		"b", "/long", LATER) "," SORTED("z", "", "a", "/", LATER)
		/* Over for more than a day, for less, and not at all. */
		"," ENTRY("gone", "", "a", "/", OLD, OLD, OLD) "," ENTRY(
			"y", "v", "a", "/", OLD, LATER, STAMP) "," ENTRY("x", "v", "a", "/", LATER, OLD, OLD) "]");

	assert_text(
		jar, "[" ENTRY("x", "v", "a", "/", LATER, OLD, OLD) "," ENTRY("y", "v", "a", "/", OLD, LATER,
			     STAMP) "," SORTED("z", "", "a", "/", LATER) "," SORTED("z", "", "b", "/long",
			     LATER) "," SORTED("z", "", "b", "/", "2026-08-22T10:30:00+02:00") "," SORTED("a", "2", "b",
			     "/", "2026-08-22T09:00:00Z") "," SORTED("b", "1", "b", "/",
			     "2026-08-22T11:00:00+02:00") "," SORTED("b", "2", "b", "/", "2026-08-22T09:00:00Z") "]\n");
}

static void test_unknown_form(void **state)
{
	scoped(secret) struct secret *macaroons = text("[\"binary\"]");
	scoped(cookie_jar) struct cookie_jar *jar = cookie_jar_new();
	scoped(error) struct error *error = NULL;
	bool changed = true;

	(void)state;
	assert_int_equal(
		cookie_jar_put(jar, &(struct cookie_set){macaroons, "lab:1", NOW + HOUR}, NOW, &changed, &error), -1);
	assert_false(changed);
	assert_int_equal(error->kind, ERROR_PROTOCOL);
	assert_string_equal(error->message, "cannot keep the macaroons of lab: they have an unknown form");
	error_free(steal(error));
	assert_int_equal(cookie_jar_put(jar, &(struct cookie_set){macaroons, "lab\033[1m\xAE", NOW + HOUR}, NOW,
				 &changed, &error),
		-1);
	assert_string_equal(error->message, "cannot keep the macaroons of lab?[1m?: they have an unknown form");
}

/* ---- with files ---- */

static enum store_attempt save(const char *folder, int64_t expires)
{
	scoped(secret) struct secret *macaroons = text(MACAROONS);

	return cookies_save_try(folder, "lab", &(struct cookie_set){macaroons, UUID, expires}, NOW, NULL);
}

static size_t found_in(const char *folder)
{
	scoped(cookie_sets) struct cookie_sets sets = {NULL, 0};

	assert_int_equal(cookies_read_try(folder, "lab", hosts, array_length(hosts), NOW, &sets, NULL), STORE_DONE);
	return sets.count;
}

static void test_files(void **state)
{
	const char *folder = *state;
	scoped(string) char *cookies = string_format("%s/cookies", folder);

	assert_int_equal(found_in(folder), 0);
	assert_int_equal(folder_count(folder), 0);
	assert_int_equal(save(folder, NOW + HOUR), STORE_DONE);
	assert_int_equal(folder_status(folder, "cookies").st_mode, S_IFDIR | 0700);
	assert_int_equal(folder_status(folder, "cookies/lab.json").st_mode, S_IFREG | 0600);
	assert_int_equal(folder_count(cookies), 1);
	scoped(string) char *found = folder_read(folder, "cookies/lab.json");
	assert_string_equal(found, "[" KEPT("2026-08-22T13:00:00Z", UUID) "]\n");
	assert_int_equal(found_in(folder), 1);

	/* The same again: the file is not touched. */
	ino_t inode = folder_status(folder, "cookies/lab.json").st_ino;
	assert_int_equal(save(folder, NOW + HOUR), STORE_DONE);
	assert_int_equal(folder_status(folder, "cookies/lab.json").st_ino, inode);
	assert_int_equal(folder_count(cookies), 1);
}

/* Somebody has left a lock with contents, or holds one: both ways of locking find it busy. */
static void test_files_busy(void **state)
{
	const char *folder = *state;
	struct cookie_sets sets = {NULL, 0};
	scoped(string) char *contents = string_format("{\"OwnerPID\":%d}\n", (int)getppid());
	scoped(string) char *lock = string_format("%s/cookies/lab.json.lock", folder);

	assert_int_equal(save(folder, NOW + HOUR), STORE_DONE);
	folder_write(folder, "cookies/lab.json.lock", contents);
	assert_int_equal(save(folder, NOW + 2 * HOUR), STORE_BUSY);
	assert_int_equal(cookies_read_try(folder, "lab", hosts, 1, NOW, &sets, NULL), STORE_BUSY);
	assert_int_equal(sets.count, 0);
	scoped(string) char *left = folder_read(folder, "cookies/lab.json.lock");
	assert_string_equal(left, contents);
	assert_int_equal(unlink(lock), 0);
	assert_int_equal(found_in(folder), 1);
}

static void test_files_damaged(void **state)
{
	const char *folder = *state;
	scoped(error) struct error *error = NULL;
	struct cookie_sets sets = {NULL, 0};
	scoped(string) char *cookies = string_format("%s/cookies", folder);

	assert_int_equal(mkdir(cookies, 0700), 0);
	folder_write(folder, "cookies/lab.json", "[{\"Name");
	assert_int_equal(cookies_read_try(folder, "lab", hosts, 1, NOW, &sets, &error), STORE_FAILED);
	assert_int_equal(error->kind, ERROR_STORE);
	assert_int_equal(folder_count(cookies), 1);
	assert_int_equal(save(folder, NOW + HOUR), STORE_DONE);
	assert_int_equal(found_in(folder), 1);
	folder_write(folder, "cookies/lab.json", "");
	assert_int_equal(found_in(folder), 0);
}

/* A jar with more cookies than are read is somebody's all the same. */
static void test_files_large(void **state)
{
	const char *folder = *state;
	scoped(error) struct error *error = NULL;
	scoped(secret) struct secret *macaroons = text(MACAROONS);
	struct cookie_set set = {macaroons, UUID, NOW + HOUR};
	scoped(string) char *cookies = string_format("%s/cookies", folder);
	scoped(string) char *many = memory_get(COOKIES_COUNT_MAX + 2, 3);

	assert_int_equal(mkdir(cookies, 0700), 0);
	many[0] = '[';
	for (size_t i = 0; i <= COOKIES_COUNT_MAX; i++)
		memcpy(many + 1 + 3 * i, i < COOKIES_COUNT_MAX ? "{}," : "{}]", 3);
	folder_write(folder, "cookies/lab.json", many);
	assert_int_equal(cookies_save_try(folder, "lab", &set, NOW, &error), STORE_FAILED);
	assert_int_equal(error->kind, ERROR_STORE);
	assert_non_null(strstr(error->message, "more than 4096 cookies"));
	scoped(string) char *left = folder_read(folder, "cookies/lab.json");
	assert_string_equal(left, many);
}

/* Names that lead elsewhere are refused before anything is touched. */
static void test_controller_names(void **state)
{
	static const char *const names[] = {"", ".", "..", "../accounts", "a/b", "/tmp/x"};
	const char *folder = *state;
	scoped(secret) struct secret *macaroons = text(MACAROONS);
	struct cookie_sets sets = {NULL, 0};

	for (size_t i = 0; i < array_length(names); i++) {
		scoped(error) struct error *error = NULL;
		scoped(error) struct error *other = NULL;
		scoped(error) struct error *third = NULL;
		struct cookie_set set = {macaroons, UUID, NOW + HOUR};

		assert_int_equal(cookies_read_try(folder, names[i], hosts, 1, NOW, &sets, &error), STORE_FAILED);
		assert_int_equal(error->kind, ERROR_USAGE);
		assert_int_equal(cookies_save_try(folder, names[i], &set, NOW, &other), STORE_FAILED);
		assert_int_equal(other->kind, ERROR_USAGE);
		assert_int_equal(cookies_give_up(folder, names[i], &third), -1);
		assert_int_equal(third->kind, ERROR_USAGE);
		assert_int_equal(folder_count(folder), 0);
	}
}

static void test_give_up(void **state)
{
	scoped(error) struct error *error = NULL;

	(void)state;
	assert_int_equal(cookies_give_up("/x", "lab", &error), -1);
	assert_string_equal(error->message,
		"cannot lock juju's cookies: /x/cookies/lab.json.lock has been there for too "
		"long; remove it if no juju is running");
}

/* What root makes in somebody's store is that somebody's. */
static void test_owners(void **state)
{
	const char *folder = *state;

	if (geteuid() == 0)
		assert_int_equal(chown(folder, 1234, 2345), 0);
	struct stat owner = folder_status(folder, ".");
	assert_int_equal(save(folder, NOW + HOUR), STORE_DONE);
	assert_int_equal(folder_status(folder, "cookies").st_uid, owner.st_uid);
	assert_int_equal(folder_status(folder, "cookies/lab.json").st_uid, owner.st_uid);
	assert_int_equal(folder_status(folder, "cookies/lab.json").st_gid, owner.st_gid);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hosts),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_select),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_broken),
		cmocka_unit_test(test_put),
		cmocka_unit_test(test_merge),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_unknown_form),
		cmocka_unit_test_setup_teardown(test_files, folder_make, folder_remove),
		cmocka_unit_test_setup_teardown(test_files_busy, folder_make, folder_remove),
		cmocka_unit_test_setup_teardown(test_files_damaged, folder_make, folder_remove),
		cmocka_unit_test_setup_teardown(test_files_large, folder_make, folder_remove),
		cmocka_unit_test_setup_teardown(test_controller_names, folder_make, folder_remove),
		cmocka_unit_test(test_give_up),
		cmocka_unit_test_setup_teardown(test_owners, folder_make, folder_remove),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
