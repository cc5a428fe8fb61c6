/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "common/migration/steps.h"

bool refusal_lock_held(const struct error *error)
{
	return error_says(error, "already in migration mode") || error_says(error, "already in progress") ||
	       error_says(error, "already has an active migration");
}

/* A lock, and no attempt in sight: either one is about to show, or the lock is left of one that has ended. */
void refusal_watch_lock(struct engine *engine, struct migration *migration, const struct error *error)
{
	migration->state.locked = true;
	migration->state.foreign_lock = strstr(error->message, "\"migrating-internally\"") == NULL;
	migration->state.ours = false;
	migration->state.sent = engine->now;
	if (engine->port.forget != NULL && !migration->other_run)
		engine->port.forget(engine->port.context, (size_t)(migration - engine->migrations));
	step_tell(engine, migration, NEWS_LOCKED);
	watch_begin(engine, migration);
}

/* "Unchanged" must not be said about a model that is no longer found, nor after an earlier abort that may have left the target
 * active. */
void refusal_end(struct engine *engine, struct migration *migration, const struct error *error)
{
	bool vanished = error_says(error, "not found") && !error_says(error, "controller not found") &&
			!error_says(error, "prechecks failed");
	bool unsafe = attempt_classify(migration->state.base_text, migration->state.base_ended) == ATTEMPT_ABORTED &&
		      !attempt_reason_safe(attempt_reason(migration->state.base_text));

	/* A juju 4 source shows nothing about our first start, so nothing that rules it out. */
	bool blind = migration->restarted && !migration_juju_3(migration->source_version);
	enum migration_cause cause = error_has_code(error, MIGRATION_NOT_SENT) ? CAUSE_NOT_SENT : CAUSE_REFUSED;

	if (refusal_lock_held(error))
		step_end(engine, migration, RESULT_UNDECIDED, CAUSE_LOCKED);
	else if (vanished || unsafe || blind)
		step_end(engine, migration, RESULT_UNDECIDED, cause);
	else if (!pause_refused(engine, migration, error))
		step_end(engine, migration, RESULT_FAILED, cause);
}

/* Whatever the reason given, an attempt that runs already may be behind it: a name that is taken on the target can be its copy's. The
 * source's status tells. */
void refusal_look(struct engine *engine, struct migration *migration, const struct error *error)
{
	migration->state.refusal = error_copy(error);
	migration->stage = STAGE_WATCH;
	migration->state.failed = 0;
	migration->state.next_login = INSTANT_NEVER;
	step_look(engine, migration, LOOK_STATUS);
}

/* The socket may be gone, or its answer lost: a new login opens another. */
static void unlooked(struct engine *engine, struct migration *migration)
{
	if (++migration->state.failed < LOOKS_MAX)
		migration->state.next_login = engine->now + LOOK_PAUSE;
	else
		step_end(engine, migration, RESULT_UNDECIDED, CAUSE_REFUSED);
}

static void looked(struct engine *engine, struct migration *migration, const struct client_status *status)
{
	scoped(error) struct error *refusal = steal(migration->state.refusal);
	enum attempt_class seen = attempt_classify_status(status->status, status->status_info);

	if (seen != ATTEMPT_NONE && seen != ATTEMPT_ABORTED)
		refusal_watch_lock(engine, migration, refusal);
	else
		refusal_end(engine, migration, refusal);
}

void refusal_answered(struct engine *engine, struct migration *migration, const struct migration_answer *answer)
{
	bool login = answer->what == LOOK_LOGIN;

	if (!login && answer->what != LOOK_STATUS)
		return;
	if (answer->error != NULL || (login && !string_same(answer->login->controller_uuid, migration->source_uuid)))
		unlooked(engine, migration);
	else if (login)
		step_look(engine, migration, LOOK_STATUS);
	else
		looked(engine, migration, answer->status);
}

int64_t refusal_step(struct engine *engine, struct migration *migration)
{
	if (migration->state.next_login <= engine->now) {
		migration->state.next_login = INSTANT_NEVER;
		step_look(engine, migration, LOOK_LOGIN);
	}
	return migration->state.next_login;
}
