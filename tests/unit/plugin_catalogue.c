/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "plugin/catalogue_file.h"
#include "tests/unit/support/folder.h"

#define JAAS "6acf4fd8-32d6-49ea-b4eb-dcb9d1590c11"
#define ONE "5f0c9a52-0d0e-4e55-8f0b-000000000001"
#define TWO "5f0c9a52-0d0e-4e55-8f0b-000000000002"
#define HOST_A "1c9f0000-0000-4000-8000-00000000000a"
#define HOST_B "1c9f0000-0000-4000-8000-00000000000b"
#define MINUTE INSTANT_MINUTE
#define ME "me@lab"
#define TEXT(text) ((char *)(uintptr_t)(text))

static void tell_models(struct catalogue *catalogue, const char *user, const char *one, const char *two, int64_t now)
{
	struct controller_model list[] = {{.uuid = TEXT(ONE), .name = TEXT(one), .owner = TEXT(user)},
		{.uuid = TEXT(TWO), .name = TEXT(two), .owner = TEXT(user)}};
	struct controller_models models = {list, two != NULL ? 2 : 1};

	catalogue_learn(catalogue, &(struct migration_answer){.what = LOOK_MODELS, .models = &models}, user, JAAS, now);
}

static void tell_row(
	struct catalogue *catalogue, const char *uuid, const char *host_uuid, const char *host, int64_t now)
{
	struct jimm_model row = {.uuid = TEXT(uuid), .controller_uuid = TEXT(host_uuid), .controller_name = TEXT(host)};
	struct jimm_models rows = {&row, 1};

	catalogue_learn(catalogue, &(struct migration_answer){.what = LOOK_ROWS, .rows = &rows}, ME, JAAS, now);
}

static void tell_summary(struct catalogue *catalogue, const char *uuid, const char *host_uuid, int64_t now)
{
	struct model_summary summary = {.uuid = TEXT(uuid),
		.controller_uuid = TEXT(host_uuid),
		.cloud = TEXT("maas"),
		.region = TEXT("default")};
	struct model_summaries summaries = {.list = &summary, .count = 1};

	catalogue_learn(
		catalogue, &(struct migration_answer){.what = LOOK_SUMMARIES, .summaries = &summaries}, ME, JAAS, now);
}

static void tell_controllers(struct catalogue *catalogue, const char *name, const char *uuid, int64_t now)
{
	struct jimm_controller list[] = {
		{.name = TEXT("jaas"), .uuid = TEXT(JAAS)}, {.name = TEXT(name), .uuid = TEXT(uuid)}};
	struct jimm_controllers controllers = {list, 2};

	catalogue_learn(catalogue, &(struct migration_answer){.what = LOOK_CONTROLLERS, .controllers = &controllers},
		ME, JAAS, now);
}

/* The lists may come in any order. */
static void test_learn(void **state)
{
	(void)state;
	for (int order = 0; order < 2; order++) {
		scoped(catalogue) struct catalogue catalogue;

		catalogue_init(&catalogue);
		if (order == 0)
			tell_models(&catalogue, ME, "one", NULL, MINUTE);
		tell_summary(&catalogue, ONE, JAAS, MINUTE);
		tell_row(&catalogue, ONE, HOST_A, "a", MINUTE);
		tell_summary(&catalogue, ONE, HOST_A, MINUTE + 1);
		if (order == 1)
			tell_models(&catalogue, ME, "one", NULL, MINUTE);
		tell_controllers(&catalogue, "a", HOST_A, 2 * MINUTE);
		assert_int_equal(catalogue.model_count, 1);
		const struct catalogue_model *model = catalogue_find(&catalogue, ONE);
		assert_non_null(model);
		assert_string_equal(model->name, "one");
		assert_string_equal(model->owner, ME);
		assert_string_equal(model->cloud, "maas");
		assert_string_equal(model->region, "default");
		assert_string_equal(model->host, "a");
		assert_string_equal(model->host_uuid, HOST_A);
		assert_int_equal(model->host_at, MINUTE + 1);
		assert_int_equal(catalogue.controller_count, 1);
		assert_int_equal(catalogue.models_at, MINUTE);
		assert_int_equal(catalogue.controllers_at, 2 * MINUTE);
		assert_null(catalogue_find(&catalogue, TWO));
	}
}

