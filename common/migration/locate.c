/* SPDX-License-Identifier: Apache-2.0 */
#include "common/migration/steps.h"

/* How often the baseline is taken again when it came from another controller, and the pause between. */
#define BASELINES_MAX 5
#define BASELINE_PAUSE (1 * INSTANT_SECOND)

static void take_row(struct migration *migration, const struct jimm_model *row, const char *by)
{
	migration->state.row_known = true;
	migration->state.job = row->upgrade_active != 0;
	string_replace(&migration->source_uuid, row->controller_uuid);
	string_replace(&migration->source_name, row->controller_name);
	migration->located_by = by;
}

/* A list that is under way already, for another model or a watch, serves as well. */
static void ask_list(struct engine *engine, struct migration *migration)
{
	migration->state.list_awaited = true;
	step_look(engine, migration, LOOK_SUMMARIES);
}

static void take_listed(struct engine *engine, struct migration *migration)
{
	const struct jimm_model *row = newest_row(engine, migration->uuid);

	if (row != NULL)
		take_row(migration, row, "JIMM.ListModels");
}

void locate_begin(struct engine *engine, struct migration *migration, bool fresh)
{
	migration->stage = STAGE_LOCATE;
	migration->state.begun = engine->now;
	migration->state.listed = fresh;
	if (migration->state.unlisted) {
		step_look(engine, migration, LOOK_ROW);
		return;
	}
	if (fresh) {
		baseline_take(engine, migration);
		take_listed(engine, migration);
	}
	if (!fresh || (engine->administrator && migration->state.masked))
		ask_list(engine, migration);
	step_look(engine, migration, LOOK_ROW);
	/* A refusal for lack of rights, too, shows that this JIMM has the call. */
	step_look(engine, migration, LOOK_TARGETS);
	step_look(engine, migration, LOOK_LOGIN);
	step_look(engine, migration, LOOK_TARGET);
}

static void take_login(struct migration *migration, const struct migration_answer *answer)
{
	migration->state.login_done = true;
	string_replace(&migration->state.login_uuid, answer->login != NULL ? answer->login->controller_uuid : NULL);
	string_replace(&migration->state.login_trouble, answer->error != NULL ? answer->error->message : NULL);
	migration->state.login_sight = answer->error != NULL ? sight_refusal(answer->error) : SOURCE_NONE;
	if (answer->login != NULL)
		string_replace(&migration->source_version, answer->login->server_version);
}

static void take_agents(struct migration *migration, const struct client_status *status)
{
	string_free(migration->state.away);
	migration->state.away_count = status->away_count;
	migration->state.away = client_status_away(status);
}

static void take_status(struct migration *migration, const struct migration_answer *answer)
{
	migration->state.status_done = true;
	migration->state.status_asked = answer->asked;
	if (answer->error != NULL) {
		/* The source let the model go between the login and this request. */
		string_replace(&migration->state.login_trouble, answer->error->message);
		migration->state.login_sight = sight_refusal(answer->error);
		return;
	}
	enum attempt_class seen = attempt_classify_status(answer->status->status, answer->status->status_info);
	string_replace(&migration->state.status_word, answer->status->status);
	string_replace(&migration->state.status_info, answer->status->status_info);
	if (string_given(answer->status->version))
		string_replace(&migration->agent_version, answer->status->version);
	take_agents(migration, answer->status);
	migration->state.status_migrating = attempt_text(answer->status->status_info) != NULL;
	migration->state.status_running = seen != ATTEMPT_NONE && seen != ATTEMPT_ABORTED;
	sight_tell(migration, attempt_text(answer->status->status_info), seen, answer->asked);
	migration->state.status_late = seen == ATTEMPT_EDGE || seen == ATTEMPT_COMMITTED || seen == ATTEMPT_LATE;
}

static void take_targets(struct migration *migration, const struct migration_answer *answer)
{
	migration->old_jimm = error_has_code(answer->error, "not implemented");
	migration->state.targets_known = answer->error == NULL;
	for (size_t i = 0; answer->error == NULL && i < answer->controllers->count; i++)
		if (string_same(answer->controllers->list[i].uuid, migration->target_uuid))
			migration->state.target_listed = true;
}

