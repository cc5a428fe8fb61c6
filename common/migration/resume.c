/* SPDX-License-Identifier: Apache-2.0 */
#include "common/migration/journal.h"
#include "common/migration/steps.h"

void resume_unlisted(struct migration *migration, const struct migration_memory *memory)
{
	migration->state.unlisted = true;
	migration->stage = STAGE_QUEUED;
	migration->state.sent = memory->sent;
	migration->state.had_committed = (memory->seen & (JOURNAL_COMMITTED | JOURNAL_LATE)) != 0;
	string_replace(&migration->uuid, memory->model_uuid);
	string_replace(&migration->source_uuid, memory->source_uuid);
}

void resume_forgotten(struct engine *engine, struct migration *migration, const struct error *error)
{
	/* JIMM says this about a model that it does not know before it looks at any rights. */
	bool forgotten = error_says(error, "model not found");
	const struct jimm_controller *source = step_controller(engine, migration->source_uuid);

	if (source != NULL)
		string_replace(&migration->source_name, source->name);
	if (forgotten)
		migration->verdict = VERDICT_FORGOTTEN;
	step_end(engine, migration, forgotten ? RESULT_CONTRADICTION : RESULT_UNDECIDED,
		forgotten ? CAUSE_VERDICT : CAUSE_UNLISTED);
}

const struct migration_memory *resume_recall(struct engine *engine, struct migration *migration)
{
	if (engine->port.recall == NULL)
		return NULL;
	const struct migration_memory *memory =
		engine->port.recall(engine->port.context, (size_t)(migration - engine->migrations), migration->uuid);

	migration->other_run = memory != NULL && memory->held;
	return memory;
}

static bool same_target(const struct migration *migration, const struct migration_memory *memory)
{
	if (memory->target_uuid != NULL && migration->target_uuid != NULL)
		return string_same(memory->target_uuid, migration->target_uuid);
	return string_same(memory->target_name, migration->target_name);
}

/* Takes over what was seen and done before, as if by this run. */
static void take(struct migration *migration, const struct migration_memory *memory)
{
	migration->resumed = true;
	migration->state.ours = true;
	migration->state.sent = memory->sent;
	migration->state.start0 = memory->start0;
	migration->state.start = memory->start;
	migration->state.row = ROW_SOURCE;
	migration->state.had_any = memory->start != INSTANT_NONE;
	migration->state.had_edge = (memory->seen & JOURNAL_EDGE) != 0;
	migration->state.had_late = (memory->seen & JOURNAL_LATE) != 0;
	migration->state.had_committed = (memory->seen & JOURNAL_COMMITTED) != 0;
	migration->state.had_redirect = (memory->seen & JOURNAL_REDIRECT) != 0;
	migration->state.had_departed = (memory->seen & JOURNAL_DEPARTED) != 0;
	migration->state.had_reapfailed = (memory->seen & JOURNAL_REAPFAILED) != 0;
	migration->state.login_was_source |= memory->reached;
	string_replace(&migration->migration_id, memory->migration_id);
}

static void go_on(struct engine *engine, struct migration *migration, bool gone)
{
	if (engine->dry_run || engine->no_wait) {
		/* Without a look at what comes of it, a start that was not answered proves nothing. */
		bool begun = !migration->state.lost;

		step_end(engine, migration, begun ? RESULT_RUNNING : RESULT_UNDECIDED,
			begun ? CAUSE_LEFT : CAUSE_LEFT_ASKED);
		return;
	}
	/* The socket is there only if this run's own login has reached the source. */
	bool reached = migration->state.login_was_source;
	migration->state.login_was_source = migration->state.login_uuid != NULL;
	watch_begin(engine, migration);
	migration->state.login_was_source = reached;
	if (gone) {
		sight_source(engine, migration,
			migration->state.login_sight == SOURCE_REDIRECT ? SOURCE_REDIRECT : SOURCE_GONE, engine->now);
		migration->state.next_login = engine->now;
	}
}

/* A juju 4 source shows no move that goes on: without a look at what comes of it, nothing is known of its end. */
static void end_blind(struct engine *engine, struct migration *migration)
{
	migration->row = 37;
	migration->verdict = VERDICT_UNDECIDED;
	step_end(engine, migration, RESULT_UNDECIDED, CAUSE_VERDICT);
}

/* True if the baseline shows the journal's attempt, and that was not aborted: an aborted one is over and hinders nothing. */
static bool attempt_shows(
	const struct migration *migration, const struct migration_memory *memory, enum attempt_class base)
{
	if (base == ATTEMPT_NONE || base == ATTEMPT_ABORTED || base == ATTEMPT_EARLIER_DONE)
		return false;
	return migration->state.start0 != memory->start0 &&
	       (memory->start == INSTANT_NONE || memory->start == migration->state.start0);
}

