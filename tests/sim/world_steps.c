/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/world_migration.h"

struct builder {
	struct world_attempt *attempt;
	enum world_length abort_at;
	bool aborted; /* nothing follows */
};

static struct world_step *add_step(
	struct world_attempt *attempt, enum world_phase phase, enum world_length kind, int64_t length, const char *text)
{
	attempt->steps =
		memory_room(attempt->steps, attempt->step_count, &attempt->step_capacity, sizeof(struct world_step));
	struct world_step *step = &attempt->steps[attempt->step_count++];
	*step = (struct world_step){.phase = phase, .kind = kind, .length = length};
	step->info = string_format("migrating: %s", text);
	return step;
}

void world_steps_abort(struct world_attempt *attempt, size_t last, const char *reason)
{
	scoped(string) char *text = string_format("aborted, removing model from target controller: %s", reason);
	while (attempt->step_count > last + 1)
		free(attempt->steps[--attempt->step_count].info);
	int64_t length = attempt->plan.lengths[WORLD_ABORT_CLEANUP];
	add_step(attempt, WORLD_ABORT, WORLD_ABORT_CLEANUP, length, text);
	add_step(attempt, WORLD_ABORTDONE, WORLD_SETTLE, 0, text)->mark = WORLD_ENDS;
}

static void abort_here(struct builder *builder)
{
	struct world_attempt *attempt = builder->attempt;
	builder->aborted = true;
	world_steps_abort(attempt, attempt->step_count - 1, attempt->plan.abort_reason);
}

static void add(
	struct builder *builder, enum world_phase phase, enum world_length kind, enum world_mark mark, const char *text)
{
	const struct world_plan *plan = &builder->attempt->plan;
	if (builder->aborted)
		return;
	add_step(builder->attempt, phase, kind, plan->lengths[kind], text)->mark = mark;
	if (plan->aborts && phase == plan->abort_phase && kind == builder->abort_at)
		abort_here(builder);
}

static void add_report(
	struct builder *builder, enum world_phase phase, enum world_length kind, const char *what, int64_t passed)
{
	struct world_attempt *attempt = builder->attempt;
	const struct world_plan *plan = &attempt->plan;
	char text[160], failures[32] = "";
	unsigned total = attempt->model->machines + (unsigned)attempt->model->application_count;
	unsigned failed = plan->agents_failed[phase];
	unsigned reported = (unsigned)((int64_t)total * passed / plan->lengths[kind]);
	unsigned succeeded = reported > failed ? reported - failed : 0;
	failed = reported < failed ? reported : failed;
	if (failed)
		snprintf(failures, sizeof(failures), ", %u failed", failed);
	if (!reported)
		snprintf(text, sizeof(text), "%s, no reports from agents yet", what);
	else
		snprintf(text, sizeof(text),
			"%s, waiting for agents to report back: %u succeeded, %u still to report%s", what, succeeded,
			total - reported, failures);
	int64_t left = plan->lengths[kind] - passed, report = plan->lengths[WORLD_REPORT];
	add_step(attempt, phase, kind, left < report ? left : report, text);
}

static void add_summary(struct builder *builder, enum world_phase phase, enum world_length kind, const char *what)
{
	const struct world_plan *plan = &builder->attempt->plan;
	bool aborts = plan->aborts && phase == plan->abort_phase && kind == builder->abort_at;
	char text[160];
	snprintf(text, sizeof(text), "%s, %s", what,
		plan->agents_failed[phase] ? "some agents reported failure" : "all agents reported success");
	bool given = aborts && string_starts(plan->abort_reason, what);
	add_step(builder->attempt, phase, WORLD_SETTLE, plan->lengths[WORLD_SETTLE], given ? plan->abort_reason : text);
	if (aborts)
		abort_here(builder);
}

static void add_wait(struct builder *builder, enum world_phase phase, enum world_length kind, const char *what)
{
	const struct world_plan *plan = &builder->attempt->plan;
	int64_t length = plan->lengths[kind], report = plan->lengths[WORLD_REPORT];
	char text[96];
	if (builder->aborted)
		return;
	snprintf(text, sizeof(text), "%s, waiting for agents to report back", what);
	add_step(builder->attempt, phase, kind, length < report ? length : report, text);
	for (int64_t passed = report; passed < length; passed += report)
		add_report(builder, phase, kind, what, passed);
	add_summary(builder, phase, kind, what);
}

