/* SPDX-License-Identifier: Apache-2.0 */
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/world_script.h"

static const struct length_name {
	const char *name;
	int64_t usual; /* milliseconds */
} lengths[WORLD_LENGTHS] = {
	[WORLD_PRECHECKS] = {"prechecks", 3000},
	[WORLD_STARTING] = {"starting", 1000},
	[WORLD_SOURCE_PRECHECKS] = {"source-prechecks", 1000},
	[WORLD_TARGET_PRECHECKS] = {"target-prechecks", 2000},
	[WORLD_QUIESCE_WAIT] = {"quiesce", 40000},
	[WORLD_EXPORT] = {"export", 5000},
	[WORLD_IMPORT_MODEL] = {"import", 15000},
	[WORLD_UPLOAD] = {"upload", 20000},
	[WORLD_RELATIONS] = {"relations", 100},
	[WORLD_VALIDATE_WAIT] = {"validate", 40000},
	[WORLD_MACHINES] = {"machines", 2000},
	[WORLD_ACTIVATE] = {"activate", 1000},
	[WORLD_COMMIT] = {"commit", 200},
	[WORLD_AGENTS_WAIT] = {"agents", 40000},
	[WORLD_OWNERSHIP] = {"ownership", 5000},
	[WORLD_LOGS] = {"logs", 10000},
	[WORLD_REAP_MODEL] = {"reap", 3000},
	[WORLD_VANISH] = {"vanish", 1000},
	[WORLD_CACHED] = {"cached", 3000},
	[WORLD_ABORT_CLEANUP] = {"abort", 5000},
	[WORLD_SETTLE] = {"settle", 100},
	[WORLD_REPORT] = {"report", 30000},
};

static int length_find(const char *name)
{
	for (int i = 0; i < WORLD_LENGTHS; i++)
		if (!strcmp(lengths[i].name, name))
			return i;
	return -1;
}

const char *world_phase_name(enum world_phase phase)
{
	static const char *const names[WORLD_PHASES] = {"QUIESCE", "IMPORT", "PROCESSRELATIONS", "VALIDATION",
		"SUCCESS", "LOGTRANSFER", "REAP", "DONE", "REAPFAILED", "ABORT", "ABORTDONE"};
	return names[phase];
}

static int phase_find(const char *name)
{
	for (int i = 0; i < WORLD_PHASES; i++)
		if (!strcmp(world_phase_name((enum world_phase)i), name))
			return i;
	return -1;
}

/* Most reports of one wait. */
#define REPORTS_MAX 200

static int check_waits(const struct world_plan *plan, struct error **error)
{
	static const enum world_length waits[] = {WORLD_QUIESCE_WAIT, WORLD_VALIDATE_WAIT, WORLD_AGENTS_WAIT};
	int64_t report = plan->lengths[WORLD_REPORT];
	for (size_t i = 0; i < array_length(waits); i++)
		if (report < INSTANT_MILLISECOND || plan->lengths[waits[i]] / report > REPORTS_MAX)
			return error_set(error, ERROR_FAILED, "\"report\" is too short");
	return 0;
}

static int read_lengths(struct world_plan *plan, struct json_object *script, struct error **error)
{
	struct json_object *steps;
	int64_t each;
	if (world_script_length(script, "each", -1, &each, error) ||
		world_script_member(script, "steps", json_type_object, &steps, error))
		return -1;
	for (int i = 0; i < WORLD_LENGTHS; i++)
		plan->lengths[i] = each >= 0 && i != WORLD_REPORT ? each : lengths[i].usual * INSTANT_MILLISECOND;
	if (!steps)
		return check_waits(plan, error);
	json_object_object_foreach(steps, name, value)
	{
		int kind = length_find(name);
		(void)value;
		if (kind < 0)
			return error_set(error, ERROR_FAILED, "\"steps\": unknown step \"%s\"", name);
		if (world_script_length(steps, name, 0, &plan->lengths[kind], error))
			return -1;
	}
	return check_waits(plan, error);
}