/* True if the baseline shows an aborted attempt newer than the one before the journal's move: then that move is over. */
static bool attempt_over(
	const struct migration *migration, const struct migration_memory *memory, enum attempt_class base)
{
	return base == ATTEMPT_ABORTED && migration->state.start0 != memory->start0;
}

/* True if the source, which has the model, shows the journal's attempt as done, or with ModelInfo as no attempt at all, which hides only
 * those of an earlier life: it had arrived, and somebody has moved it back. */
static bool came_back(const struct migration *migration, const struct migration_memory *memory, enum attempt_class base)
{
	if (memory->start == INSTANT_NONE || !migration->state.login_was_source || migration->state.status_running)
		return false;
	if (base == ATTEMPT_EARLIER_DONE)
		return migration->state.start0 == memory->start;
	return base == ATTEMPT_NONE && migration->state.info_empty;
}

/* True if an earlier run has watched the journal's move in vain, on a source that shows no attempts and still has the model: it was probably
 * aborted. If it was not, JIMM or the source refuse another start. */
static bool given_up(const struct migration *migration, const struct migration_memory *memory)
{
	return (memory->seen & JOURNAL_GIVEN_UP) && !memory->held && migration_blind(migration->source_version) &&
	       migration->state.login_was_source && !migration->state.status_running;
}

/* The model is neither where it was nor where it was to go: somebody else moved it, and our move is over. */
static void moved_elsewhere(struct engine *engine, struct migration *migration, const struct migration_memory *memory)
{
	migration_detail(
		migration, string_given(migration->source_name) ? migration->source_name : migration->source_uuid);
	string_replace(&migration->source_uuid, memory->source_uuid);
	const struct jimm_controller *source = step_controller(engine, memory->source_uuid);
	string_replace(&migration->source_name, source != NULL ? source->name : "");
	migration->state.row = ROW_ELSEWHERE;
	migration->verdict = VERDICT_CONTRADICTION;
	if (engine->port.forget != NULL && !memory->held && !engine->dry_run)
		engine->port.forget(engine->port.context, (size_t)(migration - engine->migrations));
	step_end(engine, migration, RESULT_CONTRADICTION, CAUSE_VERDICT);
}

/* True if JIMM has the model where the journal's move was to bring it. */
static bool is_its_target(const struct migration *migration, const struct migration_memory *memory)
{
	if (memory->target_uuid != NULL)
		return string_same(memory->target_uuid, migration->source_uuid);
	/* A caller who is told no names only knows that it has left its source. */
	return !string_given(migration->source_name) || string_same(memory->target_name, migration->source_name);
}

/* What the baseline shows of the journal's move. */
struct showing {
	bool shows; /* its attempt, not aborted */
	bool gone;  /* the source refuses logins as after a move */
	bool open; /* the start may still happen, or has: the model's own status tells of an attempt that the lists do not show */
};

/* Goes on with a move to this target. */
static void take_up(struct engine *engine, struct migration *migration, const struct migration_memory *memory,
	enum attempt_class base, const struct showing *now)
{
	int64_t base_start = migration->state.start0;
	struct model_migration attempt = {
		.status = migration->state.base_text,
		.start = base_start,
		.end = migration->state.base_ended ? base_start : INSTANT_NONE,
	};
	bool unseen = !now->shows && !now->gone && !now->open && memory->start == INSTANT_NONE;

	take(migration, memory);
	migration->state.lost = !now->shows && memory->start == INSTANT_NONE && memory->migration_id == NULL;
	step_tell(engine, migration, NEWS_RESUMED);
	if (unseen && migration_juju_3(migration->source_version))
		resume_restart(engine, migration);
	else if (unseen && (engine->dry_run || engine->no_wait))
		end_blind(engine, migration);
	else
		go_on(engine, migration, now->gone);
	if (now->shows && migration->stage == STAGE_WATCH && sight_sure(migration, base))
		sight_adopt(engine, migration, base_start);
	if (now->shows && migration->stage == STAGE_WATCH)
		sight_entry(engine, migration, &attempt, false, engine->now);
}

bool resume(struct engine *engine, struct migration *migration, const struct migration_memory *memory,
	enum attempt_class base, bool gone)
{
	struct showing now = {
		.shows = attempt_shows(migration, memory, base),
		.gone = gone,
		.open = engine->now - memory->sent <= START_WINDOW || migration->state.status_running,
	};
	bool left = memory->source_uuid != NULL && !string_same(memory->source_uuid, migration->source_uuid);
	bool arrived = left && is_its_target(migration, memory);

