/* SPDX-License-Identifier: Apache-2.0 */
#include "common/base/text.h"
#include "common/migration/steps.h"

/* How often the baseline is taken again when it came from another controller, and the pause between. */
#define BASELINES_MAX 5
#define BASELINE_PAUSE (1 * INSTANT_SECOND)

void locate_baseline(struct engine *engine, struct migration *migration)
{
	const struct model_summary *entry = sight_find(engine, migration);
	const struct model_migration *attempt = entry != NULL ? entry->migration : NULL;

	/* Neither the target's own view of a running import nor what a controller shows that the model has left is a baseline: keep what
	 * was known before. */
	if (attempt != NULL && (attempt_target_view(attempt->status) || attempt->start == migration->state.foreign))
		return;
	/* Where ModelInfo was needed the lists never show attempts. */
	if (attempt == NULL && migration->state.info_done)
		return;
	migration->state.start0 = attempt != NULL ? attempt->start : INSTANT_NONE;
	migration->state.base_ended = attempt != NULL && attempt->end != INSTANT_NONE;
	string_replace(&migration->state.base_text, attempt != NULL ? attempt->status : NULL);
	if (entry == NULL)
		return;
	string_replace(&migration->cloud, entry->cloud);
	string_replace(&migration->region, entry->region);
	/* The version that the model itself has told is newer. */
	if (migration->state.status_word == NULL)
		string_replace(&migration->agent_version, entry->agent_version);
	string_replace(&migration->state.life, entry->life);
	if (!migration->state.masked && !migration->state.row_known && string_given(entry->controller_uuid)) {
		string_replace(&migration->source_uuid, entry->controller_uuid);
		migration->located_by = "ListModelSummaries";
	}
}

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
		locate_baseline(engine, migration);
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

static bool is_target(const struct migration *migration)
{
	if (migration->target_uuid != NULL)
		return string_same(migration->source_uuid, migration->target_uuid);
	return string_given(migration->source_name) && string_same(migration->source_name, migration->target_name);
}

/* True if the source's status tells of an attempt and the baseline has none. */
static bool without_baseline(const struct migration *migration)
{
	return migration->state.status_migrating && migration->state.base_text == NULL;
}

/* True if the baseline has an attempt that goes on, or that succeeded without JIMM knowing. */
static bool underway(const struct migration *migration)
{
	enum attempt_class base = attempt_classify(migration->state.base_text, migration->state.base_ended);

	return base != ATTEMPT_NONE && base != ATTEMPT_ABORTED && base != ATTEMPT_EARLIER_DONE;
}

/* Drops a baseline whose attempt is under way or has succeeded if the source itself does not tell of it: it came from a controller
 * that the model has left and that could not remove its copy. A source that never tells of attempts has no baseline at all. */
static void drop_foreign(struct migration *migration)
{
	enum attempt_class base = attempt_classify(migration->state.base_text, migration->state.base_ended);
	bool told = !migration_blind(migration->source_version) &&
		    (!underway(migration) || sight_told(migration, migration->state.base_text, base));

	if (migration->state.base_text == NULL || !migration->state.status_done ||
		migration->state.login_trouble != NULL || told)
		return;
	migration->state.foreign = migration->state.start0;
	migration->state.start0 = INSTANT_NONE;
	migration->state.base_ended = false;
	string_replace(&migration->state.base_text, NULL);
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
	drop_foreign(migration);
	if (migration->state.list_awaited)
		return true;
	if (reached && !migration->state.status_done)
		step_look(engine, migration, LOOK_STATUS);
	else if (without_baseline(migration) && (!migration->old_jimm || migration->state.status_late) &&
		 migration->state.rebased < BASELINES_MAX) {
		if (migration->state.rebase_at == 0)
			migration->state.rebase_at =
				engine->now + (migration->state.rebased++ > 0 ? BASELINE_PAUSE : 0);
		return true;
	} else if (reached && migration->old_jimm && !migration->state.status_late &&
		   migration_juju_3(migration->source_version) && migration->state.base_text == NULL &&
		   !migration->state.info_done && !migration->state.unavailable && !is_target(migration)) {
		/* ModelInfo is harmless: a JIMM this old has no lock that the call could drop. Some of its builds forget a
		 * model that its controller denies, which cannot happen to one that has just answered there. */
		bool fresh = engine->now - migration->state.status_asked <= STATUS_FRESH;

		step_look(engine, migration, fresh ? LOOK_INFO : LOOK_STATUS);
	}
	return migration->state.pending != 0 || migration->state.list_awaited;
}

