/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "common/base/text.h"
#include "common/migration/remote_private.h"

/* Most controllers that are asked at once, and for how long all of them may take. */
#define SEARCH_AT_ONCE 16
#define SEARCH_TIMEOUT (12 * INSTANT_SECOND)
/* When the model has been found the silent ones get this share of the time that it has taken so far, and at least so much. */
#define SEARCH_GRACE_SHARE 5
#define SEARCH_GRACE_LEAST (100 * INSTANT_MILLISECOND)

struct remote_search {
	struct remote_model *model;
	struct remote_witness *list;
	size_t count;
	size_t begun, asking;
	int64_t began;
	struct loop_timer deadline;
};

static struct loop *loop_of(const struct remote_model *model)
{
	return model->remote->place->loop;
}

static void logged_in(void *context, const struct session *session)
{
	const struct remote_witness *one = context;
	const struct remote_store *store = &one->model->remote->store;

	store->logged_in(store->context, one->index, session);
}

static void refuse(struct remote_model *model, enum migration_look what, const char *words)
{
	scoped(error) struct error *error = NULL;

	error_set_remote(&error, "not implemented", words);
	remote_answer_later(&model->asks[what], error);
}

static struct witness *witness_for(
	struct remote_witness *one, const struct session_place *place, const char *model_uuid, witness_told *told)
{
	const struct witness_plan plan = {
		.place = place,
		.model_uuid = model_uuid,
		.told = told,
		.logged_in = logged_in,
		.context = one,
	};

	return witness_new(&plan);
}

/* ---- the target ---- */

static void target_told(void *context, const struct migration_witness *told, int64_t asked, const struct error *error)
{
	struct remote_witness *one = context;
	struct migration_answer answer = {.asked = asked, .error = error, .witness = told};

	remote_answer(&one->model->asks[LOOK_TARGET], &answer);
}

/* Finds the store's entry for a controller; the first one with something to log in with, where it is there under two names. */
static const struct session_place *find(const struct remote_store *store, const char *uuid, size_t *index)
{
	for (size_t i = 0; string_given(uuid) && i < store->count; i++) {
		const struct session_place *place = NULL;

		if (string_same(store->uuid(store->context, i), uuid))
			place = store->place(store->context, i, true);
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
			find(&model->remote->store, migration->target_uuid, &model->target.index);

		if (place == NULL) {
			refuse(model, LOOK_TARGET, "there is nothing to log in to the target with");
			return;
		}
		model->target.model = model;
		model->target.witness = witness_for(&model->target, place, migration->uuid, target_told);
	}
	witness_ask(model->target.witness);
}

/* ---- all of them ---- */

static void search_free(struct remote_search *search)
{
	if (search == NULL)
		return;
	loop_timer_cancel(loop_of(search->model), &search->deadline);
	for (size_t i = 0; i < search->count; i++)
		witness_free(search->list[i].witness);
	free(search->list);
	free(search);
}

static void search_end(void *context)
{
	struct remote_search *search = context;
	struct remote_model *model = search->model;
	const struct remote_store *store = &model->remote->store;
	scoped(memory) struct migration_found *list = memory_get(search->count, sizeof(*list));
	struct migration_search found = {list, search->count};
	struct migration_answer answer = {.asked = search->began, .search = &found};

	for (size_t i = 0; i < search->count; i++)
		list[i] = (struct migration_found){store->name(store->context, search->list[i].index),
			store->uuid(store->context, search->list[i].index), search->list[i].sight};
	model->search = NULL;
	search_free(search);
	remote_answer(&model->asks[LOOK_SEARCH], &answer);
}

static void search_told(void *context, const struct migration_witness *told, int64_t asked, const struct error *error);

static void begin_more(struct remote_search *search)
{
	while (search->begun < search->count && search->asking < SEARCH_AT_ONCE) {
		struct remote_witness *one = &search->list[search->begun++];

		search->asking++;
		witness_ask(one->witness);
	}
}

/* It is enough to know where it is; that some others stay silent is not waited for much longer. */
static void hurry(struct remote_search *search)
{
	int64_t now = loop_now(loop_of(search->model));
	int64_t grace = (now - search->began) / SEARCH_GRACE_SHARE;
	int64_t end = now + (grace > SEARCH_GRACE_LEAST ? grace : SEARCH_GRACE_LEAST);

	if (end < search->began + SEARCH_TIMEOUT)
		loop_timer_set(loop_of(search->model), &search->deadline, end, search_end, search);
}

static void search_told(void *context, const struct migration_witness *told, int64_t asked, const struct error *error)
{
	struct remote_witness *one = context;
	struct remote_search *search = one->model->search;
	bool found = false;

	(void)asked;
	one->answered = true;
	one->sight = error == NULL ? told->sight : TARGET_UNKNOWN;
	search->asking--;
	begin_more(search);
	for (size_t i = 0; i < search->count; i++)
		found |= search->list[i].sight == TARGET_ACTIVE;
	if (search->asking == 0)
		search_end(search);
	else if (found && search->begun == search->count)
		hurry(search);
}

/* One entry for each controller, although it may be there under two names. */
static bool known(const struct remote_search *search, const struct remote_store *store, const char *uuid)
{
	for (size_t i = 0; i < search->count; i++)
		if (string_same(store->uuid(store->context, search->list[i].index), uuid))
			return true;
	return false;
}

static struct remote_search *search_new(struct remote_model *model, const char *model_uuid)
{
	const struct remote_store *store = &model->remote->store;
	size_t most = store->count < MIGRATION_SEARCH_MAX ? store->count : MIGRATION_SEARCH_MAX;
	struct remote_search *search = memory_get(1, sizeof(*search));

	search->model = model;
	search->list = memory_get(most, sizeof(*search->list));
	for (size_t i = 0; i < store->count && search->count < most; i++) {
		const char *uuid = store->uuid(store->context, i);
		const struct session_place *place =
			known(search, store, uuid) ? NULL : store->place(store->context, i, false);
		struct remote_witness *one = &search->list[search->count];

		if (place == NULL)
			continue;
		one->model = model;
		one->index = i;
		one->witness = witness_for(one, place, model_uuid, search_told);
		search->count++;
	}
	return search;
}

void remote_model_search(struct remote_model *model)
{
	const struct migration *migration = engine_migration(model->remote->engine, model->index);
	struct remote_search *search = search_new(model, migration->uuid);

	if (search->count == 0) {
		search_free(search);
		refuse(model, LOOK_SEARCH, "there is no controller to log in to");
		return;
	}
	model->search = search;
	search->began = loop_now(loop_of(model));
	loop_timer_set(loop_of(model), &search->deadline, search->began + SEARCH_TIMEOUT, search_end, search);
	begin_more(search);
}

void remote_model_unask(struct remote_model *model)
{
	witness_free(steal(model->target.witness));
	search_free(steal(model->search));
}