static void take_info(struct migration *migration, const struct migration_answer *answer)
{
	migration->state.info_done = true;
	migration->state.info_empty = answer->error == NULL && answer->info->migration == NULL;
	if (answer->error != NULL || answer->info->migration == NULL)
		return;
	migration->state.start0 = answer->info->migration->start;
	migration->state.base_ended = answer->info->migration->end != INSTANT_NONE;
	string_replace(&migration->state.base_text, answer->info->migration->status);
}

bool locate_at_target(const struct migration *migration)
{
	if (migration->target_uuid != NULL)
		return string_same(migration->source_uuid, migration->target_uuid);
	return string_given(migration->source_name) && string_same(migration->source_name, migration->target_name);
}

/* Asks for what can be asked now that the first answers are there. Returns whether any answer is awaited. The status must be newer
 * than the baseline: then "migrating:" without an attempt in the baseline means that the baseline came from another controller. */
static bool asks_more(struct engine *engine, struct migration *migration)
{
	bool reached = migration->state.login_done && migration->state.login_trouble == NULL;

	if (migration->state.again != 0)
		return true;
	if (!migration->state.listed)
		ask_list(engine, migration);
	if (migration->state.rows_awaited)
		step_look(engine, migration, LOOK_ROWS);
	if (!migration->state.listed || migration->state.rows_awaited)
		return true;
	baseline_drop_foreign(migration);
	if (migration->state.list_awaited)
		return true;
	if (reached && !migration->state.status_done)
		step_look(engine, migration, LOOK_STATUS);
	else if (baseline_missing(migration) && (!migration->old_jimm || migration->state.status_late) &&
		 migration->state.rebased < BASELINES_MAX) {
		if (migration->state.rebase_at == 0)
			migration->state.rebase_at =
				engine->now + (migration->state.rebased++ > 0 ? BASELINE_PAUSE : 0);
		return true;
	} else if (reached && migration->old_jimm && !migration->state.status_late &&
		   migration_juju_3(migration->source_version) && migration->state.base_text == NULL &&
		   !migration->state.info_done && !migration->state.unavailable && !locate_at_target(migration)) {
		/* ModelInfo is harmless: a JIMM this old has no lock that the call could drop. Some of its builds forget a
		 * model that its controller denies, which cannot happen to one that has just answered there. */
		bool fresh = engine->now - migration->state.status_asked <= STATUS_FRESH;

		step_look(engine, migration, fresh ? LOOK_INFO : LOOK_STATUS);
	}
	return migration->state.pending != 0 || migration->state.list_awaited;
}

/* True if the refusal is an answer. For the call about JIMM's own row only these are; others (an upgrade, a lock) will pass. The list
 * of targets is only advice, and JIMM refuses it for good when it does not know the version of one of the cloud's controllers. */
static bool tells(const struct migration_answer *answer)
{
	bool row = answer->what == LOOK_ROW;

	return answer->error->kind == ERROR_REMOTE &&
	       (!row || error_has_code(answer->error, "not implemented") ||
		       error_has_code(answer->error, "unauthorized access") || error_says(answer->error, "not found"));
}

/* True if an answer is of use: a list may have been asked for another model, even before this one's turn. */
static bool awaited(const struct migration *migration, enum migration_look what)
{
	if (what == LOOK_SUMMARIES)
		return migration->state.list_awaited;
	return what == LOOK_ROWS ? migration->state.rows_awaited : what > LOOK_SUMMARIES;
}

static void list_answered(struct engine *engine, struct migration *migration, const struct migration_answer *answer)
{
	/* A list that this model did not ask for is newer than its status, which must be newer than its baseline. It is taken only if
	 * the status has shown already that the baseline must be taken again. */
	bool wanted = migration->state.list_awaited || (migration->state.rebase_at != 0 && answer->error == NULL);

	if (!wanted || answer->asked < migration->state.begun)
		return;
	migration->state.list_awaited = false;
	if (answer->error == NULL) {
		migration->state.listed = true;
		baseline_take(engine, migration);
		if (migration->state.base_text != NULL)
			migration->state.rebase_at = 0;
	} else if (!migration->state.listed) {
		step_unanswered(engine, migration, answer->error);
	}
}

