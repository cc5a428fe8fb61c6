/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "tests/sim/world_migration.h"
#include "tests/storm/storm.h"

#define LONG_AGO INT64_MIN
/* So many questions in such a time, for each model of a run, are too many. */
#define HASTE_SPAN (10 * INSTANT_SECOND)
#define HASTE_MAX 40U

/* Up to the commit the copy on a juju 4.1 target is not active in truth, whatever the world shows. */
static bool active(const struct world_model *model, size_t controller)
{
	const struct world_attempt *attempt = world_newest(model);

	if (model->places[controller].presence != WORLD_ACTIVE)
		return false;
	/* What is left on a source that could not remove it. */
	const struct world_attempt *left = model->places[controller].attempt;
	if (left != NULL && left->phase == WORLD_REAPFAILED && left->target->index != controller)
		return false;
	return attempt == NULL || attempt->target->index != controller || attempt->source == attempt->target ||
	       world_attempt_committed(attempt) || !string_starts(attempt->target->agent_version, "4.1");
}

static size_t controller_index(const struct storm *storm, const char *uuid)
{
	for (size_t i = 0; i < storm->world->controller_count; i++)
		if (string_same(storm->world->controllers[i].uuid, uuid))
			return i;
	return SIZE_MAX;
}

void check_begin(struct storm *storm)
{
	storm->target = world_controller_find(storm->world, SCENE_TARGET)->index;
	for (size_t i = 0; i < storm->scene.moved; i++) {
		struct storm_model *model = &storm->models[i];

		model->sent_at = INSTANT_NONE;
		model->phase = world_newest(model->truth) != NULL ? (int)world_newest(model->truth)->phase : -1;
		model->forgotten_at = model->split_at = model->committed_at = model->no_attempt_at = LONG_AGO;
		for (size_t j = 0; j < STORM_CONTROLLERS; j++)
			model->right_at[j] = model->alone_at[j] = model->row_at[j] = model->active_at[j] = LONG_AGO;
	}
	check_step(storm);
}

/* ---- the truth, and since when it is so ---- */

/* Notes that something holds now, or has held up to now. */
static void hold(int64_t *at, bool *held, bool holds, int64_t now)
{
	if (*held || holds)
		*at = now;
	*held = holds;
}

static void observe_controller(struct storm *storm, struct storm_model *model, size_t index)
{
	const struct world_model *truth = model->truth;
	int64_t now = storm_now(storm);
	bool row = truth->recorded == &storm->world->controllers[index];
	bool alone = active(truth, index);

	for (size_t i = 0; i < storm->world->controller_count; i++)
		alone = alone && (i == index || !active(truth, i));
	hold(&model->row_at[index], &model->held.row[index], row, now);
	hold(&model->active_at[index], &model->held.active[index], active(truth, index), now);
	hold(&model->right_at[index], &model->held.right[index], row && active(truth, index), now);
	hold(&model->alone_at[index], &model->held.alone[index], row && alone, now);
}

static void observe(struct storm *storm, struct storm_model *model)
{
	const struct world_model *truth = model->truth;
	const struct world_attempt *attempt = world_newest(truth);
	bool aborted = attempt != NULL && attempt->phase >= WORLD_ABORT;
	bool both = aborted && active(truth, attempt->source->index) && active(truth, attempt->target->index);
	bool astray = aborted && truth->recorded == attempt->target && attempt->target != attempt->source;
	bool runs = attempt != NULL && world_attempt_runs(attempt);
	int64_t now = storm_now(storm);

	if (runs || !model->held.idle)
		storm->ran_at = storm->world->now;
	for (size_t i = 0; i < storm->world->controller_count; i++)
		observe_controller(storm, model, i);
	hold(&model->forgotten_at, &model->held.forgotten, truth->recorded == NULL, now);
	hold(&model->split_at, &model->held.split, both || astray, now);
	hold(&model->committed_at, &model->held.committed, attempt != NULL && world_attempt_committed(attempt), now);
	hold(&model->no_attempt_at, &model->held.idle, !runs, now);
}