static void test_hosts(void **state)
{
	scoped(catalogue) struct catalogue catalogue;

	(void)state;
	catalogue_init(&catalogue);
	tell_row(&catalogue, ONE, HOST_A, "a", 2 * MINUTE);
	/* A masked one is no host, another host has not the old one's name, and what is older does not count. */
	tell_summary(&catalogue, ONE, JAAS, 3 * MINUTE);
	assert_string_equal(catalogue_find(&catalogue, ONE)->host, "a");
	tell_summary(&catalogue, ONE, HOST_B, 4 * MINUTE);
	assert_null(catalogue_find(&catalogue, ONE)->host);
	assert_string_equal(catalogue_find(&catalogue, ONE)->host_uuid, HOST_B);
	tell_row(&catalogue, ONE, HOST_A, "a", 3 * MINUTE);
	assert_string_equal(catalogue_find(&catalogue, ONE)->host_uuid, HOST_B);
	catalogue_moved(&catalogue, ONE, NULL, "c", 5 * MINUTE);
	assert_string_equal(catalogue_find(&catalogue, ONE)->host, "c");
	assert_null(catalogue_find(&catalogue, ONE)->host_uuid);
}

/* What was told to somebody else is forgotten, and what a new list lacks is nothing to be offered. */
static void test_forgets(void **state)
{
	scoped(catalogue) struct catalogue catalogue;

	(void)state;
	catalogue_init(&catalogue);
	tell_models(&catalogue, ME, "one", "two", MINUTE);
	tell_models(&catalogue, ME, "one", NULL, MINUTE);
	assert_null(catalogue_find(&catalogue, TWO)->name);
	tell_controllers(&catalogue, "a", HOST_A, MINUTE);
	tell_models(&catalogue, "other@lab", "three", NULL, MINUTE);
	assert_int_equal(catalogue.model_count, 1);
	assert_int_equal(catalogue.controller_count, 0);
	assert_string_equal(catalogue.user, "other@lab");
}

static void test_remembered(void **state)
{
	struct store_model items[] = {
		{.uuid = TEXT(ONE), .owner = TEXT("me-lab"), .name = TEXT("one"), .type = TEXT("iaas")},
		{.uuid = TEXT(TWO), .owner = TEXT(ME), .name = TEXT("two"), .type = TEXT("iaas")},
		{.uuid = TEXT("none"), .owner = TEXT(ME), .name = TEXT("three"), .type = TEXT("iaas")},
	};
	struct store_model_list list = {.items = items, .count = array_length(items)};
	scoped(catalogue) struct catalogue catalogue;

	(void)state;
	catalogue_init(&catalogue);
	tell_models(&catalogue, ME, "one", NULL, MINUTE);
	catalogue_add_remembered(&catalogue, &list);
	assert_int_equal(catalogue.model_count, 2);
	assert_string_equal(catalogue_find(&catalogue, ONE)->owner, ME);
	assert_string_equal(catalogue_find(&catalogue, TWO)->name, "two");
}

static void test_ceilings(void **state)
{
	scoped(catalogue) struct catalogue catalogue;

	(void)state;
	catalogue_init(&catalogue);
	for (unsigned int i = 0; i < CATALOGUE_MODELS_MAX + 10; i++) {
		char uuid[64];

		snprintf(uuid, sizeof(uuid), "5f0c9a52-0d0e-4e55-8f0b-%012x", i);
		catalogue_add_model(&catalogue, &(struct catalogue_model){.uuid = uuid, .name = TEXT("m")});
		catalogue_add_controller(&catalogue, &(struct catalogue_controller){.name = uuid});
	}
	catalogue_settle(&catalogue);
	assert_int_equal(catalogue.model_count, CATALOGUE_MODELS_MAX);
	assert_int_equal(catalogue.controller_count, CATALOGUE_CONTROLLERS_MAX);
}

