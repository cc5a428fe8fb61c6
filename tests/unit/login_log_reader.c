/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a log: what is asked for, whose word it is asked with, what is made of what comes, and where it ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/text.h"
#include "common/login/log_reader.h"
#include "tests/unit/support/peer.h"

#define PATIENCE (60 * INSTANT_SECOND)
#define UUID "5f0c9a52-0d0e-4e55-8f0b-000000000001"
#define RECORD \
	"{\"tag\":\"machine-0\",\"ts\":\"2026-07-01T10:00:04Z\",\"sev\":\"ERROR\",\"mod\":\"juju.x\",\"msg\":\"%s\"}"

static char *const no_environment[] = {NULL};

struct scene {
	struct clock *clock;
	struct loop *loop;
	struct loop_timer patience;
	struct log_reader *reader;
	size_t records;
	size_t leave_at; /* frees the reader at this record; 0: does not */
	char *message;   /* of the newest one */
	int over;
	struct error *error;
	char *request;
};

static void out_of_patience(void *context)
{
	(void)context;
	fail_msg("nothing happens any more");
}

static void took(void *context, const struct log_record *record)
{
	struct scene *scene = context;

	scene->records++;
	string_replace(&scene->message, record->message);
	if (scene->records == scene->leave_at)
		loop_stop(scene->loop);
}

static void over(void *context, const struct error *error)
{
	struct scene *scene = context;

	assert_int_equal(scene->over, 0);
	scene->over = 1;
	scene->error = error_copy(error);
	/* It may be freed here. */
	log_reader_free(steal(scene->reader));
	loop_stop(scene->loop);
}

static void scene_read(struct scene *scene, const struct peer_options *options, const char *module, int64_t since)
{
	struct peer *peer = peer_start(options);
	scoped(string) char *endpoint = string_format("ws://127.0.0.1:%d", peer_port(peer));
	const char *const endpoints[] = {endpoint};
	scoped(secret) struct secret *password = secret_new("s3cret:x", strlen("s3cret:x"));

	scene->clock = clock_new(no_environment, NULL);
	scene->loop = loop_new(scene->clock, NULL, NULL);
	struct login_keys keys = {0};
	const struct session_place place = {
		.loop = scene->loop,
		.account = {.keys = &keys},
		.target = {.endpoints = endpoints, .endpoint_count = 1, .environment = no_environment, .seed = 1},
	};
	const struct log_reader_plan plan = {
		.place = &place,
		.model_uuid = UUID,
		.user = "user-bob",
		.password = password,
		.level = "WARNING",
		.module = module,
		.since = since,
		.record = took,
		.over = over,
		.context = scene,
	};
	scene->reader = log_reader_new(&plan);
	assert_int_equal(scene->over, 0);
	loop_timer_set(scene->loop, &scene->patience, loop_now(scene->loop) + PATIENCE, out_of_patience, NULL);
	assert_int_equal(loop_run(scene->loop, NULL), 0);
	loop_timer_cancel(scene->loop, &scene->patience);
	log_reader_free(steal(scene->reader));
	scene->request = peer_request(peer);
	loop_free(steal(scene->loop));
	clock_free(steal(scene->clock));
	peer_stop(peer);
}

static void scene_release(struct scene *scene)
{
	free(scene->message);
	free(scene->request);
	error_free(scene->error);
	*scene = (struct scene){0};
}

static void serve_two(struct peer_connection *connection, void *context)
{
	scoped(string) char *first = string_format(RECORD, "first");
	scoped(string) char *second = string_format(RECORD, "second");

	(void)context;
	peer_say(connection, "{}");
	peer_say(connection, first);
	peer_say(connection, "no record");
	peer_say(connection, second);
}