static enum world_length abort_place(const struct world_plan *plan)
{
	static const struct place {
		enum world_phase phase;
		const char *start; /* of the reason; "" is the rest */
		enum world_length kind;
	} places[] = {
		{WORLD_QUIESCE, "source prechecks", WORLD_SOURCE_PRECHECKS},
		{WORLD_QUIESCE, "quiescing,", WORLD_QUIESCE_WAIT},
		{WORLD_QUIESCE, "", WORLD_TARGET_PRECHECKS},
		{WORLD_IMPORT, "model data transfer failed, model export failed", WORLD_EXPORT},
		{WORLD_IMPORT, "model data transfer failed, failed to migrate binaries", WORLD_UPLOAD},
		{WORLD_IMPORT, "", WORLD_IMPORT_MODEL},
		{WORLD_PROCESSRELATIONS, "", WORLD_RELATIONS},
		{WORLD_VALIDATION, "validating,", WORLD_VALIDATE_WAIT},
		{WORLD_VALIDATION, "model activation failed,", WORLD_ACTIVATE},
		{WORLD_VALIDATION, "", WORLD_MACHINES},
	};
	for (size_t i = 0; plan->aborts && i < array_length(places); i++)
		if (places[i].phase == plan->abort_phase && string_starts(plan->abort_reason, places[i].start))
			return places[i].kind;
	return WORLD_LENGTHS;
}

static void add_until_commit(struct builder *builder)
{
	add(builder, WORLD_QUIESCE, WORLD_STARTING, WORLD_PLAIN, "starting");
	add(builder, WORLD_QUIESCE, WORLD_SOURCE_PRECHECKS, WORLD_PLAIN, "performing source prechecks");
	add(builder, WORLD_QUIESCE, WORLD_TARGET_PRECHECKS, WORLD_PLAIN, "performing target prechecks");
	add_wait(builder, WORLD_QUIESCE, WORLD_QUIESCE_WAIT, "quiescing");
	add(builder, WORLD_QUIESCE, WORLD_SOURCE_PRECHECKS, WORLD_PLAIN, "performing source prechecks");
	add(builder, WORLD_QUIESCE, WORLD_TARGET_PRECHECKS, WORLD_PLAIN, "performing target prechecks");
	add(builder, WORLD_IMPORT, WORLD_EXPORT, WORLD_PLAIN, "exporting model");
	add(builder, WORLD_IMPORT, WORLD_IMPORT_MODEL, WORLD_COPY_APPEARS, "importing model into target controller");
	add(builder, WORLD_IMPORT, WORLD_UPLOAD, WORLD_PLAIN, "uploading model binaries into target controller");
	if (world_major(builder->attempt->source) < 4)
		add(builder, WORLD_PROCESSRELATIONS, WORLD_RELATIONS, WORLD_PLAIN, "processing relations");
	add_wait(builder, WORLD_VALIDATION, WORLD_VALIDATE_WAIT, "validating");
	add(builder, WORLD_VALIDATION, WORLD_MACHINES, WORLD_PLAIN, "checking machines in migrated model");
	add(builder, WORLD_VALIDATION, WORLD_ACTIVATE, WORLD_PLAIN, "activating model in target controller");
	if (builder->aborted)
		return;
	add(builder, WORLD_VALIDATION, WORLD_COMMIT, WORLD_ACTIVATED, "activating model in target controller");
	struct world_attempt *attempt = builder->attempt;
	attempt->steps[attempt->step_count - 1].silent = true;
}

static void add_after_commit(struct builder *builder)
{
	struct world_attempt *attempt = builder->attempt;
	const struct world_plan *plan = &attempt->plan;
	if (builder->aborted)
		return;
	add_wait(builder, WORLD_SUCCESS, WORLD_AGENTS_WAIT, "successful");
	add(builder, WORLD_SUCCESS, WORLD_OWNERSHIP, WORLD_PLAIN,
		"transferring ownership of cloud resources to target controller");
	int64_t logs = plan->lengths[WORLD_LOGS];
	add_step(attempt, WORLD_LOGTRANSFER, WORLD_LOGS, logs / 2,
		"successful, transferring logs to target controller (0 sent)");
	add_step(attempt, WORLD_LOGTRANSFER, WORLD_LOGS, logs - logs / 2,
		"successful, transferring logs to target controller (640 sent)");
	add(builder, WORLD_LOGTRANSFER, WORLD_SETTLE, WORLD_PLAIN,
		"successful, transferred logs to target controller (1280 sent)");
	const char *reap = "successful, removing model from source controller";
	add(builder, WORLD_REAP, WORLD_REAP_MODEL, WORLD_PLAIN, reap);
	attempt->steps[attempt->step_count - 1].silent = true;
	if (plan->reap_failed) {
		scoped(string) char *text = string_format("removing exported model failed: %s", plan->reap_failed);
		add(builder, WORLD_REAPFAILED, WORLD_SETTLE, WORLD_ENDS, text);
		return;
	}
	add(builder, WORLD_REAP, WORLD_VANISH, WORLD_DOCUMENTS_VANISH, reap);
	attempt->steps[attempt->step_count - 1].silent = true;
	add(builder, WORLD_DONE, WORLD_SETTLE, WORLD_ENDS, reap);
	attempt->steps[attempt->step_count - 1].silent = true;
}

void world_steps_build(struct world_attempt *attempt)
{
	struct builder builder = {.attempt = attempt, .abort_at = abort_place(&attempt->plan)};
	add_until_commit(&builder);
	add_after_commit(&builder);
}
