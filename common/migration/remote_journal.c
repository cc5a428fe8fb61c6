/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "common/migration/remote_private.h"

/* How long a change may wait to be written, so that changes that come together are written once. */
#define JOURNAL_PATIENCE INSTANT_SECOND

static void warn(struct remote *remote, const struct error *error)
{
	if (remote->warn != NULL)
		remote->warn(remote->context, error->message);
}

/* Takes the model's lock, until remote_journal_release. Returns whether another process has it. */
static bool held_by_another(struct remote_model *model, const char *uuid)
{
	struct remote *remote = model->remote;
	scoped(error) struct error *error = NULL;

	if (remote->look_only || model->lock > 0)
		return false;
	int descriptor = journal_lock(remote->journal, uuid, &error);
	if (descriptor == -2)
		warn(remote, error);
	if (descriptor >= 0)
		model->lock = descriptor + 1;
	if (descriptor >= 0)
		string_replace(&model->locked, uuid);
	return descriptor == -1;
}

/* Converts an instant of the wall clock to the engine's time; one in the future counts as now. */
static int64_t engine_time(const struct remote *remote, int64_t wall)
{
	int64_t ago = clock_wall(remote->clock) - wall;

	return loop_now(remote->place->loop) - (ago > 0 ? ago : 0);
}

static int64_t wall_time(const struct remote *remote, int64_t engine)
{
	return clock_wall(remote->clock) - (loop_now(remote->place->loop) - engine);
}

/* True if the user's word means this entry, of this JIMM: its UUID, owner/name, or the name of one of the user's own models. */
static bool means(const struct remote *remote, const char *word, const struct journal_entry *entry)
{
	const char *colon = strchr(word, ':');
	const char *bare = colon != NULL ? colon + 1 : word;
	scoped(string) char *own = string_format("%s/%s", remote->login.identity, bare);

	return string_same(entry->jaas_uuid, remote->login.controller_uuid) &&
	       (string_same(entry->model_uuid, bare) || string_same(entry->model, bare) ||
		       string_same(entry->model, own));
}

/* Returns the UUID of the model in the journal that the word means, owned by the caller, or NULL. */
static char *find_word(const struct remote *remote, const char *word)
{
	char **uuids = NULL;
	char *found = NULL;
	size_t count = 0;

	if (journal_list(remote->journal, &uuids, &count, NULL) < 0)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		scoped(journal_entry) struct journal_entry *entry = NULL;

		if (found == NULL && journal_read(remote->journal, uuids[i], &entry, NULL) == 0 && entry != NULL &&
			means(remote, word, entry))
			found = steal(uuids[i]);
		free(uuids[i]);
	}
	free(uuids);
	return found;
}

static unsigned int signs(const struct migration *migration)
{
	const bool seen[] = {
		migration->state.had_edge,
		migration->state.had_committed,
		migration->state.had_late,
		migration->state.had_redirect,
		migration->state.had_departed,
		migration->state.had_reapfailed,
		migration->state.had_aborted,
		migration->state.given_up,
	};
	unsigned int sum = 0;

	for (size_t i = 0; i < array_length(seen); i++)
		sum |= (unsigned int)seen[i] << i;
	return sum;
}

static void write_entry(struct remote_model *model)
{
	struct remote *remote = model->remote;
	const struct migration *migration = engine_migration(remote->engine, model->index);
	scoped(string) char *name = string_format("%s/%s", migration->owner, migration->name);
	scoped(error) struct error *error = NULL;
	const struct journal_entry entry = {
		.model_uuid = migration->uuid,
		.model = name,
		.jaas = (char *)remote->place->account.controller,
		.jaas_uuid = remote->login.controller_uuid,
		.source_uuid = migration->source_uuid,
		.source_name = migration->source_name,
		.target_uuid = migration->target_uuid,
		.target_name = migration->target_name,
		.migration_id = migration->migration_id,
		.sent = wall_time(remote, migration->state.sent),
		.start0 = migration->state.start0,
		.start = migration->state.start,
		.login = migration->state.login_was_source ? clock_wall(remote->clock) : INSTANT_NONE,
		.seen = signs(migration),
		.rest = model->entry != NULL ? model->entry->rest : NULL,
	};

	/* Without a journal a later run knows less, but nothing that it says becomes untrue. */
	if (!model->unreadable && journal_write(remote->journal, &entry, &error) < 0 && !model->warned) {
		model->warned = true;
		warn(remote, error);
	}
}