static void name_source(const struct engine *engine, struct migration *migration)
{
	const struct jimm_controller *source = step_controller(engine, migration->source_uuid);

	if (migration->source_uuid == NULL && migration->state.login_uuid != NULL) {
		string_replace(&migration->source_uuid, migration->state.login_uuid);
		migration->located_by = "model login";
		source = step_controller(engine, migration->source_uuid);
	}
	if (source != NULL && !string_given(migration->source_name))
		string_replace(&migration->source_name, source->name);
	if (migration->source_name == NULL)
		string_replace(&migration->source_name, "");
}

static bool gone(const struct migration *migration)
{
	return migration->state.login_sight == SOURCE_REDIRECT || migration->state.login_sight == SOURCE_DEPARTED ||
	       migration->state.login_sight == SOURCE_GONE;
}

/* Takes up an earlier move that goes on, or whose end JIMM was not told; or ends. Returns whether it did. */
static bool taken_up(struct engine *engine, struct migration *migration)
{
	if (underway(migration))
		watch_attach(engine, migration);
	else if (gone(migration))
		watch_adopt(engine, migration);
	else if (without_baseline(migration))
		step_end(engine, migration, RESULT_UNDECIDED, CAUSE_RUNNING_UNSEEN);
	else
		return false;
	return true;
}

/* True if the newest attempt was aborted when its target, whichever that was, may have been active; sets `detail`. */
static bool unsafe_abort(struct migration *migration)
{
	const char *reason = attempt_reason(migration->state.base_text);

	if (attempt_classify(migration->state.base_text, migration->state.base_ended) != ATTEMPT_ABORTED ||
		attempt_reason_safe(reason))
		return false;
	migration_detail(migration, reason);
	return true;
}

/* What the journal knows about the model decides before all else. Returns whether it did. */
static bool resumed(struct engine *engine, struct migration *migration)
{
	const struct migration_memory *memory = resume_recall(engine, migration);
	enum attempt_class base = attempt_classify(migration->state.base_text, migration->state.base_ended);

	if (memory == NULL)
		return false;
	if (memory->target_name != NULL)
		return resume(engine, migration, memory, base, gone(migration));
	if (underway(migration))
		return false;
	step_end(engine, migration, RESULT_UNDECIDED, CAUSE_OTHER_RUN);
	return true;
}

/* Ends it if a copy on the target forbids a start; returns whether it did. If the source shows its attempts and has none, the copy is
 * left of an earlier one; if it is active, both sides are. */
static bool copied(struct engine *engine, struct migration *migration)
{
	bool there = migration->state.target == TARGET_ACTIVE || migration->state.target == TARGET_IMPORTING;

	if (!there)
		return false;
	if (!migration_juju_3(migration->source_version))
		step_end(engine, migration, RESULT_UNDECIDED, CAUSE_BLIND_COPY);
	else if (migration->state.target == TARGET_ACTIVE && migration->state.login_trouble != NULL) {
		/* The source cannot be asked whether it has let the model go, or failed to clean up. */
		migration_detail(migration, migration->state.login_trouble);
		step_end(engine, migration, RESULT_UNDECIDED, CAUSE_OUT_OF_SIGHT);
	} else if (migration->state.target == TARGET_ACTIVE)
		step_end(engine, migration, RESULT_CONTRADICTION, CAUSE_ACTIVE_TWICE);
	return step_over(migration);
}

static void proceed(struct engine *engine, struct migration *migration)
{
	if (resumed(engine, migration) || taken_up(engine, migration) || copied(engine, migration))
		return;
	preflight_check(engine, migration);
	if (migration_checks(migration, CHECK_PROBLEM) > 0 && pause_silent(engine, migration))
		return;
	if (migration_checks(migration, CHECK_PROBLEM) > 0) {
		step_end(engine, migration, RESULT_FAILED, CAUSE_CHECKS);
		return;
	}
	if (pause_holds(engine, migration))
		return;
	step_tell(engine, migration, NEWS_LOCATED);
	if (engine->dry_run && migration->target_uuid == NULL)
		step_end(engine, migration, RESULT_UNDECIDED, CAUSE_CANNOT_KNOW);
	else if (engine->dry_run && unsafe_abort(migration))
		step_end(engine, migration, RESULT_UNDECIDED, CAUSE_OLD_ABORT);
	else if (engine->dry_run)
		step_end(engine, migration, RESULT_PLANNED, CAUSE_WOULD_START);
	else
		watch_start(engine, migration);
}