static void trace_truth(struct storm *storm, struct storm_model *model)
{
	static const char *const marks[] = {"", "importing", "ACTIVE"};
	const struct world_model *truth = model->truth;
	const struct world_attempt *attempt = world_newest(truth);

	storm_trace(storm, "              %s: %s%s%s, row %s%s%s, on %s %s, on %s %s", truth->name,
		attempt != NULL ? world_phase_name(attempt->phase) : "no attempt", attempt != NULL ? " -> " : "",
		attempt != NULL ? attempt->target->name : "", truth->recorded != NULL ? truth->recorded->name : "NONE",
		*truth->mode != '\0' ? " locked " : "", truth->mode, storm->world->controllers[0].name,
		marks[truth->places[0].presence], storm->world->controllers[1].name, marks[truth->places[1].presence]);
}

static void step_model(struct storm *storm, struct storm_model *model)
{
	const struct world_model *truth = model->truth;
	const struct world_attempt *attempt = world_newest(truth);
	int phase = attempt != NULL ? (int)attempt->phase : -1;
	unsigned int presence = 0;

	for (size_t i = 0; i < storm->world->controller_count; i++)
		presence = presence * 4 + (unsigned int)truth->places[i].presence;
	if (phase == model->phase && presence == model->presence && truth->recorded == model->recorded &&
		truth->mode == model->mode && model->attempts == truth->attempt_count)
		return;
	/* Between two changes nothing has to be noted: what held then has held all the time. */
	observe(storm, model);
	if (phase == WORLD_SUCCESS && phase != model->phase)
		model->commits_at = storm->world->now;
	if (phase >= 0 && phase != model->phase)
		weather_trigger(storm, TRIGGER_PHASE, phase);
	if (phase == WORLD_VALIDATION && active(truth, storm->target) && presence != model->presence)
		weather_trigger(storm, TRIGGER_ACTIVE, 0);
	if (phase != model->phase)
		crowd_phase(storm, (size_t)(model - storm->models));
	model->phase = phase;
	model->presence = presence;
	model->recorded = truth->recorded;
	model->mode = truth->mode;
	model->attempts = truth->attempt_count;
	trace_truth(storm, model);
}

void check_step(struct storm *storm)
{
	for (size_t i = 0; i < storm->scene.moved; i++)
		step_model(storm, &storm->models[i]);
}

/* No more in flight than may be. */
static void check_flying(struct storm *storm)
{
	const struct storm_process *process = &storm->process;
	size_t flying = 0, most = storm->scene.parallel;

	for (size_t i = 0; process->alive && process->engine != NULL && i < storm->scene.moved; i++) {
		enum migration_stage stage = engine_migration(process->engine, i)->stage;

		flying += stage > STAGE_QUEUED && stage < STAGE_ENDED;
	}
	if (most > 0 && flying > most)
		storm_fail(storm, WRONG_PORT, "%zu models are in flight, and %zu may be", flying, most);
}

static void check_sockets(struct storm *storm)
{
	size_t open = 0;

	for (const struct storm_link *link = storm->links; storm->scene.sockets > 0 && link != NULL; link = link->next)
		open += link->model != MIGRATION_ALL && link->life == storm->process.life && !link->ended;
	if (open > storm->scene.sockets && storm->process.alive)
		storm_fail(storm, WRONG_PORT, "%zu connections to models, and %zu may be", open, storm->scene.sockets);
}

/* However it is answered: in any ten seconds there is an end of questions. */
void check_haste(struct storm *storm)
{
	struct storm_process *process = &storm->process;
	unsigned int models = (unsigned int)storm->scene.moved;

	if (storm->world->now - process->hasty_since >= HASTE_SPAN) {
		process->hasty_since = storm->world->now;
		process->hasty = 0;
	}
	process->hasty++;
	if (process->hasty / models > storm->counts->hasty)
		storm->counts->hasty = process->hasty / models;
	if (process->hasty > HASTE_MAX * (models + 1))
		storm_fail(storm, WRONG_HASTE, "%u questions in ten seconds", process->hasty);
}