static void drop_news(struct remote_model *model)
{
	model->unwritten = false;
	loop_timer_cancel(model->remote->place->loop, &model->writing);
}

static void write_late(void *context)
{
	struct remote_model *model = context;

	drop_news(model);
	write_entry(model);
}

void remote_journal_settle(struct remote_model *model)
{
	if (model->unwritten)
		write_late(model);
}

void remote_settle(struct remote *remote, int64_t patience)
{
	int64_t began = loop_now(remote->place->loop);

	for (size_t i = 0; i < remote->count; i++)
		if (loop_now(remote->place->loop) - began < patience)
			remote_journal_settle(&remote->models[i]);
		else
			drop_news(&remote->models[i]);
}

const struct migration_memory *remote_recall(void *context, size_t index, const char *uuid)
{
	struct remote *remote = context;
	struct remote_model *model = &remote->models[index];
	scoped(error) struct error *error = NULL;
	scoped(string) char *found =
		uuid == NULL ? find_word(remote, engine_migration(remote->engine, index)->word) : NULL;

	if (uuid == NULL && found == NULL)
		return NULL;
	uuid = uuid != NULL ? uuid : found;
	remote_journal_settle(model);
	bool held = held_by_another(model, uuid);

	journal_entry_free(steal(model->entry));
	model->unreadable = journal_read(remote->journal, uuid, &model->entry, &error) < 0;
	if (model->unreadable)
		warn(remote, error);
	if (model->entry == NULL && !held)
		return NULL;
	model->memory = (struct migration_memory){.held = held, .start0 = INSTANT_NONE, .start = INSTANT_NONE};
	if (model->entry == NULL)
		return &model->memory;
	model->memory = (struct migration_memory){
		.target_uuid = model->entry->target_uuid,
		.target_name = model->entry->target_name,
		.source_uuid = model->entry->source_uuid,
		.model_uuid = model->entry->model_uuid,
		.migration_id = model->entry->migration_id,
		.sent = engine_time(remote, model->entry->sent),
		.start0 = model->entry->start0,
		.start = model->entry->start,
		.reached = model->entry->login != INSTANT_NONE,
		.seen = model->entry->seen,
		.held = held,
	};
	return &model->memory;
}

/* That a move was requested must be in the journal whatever happens; what is learned after that, a later run can learn anew. */
void remote_remember(void *context, size_t index)
{
	const struct remote *remote = context;
	struct remote_model *model = &remote->models[index];
	struct loop *loop = remote->place->loop;
	bool waits = engine_migration(remote->engine, index)->stage > STAGE_START;

	if (!model->unwritten)
		loop_timer_set(loop, &model->writing, loop_now(loop) + JOURNAL_PATIENCE, write_late, model);
	model->unwritten = true;
	if (!waits)
		write_late(model);
}

/* True if another process may still write the entry, or has written one of another move meanwhile. */
static bool is_of_another(struct remote_model *model, const struct migration *migration)
{
	scoped(journal_entry) struct journal_entry *entry = NULL;

	if (model->lock > 0 || !model->memory.held)
		return false;
	return held_by_another(model, migration->uuid) ||
	       journal_read(model->remote->journal, migration->uuid, &entry, NULL) < 0 ||
	       (entry != NULL && !string_same(entry->target_name, migration->target_name));
}

void remote_forget(void *context, size_t index)
{
	struct remote *remote = context;
	const struct migration *migration = engine_migration(remote->engine, index);
	scoped(error) struct error *error = NULL;

	drop_news(&remote->models[index]);
	if (!remote->models[index].unreadable && !is_of_another(&remote->models[index], migration) &&
		journal_remove(remote->journal, migration->uuid, &error) < 0)
		warn(remote, error);
}

void remote_journal_release(struct remote_model *model)
{
	drop_news(model);
	journal_entry_free(steal(model->entry));
	if (model->lock > 0)
		journal_unlock(model->remote->journal, model->locked, model->lock - 1);
	model->lock = 0;
	string_replace(&model->locked, NULL);
}