/* Replaces the call for one row, which this JIMM does not have or refuses to the caller. */
static void rows_answered(struct engine *engine, struct migration *migration, const struct migration_answer *answer)
{
	if (!migration->state.rows_awaited || answer->asked < migration->state.begun)
		return;
	migration->state.rows_awaited = false;
	if (answer->error != NULL)
		step_unanswered(engine, migration, answer->error);
	else
		take_listed(engine, migration);
}

static void row_answered(struct engine *engine, struct migration *migration, const struct migration_answer *answer)
{
	migration->state.row_unsupported = answer->error != NULL;
	migration->state.row_denied = error_has_code(answer->error, "unauthorized access");
	if (answer->error == NULL)
		take_row(migration, answer->row, "JIMM.ModelControllerInfo");
	else if (!migration->state.row_known && engine->rows_supported)
		migration->state.rows_awaited = true;
}

/* A refusal is an answer; any other failure tells nothing, and the look is repeated. Returns true if `answer` was such a failure. */
static bool asked_again(struct engine *engine, struct migration *migration, const struct migration_answer *answer)
{
	if (answer->error == NULL || tells(answer) || !awaited(migration, answer->what))
		return false;
	if (answer->error->kind == ERROR_LOGIN || answer->error->kind == ERROR_TLS ||
		migration->state.failed >= LOOKS_MAX) {
		step_unanswered(engine, migration, answer->error);
		return true;
	}
	if (migration->state.again == 0) {
		migration->state.failed++;
		migration->state.again_at = engine->now + LOOK_PAUSE;
	}
	migration->state.again |= 1U << answer->what;
	return true;
}

void locate_answered(struct engine *engine, struct migration *migration, const struct migration_answer *answer)
{
	if (migration->state.unlisted) {
		if (answer->what == LOOK_ROW)
			resume_forgotten(engine, migration, answer->error);
		return;
	}
	/* JIMM is being told to clear its lock: a list that was asked for another model changes nothing now. */
	if (migration->state.freeing)
		return;
	/* Asked for in an earlier turn, perhaps long ago. */
	if (answer->what > LOOK_SUMMARIES && migration->state.turns > 1 && answer->asked < migration->state.begun) {
		step_look(engine, migration, answer->what);
		return;
	}
	if (answer->what != LOOK_TARGET && asked_again(engine, migration, answer))
		return;
	switch (answer->what) {
	case LOOK_SUMMARIES:
		list_answered(engine, migration, answer);
		break;
	case LOOK_ROWS:
		rows_answered(engine, migration, answer);
		break;
	case LOOK_ROW:
		row_answered(engine, migration, answer);
		break;
	case LOOK_TARGETS:
		take_targets(migration, answer);
		break;
	case LOOK_LOGIN:
		take_login(migration, answer);
		break;
	case LOOK_STATUS:
		take_status(migration, answer);
		break;
	case LOOK_INFO:
		take_info(migration, answer);
		break;
	case LOOK_TARGET:
		string_replace(&migration->state.target_trouble, answer->error != NULL ? answer->error->message : NULL);
		break;
	default:
		break;
	}
	if (migration->stage == STAGE_LOCATE && !asks_more(engine, migration))
		course_choose(engine, migration);
}

/* Repeats the failed looks when it is time. Returns when to come back. */
static int64_t look_again(struct engine *engine, struct migration *migration)
{
	unsigned int again = migration->state.again;

	if (again == 0)
		return INSTANT_NEVER;
	if (migration->state.again_at > engine->now)
		return migration->state.again_at;
	migration->state.again = 0;
	for (int what = LOOK_ROWS; what <= LOOK_INFO; what++)
		if (again & 1U << what)
			step_look(engine, migration, (enum migration_look)what);
	return INSTANT_NEVER;
}

int64_t locate_step(struct engine *engine, struct migration *migration)
{
	int64_t again = migration->state.freeing ? INSTANT_NEVER : look_again(engine, migration);

	if (again != INSTANT_NEVER || migration->state.freeing || migration->state.rebase_at == 0)
		return again;
	if (migration->state.rebase_at > engine->now)
		return migration->state.rebase_at;
	migration->state.rebase_at = 0;
	ask_list(engine, migration);
	return INSTANT_NEVER;
}
