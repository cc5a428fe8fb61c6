/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Asks all controllers of the store side by side. Waiting for an answer costs nothing, so a controller's turn lasts only a moment:
 * neither a dead nor a slow one holds up those behind it, and all of them take as long as the slowest live one.
 */
#include <stdlib.h>

#include "common/base/text.h"
#include "common/migration/remote_private.h"

/* Most controllers that have their turn at once, how long a turn lasts at most, and how many may be waited for beside those. */
#define SEARCH_AT_ONCE 16
#define SEARCH_TURN (100 * INSTANT_MILLISECOND)
#define SEARCH_OPEN_MAX 256
/* A controller that has not let us in by then is dead (juju's own limit for a dial between controllers); and the limit for all. */
#define SEARCH_DIAL_TIMEOUT (3 * INSTANT_SECOND)
#define SEARCH_TIMEOUT (12 * INSTANT_SECOND)
/* Once the model is found, controllers that have not let us in get one part in this many of the time so far, and at least so much. */
#define SEARCH_GRACE_SHARE 5
#define SEARCH_GRACE_LEAST (100 * INSTANT_MILLISECOND)

struct remote_search {
	struct remote_model *model;
	struct remote_witness *list;
	size_t count;
	size_t begun, asking;
	int64_t began;
	bool hurried;
	struct loop_timer deadline, turn, grace;
};

static struct loop *loop_of(const struct remote_search *search)
{
	return search->model->remote->place->loop;
}

void remote_search_free(struct remote_search *search)
{
	if (search == NULL)
		return;
	loop_timer_cancel(loop_of(search), &search->deadline);
	loop_timer_cancel(loop_of(search), &search->turn);
	loop_timer_cancel(loop_of(search), &search->grace);
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
	remote_search_free(search);
	remote_answer(&model->asks[LOOK_SEARCH], &answer);
}

static bool is_awaited(const struct remote_search *search, size_t index)
{
	return index < search->begun && !search->list[index].answered;
}

/* Returns INSTANT_NONE if another one may begin; else when the first turn ends, or INSTANT_NEVER if an answer must come first. */
static int64_t next_turn(const struct remote_search *search, int64_t now)
{
	int64_t first = INSTANT_NEVER;
	size_t having = 0;

	for (size_t i = 0; i < search->begun; i++) {
		int64_t end = search->list[i].asked + SEARCH_TURN;

		if (!is_awaited(search, i) || end <= now)
			continue;
		having++;
		first = end < first ? end : first;
	}
	if (search->asking >= SEARCH_AT_ONCE + SEARCH_OPEN_MAX)
		return INSTANT_NEVER;
	return having < SEARCH_AT_ONCE ? INSTANT_NONE : first;
}

static void begin_more(void *context)
{
	struct remote_search *search = context;
	int64_t now = loop_now(loop_of(search));
	int64_t next = INSTANT_NONE;

	while (search->begun < search->count && (next = next_turn(search, now)) == INSTANT_NONE) {
		struct remote_witness *one = &search->list[search->begun++];

		one->asked = now;
		search->asking++;
		witness_ask(one->witness);
	}
	loop_timer_cancel(loop_of(search), &search->turn);
	if (search->begun < search->count && next != INSTANT_NEVER)
		loop_timer_set(loop_of(search), &search->turn, next, begin_more, search);
}

/* Gives up the controllers that have not let us in; the others live, and are waited for. */
static void leave_dead(void *context)
{
	struct remote_search *search = context;

	for (size_t i = 0; i < search->begun; i++) {
		struct remote_witness *one = &search->list[i];

		if (one->answered || witness_is_let_in(one->witness))
			continue;
		witness_free(steal(one->witness));
		one->answered = true;
		search->asking--;
	}
	if (search->asking == 0)
		search_end(search);
}

/* The model is found, which is enough: those that stay silent are not waited for much longer. */
static void hurry(struct remote_search *search)
{
	int64_t now = loop_now(loop_of(search));
	int64_t grace = (now - search->began) / SEARCH_GRACE_SHARE;

	if (search->hurried)
		return;
	search->hurried = true;
	loop_timer_set(loop_of(search), &search->grace, now + (grace > SEARCH_GRACE_LEAST ? grace : SEARCH_GRACE_LEAST),
		leave_dead, search);
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

/* True if the controller is in the list already: the store may have it under two names. */
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
		one->witness = remote_witness_new(one, place, model_uuid, SEARCH_DIAL_TIMEOUT, search_told);
		search->count++;
	}
	return search;
}

void remote_model_search(struct remote_model *model)
{
	const struct migration *migration = engine_migration(model->remote->engine, model->index);
	struct remote_search *search = search_new(model, migration->uuid);

	if (search->count == 0) {
		remote_search_free(search);
		remote_model_refuse(model, LOOK_SEARCH, "there is no controller to log in to");
		return;
	}
	model->search = search;
	search->began = loop_now(loop_of(search));
	loop_timer_set(loop_of(search), &search->deadline, search->began + SEARCH_TIMEOUT, search_end, search);
	begin_more(search);
}