static void check_stage(struct storm *storm, struct storm_model *model, enum migration_stage stage)
{
	if (stage == STAGE_QUEUED && model->stage > STAGE_QUEUED)
		storm->counts->put_back++;
	model->stage = stage;
}

void check_rows(struct storm *storm)
{
	const struct storm_process *process = &storm->process;

	check_flying(storm);
	check_sockets(storm);
	for (size_t i = 0; process->alive && process->engine != NULL && i < storm->scene.moved; i++) {
		int row = engine_migration(process->engine, i)->row;
		struct storm_model *model = &storm->models[i];

		check_stage(storm, model, engine_migration(process->engine, i)->stage);
		if (row != model->row) {
			storm->counts->rows[model->row][row]++;
			storm_trace(storm, "= row %d, %s", row,
				verdict_name(engine_migration(process->engine, i)->verdict));
		}
		model->row = row;
	}
}

void check_life(struct storm *storm)
{
	for (size_t i = 0; i < storm->scene.moved; i++) {
		storm->models[i].row = 0;
		storm->models[i].stage = STAGE_SURVEY;
		storm->models[i].result = RESULT_NONE;
		observe(storm, &storm->models[i]);
	}
}

/* ---- what is sent ---- */

/* A source of juju 4 shows nothing of its attempts; others may have taken the model to one. */
static bool shows_attempts(const struct world_controller *source)
{
	return *source->agent_version < '4';
}

/* Somebody else has started the newest attempt since our process began, or where nothing shows it; our process cannot be blamed for
 * not having known. */
static bool others_first(const struct storm *storm, const struct world_attempt *attempt)
{
	int64_t began = storm->world->now - (storm_now(storm) - storm->process.began);

	return storm->meddled && (attempt->start >= began || !shows_attempts(attempt->source));
}

/* The attempt could be seen when our process began, and for a while before that. */
static bool shown(const struct storm *storm, const struct world_attempt *attempt)
{
	int64_t began = storm->world->now - (storm_now(storm) - storm->process.began);

	return attempt->start < began && shows_attempts(attempt->source);
}

void check_start(struct storm *storm, size_t index, const char *target)
{
	struct storm_model *model = &storm->models[index];
	const struct world_attempt *attempt = world_newest(model->truth);
	int64_t now = storm_now(storm);
	bool before = model->sent_life != 0 && model->sent_life != storm->process.life;
	enum storm_wrong wrong = before ? WRONG_RESTART : WRONG_DOUBLE_START;

	observe(storm, model);
	/* Who keeps nothing cannot know of a start that nothing shows yet. */
	bool unknowing = before && storm->scene.forgetful &&
			 (model->truth->attempt_count == model->sent_attempts || !shown(storm, attempt));
	/* Somebody else's attempt that began after our baseline was taken cannot be told from the one that we asked for. */
	unknowing = unknowing ||
		    (before && storm->meddled && attempt != NULL &&
			    model->truth->attempt_count == model->sent_attempts && attempt->start >= model->sent_began);
	if (!string_same(target, SCENE_TARGET))
		storm_fail(storm, WRONG_PORT, "MigrateModel to \"%s\"", target);
	/* Whoever has moved JIMM's row meanwhile has hidden the attempt. */
	unknowing = unknowing || (storm->meddled && attempt != NULL && model->truth->recorded != attempt->source);
	/* And where it is not, nobody is shown the source. */
	unknowing = unknowing || (storm->meddled && model->truth->recorded != NULL &&
					 !active(model->truth, model->truth->recorded->index));
	/* What this process could not know it does not learn from a start that was refused. */
	unknowing = unknowing || (!before && model->unknowing && model->truth->attempt_count == model->sent_attempts);
	model->unknowing = unknowing;
	if (unknowing)
		storm_trace(storm, "  (not to be known)");
	else if (model->unanswered && now - model->sent_at <= START_WINDOW &&
		 model->truth->attempt_count == model->sent_attempts)
		storm_fail(storm, wrong, "MigrateModel again %.1f s after one that was not answered",
			(double)(now - model->sent_at) / (double)INSTANT_SECOND);
	else if (attempt != NULL && world_attempt_runs(attempt) && !others_first(storm, attempt))
		storm_fail(storm, wrong, "MigrateModel while an attempt is in %s", world_phase_name(attempt->phase));
	/* Where JIMM knows of the move already it refuses without any effect; not everybody can see that it knows. */
	else if (active(model->truth, storm->target) && model->truth->recorded->index != storm->target &&
		 attempt != NULL && world_attempt_committed(attempt) && attempt->target->index == storm->target &&
		 !others_first(storm, attempt))
		storm_fail(storm, wrong, "MigrateModel of a model that has moved");
	model->sent_at = now;
	model->sent_attempts = model->truth->attempt_count;
	model->sent_life = storm->process.life;
	model->sent_began = storm->world->now - (now - storm->process.began);
	model->unanswered = true;
}

