/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "common/base/text.h"
#include "common/migration/remote_private.h"

static void logged_in(void *context, const struct session *session)
{
	const struct remote_witness *one = context;
	const struct remote_store *store = &one->model->remote->store;

	store->logged_in(store->context, one->index, session);
}

void remote_model_refuse(struct remote_model *model, enum migration_look what, const char *words)
{
	scoped(error) struct error *error = NULL;

	error_set_remote(&error, "not implemented", words);
	remote_answer_later(&model->asks[what], error);
}

struct witness *remote_witness_new(struct remote_witness *one, const struct session_place *place,
	const char *model_uuid, int64_t dial_timeout, witness_told *told)
{
	const struct witness_plan plan = {
		.place = place,
		.model_uuid = model_uuid,
		.dial_timeout = dial_timeout,
		.told = told,
		.logged_in = logged_in,
		.context = one,
	};

	return witness_new(&plan);
}

static void target_told(void *context, const struct migration_witness *told, int64_t asked, const struct error *error)
{
	struct remote_witness *one = context;
	struct migration_answer answer = {.asked = asked, .error = error, .witness = told};

	one->model->asking_target = false;
	remote_answer(&one->model->asks[LOOK_TARGET], &answer);
}

const struct session_place *remote_find(const struct remote_store *store, const char *uuid, bool person, size_t *index)
{
	for (size_t i = 0; string_given(uuid) && i < store->count; i++) {
		const struct session_place *place = NULL;

		if (string_same(store->uuid(store->context, i), uuid))
			place = store->place(store->context, i, person);
		if (place != NULL) {
			*index = i;
			return place;
		}
	}
	return NULL;
}

void remote_model_target(struct remote_model *model)
{
	const struct migration *migration = engine_migration(model->remote->engine, model->index);

	if (model->target.witness == NULL) {
		const struct session_place *place =
			remote_find(&model->remote->store, migration->target_uuid, true, &model->target.index);

		if (place == NULL) {
			remote_model_refuse(model, LOOK_TARGET, "there is nothing to log in to the target with");
			return;
		}
		model->target.model = model;
		model->target.witness = remote_witness_new(&model->target, place, migration->uuid, 0, target_told);
	}
	model->asking_target = true;
	witness_ask(model->target.witness);
}

void remote_model_unask(struct remote_model *model)
{
	witness_free(steal(model->target.witness));
	remote_model_forget_source(model);
	remote_search_free(steal(model->search));
}

void remote_model_unask_later(struct remote_model *model)
{
	scoped(error) struct error *error = NULL;

	error_set(&error, ERROR_CANCELLED, "nothing is asked about the model any more");
	if (model->asking_target)
		remote_answer_later(&model->asks[LOOK_TARGET], error);
	if (remote_model_forget_source(model))
		remote_answer_later(&model->asks[LOOK_SOURCE], error);
	if (model->search != NULL)
		remote_answer_later(&model->asks[LOOK_SEARCH], error);
	model->asking_target = false;
	remote_model_unask(model);
}
