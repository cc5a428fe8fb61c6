/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/complete_look.h"

#include "common/juju/controller.h"
#include "common/juju/jimm.h"
#include "common/login/place.h"
#include "common/wire/loop.h"

struct look {
	struct loop *loop;
	struct clock *clock;
	struct session *session;
	struct loop_timer end;
	struct catalogue *catalogue;
	char *user;      /* who has logged in */
	char *jaas_uuid; /* JIMM's own */
	int pending;     /* calls that have not been answered */
	bool failed;
};

static void stop(void *context)
{
	struct look *look = context;

	loop_stop(look->loop);
}

static void fail(struct look *look)
{
	look->failed = true;
	loop_stop(look->loop);
}

static void learn(struct look *look, const struct migration_answer *answer)
{
	/* An old JIMM lacks one of the lists; that is no reason to ask again. */
	if (answer->error == NULL)
		catalogue_learn(look->catalogue, answer, look->user, look->jaas_uuid, clock_wall(look->clock));
	else if (answer->error->kind != ERROR_REMOTE || answer->what == LOOK_MODELS)
		look->failed = true;
	if (--look->pending == 0)
		loop_stop(look->loop);
}

static void models_done(void *context, struct controller_models *models, const struct call_result *result)
{
	learn(context, &(struct migration_answer){.what = LOOK_MODELS, .error = result->error, .models = models});
}

static void rows_done(void *context, struct jimm_models *rows, const struct call_result *result)
{
	learn(context, &(struct migration_answer){.what = LOOK_ROWS, .error = result->error, .rows = rows});
}

static void controllers_done(void *context, struct jimm_controllers *controllers, const struct call_result *result)
{
	learn(context, &(struct migration_answer){
			       .what = LOOK_CONTROLLERS, .error = result->error, .controllers = controllers});
}

static void opened(void *context, const struct error *error)
{
	struct look *look = context;

	if (error != NULL) {
		fail(look);
		return;
	}
	const struct login_result *login = session_login(look->session);
	struct rpc *rpc = session_rpc(look->session);
	look->user = string_copy(login->identity);
	look->jaas_uuid = string_copy(login->controller_uuid);
	look->pending = 3;
	controller_all_models(rpc, facades_best(&login->facades, "Controller"), models_done, look);
	jimm_list_models(rpc, rows_done, look);
	jimm_list_controllers(rpc, controllers_done, look);
}

static void ended(void *context, const struct error *error)
{
	(void)error;
	fail(context);
}

static void run(struct look *look, const struct session_place *place, int64_t until)
{
	loop_timer_set(look->loop, &look->end, until, stop, look);
	look->session = session_open(place, NULL, "jaas", opened, ended, look);
	if (loop_run(look->loop, NULL) < 0)
		look->failed = true;
	session_close(look->session);
	loop_timer_cancel(look->loop, &look->end);
	string_free(look->user);
	string_free(look->jaas_uuid);
}

bool complete_look(const struct store *store, const char *controller, char *const *environment, struct clock *clock,
	int64_t until, struct catalogue *catalogue)
{
	/* Freed last: the place's sessions live on it. */
	scoped(loop) struct loop *loop = loop_new(clock, NULL, NULL);
	scoped(place) struct place place = {0};
	const struct place_plan plan = {.loop = loop, .environment = environment};
	struct look look = {.loop = loop, .clock = clock, .catalogue = catalogue, .pending = 1};

	if (loop == NULL || place_init(&place, store, controller, &plan, NULL) < 0 ||
		login_check(&place.session.account, NULL) < 0)
		return false;
	run(&look, &place.session, until);
	return !look.failed && look.pending == 0;
}
