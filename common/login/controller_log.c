/* SPDX-License-Identifier: Apache-2.0 */
#include "common/login/controller_log.h"

#include <stdlib.h>

#include "common/juju/controller.h"

const char controller_log_owner[] = "admin", controller_log_model[] = "controller";

struct controller_log {
	struct controller_log_plan plan;
	char *model_uuid;
	struct session *session; /* while the controller is asked for its model */
	struct log_reader *reader;
	struct loop_timer soon, end;
};

static struct loop *loop_of(const struct controller_log *log)
{
	return log->plan.place->loop;
}

static void finish(struct controller_log *log, const struct error *error)
{
	loop_timer_cancel(loop_of(log), &log->soon);
	loop_timer_cancel(loop_of(log), &log->end);
	session_close(steal(log->session));
	log_reader_free(steal(log->reader));
	log->plan.over(log->plan.context, error);
}

static void read_record(void *context, const struct log_record *record)
{
	struct controller_log *log = context;

	log->plan.record(log->plan.context, record);
}

static void read_over(void *context, const struct error *error)
{
	finish(context, error);
}

/* The rest of the log is cut off; what has come is of use. */
static void late(void *context)
{
	struct controller_log *log = context;
	scoped(error) struct error *error = NULL;

	if (log->reader == NULL)
		error_set(&error, ERROR_TIMEOUT, "%s does not answer", log->plan.place->account.controller);
	finish(log, error);
}

static const struct secret *password_of(const struct login_keys *keys)
{
	if (secret_given(keys->typed_password))
		return keys->typed_password;
	if (secret_given(keys->password))
		return keys->password;
	return secret_given(keys->remembered_password) && !keys->remembered_password_is_wrong
		       ? keys->remembered_password
		       : NULL;
}

static void read_it(struct controller_log *log)
{
	const struct login_account *account = &log->plan.place->account;
	scoped(string) char *tag = string_format("user-%s", account->user);
	const struct log_reader_plan plan = {
		.place = log->plan.place,
		.model_uuid = log->model_uuid,
		.user = tag,
		.password = password_of(account->keys),
		.level = log->plan.level,
		.module = log->plan.module,
		.since = log->plan.since,
		.record = read_record,
		.over = read_over,
		.context = log,
	};

	log->reader = log_reader_new(&plan);
}

static void models_told(void *context, struct controller_models *models, const struct call_result *result)
{
	struct controller_log *log = context;
	scoped(error) struct error *error = NULL;

	if (result->error != NULL) {
		finish(log, result->error);
		return;
	}
	for (size_t i = 0; i < models->count && log->model_uuid == NULL; i++)
		if (string_same(models->list[i].owner, controller_log_owner) &&
			string_same(models->list[i].name, controller_log_model))
			log->model_uuid = string_copy(models->list[i].uuid);
	if (log->model_uuid != NULL) {
		read_it(log);
		return;
	}
	error_set(&error, ERROR_FAILED, "%s does not list its own model", log->plan.place->account.controller);
	finish(log, error);
}

static void opened(void *context, const struct error *error)
{
	struct controller_log *log = context;
	const struct login_result *login = error == NULL ? session_login(log->session) : NULL;

	if (error != NULL)
		finish(log, error);
	else
		controller_all_models(
			session_rpc(log->session), facades_best(&login->facades, "Controller"), models_told, log);
}

/* What was pending has already failed. */
static void ended(void *context, const struct error *error)
{
	struct controller_log *log = context;

	(void)error;
	session_close(steal(log->session));
}

static void begin(void *context)
{
	struct controller_log *log = context;
	const struct login_account *account = &log->plan.place->account;
	scoped(error) struct error *error = NULL;

	if (password_of(account->keys) == NULL || !string_given(account->user)) {
		error_set(&error, ERROR_LOGIN, "there is no password for %s, and nothing else opens its log",
			account->controller);
		finish(log, error);
		return;
	}
	if (log->model_uuid != NULL)
		read_it(log);
	else
		log->session = session_open(log->plan.place, NULL, account->controller, opened, ended, log);
}

struct controller_log *controller_log_new(const struct controller_log_plan *plan)
{
	struct controller_log *log = memory_get(1, sizeof(*log));
	struct loop *loop = plan->place->loop;

	log->plan = *plan;
	log->model_uuid = string_given(plan->model_uuid) ? string_copy(plan->model_uuid) : NULL;
	log->plan.model_uuid = log->model_uuid;
	loop_timer_set(loop, &log->soon, loop_now(loop), begin, log);
	loop_timer_set(loop, &log->end, loop_now(loop) + CONTROLLER_LOG_TIMEOUT, late, log);
	return log;
}

void controller_log_free(struct controller_log *log)
{
	if (log == NULL)
		return;
	loop_timer_cancel(loop_of(log), &log->soon);
	loop_timer_cancel(loop_of(log), &log->end);
	session_close(log->session);
	log_reader_free(log->reader);
	free(log->model_uuid);
	free(log);
}
