/* SPDX-License-Identifier: Apache-2.0 */
#include "common/migration/attempt.h"

#include <stddef.h>
#include <string.h>

#include "common/base/scoped.h"

#define ABORT_START "aborted"
#define REAP_START "removing exported model failed"
#define ABORT_REASON "aborted, removing model from target controller: "
#define STATUS_START "migrating: "
/* A juju 4 target shows this for its own import; its start time changes and means nothing. */
#define TARGET_OWN_VIEW "the model is being migrated"

static const struct {
	const char *start;
	bool whole; /* the text must be equal, not only begin so */
	enum attempt_class running, ended;
} texts[] = {
	{ABORT_START, false, ATTEMPT_ABORTING, ATTEMPT_ABORTED},
	{REAP_START, false, ATTEMPT_LATE, ATTEMPT_REAPFAILED},
	{"successful, transferr", false, ATTEMPT_LATE, ATTEMPT_EARLIER_DONE},
	{"successful, removing", false, ATTEMPT_LATE, ATTEMPT_EARLIER_DONE},
	{"successful", false, ATTEMPT_COMMITTED, ATTEMPT_COMMITTED},
	{"transferring ownership of cloud", false, ATTEMPT_COMMITTED, ATTEMPT_COMMITTED},
	{"activating model in target controller", true, ATTEMPT_EDGE, ATTEMPT_ABORTED},
	{TARGET_OWN_VIEW, true, ATTEMPT_NONE, ATTEMPT_NONE},
};

enum attempt_class attempt_classify(const char *text, bool ended)
{
	if (!string_given(text))
		return ATTEMPT_NONE;
	for (size_t i = 0; i < array_length(texts); i++)
		if (texts[i].whole ? string_same(text, texts[i].start) : string_starts(text, texts[i].start))
			return ended ? texts[i].ended : texts[i].running;
	return ended ? ATTEMPT_ABORTED : ATTEMPT_RUNNING;
}

bool attempt_target_view(const char *text)
{
	return string_same(text, TARGET_OWN_VIEW);
}

const char *attempt_text(const char *info)
{
	return string_starts(info, STATUS_START) ? info + strlen(STATUS_START) : NULL;
}

enum attempt_class attempt_classify_status(const char *word, const char *info)
{
	const char *text = attempt_text(info);
	bool over = (string_starts(text, ABORT_START) || string_starts(text, REAP_START)) && !string_same(word, "busy");

	return attempt_classify(text, over);
}

const char *attempt_reason(const char *text)
{
	return string_starts(text, ABORT_REASON) ? text + strlen(ABORT_REASON) : "";
}

bool attempt_reason_safe(const char *reason)
{
	static const char *const safe[] = {
		"source prechecks",
		"target prechecks",
		"failed to connect",
		"failed to obtain",
		"unexpected target",
		"quiescing,",
		"model data transfer failed",
		"processing relations failed",
	};

	for (size_t i = 0; i < array_length(safe); i++)
		if (string_starts(reason, safe[i]))
			return true;
	return false;
}

bool attempt_irrevocable(enum attempt_class seen)
{
	return seen == ATTEMPT_COMMITTED || seen == ATTEMPT_LATE || seen == ATTEMPT_REAPFAILED;
}
