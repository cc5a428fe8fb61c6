/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>

#include "tests/storm/storm.h"

void storm_trace(struct storm *storm, const char *format, ...)
{
	va_list arguments;

	if (storm->trace == NULL)
		return;
	int64_t passed = storm->world->now - storm->world->start;
	fprintf(storm->trace, "%5lld.%03lld  ", (long long)(passed / INSTANT_SECOND),
		(long long)(passed / INSTANT_MILLISECOND % 1000));
	va_start(arguments, format);
	vfprintf(storm->trace, format, arguments);
	va_end(arguments);
	fputc('\n', storm->trace);
}

const char *storm_wrong_name(enum storm_wrong wrong)
{
	static const char *const names[WRONG_KINDS] = {
		[WRONG_NOTHING] = "nothing",
		[WRONG_EARLY_RECORD] = "early-record",
		[WRONG_DOUBLE_START] = "double-start",
		[WRONG_RESTART] = "double-start-after-kill",
		[WRONG_MIGRATED] = "false-migrated",
		[WRONG_FAILED] = "false-failed",
		[WRONG_CHECKS] = "false-check",
		[WRONG_NEWS] = "false-news",
		[WRONG_DEADLINE] = "deadline-failed",
		[WRONG_LOOK] = "deleting-look",
		[WRONG_PORT] = "port",
		[WRONG_HASTE] = "haste",
		[WRONG_ENDLESS] = "endless",
		[WRONG_UNFINISHED] = "unfinished",
	};

	return names[wrong];
}

const char *storm_result_name(enum migration_result result)
{
	static const char *const names[STORM_RESULTS] = {"none", "planned", "migrated", "already there", "failed",
		"undecided", "running", "not recorded", "contradiction"};

	return names[result];
}

const char *storm_cause_name(enum migration_cause cause)
{
	static const char *const names[STORM_CAUSES] = {
		[CAUSE_NONE] = "-",
		[CAUSE_UNKNOWN_MODEL] = "unknown model",
		[CAUSE_UNKNOWN_TARGET] = "unknown target",
		[CAUSE_NO_ANSWER] = "no answer",
		[CAUSE_NOT_LOCATED] = "not located",
		[CAUSE_ROW_DISAGREES] = "row disagrees",
		[CAUSE_CHECKS] = "checks",
		[CAUSE_ALREADY_THERE] = "already there",
		[CAUSE_WOULD_START] = "would start",
		[CAUSE_ACCEPTED] = "accepted",
		[CAUSE_REFUSED] = "refused",
		[CAUSE_NOT_SENT] = "not sent",
		[CAUSE_THERE_OR_TWICE] = "there or twice",
		[CAUSE_OLD_ABORT] = "old abort",
		[CAUSE_ACTIVE_TWICE] = "active twice",
		[CAUSE_OTHER_TARGET] = "other target",
		[CAUSE_OTHER_RUN] = "other run",
		[CAUSE_LOCKED] = "locked",
		[CAUSE_VERDICT] = "verdict",
		[CAUSE_LEFT] = "left",
		[CAUSE_CANNOT_KNOW] = "cannot know",
		[CAUSE_RUNNING_UNSEEN] = "running unseen",
		[CAUSE_TARGET_SILENT] = "target silent",
		[CAUSE_LEFT_ASKED] = "left asked",
		[CAUSE_LEFT_BEFORE] = "left before",
		[CAUSE_SIGN_MISSING] = "sign missing",
		[CAUSE_FOREIGN] = "foreign",
		[CAUSE_LOGIN_LOST] = "login lost",
		[CAUSE_RECORD_REFUSED] = "record refused",
		[CAUSE_TARGET_UNPROVED] = "target unproved",
		[CAUSE_NOT_ACTIVE] = "not active",
		[CAUSE_COPY_GONE] = "copy gone",
		[CAUSE_BLIND_COPY] = "blind copy",
		[CAUSE_NOT_STARTED] = "not started",
		[CAUSE_PAUSED] = "paused",
		[CAUSE_DUPLICATE] = "duplicate",
	};

	return names[cause] != NULL ? names[cause] : "other";
}