/* ---- the file ---- */

struct scene {
	void *folder;
	struct catalogue_place place;
};

static int set_up(void **state)
{
	struct scene *scene = memory_get(1, sizeof(*scene));

	*state = scene;
	if (folder_make(&scene->folder) != 0)
		return -1;
	scoped(string) char *home = string_format("XDG_CACHE_HOME=%s", (const char *)scene->folder);
	char *environment[] = {home, NULL};
	catalogue_place_init(&scene->place, environment, "/nowhere", JAAS);
	return 0;
}

static int tear_down(void **state)
{
	scoped(memory) struct scene *scene = *state;

	catalogue_place_release(&scene->place);
	return folder_remove(&scene->folder);
}

static void test_places(void **state)
{
	static const struct {
		char *environment[4];
		const char *folder;
	} cases[] = {
		{{TEXT("XDG_CACHE_HOME=/c"), TEXT("HOME=/h")}, "/c/juju-jaas-migrate"},
		{{TEXT("XDG_CACHE_HOME="), TEXT("HOME=/h")}, "/h/.cache/juju-jaas-migrate"},
		{{TEXT("XDG_CACHE_HOME=c"), TEXT("HOME=/h")}, "/h/.cache/juju-jaas-migrate"},
		{{TEXT("HOME=/h")}, "/h/.cache/juju-jaas-migrate"},
		{{TEXT("HOME=/h"), TEXT("SNAP_REAL_HOME=/r")}, "/r/.cache/juju-jaas-migrate"},
		{{TEXT("SNAP_NAME=juju-jaas-migrate"), TEXT("HOME=/h")}, "/data/jaas-migrate/cache"},
		{{TEXT("SNAP_NAME=juju"), TEXT("HOME=/h"), TEXT("XDG_CACHE_HOME=/c")}, "/data/jaas-migrate/cache"},
		{{TEXT("HOME=")}, NULL},
		{{NULL}, NULL},
	};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		scoped(catalogue_place) struct catalogue_place place;

		catalogue_place_init(&place, cases[i].environment, "/data", JAAS);
		assert_true(string_same(place.folder, cases[i].folder));
	}
	scoped(catalogue_place) struct catalogue_place place;
	catalogue_place_init(&place, cases[0].environment, "/data", "../../etc/passwd");
	assert_null(place.folder);
}

/* What is newer wins, whoever writes it. */
static void test_merge(void **state)
{
	const struct scene *scene = *state;
	scoped(catalogue) struct catalogue first;
	scoped(catalogue) struct catalogue late;
	scoped(catalogue) struct catalogue read;

	catalogue_init(&first);
	catalogue_init(&late);
	catalogue_init(&read);
	tell_models(&first, ME, "one", "two", 3 * MINUTE);
	tell_row(&first, ONE, HOST_A, "a", 3 * MINUTE);
	tell_row(&first, TWO, HOST_A, "a", MINUTE);
	tell_controllers(&first, "a", HOST_A, MINUTE);
	assert_int_equal(catalogue_write(&scene->place, &first, 9 * MINUTE, NULL), 0);
	/* A run that has begun earlier and ends later, with a move. */
	tell_models(&late, ME, "old-one", NULL, 2 * MINUTE);
	tell_summary(&late, TWO, JAAS, 2 * MINUTE);
	tell_controllers(&late, "b", HOST_B, 2 * MINUTE);
	catalogue_moved(&late, ONE, HOST_B, "b", 5 * MINUTE);
	assert_int_equal(catalogue_write(&scene->place, &late, 9 * MINUTE, NULL), 0);
	catalogue_read(&scene->place, ME, 9 * MINUTE, &read);
	assert_int_equal(read.model_count, 2);
	assert_string_equal(catalogue_find(&read, ONE)->name, "one");
	assert_string_equal(catalogue_find(&read, ONE)->host, "b");
	assert_int_equal(catalogue_find(&read, ONE)->host_at, 5 * MINUTE);
	assert_string_equal(catalogue_find(&read, TWO)->name, "two");
	assert_string_equal(catalogue_find(&read, TWO)->cloud, "maas");
	/* A later list that does not tell its host takes nothing away. */
	assert_string_equal(catalogue_find(&read, TWO)->host, "a");
	assert_int_equal(read.controller_count, 1);
	assert_string_equal(read.controllers[0].name, "b");
	assert_int_equal(read.models_at, 3 * MINUTE);
	assert_int_equal(read.controllers_at, 2 * MINUTE);
}

