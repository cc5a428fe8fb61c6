/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "common/migration/steps.h"

/* How much a model needs a connection to its source. */
enum need {
	NEED_BEGUN,    /* the lists show all there is to see */
	NEED_MOVED,    /* data is being moved */
	NEED_UPLOADED, /* most of the data has been moved */
	NEED_SETTLED,  /* moved; what the source still does is good to know */
	NEED_LOCATED,  /* the model could be started then; or the source of one that is being verified */
	NEED_END,      /* may be over any moment */
	NEED_VERIFIED, /* JIMM has been told, or the source refuses logins */
	NEED_ALL,      /* must not be taken away: nothing else would do */
};

void sockets_init(struct engine *engine, size_t most)
{
	engine->sockets.most = most > 0 ? most : SOCKETS_MAX;
	engine->sockets.waiting = memory_get(engine->count, sizeof(struct migration *));
}

void sockets_release(struct engine *engine)
{
	free(engine->sockets.waiting);
}

static size_t index_of(const struct engine *engine, const struct migration *migration)
{
	return (size_t)(migration - engine->migrations);
}

static enum need progress(const struct migration *migration)
{
	const char *text = migration->text;

	if (migration->state.near_end || sight_near_end(text))
		return NEED_END;
	if (string_starts(text, "uploading"))
		return NEED_UPLOADED;
	return string_starts(text, "exporting") || string_starts(text, "importing") ? NEED_MOVED : NEED_BEGUN;
}

/* True if the lists show its attempt too, or its source shows none anyway. */
static bool seen_without(const struct migration *migration)
{
	enum source_sight sight = migration->state.sight;

	if (migration->state.refusal != NULL || migration->state.freeing || migration->state.summaries_blind ||
		(migration->state.pending & 1U << LOOK_LOGIN))
		return false;
	return sight == SOURCE_BLIND ||
	       (migration->state.start != INSTANT_NONE && sight >= SOURCE_RUNNING && sight <= SOURCE_ABORTING);
}

/* How much it needs the connection to the source that it has. */
static enum need need_kept(const struct migration *migration)
{
	switch (migration->stage) {
	/* A start takes long, and the lists show what comes of it; after a refusal it logs in again. */
	case STAGE_START:
		return NEED_SETTLED;
	case STAGE_WATCH:
		return seen_without(migration) ? progress(migration) : NEED_ALL;
	case STAGE_VERIFY:
		return NEED_LOCATED;
	case STAGE_SETTLE:
		return NEED_SETTLED;
	default:
		return NEED_ALL;
	}
}

/* How much it needs the connection that it asks for. */
static enum need need_asked(const struct migration *migration)
{
	if (migration->stage == STAGE_LOCATE)
		return NEED_LOCATED;
	if (migration->stage != STAGE_WATCH || migration->state.refusal != NULL)
		return NEED_VERIFIED;
	if (migration->state.benched || migration->state.sight == SOURCE_BLIND)
		return progress(migration) > NEED_MOVED ? progress(migration) : NEED_MOVED;
	return NEED_VERIFIED;
}

/* Takes away its connection to the source. */
static void shed(struct engine *engine, struct migration *migration)
{
	engine->sockets.used--;
	migration->state.socket_source = false;
	migration->state.next_status = INSTANT_NEVER;
	migration->state.pushed = false;
	if (migration->stage == STAGE_START || migration->stage == STAGE_WATCH) {
		engine->sockets.benched += !migration->state.benched;
		migration->state.benched = true;
	} else if (migration->stage > STAGE_WATCH) {
		/* JIMM leads to the target now: it cannot be opened again. */
		migration->state.socket_lost = true;
		migration->state.next_summary = engine->now;
	}
	engine->port.close(engine->port.context, index_of(engine, migration), CLOSE_SOURCE);
}

static struct migration *least(struct engine *engine, enum need most)
{
	struct migration *found = NULL;

	for (size_t i = 0; i < engine->agenda.length; i++) {
		struct migration *one = engine->agenda.heap[i];

		if (one->state.socket_source && need_kept(one) < most) {
			found = one;
			most = need_kept(one);
		}
	}
	return found;
}

/* Returns whether there is room for one more connection; if need be, takes one from a model that needs it less. */
static bool room(struct engine *engine, struct migration *migration)
{
	struct migration *other;

	if (engine->sockets.used < engine->sockets.most || engine->port.close == NULL)
		return true;
	/* Its new connection replaces its old one. */
	if (migration->state.socket_source) {
		shed(engine, migration);
		return true;
	}
	other = least(engine, need_asked(migration));
	if (other != NULL)
		shed(engine, other);
	return other != NULL;
}

