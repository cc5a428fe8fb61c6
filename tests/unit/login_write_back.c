/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/text.h"
#include "common/login/write_back.h"
#include "common/store/cookies.h"
#include "common/store/file.h"
#include "common/store/lock.h"

#define UUID "6acf4fd8-32d6-49ea-b4eb-dcb9d1590c11"

struct scene {
	char directory[64];
	char *variables[3];
	struct clock *clock;
	struct loop *loop;
	struct store *store;
	struct place place;
	struct text warned;
	int done;
	int lock;
	struct loop_timer unlock;
};

static void write_file(const struct scene *scene, const char *name, const char *text)
{
	scoped(string) char *path = string_format("%s/%s", scene->directory, name);
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static void scene_init(struct scene *scene, const char *controllers, const char *accounts)
{
	*scene = (struct scene){.directory = "/tmp/write-back.XXXXXX", .lock = -1};
	assert_non_null(mkdtemp(scene->directory));
	scene->variables[0] = string_format("JUJU_DATA=%s", scene->directory);
	scene->variables[1] = string_format("TMPDIR=%s", scene->directory);
	write_file(scene, "controllers.yaml", controllers);
	write_file(scene, "accounts.yaml", accounts);
	scene->clock = clock_new(scene->variables, NULL);
	scene->loop = loop_new(scene->clock, NULL, NULL);
	scene->store = store_read(scene->variables, NULL);
	assert_non_null(scene->store);
	const struct place_plan plan = {.loop = scene->loop, .clock = scene->clock, .environment = scene->variables};
	assert_int_equal(place_init(&scene->place, scene->store, "jaas", &plan, NULL), 0);
	text_init(&scene->warned, 4096);
}

static void scene_release(struct scene *scene)
{
	scoped(string) char *command = string_format("rm -rf %s", scene->directory);

	store_unlock(&scene->lock);
	loop_timer_cancel(scene->loop, &scene->unlock);
	place_release(&scene->place);
	store_free(scene->store);
	loop_free(scene->loop);
	clock_free(scene->clock);
	text_release(&scene->warned);
	free(scene->variables[0]);
	free(scene->variables[1]);
	assert_int_equal(system(command), 0);
}

static void warn(void *context, const char *text)
{
	struct scene *scene = context;

	text_add_format(&scene->warned, "%s\n", text);
}

static void done(void *context)
{
	struct scene *scene = context;

	scene->done++;
	loop_stop(scene->loop);
}

static struct write_back *begin(struct scene *scene, struct login_result *login)
{
	const struct write_back_news news = {login, "jimm.example.com:443", "192.0.2.7"};
	const struct write_back_plan plan = {scene->clock, warn, done, scene};

	return write_back_start(&scene->place, &news, &plan);
}

static void holds(const struct scene *scene, const char *name, const char *text)
{
	scoped(string) char *path = string_format("%s/%s", scene->directory, name);
	scoped(file) struct file file = {0};

	assert_int_equal(file_read(path, 65536, &file, NULL), 0);
	assert_string_equal(file.bytes, text);
}

#define CONTROLLERS                                                                                          \
	"controllers:\n    jaas:\n        uuid: " UUID "\n        api-endpoints: ['jimm.example.com:443']\n" \
	"        dns-cache:\n            jimm.example.com: [192.0.2.6, 192.0.2.7]\n        oidc-login: true\n"
#define ACCOUNTS "controllers:\n  jaas:\n    user: alice@canonical.com\n    access-token: old\n"

static struct login_result answer(void)
{
	return (struct login_result){
		.server_version = (char *)(uintptr_t) "3.6.14",
		.public_dns_name = (char *)(uintptr_t) "jimm.example.com",
		.controller_access = (char *)(uintptr_t) "",
	};
}

static void test_all_at_once(void **state)
{
	struct scene scene;
	struct login_result login = answer();
	scoped(secret) struct secret *token = secret_new("new", 3);

	(void)state;
	scene_init(&scene, CONTROLLERS, ACCOUNTS);
	login_keys_bring_token(&scene.place.keys, token);
	assert_null(begin(&scene, &login));
	assert_int_equal(scene.place.keys.token_is_new, 0);
	holds(&scene, "accounts.yaml", "controllers:\n  jaas:\n    user: alice@canonical.com\n    access-token: new\n");
	holds(&scene, "controllers.yaml",
		"controllers:\n    jaas:\n        uuid: " UUID "\n        api-endpoints: ['jimm.example.com:443']\n"
		"        dns-cache:\n            jimm.example.com: [192.0.2.7, 192.0.2.6]\n"
		"        public-hostname: jimm.example.com\n        agent-version: 3.6.14\n        oidc-login: true\n");
	assert_null(scene.warned.data);
	scene_release(&scene);
}

/* A stored token that no login has brought is not written, whatever the store has by now. */
static void test_no_new_token(void **state)
{
	struct scene scene;
	struct login_result login = answer();

	(void)state;
	scene_init(&scene, CONTROLLERS, ACCOUNTS);
	write_file(&scene, "accounts.yaml",
		"controllers:\n  jaas:\n    user: alice@canonical.com\n    access-token: fresh\n");
	assert_null(begin(&scene, &login));
	holds(&scene, "accounts.yaml",
		"controllers:\n  jaas:\n    user: alice@canonical.com\n    access-token: fresh\n");
	place_refresh(&scene.place);
	assert_string_equal(secret_reveal(scene.place.keys.token), "fresh");
	scene_release(&scene);
}

/* What the store still has is older than what a login has brought. */
static void test_refresh_keeps(void **state)
{
	struct scene scene;
	scoped(secret) struct secret *token = secret_new("new", 3);

	(void)state;
	scene_init(&scene, CONTROLLERS, ACCOUNTS);
	login_keys_bring_token(&scene.place.keys, token);
	place_refresh(&scene.place);
	assert_string_equal(secret_reveal(scene.place.keys.token), "new");
	scene_release(&scene);
}

static void unlock(void *context)
{
	struct scene *scene = context;

	store_unlock(&scene->lock);
}

static void test_lock_is_waited_for(void **state)
{
	struct scene scene;
	struct login_result login = answer();
	scoped(secret) struct secret *token = secret_new("new", 3);

	(void)state;
	scene_init(&scene, CONTROLLERS, ACCOUNTS);
	login_keys_bring_token(&scene.place.keys, token);
	assert_int_equal(store_lock_try(scene.directory, scene.variables, &scene.lock, NULL), STORE_DONE);
	assert_non_null(begin(&scene, &login));
	holds(&scene, "accounts.yaml", ACCOUNTS);
	assert_int_equal(scene.place.keys.token_is_new, 1);
	loop_timer_set(scene.loop, &scene.unlock, loop_now(scene.loop) + 50 * INSTANT_MILLISECOND, unlock, &scene);
	assert_int_equal(loop_run(scene.loop, NULL), 0);
	assert_int_equal(scene.done, 1);
	holds(&scene, "accounts.yaml", "controllers:\n  jaas:\n    user: alice@canonical.com\n    access-token: new\n");
	scene_release(&scene);
}

static void test_given_up(void **state)
{
	struct scene scene;
	struct login_result login = answer();

	(void)state;
	scene_init(&scene, CONTROLLERS, ACCOUNTS);
	assert_int_equal(store_lock_try(scene.directory, scene.variables, &scene.lock, NULL), STORE_DONE);
	write_back_cancel(begin(&scene, &login));
	store_unlock(&scene.lock);
	holds(&scene, "controllers.yaml", CONTROLLERS);
	assert_int_equal(scene.done, 0);
	scene_release(&scene);
}

#define SET "[{\"i\":\"x\",\"s64\":\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\"}]"

/* Only what a login has brought goes into the cookie jar, and the next run finds it there. */
static void test_macaroons(void **state)
{
	struct scene scene;
	struct login_result login = answer();
	scoped(secret) struct secret *known = secret_new("[]", 2);
	scoped(secret) struct secret *brought = secret_new(SET, strlen(SET));
	scoped(cookie_sets) struct cookie_sets sets = {0};

	(void)state;
	scene_init(&scene, CONTROLLERS, ACCOUNTS);
	login_keys_add_macaroons(&scene.place.keys, known, false);
	login_keys_add_macaroons(&scene.place.keys, brought, true);
	assert_true(login_keys_have_news(&scene.place.keys));
	assert_null(begin(&scene, &login));
	assert_false(login_keys_have_news(&scene.place.keys));
	assert_null(scene.warned.data);
	assert_int_equal(cookies_read_try(scene.directory, "jaas", scene.place.jar.hosts, scene.place.jar.host_count,
				 clock_wall(scene.clock), &sets, NULL),
		STORE_DONE);
	assert_int_equal(sets.count, 1);
	assert_string_equal(secret_reveal(sets.items[0]), SET);
	scene_release(&scene);
}

static void test_failure_is_told(void **state)
{
	struct scene scene;
	struct login_result login = answer();

	(void)state;
	scene_init(&scene, CONTROLLERS, ACCOUNTS);
	write_file(&scene, "controllers.yaml", "controllers: [\n");
	assert_null(begin(&scene, &login));
	assert_non_null(scene.warned.data);
	assert_non_null(strstr(scene.warned.data, "controllers.yaml:"));
	scene_release(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_at_once),
		cmocka_unit_test(test_no_new_token),
		cmocka_unit_test(test_refresh_keeps),
		cmocka_unit_test(test_lock_is_waited_for),
		cmocka_unit_test(test_given_up),
		cmocka_unit_test(test_macaroons),
		cmocka_unit_test(test_failure_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
