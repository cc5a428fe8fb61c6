/* SPDX-License-Identifier: Apache-2.0 */
#include "common/migration/steps.h"

/* How often the source is asked; and the least time between two refusals that make the departure sign. */
#define SOURCE_PACE (10 * INSTANT_SECOND)
#define SOURCE_APART (5 * INSTANT_SECOND)

void source_ask(struct engine *engine, struct migration *migration)
{
	if (migration->state.source_mute || engine->now < migration->state.next_source ||
		step_looking(engine, migration, LOOK_SOURCE))
		return;
	migration->state.next_source = engine->now + SOURCE_PACE;
	step_look(engine, migration, LOOK_SOURCE);
}

/* A juju 3 controller that has just let us in on its /api refuses the login to a model as departed only if a completed migration has
 * taken that away: it denies no other model in this way. */
static enum source_sight sight_of(const struct migration_answer *answer)
{
	enum source_sight sight = answer->error != NULL ? sight_refusal(answer->error) : SOURCE_RESULT;
	bool juju_3 = answer->login != NULL && migration_juju_3(answer->login->server_version);

	/* Said about a model that is there, to a user who may not see it. */
	if (answer->error != NULL && string_same(answer->error->message, "permission denied"))
		return SOURCE_NO_NEWS;
	return sight == SOURCE_DEPARTED && !juju_3 ? SOURCE_NO_NEWS : sight;
}

static bool twice(struct engine *engine, struct migration *migration, int64_t asked)
{
	if (migration->state.source_sign == 0) {
		migration->state.source_sign = asked;
		migration->state.next_source = engine->now + SOURCE_APART;
	}
	return asked - migration->state.source_sign >= SOURCE_APART;
}

void source_answered(struct engine *engine, struct migration *migration, const struct migration_answer *answer)
{
	enum source_sight sight = sight_of(answer);
	int64_t asked = answer->asked;

	if (answer->error != NULL &&
		(answer->error->kind == ERROR_LOGIN || error_has_code(answer->error, "not implemented")))
		migration->state.source_mute = true;
	if (sight == SOURCE_NO_NEWS)
		return;
	migration->state.source_denies = sight == SOURCE_GONE;
	if (sight != SOURCE_DEPARTED)
		migration->state.source_sign = 0;
	/* Of use only while JIMM's answers leave open what has become of the model. */
	if (migration->stage != STAGE_WATCH || migration->state.sight != SOURCE_GONE)
		return;
	if (sight != SOURCE_REDIRECT && (sight != SOURCE_DEPARTED || !twice(engine, migration, asked)))
		return;
	/* What JIMM has said since does not outdate it: a completed migration is not undone. */
	sight_source(
		engine, migration, sight, asked > migration->state.sight_asked ? asked : migration->state.sight_asked);
}