/* JIMM points at the target: is the model active there? A juju 3 target lists a model only once it is active, and a source
 * that has not let it go would list it with its attempt. An old JIMM's lists show neither. */
static bool runs_there(const struct migration *migration)
{
	return migration->state.login_was_source && !migration->state.status_migrating &&
	       !migration->state.unavailable && !migration->old_jimm && migration->state.base_text == NULL &&
	       migration_juju_3(migration->source_version);
}

static void already_there(struct engine *engine, struct migration *migration)
{
	const struct migration_memory *memory = resume_recall(engine, migration);
	bool active = runs_there(migration) || migration->state.target == TARGET_ACTIVE;
	bool silent = migration->state.login_trouble != NULL ||
		      (migration->state.unavailable && migration->state.unavailable_alone);

	/* The old source still shows a failed clean-up: the move itself succeeded. */
	migration->residue =
		attempt_classify(migration->state.base_text, migration->state.base_ended) == ATTEMPT_REAPFAILED;
	if (memory != NULL && memory->target_name != NULL && !silent && (migration->residue || !underway(migration)) &&
		resume_recorded(engine, migration, memory, active))
		return;
	migration->recorded = true;
	migration->verified = active;
	migration_detail(migration, migration->state.login_trouble);
	if (migration->state.target == TARGET_NONE || migration->state.target == TARGET_IMPORTING)
		step_end(engine, migration, RESULT_UNDECIDED, CAUSE_NOT_ACTIVE);
	else if (silent)
		step_end(engine, migration, RESULT_UNDECIDED, CAUSE_TARGET_SILENT);
	else if ((underway(migration) && !migration->residue) || migration->state.status_running)
		step_end(engine, migration, RESULT_UNDECIDED, CAUSE_ALREADY_THERE);
	else
		step_end(engine, migration, RESULT_ALREADY_THERE, CAUSE_ALREADY_THERE);
}

/* Nothing tells where the model is, as its login is refused as after a move: the journal knows where it was. */
static void source_of_journal(struct engine *engine, struct migration *migration)
{
	const struct migration_memory *memory = gone(migration) ? resume_recall(engine, migration) : NULL;

	if (memory == NULL || memory->source_uuid == NULL)
		return;
	string_replace(&migration->source_uuid, memory->source_uuid);
	migration->located_by = "the journal";
}

/* For a caller told neither rows nor the target's UUID: a model that answers elsewhere than on the journal's source is on the target. */
static void target_of_journal(struct engine *engine, struct migration *migration)
{
	bool unknown =
		migration->target_uuid == NULL && !migration->state.row_known && migration->state.login_uuid != NULL;
	const struct migration_memory *memory = unknown ? resume_recall(engine, migration) : NULL;

	if (memory == NULL || memory->source_uuid == NULL ||
		!string_same(memory->target_name, migration->target_name) ||
		string_same(memory->source_uuid, migration->state.login_uuid) ||
		(memory->target_uuid != NULL && !string_same(memory->target_uuid, migration->state.login_uuid)))
		return;
	string_replace(&migration->target_uuid, migration->state.login_uuid);
	string_replace(&migration->target_version, migration->source_version);
}

static void finish(struct engine *engine, struct migration *migration)
{
	name_source(engine, migration);
	if (!string_given(migration->source_uuid))
		source_of_journal(engine, migration);
	target_of_journal(engine, migration);
	if (!string_given(migration->source_uuid)) {
		migration_detail(migration, migration->state.login_trouble);
		/* To a caller who is told no rows, a model that has left its controller looks like this. */
		step_end(engine, migration, gone(migration) ? RESULT_UNDECIDED : RESULT_FAILED, CAUSE_NOT_LOCATED);
		return;
	}
	if (migration->state.login_uuid != NULL && !string_same(migration->state.login_uuid, migration->source_uuid)) {
		step_end(engine, migration, RESULT_UNDECIDED, CAUSE_ROW_DISAGREES);
		return;
	}
	migration->state.login_was_source = migration->state.login_uuid != NULL;
	if (!is_target(migration)) {
		proceed(engine, migration);
		return;
	}
	already_there(engine, migration);
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
		locate_baseline(engine, migration);
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
		finish(engine, migration);
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
