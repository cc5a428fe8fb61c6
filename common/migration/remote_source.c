/* SPDX-License-Identifier: Apache-2.0 */
/*
 * LOOK_SOURCE: logs in to the source's own /api, which proves that what we log in with is right; then to the model, which succeeds or is
 * refused with a reason.
 */
#include "common/base/text.h"
#include "common/migration/remote_private.h"

static struct loop *loop_of(const struct remote_model *model)
{
	return model->remote->place->loop;
}

static void close_both(struct remote_model *model)
{
	loop_timer_cancel(loop_of(model), &model->direct.deadline);
	session_close(steal(model->direct.model));
	session_close(steal(model->direct.api));
}

static void tell(struct remote_model *model, const struct error *error)
{
	struct session *api = steal(model->direct.api), *there = steal(model->direct.model);
	struct migration_answer answer = {
		.asked = model->direct.asked,
		.error = error,
		.login = session_rpc(api) != NULL ? session_login(api) : NULL,
	};

	close_both(model);
	remote_answer(&model->asks[LOOK_SOURCE], &answer);
	session_close(there);
	session_close(api);
}

static void too_late(void *context)
{
	scoped(error) struct error *error = NULL;

	error_set(&error, ERROR_TIMEOUT, "the source has not answered in time");
	tell(context, error);
}

static void let_in(void *context, const struct error *error)
{
	tell(context, error);
}

static void ended(void *context, const struct error *error)
{
	tell(context, error);
}

static void opened(void *context, const struct error *error)
{
	struct remote_model *model = context;
	const struct remote_store *store = &model->remote->store;
	const struct migration *migration = engine_migration(model->remote->engine, model->index);

	if (error != NULL) {
		tell(model, error);
		return;
	}
	store->logged_in(store->context, model->direct.index, model->direct.api);
	model->direct.model = session_open(
		model->direct.place, migration->uuid, model->direct.place->account.controller, let_in, ended, model);
}

void remote_model_ask_source(struct remote_model *model)
{
	const struct migration *migration = engine_migration(model->remote->engine, model->index);
	const struct session_place *place =
		remote_find(&model->remote->store, migration->source_uuid, false, &model->direct.index);

	if (place == NULL) {
		remote_model_refuse(model, LOOK_SOURCE, "there is nothing to log in to the source with");
		return;
	}
	close_both(model);
	model->direct.place = place;
	model->direct.asked = loop_now(loop_of(model));
	loop_timer_set(loop_of(model), &model->direct.deadline, model->direct.asked + WITNESS_TIMEOUT, too_late, model);
	model->direct.api = session_open(place, NULL, place->account.controller, opened, ended, model);
}

bool remote_model_forget_source(struct remote_model *model)
{
	bool asked = model->direct.api != NULL;

	close_both(model);
	return asked;
}
