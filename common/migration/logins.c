/* SPDX-License-Identifier: Apache-2.0 */
#include "common/migration/steps.h"

/* Two refusals this far apart make the departure sign. */
#define SIGN_APART (5 * INSTANT_SECOND)
/* How often a caller who cannot tell JIMM looks whether it has found out. */
#define LOGIN_PACE (10 * INSTANT_SECOND)

/* Refusals less than five seconds after the first one do not count. */
static void count_refusal(struct migration *migration, enum source_sight sight, int64_t asked)
{
	bool refusal = sight == SOURCE_DEPARTED || sight == SOURCE_GONE;

	if (refusal &&
		(migration->state.refused_logins == 0 || asked - migration->state.first_refused_login >= SIGN_APART))
		migration->state.refused_logins++;
	if (refusal && migration->state.refused_logins == 1)
		migration->state.first_refused_login = asked;
	if (sight == SOURCE_DEPARTED && migration->state.signs_since == 0)
		migration->state.signs_since = asked;
	else if (sight != SOURCE_DEPARTED)
		migration->state.signs_since = 0;
}

/* Two refusals of the right kind, far enough apart, and none of another kind between them. */
static bool departed(const struct migration *migration, int64_t asked)
{
	return migration->state.signs_since != 0 && asked - migration->state.signs_since >= SIGN_APART;
}

/* The code "model migrating" proves that JIMM's lock is set and that the source has let the model go. Asked for ModelInfo by somebody
 * on the model's own list of users, JIMM then finds out by itself where the model is, and cannot forget it. */
static void have_completed(struct engine *engine, struct migration *migration, const struct error *refusal)
{
	bool mine = engine->user != NULL && string_same(engine->user, migration->owner);
	/* While a start may still be pending, nothing is risked. */
	bool pending = migration->state.lost && engine->now - migration->state.sent <= START_WINDOW;

	if (engine->administrator || !mine || pending || !error_has_code(refusal, "model migrating") ||
		step_looking(engine, migration, LOOK_INFO))
		return;
	migration->state.completing = true;
	step_look(engine, migration, LOOK_INFO);
}

/* JIMM's answer may be the target's view, which says nothing about the attempt; a login tells where the model is. */
void logins_completed(struct engine *engine, struct migration *migration, const struct migration_answer *answer)
{
	migration->state.completing = false;
	if (answer->error == NULL)
		migration->state.next_login = engine->now;
}

/* A refused login: one of two that make the departure sign, or a sign that the model is gone for reasons unknown. */
static void login_refused(struct engine *engine, struct migration *migration, const struct migration_answer *answer)
{
	enum source_sight sight = sight_refusal(answer->error);

	/* Not the controller's words, but JIMM's own: it does not know the model any more. */
	if (error_says(answer->error, "failed to find model"))
		migration->state.row = ROW_FORGOTTEN;
	count_refusal(migration, sight, answer->asked);
	have_completed(engine, migration, answer->error);
	migration->state.next_login = engine->now + SIGN_APART;
	if (sight != SOURCE_DEPARTED) {
		sight_source(engine, migration, sight, answer->asked);
	} else if (!departed(migration, answer->asked)) {
		sight_source(engine, migration, SOURCE_GONE, answer->asked);
	} else if (migration->state.login_was_source || migration->state.had_redirect) {
		sight_source(engine, migration, SOURCE_DEPARTED, answer->asked);
		/* Only an administrator can tell JIMM; everybody else waits until it shows the model elsewhere. */
		migration->state.next_login = engine->administrator ? INSTANT_NEVER : engine->now + LOGIN_PACE;
	} else {
		sight_source(engine, migration, SOURCE_GONE, answer->asked);
		if (migration->neighbour_uuid != NULL)
			step_look(engine, migration, LOOK_NEIGHBOUR);
	}
}

void logins_neighbour(struct engine *engine, struct migration *migration, const struct migration_answer *answer)
{
	if (answer->error == NULL && departed(migration, answer->asked) &&
		string_same(answer->login->controller_uuid, migration->source_uuid))
		sight_source(engine, migration, SOURCE_DEPARTED, answer->asked);
}

void logins_answered(struct engine *engine, struct migration *migration, const struct migration_answer *answer)
{
	if (answer->error != NULL) {
		login_refused(engine, migration, answer);
		return;
	}
	migration->state.refused_logins = 0;
	migration->state.signs_since = 0;
	/* Reached on another controller, it is still gone from the source. */
	if (string_same(answer->login->controller_uuid, migration->source_uuid))
		migration->state.gone_since = 0;
	migration->state.next_login = migration->state.sight == SOURCE_GONE ? engine->now + SIGN_APART : INSTANT_NEVER;
	sight_row(migration, answer->login->controller_uuid, NULL, answer->asked);
	if (migration->state.row == ROW_TARGET)
		string_replace(&migration->target_version, answer->login->server_version);
	if (!string_same(answer->login->controller_uuid, migration->source_uuid)) {
		/* Somewhere else, and perhaps only JIMM's row can tell whether that is the target. */
		migration->state.next_login = engine->now + LOGIN_PACE;
		if (migration->state.row == ROW_SOURCE && migration->state.next_row == INSTANT_NEVER)
			migration->state.next_row = engine->now;
		return;
	}
	migration->state.login_was_source = true;
	string_replace(&migration->source_version, answer->login->server_version);
	if (migration->state.pushed)
		return;
	migration->state.pushed = true;
	engine->port.watch(engine->port.context, (size_t)(migration - engine->migrations));
}
