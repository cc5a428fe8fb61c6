/* SPDX-License-Identifier: Apache-2.0 */
#include "common/migration/witness.h"

#include <stdlib.h>

#include "common/base/scoped.h"
#include "common/juju/model_manager.h"
#include "common/migration/migration.h"

/* What a juju 4 controller says about a model that it has imported and not activated yet. */
#define BEING_MIGRATED "the model is being migrated"

struct witness {
	struct witness_plan plan;
	char *model_uuid;
	struct session *session;
	bool open;
	bool asking;
	int64_t asked;
	int64_t patience; /* until which instant an answer is waited for */
	struct loop_timer deadline;
	/* The two halves of an answer. */
	bool listed_known, listed;
	bool info_known, info_refused;
	enum target_sight info; /* as ModelInfo alone tells */
};

static struct loop *loop_of(const struct witness *witness)
{
	return witness->plan.place->loop;
}

/* After a failure the next question dials anew. */
static void drop(struct witness *witness)
{
	witness->open = false;
	session_close(steal(witness->session));
}

static void tell(struct witness *witness, const struct migration_witness *answer, const struct error *error)
{
	witness->asking = false;
	loop_timer_cancel(loop_of(witness), &witness->deadline);
	if (error != NULL)
		drop(witness);
	witness->plan.told(witness->plan.context, answer, witness->asked, error);
}

static void conclude(struct witness *witness)
{
	const struct login_result *login = session_login(witness->session);
	struct migration_witness answer = {witness->info, login->server_version};
	scoped(error) struct error *error = NULL;

	if (!witness->listed_known || !witness->info_known)
		return;
	if (witness->listed)
		answer.sight = TARGET_ACTIVE;
	else if (witness->info_refused)
		answer.sight = login->administrator ? TARGET_NONE : TARGET_UNKNOWN;
	if (answer.sight == TARGET_UNKNOWN)
		error_set(&error, ERROR_FAILED, "%s does not tell user %s about the model",
			witness->plan.place->account.controller, login->identity);
	tell(witness, error == NULL ? &answer : NULL, error);
}

static void models_listed(void *context, struct controller_models *models, const struct call_result *result)
{
	struct witness *witness = context;

	if (!witness->asking)
		return;
	if (result->error != NULL) {
		tell(witness, NULL, result->error);
		return;
	}
	witness->listed_known = true;
	for (size_t i = 0; i < models->count; i++)
		witness->listed |= string_same(models->list[i].uuid, witness->model_uuid);
	conclude(witness);
}

/* Returns what ModelInfo alone tells: on juju 3 that there is a copy at least, on juju 4 also whether it is active. */
static enum target_sight sight_of(const struct witness *witness, const struct model_summary *info)
{
	if (migration_juju_3(session_login(witness->session)->server_version))
		return TARGET_IMPORTING;
	if (!string_same(info->status, "busy"))
		return TARGET_ACTIVE;
	/* Busy with something else: then nothing is known about the import. */
	return string_same(info->status_info, BEING_MIGRATED) ? TARGET_IMPORTING : TARGET_UNKNOWN;
}

static bool not_there(const struct error *error)
{
	return error_has_code(error, "unauthorized access") || error_has_code(error, "not found") ||
	       error_has_code(error, "model not found") || error_has_code(error, "redirection required");
}

static void info_told(void *context, struct model_summary *info, const struct call_result *result)
{
	struct witness *witness = context;

	if (!witness->asking)
		return;
	if (result->error != NULL && !not_there(result->error)) {
		tell(witness, NULL, result->error);
		return;
	}
	witness->info_known = true;
	witness->info_refused = result->error != NULL;
	if (result->error == NULL)
		witness->info = sight_of(witness, info);
	conclude(witness);
}

static void ask(struct witness *witness)
{
	const struct login_result *login = session_login(witness->session);
	struct rpc *rpc = session_rpc(witness->session);
	int version = facades_best(&login->facades, "ModelManager");

	witness->asked = loop_now(loop_of(witness));
	witness->listed = witness->info_refused = witness->info_known = false;
	witness->info = TARGET_UNKNOWN;
	/* A juju 4 controller lists models before they are active. */
	witness->listed_known = !migration_juju_3(login->server_version);
	if (!witness->listed_known)
		model_manager_list_models(rpc, version, login->identity, models_listed, witness);
	model_manager_model_info(rpc, version, witness->model_uuid, info_told, witness);
}

static void opened(void *context, const struct error *error)
{
	struct witness *witness = context;

	if (error != NULL) {
		if (witness->asking)
			tell(witness, NULL, error);
		else
			drop(witness);
		return;
	}
	witness->open = true;
	witness->plan.logged_in(witness->plan.context, witness->session);
	if (witness->asking)
		ask(witness);
}

/* Requests pending on it have failed already. */
static void ended(void *context, const struct error *error)
{
	(void)error;
	drop(context);
}

bool witness_is_let_in(const struct witness *witness)
{
	return witness->session != NULL && session_endpoint(witness->session) != NULL;
}

static void too_late(void *context)
{
	struct witness *witness = context;
	scoped(error) struct error *error = NULL;

	if (witness_is_let_in(witness) && loop_now(loop_of(witness)) < witness->patience) {
		loop_timer_set(loop_of(witness), &witness->deadline, witness->patience, too_late, witness);
		return;
	}
	error_set(&error, ERROR_TIMEOUT, "%s has not answered in time", witness->plan.place->account.controller);
	tell(witness, NULL, error);
}

struct witness *witness_new(const struct witness_plan *plan)
{
	struct witness *witness = memory_get(1, sizeof(*witness));

	witness->plan = *plan;
	witness->model_uuid = string_copy(plan->model_uuid);
	witness->plan.model_uuid = witness->model_uuid;
	return witness;
}

void witness_ask(struct witness *witness)
{
	int64_t now = loop_now(loop_of(witness));
	bool person = witness->plan.place->account.person != NULL;

	witness->asking = true;
	witness->asked = now;
	witness->patience = now + (person ? WITNESS_TIMEOUT_PERSON : WITNESS_TIMEOUT);
	loop_timer_set(loop_of(witness), &witness->deadline,
		witness->plan.dial_timeout > 0 ? now + witness->plan.dial_timeout : witness->patience, too_late,
		witness);
	if (witness->session == NULL)
		witness->session = session_open(
			witness->plan.place, NULL, witness->plan.place->account.controller, opened, ended, witness);
	else if (witness->open)
		ask(witness);
}

void witness_free(struct witness *witness)
{
	if (witness == NULL)
		return;
	loop_timer_cancel(loop_of(witness), &witness->deadline);
	session_close(witness->session);
	free(witness->model_uuid);
	free(witness);
}