static void what_there_is_is_asked_for_and_handed_over(void **state)
{
	struct scene scene = {0};

	(void)state;
	scene_read(&scene, &(struct peer_options){.serve = serve_two}, NULL, instant_parse("2026-07-01T10:00:00.5Z"));
	assert_int_equal(scene.over, 1);
	assert_null(scene.error);
	assert_int_equal(scene.records, 2);
	assert_string_equal(scene.message, "second");
	assert_non_null(strstr(scene.request, "GET /model/" UUID "/log?noTail=true&backlog=10000&maxLines=10000&"
					      "level=WARNING&startTime=2026-07-01T10:00:00.5Z HTTP/1.1\r\n"));
	assert_non_null(strstr(scene.request, "Basic dXNlci1ib2I6czNjcmV0Ong=\r\n"));
	scene_release(&scene);
	scene_read(&scene, &(struct peer_options){.serve = serve_two}, "juju.worker.x", INSTANT_NONE);
	assert_non_null(strstr(scene.request, "level=WARNING&includeModule=juju.worker.x HTTP/1.1\r\n"));
	scene_release(&scene);
}

static void serve_text(struct peer_connection *connection, void *context)
{
	if (context != NULL)
		peer_say(connection, context);
}

static void why_there_is_none_is_told(void **state)
{
	static const struct {
		char *first; /* NULL: it is closed */
		enum error_kind kind;
		const char *says;
	} cases[] = {
		{"{\"error\":{\"message\":\"permission denied\",\"code\":\"unauthorized access\"}}", ERROR_REMOTE,
			"permission denied"},
		{"<html>", ERROR_PROTOCOL, "not a record"},
		{NULL, ERROR_NETWORK, ""},
	};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		struct scene scene = {0};

		scene_read(&scene, &(struct peer_options){.serve = serve_text, .context = cases[i].first}, NULL, 0);
		assert_int_equal(scene.over, 1);
		assert_int_equal(scene.records, 0);
		assert_non_null(scene.error);
		assert_int_equal(scene.error->kind, cases[i].kind);
		assert_non_null(strstr(scene.error->message, cases[i].says));
		scene_release(&scene);
	}
}

static void an_upgrade_that_is_refused_is_an_error(void **state)
{
	struct scene scene = {0};

	(void)state;
	scene_read(&scene, &(struct peer_options){.answer = "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"},
		NULL, 0);
	assert_int_equal(scene.over, 1);
	assert_non_null(scene.error);
	scene_release(&scene);
}

/* Says the same until nobody listens any more, as one that does not heed what was asked for. */
static void serve_endlessly(struct peer_connection *connection, void *context)
{
	const size_t *size = context;
	scoped(string) char *text = memory_get(*size + 1, 1);

	memset(text, 'x', *size);
	scoped(string) char *record = string_format(RECORD, text);
	peer_say(connection, "{}");
	for (size_t i = 0; i < LOG_READER_RECORDS_MAX + 10; i++)
		peer_say(connection, record);
	peer_await(connection, PEER_CLOSE);
}

static void a_log_has_ceilings(void **state)
{
	static size_t small = 1, large = 128 * 1024;
	struct scene scene = {0};

	(void)state;
	scene_read(&scene, &(struct peer_options){.serve = serve_endlessly, .context = &small}, NULL, 0);
	assert_null(scene.error);
	assert_int_equal(scene.records, LOG_READER_RECORDS_MAX);
	scene_release(&scene);
	scene_read(&scene, &(struct peer_options){.serve = serve_endlessly, .context = &large}, NULL, 0);
	assert_null(scene.error);
	assert_int_equal(scene.records, LOG_READER_BYTES_MAX / (large + strlen(RECORD) - strlen("%s")));
	scene_release(&scene);
}

static void nothing_is_told_once_it_is_given_up(void **state)
{
	struct scene scene = {.leave_at = 1};

	(void)state;
	scene_read(&scene, &(struct peer_options){.serve = serve_two}, NULL, 0);
	assert_int_equal(scene.over, 0);
	assert_int_equal(scene.records, 1);
	scene_release(&scene);
	log_reader_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_there_is_is_asked_for_and_handed_over),
		cmocka_unit_test(why_there_is_none_is_told),
		cmocka_unit_test(an_upgrade_that_is_refused_is_an_error),
		cmocka_unit_test(a_log_has_ceilings),
		cmocka_unit_test(nothing_is_told_once_it_is_given_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
