/* SPDX-License-Identifier: Apache-2.0 */
/* What juju says of an attempt: its class, its step for the display, and what it means to a person. A line with the status word, then the text. */
#include <string.h>

#include "common/base/text.h"
#include "common/migration/attempt.h"
#include "plugin/phase.h"
#include "plugin/reason.h"
#include "tests/fuzz/fuzz.h"

static void classes(const char *word, const char *text)
{
	enum attempt_class running = attempt_classify(text, false), ended = attempt_classify(text, true);
	enum attempt_class told = attempt_classify_status(word, text);
	scoped(string) char *info = string_format("migrating: %s", text);
	const char *reason = attempt_reason(text);

	fuzz_expect(running <= ATTEMPT_ABORTED && ended <= ATTEMPT_ABORTED && told <= ATTEMPT_ABORTED);
	fuzz_expect(running != ATTEMPT_ABORTED && running != ATTEMPT_REAPFAILED);
	fuzz_expect(ended != ATTEMPT_RUNNING && ended != ATTEMPT_EDGE && ended != ATTEMPT_ABORTING);
	fuzz_expect(string_same(attempt_text(info), text));
	fuzz_expect(attempt_text(text) != NULL || told == ATTEMPT_NONE);
	/* What is committed can neither have been aborted nor be about to. */
	fuzz_expect(!attempt_irrevocable(running) || !string_starts(text, "aborted"));
	fuzz_expect(reason != NULL && strlen(reason) <= strlen(text));
	attempt_reason_safe(reason);
	attempt_target_view(text);
}

static void steps(const char *text)
{
	for (int step = 0; step < JOURNEY_STEPS; step++) {
		scoped(phase) struct phase phase = phase_read(text, (enum journey_step)step, 3, "prod-a", "prod-b");

		fuzz_expect(phase.step >= 0 && phase.step <= JOURNEY_UNDO);
		fuzz_expect_printable(phase.now);
		fuzz_expect_printable(phase.result);
	}
}

static void explain(const char *text)
{
	static const struct reason_names names = {"jaas:alice@canonical.com/m", "prod-a", "prod-b"};
	scoped(reason) struct reason reason = {NULL, NULL, NULL};

	reason_explain(text, &names, &reason);
	fuzz_expect(reason.part != NULL);
	fuzz_expect_printable(reason.explanation);
	fuzz_expect_printable(reason.remedy);
	fuzz_expect(reason.explanation == NULL || strlen(reason.explanation) <= REASON_LINE_MAX);
	fuzz_expect(reason.remedy == NULL || strlen(reason.remedy) <= REASON_LINE_MAX);
}

void fuzz_one(const char *bytes, size_t length)
{
	struct fuzz_input input = {bytes, length};
	scoped(string) char *word = fuzz_line(&input);
	scoped(string) char *text = text_printable_length(input.length > 0 ? input.bytes : "", input.length, 4096);

	classes(word, text);
	steps(text);
	explain(text);
	explain(NULL);
}
