/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A login on the rpc without a connection: the test sees what is sent, answers it, and is told how it ends. Include it in one place
 * of a test program, as fake_rpc.h, which it brings along.
 */
#ifndef TESTS_UNIT_SUPPORT_LOGIN_SCENE_H
#define TESTS_UNIT_SUPPORT_LOGIN_SCENE_H

#include "common/base/text.h"
#include "common/login/login.h"
#include "tests/unit/support/fake_rpc.h"

struct login_scene {
	struct clock *clock;
	struct loop *loop;
	struct rpc *rpc;
	struct login_keys keys;
	struct login_person person;
	struct login *login; /* NULL once it has ended */
	struct fake_outcome outcome;
	struct text said; /* what the person was shown or asked, one a line */
	login_told *told;
	void *waiter;
	struct loop_timer stop;
};

static inline void login_scene_stop(void *context)
{
	struct login_scene *scene = context;

	loop_stop(scene->loop);
}

/* Runs what is due now. */
static inline void login_scene_run(struct login_scene *scene)
{
	loop_timer_set(scene->loop, &scene->stop, loop_now(scene->loop), login_scene_stop, scene);
	if (loop_run(scene->loop, NULL) != 0)
		abort();
}

static inline void login_scene_show_device(void *context, const char *address, const char *code)
{
	struct login_scene *scene = context;

	text_add_format(&scene->said, "%s %s\n", address, code);
}

static inline void login_scene_ask(
	void *context, const char *user, const char *controller, bool again, login_told *told, void *waiter)
{
	struct login_scene *scene = context;

	text_add_format(&scene->said, "%s on %s%s?\n", user, controller, again ? " again" : "");
	scene->told = told;
	scene->waiter = waiter;
}

static inline void login_scene_forget(void *context)
{
	struct login_scene *scene = context;

	scene->told = NULL;
}

/* The person answers. */
static inline void login_scene_type(struct login_scene *scene, const char *password)
{
	login_told *told = scene->told;
	scoped(secret) struct secret *secret = password != NULL ? secret_new(password, strlen(password)) : NULL;
	scoped(error) struct error *error = NULL;

	if (told == NULL)
		abort();
	scene->told = NULL;
	if (secret == NULL)
		error_set(&error, ERROR_LOGIN, "nothing was typed");
	told(scene->waiter, secret, error);
}

static inline void login_scene_init(struct login_scene *scene)
{
	static char *const nothing[] = {NULL};

	*scene = (struct login_scene){.clock = clock_new(nothing, NULL)};
	scene->loop = loop_new(scene->clock, NULL, NULL);
	scene->rpc = fake_rpc();
	scene->person = (struct login_person){
		.show_device = login_scene_show_device,
		.ask_password = login_scene_ask,
		.forget = login_scene_forget,
		.context = scene,
	};
	text_init(&scene->said, 4096);
	if (scene->loop == NULL)
		abort();
}

static inline void login_scene_done(void *context, struct login_result *answer, const struct call_result *result)
{
	struct login_scene *scene = context;

	scene->login = NULL;
	if (answer == NULL)
		fake_told(&scene->outcome, fake_failure(result));
	else
		fake_told(&scene->outcome,
			string_format("%s %s %s %s %s %s %s %d %d", answer->identity, answer->controller_uuid,
				answer->model_uuid, answer->server_version, answer->controller_access,
				answer->model_access, answer->public_dns_name, answer->administrator,
				facades_best(&answer->facades, "ModelManager")));
}

/* Begins a login as `from`, with the scene's keys and person. */
static inline void login_scene_begin(struct login_scene *scene, const struct login_account *from)
{
	static const struct dial_target target = {.endpoint_count = 0};
	const struct login_connection connection = {
		.loop = scene->loop,
		.rpc = scene->rpc,
		.target = &target,
		.endpoint = "10.1.2.3:17070",
		.address = "10.1.2.3",
	};
	struct login_account account = *from;

	account.keys = &scene->keys;
	account.person = &scene->person;
	scene->login = login_start(&connection, &account, NULL, login_scene_done, scene);
	login_scene_run(scene);
}

static inline struct secret *login_scene_secret(const char *text)
{
	return secret_new(text, strlen(text));
}

static inline void login_scene_release(struct login_scene *scene)
{
	rpc_free(scene->rpc);
	login_cancel(scene->login);
	login_keys_release(&scene->keys);
	loop_free(scene->loop);
	clock_free(scene->clock);
	text_release(&scene->said);
	free(scene->outcome.text);
}

#endif
