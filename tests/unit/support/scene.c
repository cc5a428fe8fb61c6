/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/support/scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* Longest time that any of these may take, on a slow machine under valgrind. */
#define PATIENCE (60 * INSTANT_SECOND)

char *const scene_environment[] = {NULL};

static void out_of_patience(void *context)
{
	(void)context;
	fail_msg("nothing happens any more");
}

static void on_opened(void *context)
{
	struct scene *scene = context;

	scene->opened++;
	if (scene->say != NULL)
		transport_send(scene->transport, scene->say, strlen(scene->say));
	if (scene->expected == 0)
		loop_stop(scene->loop);
}

static void on_message(void *context, const char *text, size_t length)
{
	struct scene *scene = context;

	assert_int_equal(text[length], '\0');
	text_add(&scene->received, text, length);
	text_add_string(&scene->received, "\n");
	scene->messages++;
	if (scene->messages == scene->expected)
		loop_stop(scene->loop);
}

static void on_ended(void *context, const struct error *error)
{
	struct scene *scene = context;

	assert_int_equal(scene->ended, 0);
	scene->ended = 1;
	scene->error = error_copy(error);
	loop_stop(scene->loop);
}

const struct transport_events scene_events = {.opened = on_opened, .message = on_message, .ended = on_ended};

void scene_init(struct scene *scene)
{
	*scene = (struct scene){0};
	scene->clock = clock_new(scene_environment, NULL);
	scene->loop = loop_new(scene->clock, NULL, NULL);
	assert_non_null(scene->loop);
	text_init(&scene->received, TRANSPORT_MESSAGE_MAX * 2);
}

static void scene_run(struct scene *scene)
{
	loop_timer_set(scene->loop, &scene->patience, loop_now(scene->loop) + PATIENCE, out_of_patience, NULL);
	assert_int_equal(loop_run(scene->loop, NULL), 0);
	loop_timer_cancel(scene->loop, &scene->patience);
}

void scene_open(struct scene *scene, int port, const struct trust_source *trust)
{
	char authority[40];
	struct transport_target target = {
		.name = "the-peer:17070",
		.authority = authority,
		.path = "/api",
		.address = "127.0.0.1",
		.port = port,
		.trust = trust,
	};

	snprintf(authority, sizeof(authority), "127.0.0.1:%d", port);
	scene->transport = transport_open(scene->loop, &target, NULL, &scene_events, scene);
	assert_int_equal(scene->opened + scene->ended, 0);
	scene_run(scene);
}

void scene_release(struct scene *scene)
{
	transport_free(scene->transport);
	loop_free(scene->loop);
	clock_free(scene->clock);
	text_release(&scene->received);
	error_free(scene->error);
}