void check_started(struct storm *storm, size_t index, const struct error *error)
{
	storm->models[index].unanswered = error != NULL && error->kind != ERROR_REMOTE;
}

static const char *early(const struct world_model *truth, const struct world_controller *to)
{
	const struct world_attempt *attempt = world_newest(truth);
	bool committed = attempt != NULL && world_attempt_committed(attempt);

	if (attempt != NULL && attempt->target == to && attempt->source != to && !committed)
		return "the attempt has not committed";
	if (!active(truth, to->index))
		return "the model is not active there";
	if (attempt != NULL && attempt->source == to && world_attempt_runs(attempt))
		return "an attempt from there runs";
	if (attempt != NULL && attempt->source == to && committed && attempt->phase != WORLD_DONE)
		return "the model has left there";
	return NULL;
}

void check_record(struct storm *storm, size_t index, const char *target)
{
	const struct world_model *truth = storm->models[index].truth;
	const struct world_controller *to = world_controller_find(storm->world, target);
	const char *why = to != NULL ? early(truth, to) : "there is no such controller";
	/* Where the model is not at all JIMM's own look refuses; after other people's doings that may be tried. */
	const struct world_attempt *attempt = world_newest(truth);
	/* An attempt of somebody else's does not show its target. That it is irrevocable is known; that a leftover of an older one
	 * answers JIMM's look there is not. */
	bool theirs = attempt != NULL && attempt->target != to && world_attempt_committed(attempt);
	/* JIMM's row was turned back to a controller that the model has left: what is left there tells of that move only. */
	theirs = theirs || (truth->recorded != NULL && !active(truth, truth->recorded->index));
	/* Somebody has moved the row there meanwhile, and the model on from there. */
	bool overtaken =
		attempt != NULL && attempt->source == to && truth->recorded == to && others_first(storm, attempt);
	bool harmless =
		storm->meddled && to != NULL && (world_at(truth, to)->presence == WORLD_ABSENT || theirs || overtaken);

	if (why != NULL && !harmless)
		storm_fail(storm, WRONG_EARLY_RECORD, "UpdateMigratedModel to %s: %s", target, why);
}

void check_info(struct storm *storm, size_t index, bool could_delete)
{
	const struct storm_model *model = &storm->models[index];

	bool anywhere = false;

	/* To lose sight of a model that does not exist any more harms nobody. */
	for (size_t i = 0; i < storm->world->controller_count; i++)
		anywhere |= model->truth->places[i].presence != WORLD_ABSENT;
	if (could_delete && anywhere)
		storm_fail(storm, WRONG_LOOK, "ModelInfo that can make JIMM forget the model");
	else if (model->unanswered && model->sent_life == storm->process.life && storm->world->era.lock &&
		 storm_now(storm) - model->sent_at < START_WINDOW)
		storm_fail(storm, WRONG_LOOK, "ModelInfo while MigrateModel is not answered");
}

/* ---- what is said ---- */