static void test_whose(void **state)
{
	const struct scene *scene = *state;
	scoped(catalogue) struct catalogue catalogue;
	scoped(catalogue) struct catalogue read;
	struct stat status;

	catalogue_init(&catalogue);
	catalogue_init(&read);
	/* Nothing told: nothing kept. */
	assert_int_equal(catalogue_write(&scene->place, &catalogue, MINUTE, NULL), 0);
	assert_int_not_equal(stat(scene->place.file, &status), 0);
	tell_models(&catalogue, ME, "one", NULL, MINUTE);
	assert_int_equal(catalogue_write(&scene->place, &catalogue, 9 * MINUTE, NULL), 0);
	assert_int_equal(stat(scene->place.file, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0600);
	catalogue_read(&scene->place, "other@lab", 9 * MINUTE, &read);
	assert_int_equal(read.model_count, 0);
	catalogue_read(&scene->place, ME, MINUTE - 1, &read);
	assert_int_equal(read.model_count, 0);
	catalogue_read(&scene->place, "", MINUTE, &read);
	assert_int_equal(read.model_count, 1);
}

/* A break in a name would forge a line. */
static void test_breaks(void **state)
{
	const struct scene *scene = *state;
	scoped(catalogue) struct catalogue catalogue;
	scoped(catalogue) struct catalogue read;

	catalogue_init(&catalogue);
	catalogue_init(&read);
	tell_models(&catalogue, ME, "one\nmodel\t" TWO "\tme@lab\tforged", NULL, MINUTE);
	tell_controllers(&catalogue, "a\tb", HOST_A, MINUTE);
	assert_int_equal(catalogue_write(&scene->place, &catalogue, 9 * MINUTE, NULL), 0);
	catalogue_read(&scene->place, ME, 9 * MINUTE, &read);
	assert_null(catalogue_find(&read, TWO));
	assert_null(catalogue_find(&read, ONE)->name);
	assert_int_equal(read.controller_count, 0);
}

static void test_tried(void **state)
{
	const struct scene *scene = *state;

	assert_int_equal(catalogue_tried(&scene->place), INSTANT_NONE);
	catalogue_mark_tried(&scene->place, 5 * MINUTE);
	assert_int_equal(catalogue_tried(&scene->place), 5 * MINUTE);
	catalogue_mark_tried(&scene->place, 7 * MINUTE);
	assert_int_equal(catalogue_tried(&scene->place), 7 * MINUTE);
	assert_int_equal(catalogue_tried(&(struct catalogue_place){0}), INSTANT_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_learn),
		cmocka_unit_test(test_hosts),
		cmocka_unit_test(test_forgets),
		cmocka_unit_test(test_remembered),
		cmocka_unit_test(test_ceilings),
		cmocka_unit_test(test_places),
		cmocka_unit_test_setup_teardown(test_merge, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_whose, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_breaks, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_tried, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