	if (attempt_over(migration, memory, base) || (!left && came_back(migration, memory, base))) {
		if (engine->port.forget != NULL && !memory->held && !engine->dry_run)
			engine->port.forget(engine->port.context, (size_t)(migration - engine->migrations));
		return false;
	}
	if (left && !arrived) {
		moved_elsewhere(engine, migration, memory);
		return true;
	}
	bool silent = !now.shows && !now.gone && !arrived;

	if (silent && given_up(migration, memory))
		return false;
	/* Where nothing would show that the other one goes on, it may. */
	if (!same_target(migration, memory) && silent && !now.open && !migration_blind(migration->source_version))
		return false;
	if (!same_target(migration, memory)) {
		migration_detail(migration, memory->target_name);
		step_end(engine, migration, RESULT_UNDECIDED, CAUSE_OTHER_TARGET);
		return true;
	}
	take_up(engine, migration, memory, base, &now);
	return true;
}

bool resume_recorded(
	struct engine *engine, struct migration *migration, const struct migration_memory *memory, bool runs_there)
{
	bool proved = (memory->seen & (JOURNAL_LATE | JOURNAL_REDIRECT | JOURNAL_DEPARTED | JOURNAL_REAPFAILED)) != 0 ||
		      ((memory->seen & JOURNAL_COMMITTED) != 0 && migration_juju_3(migration->target_version));

	if (!same_target(migration, memory) || (memory->seen & JOURNAL_ABORTED) || (!proved && !runs_there))
		return false;
	migration->resumed = true;
	migration->recorded = true;
	migration->verified = runs_there;
	migration->state.sent = memory->sent;
	migration->verdict = VERDICT_MIGRATED;
	migration->residue = (memory->seen & JOURNAL_REAPFAILED) != 0;
	string_replace(&migration->migration_id, memory->migration_id);
	string_replace(&migration->source_uuid, memory->source_uuid);
	const struct jimm_controller *source = step_controller(engine, memory->source_uuid);
	string_replace(&migration->source_name, source != NULL ? source->name : "");
	migration->stage = STAGE_SETTLE;
	step_end(engine, migration, RESULT_MIGRATED, CAUSE_VERDICT);
	return true;
}

/* Locates the model again as if nothing had been seen of it. Looks under way stay: their answers are as good as new ones. */
static void begin_again(struct engine *engine, struct migration *migration)
{
	string_replace(&migration->state.base_text, NULL);
	string_replace(&migration->migration_id, NULL);
	migration->state.login_done = migration->state.status_done = migration->state.info_done = false;
	migration->state.info_empty = false;
	migration->state.status_migrating = migration->state.status_running = false;
	migration->state.row_known = migration->state.job = false;
	migration->state.told = ATTEMPT_NONE;
	migration->state.told_asked = 0;
	string_replace(&migration->state.told_text, NULL);
	migration->state.rebased = 0;
	migration->state.start0 = migration->state.start = INSTANT_NONE;
	migration->state.ours = migration->state.lost = migration->state.locked = false;
	migration->state.sight = SOURCE_NONE;
	migration->state.imported = false;
	migration->state.written = 0;
	locate_begin(engine, migration, false);
}

/* The first start is decided: it did not happen. */
static void start_anew(struct engine *engine, struct migration *migration)
{
	if (engine->port.forget != NULL)
		engine->port.forget(engine->port.context, (size_t)(migration - engine->migrations));
	begin_again(engine, migration);
}

void resume_restart(struct engine *engine, struct migration *migration)
{
	bool may_free = engine->administrator && string_given(migration->source_name);

	if (!migration_juju_3(migration->source_version) || migration->restarted || migration->other_run ||
		migration->state.job || engine->dry_run || engine->no_wait || migration->state.foreign_lock) {
		migration->verdict = VERDICT_NOT_STARTED;
		step_end(engine, migration, RESULT_UNDECIDED, migration->state.locked ? CAUSE_LOCKED : CAUSE_VERDICT);
		return;
	}
	migration->restarted = true;
	step_tell(engine, migration, NEWS_RESTARTED);
	/* An old JIMM has no lock. Who may not free one finds out by starting whether there is one, or whether JIMM has freed it. */
	if (migration->old_jimm || !may_free) {
		start_anew(engine, migration);
		return;
	}
	migration->state.freeing = true;
	migration->state.recording = true;
	engine->port.record(engine->port.context, (size_t)(migration - engine->migrations), migration->uuid,
		migration->source_name);
}

void resume_freed(struct engine *engine, struct migration *migration, const struct error *error)
{
	migration->state.freeing = false;
	if (error == NULL) {
		start_anew(engine, migration);
		return;
	}
	migration_detail(migration, error->message);
	migration->verdict = VERDICT_NOT_STARTED;
	step_end(engine, migration, RESULT_UNDECIDED, CAUSE_LOCKED);
}