static void check_migrated(struct storm *storm, const struct storm_model *model, const struct migration *migration)
{
	bool unverified = migration->result == RESULT_ALREADY_THERE && !migration->verified;
	int64_t looked = migration->state.row_asked, verified = migration->state.verify_since;

	looked = looked < storm->process.began ? storm->process.began : looked;
	verified = verified < storm->process.began || verified > looked ? looked : verified;
	if (model->row_at[storm->target] < looked || (!unverified && model->right_at[storm->target] < verified))
		storm_fail(storm, WRONG_MIGRATED, "%s is said to be %s, and is not", model->truth->name,
			migration->result == RESULT_MIGRATED ? "migrated" : "there already");
}

/* A check has failed on a model that has moved, or is on its way. While things go wrong that may be all there is to say. */
static void check_checks(struct storm *storm, const struct storm_model *model, size_t source)
{
	const struct world_attempt *attempt = world_newest(model->truth);

	if (!storm->process.calm)
		return;
	if (model->no_attempt_at < storm->process.began && !others_first(storm, attempt))
		storm_fail(storm, WRONG_CHECKS, "%s cannot be moved, it is said, while an attempt runs",
			model->truth->name);
	else if (!active(model->truth, source))
		storm_fail(storm, WRONG_CHECKS, "%s cannot be moved from %s, it is said; it is not there",
			model->truth->name, storm->world->controllers[source].name);
}

static void check_failed(struct storm *storm, const struct storm_model *model, const struct migration *migration)
{
	size_t source = controller_index(storm, migration->source_uuid);
	int64_t looked = storm->process.began;

	if (migration->cause == CAUSE_VERDICT && migration->state.row_asked > looked)
		looked = migration->state.row_asked;
	else if (migration->cause == CAUSE_REFUSED && model->sent_at > looked)
		looked = model->sent_at;
	if (source == SIZE_MAX)
		storm_fail(storm, WRONG_FAILED, "%s failed, without a source", model->truth->name);
	else if (migration->cause == CAUSE_CHECKS)
		check_checks(storm, model, source);
	/* A juju 4 source shows no attempt, neither a running one nor one that is over. */
	else if (migration->cause == CAUSE_REFUSED && storm->scene.source_major >= 4)
		return; /* nothing tells of an abort that has left the target active */
	else if (model->alone_at[source] < looked)
		storm_fail(storm, WRONG_FAILED, "%s is said to be unchanged on %s, and is not (%s, %s)",
			model->truth->name, storm->world->controllers[source].name, storm_cause_name(migration->cause),
			verdict_name(migration->verdict));
	else if (storm->scene.forgetful && storm->scene.source_major >= 4)
		return; /* without a journal, a source that shows nothing leaves nothing to know of an earlier start */
	else if (model->no_attempt_at < looked && !others_first(storm, world_newest(model->truth)))
		storm_fail(storm, WRONG_FAILED, "%s is said to be unchanged while an attempt runs (%s)",
			model->truth->name, storm_cause_name(migration->cause));
}

static void check_contradiction(struct storm *storm, const struct storm_model *model, const struct migration *migration)
{
	if (migration->verdict == VERDICT_SPLIT && model->split_at < storm->process.began)
		storm_fail(storm, WRONG_NEWS, "%s is said to be split, and is not", model->truth->name);
	if (migration->verdict == VERDICT_FORGOTTEN && model->forgotten_at < storm->process.began)
		storm_fail(storm, WRONG_NEWS, "%s is said to be forgotten, and is not", model->truth->name);
}