static void dial(struct engine *engine, struct migration *migration)
{
	engine->sockets.used++;
	migration->state.dialling = true;
	engine->port.look(engine->port.context, index_of(engine, migration), LOOK_LOGIN);
}

void sockets_login(struct engine *engine, struct migration *migration)
{
	if (room(engine, migration)) {
		dial(engine, migration);
		return;
	}
	engine->sockets.waiting[engine->sockets.waiting_count++] = migration;
	migration->state.waiting = true;
}

static void unbench(struct engine *engine, struct migration *migration)
{
	engine->sockets.benched -= migration->state.benched;
	migration->state.benched = false;
}

static void stop_waiting(struct engine *engine, struct migration *migration)
{
	struct sockets *sockets = &engine->sockets;
	size_t at = 0;

	if (!migration->state.waiting)
		return;
	while (sockets->waiting[at] != migration)
		at++;
	for (sockets->waiting_count--; at < sockets->waiting_count; at++)
		sockets->waiting[at] = sockets->waiting[at + 1];
	migration->state.waiting = false;
}

void sockets_opened(struct engine *engine, struct migration *migration, const struct migration_answer *answer)
{
	bool *place = &migration->state.socket_source;

	if (!migration->state.dialling)
		return;
	migration->state.dialling = false;
	if (answer->error != NULL) {
		engine->sockets.used--;
		return;
	}
	if (migration->state.first_uuid == NULL)
		migration->state.first_uuid = string_copy(migration_watched(migration, answer->login->controller_uuid));
	if (!string_same(migration->state.first_uuid, answer->login->controller_uuid))
		place = &migration->state.socket_arrived;
	else if (migration->state.benched) {
		unbench(engine, migration);
		migration->state.next_status = engine->now;
	}
	engine->sockets.used -= *place;
	*place = true;
}

void sockets_moved(struct engine *engine, struct migration *migration)
{
	if (!migration->state.benched)
		return;
	unbench(engine, migration);
	migration->state.socket_lost = true;
}

void sockets_answered(struct engine *engine, struct migration *migration)
{
	if (!migration->state.socket_arrived || migration->state.pending & 1U << LOOK_ARRIVED)
		return;
	engine->sockets.used--;
	migration->state.socket_arrived = false;
	if (engine->port.close != NULL)
		engine->port.close(engine->port.context, index_of(engine, migration), CLOSE_ARRIVED);
}

void sockets_end(struct engine *engine, struct migration *migration)
{
	engine->sockets.used -=
		(size_t)migration->state.socket_source + migration->state.socket_arrived + migration->state.dialling;
	migration->state.socket_source = migration->state.socket_arrived = migration->state.dialling = false;
	unbench(engine, migration);
	if (migration->state.waiting) {
		stop_waiting(engine, migration);
		migration->state.pending &= ~(1U << LOOK_LOGIN);
	}
	if (engine->port.close != NULL)
		engine->port.close(engine->port.context, index_of(engine, migration), CLOSE_OVER);
}

static struct migration *neediest_waiting(const struct engine *engine)
{
	struct migration *found = NULL;

	for (size_t i = 0; i < engine->sockets.waiting_count; i++)
		if (found == NULL || need_asked(engine->sockets.waiting[i]) > need_asked(found))
			found = engine->sockets.waiting[i];
	return found;
}

/* Returns the benched model that is nearest to its end, or NULL. */
static struct migration *nearest_benched(const struct engine *engine)
{
	struct migration *found = NULL;

	for (size_t i = 0; engine->sockets.benched > 0 && i < engine->agenda.length; i++) {
		struct migration *one = engine->agenda.heap[i];

		/* One whose logins fail, or lead elsewhere, has its own time for the next. */
		if (one->state.benched && seen_without(one) && one->state.next_login == INSTANT_NEVER &&
			(found == NULL || progress(one) > progress(found)))
			found = one;
	}
	return found;
}

void sockets_serve(struct engine *engine)
{
	struct migration *next = neediest_waiting(engine);

	while (next != NULL && room(engine, next)) {
		stop_waiting(engine, next);
		dial(engine, next);
		next = neediest_waiting(engine);
	}
	if (next != NULL || engine->sockets.used >= engine->sockets.most)
		return;
	next = nearest_benched(engine);
	if (next != NULL && pace_allowed(engine, next, LOOK_LOGIN) <= engine->now) {
		/* For the login, and for the watch that follows. */
		pace_charge(engine);
		pace_charge(engine);
		step_look(engine, next, LOOK_LOGIN);
	}
}