static const char *usual_reason(enum world_phase phase)
{
	if (phase == WORLD_QUIESCE)
		return "quiescing, some agents reported failure";
	if (phase == WORLD_IMPORT)
		return "model data transfer failed, failed to import model into target controller: "
		       "connection is shut down";
	if (phase == WORLD_PROCESSRELATIONS)
		return "processing relations failed, cannot process relations";
	return "machine sanity check failed, 1 error found";
}

static int read_abort(struct world_plan *plan, struct json_object *script, struct error **error)
{
	struct json_object *abort;
	const char *phase, *reason, *copy;
	if (world_script_member(script, "abort", json_type_object, &abort, error))
		return -1;
	if (!abort)
		return 0;
	if (world_script_text(abort, "phase", "IMPORT", &phase, error) ||
		world_script_text(abort, "reason", NULL, &reason, error) ||
		world_script_text(abort, "copy", "removed", &copy, error))
		return -1;
	int found = phase_find(phase);
	if (found < 0 || found > WORLD_VALIDATION)
		return error_set(error, ERROR_FAILED, "\"abort\": phase \"%s\" cannot abort", phase);
	static const char *const copies[] = {"removed", "left", "active"};
	plan->copy = WORLD_COPY_REMOVED;
	for (size_t i = 0; i < array_length(copies); i++)
		if (!strcmp(copies[i], copy))
			plan->copy = (enum world_copy)i;
	if (strcmp(copies[plan->copy], copy))
		return error_set(error, ERROR_FAILED, "\"abort\": unknown copy \"%s\"", copy);
	if (plan->copy == WORLD_COPY_ACTIVE && found != WORLD_VALIDATION)
		return error_set(error, ERROR_FAILED, "\"abort\": a copy is active from VALIDATION on only");
	plan->aborts = true;
	plan->abort_phase = (enum world_phase)found;
	plan->abort_reason = string_copy(reason ? reason : usual_reason(plan->abort_phase));
	return 0;
}

static int read_failed(struct world_plan *plan, struct json_object *script, struct error **error)
{
	struct json_object *failed;
	if (world_script_member(script, "agents-failed", json_type_object, &failed, error))
		return -1;
	if (!failed)
		return 0;
	json_object_object_foreach(failed, name, value)
	{
		int phase = phase_find(name);
		if (phase < 0)
			return error_set(error, ERROR_FAILED, "\"agents-failed\": unknown phase \"%s\"", name);
		plan->agents_failed[phase] = (unsigned)json_object_get_int(value);
	}
	return 0;
}

int world_plan_read(struct world_plan *plan, struct json_object *script, struct error **error)
{
	const char *refuse, *code, *reap, *stuck;
	struct json_object *stranded = NULL;
	*plan = (struct world_plan){.stuck = -1};
	if (read_lengths(plan, script, error) || read_abort(plan, script, error) || read_failed(plan, script, error) ||
		world_script_text(script, "refuse", NULL, &refuse, error) ||
		world_script_text(script, "refuse-code", "", &code, error) ||
		world_script_text(script, "reap-failed", NULL, &reap, error) ||
		world_script_text(script, "stuck", NULL, &stuck, error) ||
		world_script_member(script, "stranded", json_type_int, &stranded, error))
		return -1;
	plan->refuse = string_copy(refuse);
	plan->refuse_code = string_copy(code);
	plan->reap_failed = string_copy(reap);
	plan->stranded = stranded ? (unsigned)json_object_get_int(stranded) : 0;
	if (stuck && (plan->stuck = length_find(stuck)) < 0)
		return error_set(error, ERROR_FAILED, "\"stuck\": unknown step \"%s\"", stuck);
	return 0;
}

void world_plan_release(struct world_plan *plan)
{
	free(plan->refuse);
	free(plan->refuse_code);
	free(plan->abort_reason);
	free(plan->reap_failed);
	*plan = (struct world_plan){0};
}