static void check_ended(struct storm *storm, struct storm_model *model, const struct migration *migration)
{
	bool began = migration->cause != CAUSE_UNKNOWN_MODEL && migration->cause != CAUSE_UNKNOWN_TARGET &&
		     migration->cause != CAUSE_NO_ANSWER && migration->cause != CAUSE_NOT_LOCATED &&
		     migration->cause != CAUSE_LEFT_BEFORE && migration->cause != CAUSE_NOT_STARTED &&
		     migration->cause != CAUSE_PAUSED;

	model->result = migration->result;
	model->cause = migration->cause;
	storm->counts->results[migration->result][migration->cause]++;
	storm->counts->verdicts[migration->verdict]++;
	if (migration->result == RESULT_MIGRATED || migration->result == RESULT_ALREADY_THERE)
		check_migrated(storm, model, migration);
	else if (migration->result == RESULT_FAILED && began && storm->process.leaving && !migration->state.searched)
		storm_fail(storm, WRONG_DEADLINE, "leaving has made a failure");
	else if (migration->result == RESULT_FAILED && began)
		check_failed(storm, model, migration);
	/* Of a migration that somebody else has started it only says that the source has let the model go. */
	else if (migration->result == RESULT_NOT_RECORDED && migration->state.ours && !storm->meddled &&
		 model->active_at[storm->target] < storm->process.began)
		storm_fail(storm, WRONG_NEWS, "%s is said to have moved, and has not", model->truth->name);
	else if (migration->result == RESULT_CONTRADICTION)
		check_contradiction(storm, model, migration);
}

/* How long JIMM was in the dark, where nothing but the wires' own time can have held us up. A juju 4.1 target is told of later. */
static void measure(struct storm *storm, const struct storm_model *model, const struct migration *migration)
{
	int64_t length = storm->world->now - model->commits_at - 4 * storm->scene.latency;
	int64_t bucket = length > 0 ? length / INSTANT_MILLISECOND : 0;

	if (storm->scene.fault_count > 0 || storm->scene.target_major >= 4 || !migration->state.ours ||
		migration->resumed)
		return;
	storm->counts->delays[storm->scene.unpushed][bucket < STORM_DELAYS ? bucket : STORM_DELAYS - 1]++;
}

/* Said once each, in turn, and with a reason. */
static void check_paused(struct storm *storm, const struct migration *migration, enum migration_news news)
{
	bool paused = news == NEWS_PAUSED;

	if (!paused && news != NEWS_CONTINUED)
		return;
	storm->counts->pauses += paused;
	if (storm->process.paused == paused || (paused && !string_given(migration->trouble)) || storm->scene.moved == 1)
		storm_fail(storm, WRONG_PORT, "new starts are said to be %s, and %s", paused ? "paused" : "continued",
			storm->process.paused ? "are paused already" : "are not paused");
	storm->process.paused = paused;
}

void check_told(struct storm *storm, size_t index, const struct migration *migration, enum migration_news news)
{
	static const char *const words[] = {
		[NEWS_LOCATED] = "located",
		[NEWS_STARTED] = "started",
		[NEWS_LOST] = "answer lost",
		[NEWS_TEXT] = "text",
		[NEWS_COMMITTED] = "committed",
		[NEWS_RECORDED] = "recorded",
		[NEWS_VERIFIED] = "verified",
		[NEWS_TROUBLE] = "trouble",
		[NEWS_ALARM] = "alarm",
		[NEWS_ENDED] = "ended",
		[NEWS_PAUSED] = "paused",
		[NEWS_CONTINUED] = "continued",
	};
	const char *word = news < array_length(words) && words[news] != NULL ? words[news] : "news";
	struct storm_model *model = &storm->models[index];

	observe(storm, model);
	storm_trace(storm, "* %s: %s%s%s", migration->word, word, news == NEWS_TEXT ? ": " : "",
		news == NEWS_TEXT ? migration->text : "");
	check_paused(storm, migration, news);
	if (news == NEWS_COMMITTED && model->committed_at < storm->process.began)
		storm_fail(storm, WRONG_NEWS, "%s is said to have committed, and has not", model->truth->name);
	if ((news == NEWS_RECORDED || news == NEWS_VERIFIED) && model->row_at[storm->target] < storm->process.began)
		storm_fail(storm, WRONG_NEWS, "JIMM is said to know of %s, and does not", model->truth->name);
	crowd_told(storm, index, news);
	if (news == NEWS_RECORDED)
		measure(storm, model, migration);
	if (news != NEWS_ENDED)
		return;
	storm_trace(storm, "* %s: result %s (%s), %s, row %d%s%s", migration->word,
		storm_result_name(migration->result), storm_cause_name(migration->cause),
		verdict_name(migration->verdict), migration->row, migration->detail != NULL ? ": " : "",
		migration->detail != NULL ? migration->detail : "");
	check_ended(storm, model, migration);
}

/* ---- how it ends ---- */

void check_left(struct storm *storm)
{
	for (size_t i = 0; i < storm->scene.moved; i++)
		if (storm->models[i].result == RESULT_NONE)
			storm_fail(storm, WRONG_PORT, "a run has ended without a result");
}

static bool decided(const struct storm *storm, const struct storm_model *model)
{
	switch (model->result) {
	case RESULT_MIGRATED:
	case RESULT_ALREADY_THERE:
	case RESULT_CONTRADICTION:
		return true;
	case RESULT_FAILED:
		return model->cause != CAUSE_NO_ANSWER && model->cause != CAUSE_NOT_LOCATED &&
		       model->cause != CAUSE_NOT_STARTED && model->cause != CAUSE_PAUSED;
	case RESULT_NOT_RECORDED:
		return !storm->scene.administrator;
	case RESULT_UNDECIDED:
		/* Only an administrator can free JIMM's lock. */
		return model->cause == CAUSE_LOCKED && !storm->scene.administrator;
	default:
		return false;
	}
}

bool check_undecided(const struct storm *storm)
{
	for (size_t i = 0; i < storm->scene.moved; i++)
		/* What a check has found while things went wrong is no word about the model. */
		if (!decided(storm, &storm->models[i]) ||
			(storm->models[i].cause == CAUSE_CHECKS && !storm->process.calm))
			return true;
	return false;
}

/* Nobody can know: the attempt may have left two active copies, or other people have had their hands in it. */
static bool unknowable(const struct storm *storm, const struct storm_model *model)
{
	const struct world_attempt *attempt = world_newest(model->truth);

	/* It is not where JIMM points, and nothing tells of any attempt. */
	if (attempt == NULL && model->truth->recorded != NULL && !active(model->truth, model->truth->recorded->index))
		return true;
	/* Whoever is told neither rows nor names cannot tell a model that is there already from one that is active twice. */
	if (!storm->scene.administrator && !storm->world->era.list_models &&
		!storm->world->era.controller_info_for_all && model->truth->recorded != NULL &&
		active(model->truth, model->truth->recorded->index))
		return true;
	if (!storm->scene.administrator && model->cause == CAUSE_THERE_OR_TWICE)
		return true;
	/* Two controllers tell of a move away from them that they could not clean up, and JIMM's lists do not say which one. */
	if (model->cause == CAUSE_FOREIGN && model->truth->attempt_count > 1 && attempt->phase == WORLD_REAPFAILED &&
		model->truth->attempts[0]->phase == WORLD_REAPFAILED)
		return true;
	/* Without a journal a new process may have nothing to compare with. */
	if (storm->scene.forgetful && model->result == RESULT_UNDECIDED)
		return true;
	return storm->meddled || storm->scene.source_major >= 4 || model->truth->recorded == NULL ||
	       (attempt != NULL && attempt->phase == WORLD_ABORTDONE);
}

void check_finish(struct storm *storm)
{
	for (size_t i = 0; i < storm->scene.moved; i++) {
		const struct storm_model *model = &storm->models[i];
		const struct world_model *truth = model->truth;

		if (unknowable(storm, model))
			continue;
		if (!decided(storm, model))
			storm_fail(storm, WRONG_UNFINISHED, "%s stays %s (%s)", truth->name,
				storm_result_name(model->result), storm_cause_name(model->cause));
		else if (storm->scene.administrator && !active(truth, truth->recorded->index))
			storm_fail(storm, WRONG_UNFINISHED, "JIMM points %s at %s where it is not (%s, %s)",
				truth->name, truth->recorded->name, storm_result_name(model->result),
				storm_cause_name(model->cause));
	}
}
