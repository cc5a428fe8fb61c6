/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/phase.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/scoped.h"
#include "common/migration/attempt.h"

/* Largest number of agents in a text that is believed. */
#define AGENTS_MAX 10000000UL

/* Which name a sentence ends with. */
enum name { NAME_NONE, NAME_SOURCE, NAME_TARGET };

static const struct {
	const char *text;
	enum journey_step step;
	const char *words;
	enum name name;
} sentences[] = {
	{"starting", JOURNEY_PAUSE, "starting", NAME_NONE},
	{"performing source prechecks", JOURNEY_PAUSE, "checking ", NAME_SOURCE},
	{"performing target prechecks", JOURNEY_PAUSE, "checking ", NAME_TARGET},
	{"exporting model", JOURNEY_COPY, "exporting it from ", NAME_SOURCE},
	{"importing model into target controller", JOURNEY_COPY, "importing it into ", NAME_TARGET},
	{"uploading model binaries into target controller", JOURNEY_COPY,
		"uploading charms, resources and agent binaries", NAME_NONE},
	{"target reports model activation in progress, continuing to validation", JOURNEY_COPY,
		"it is being activated already", NAME_NONE},
	{"processing relations", JOURNEY_COPY, "processing relations", NAME_NONE},
	{"checking machines in migrated model", JOURNEY_TRY, "checking the machines", NAME_NONE},
	{"activating model in target controller", JOURNEY_TRY, "activating it on ", NAME_TARGET},
	{"transferring ownership of cloud resources to target controller", JOURNEY_SWITCH,
		"handing the cloud resources to ", NAME_TARGET},
	{"successful, removing model from source controller", JOURNEY_CLEAN, "removing it from ", NAME_SOURCE},
};

static const struct {
	const char *start;
	enum journey_step step;
} waits[] = {
	{"quiescing, ", JOURNEY_PAUSE},
	{"validating, ", JOURNEY_TRY},
	{"successful, ", JOURNEY_SWITCH},
};

static int read_sentence(struct phase *phase, const char *text, const char *source, const char *target)
{
	for (size_t i = 0; i < array_length(sentences); i++) {
		const char *names[] = {[NAME_NONE] = "", [NAME_SOURCE] = source, [NAME_TARGET] = target};

		if (strcmp(text, sentences[i].text) != 0)
			continue;
		phase->step = sentences[i].step;
		phase->now = string_format("%s%s", sentences[i].words, names[sentences[i].name]);
		return 1;
	}
	return 0;
}

/* Reads "N WORDS" at `*at`, with ", " before it unless it is the first, and moves `*at` past it; returns 0 if it is not there. */
static int read_count(const char **at, const char *words, unsigned long *count)
{
	char *end = NULL;
	const char *from = string_starts(*at, ", ") ? *at + 2 : *at;
	unsigned long value = strtoul(from, &end, 10);

	if (end == from || *from == '-' || *from == '+' || value > AGENTS_MAX || !string_starts(end, words))
		return 0;
	*at = end + strlen(words);
	*count = value;
	return 1;
}

/* "N succeeded, M still to report", perhaps ", K failed". */
static int read_counts(struct phase *phase, const char *counts)
{
	unsigned long ready = 0, waiting = 0, failed = 0;

	if (!read_count(&counts, " succeeded", &ready) || !read_count(&counts, " still to report", &waiting))
		return 0;
	(void)read_count(&counts, " failed", &failed);
	phase->agents = ready + waiting + failed;
	phase->doubtful = failed > 0;
	phase->now = failed > 0 ? string_format("%lu of %zu agents ready, %lu failed", ready, phase->agents, failed)
				: string_format("%lu of %zu agents ready", ready, phase->agents);
	return 1;
}

static char *all_ready(size_t agents)
{
	return agents > 0 ? string_format("%zu of %zu agents ready", agents, agents) : string_copy("all agents ready");
}

static int read_agents(struct phase *phase, const char *text, size_t agents)
{
	static const char waiting[] = "waiting for agents to report back";

	if (string_starts(text, waiting)) {
		const char *counts = text + strlen(waiting);

		if (!string_starts(counts, ": ") || !read_counts(phase, counts + 2))
			phase->now = string_copy("waiting for the agents");
		return 1;
	}
	if (strcmp(text, "no reports from agents yet") == 0) {
		phase->now = string_copy("no agent has answered yet");
		return 1;
	}
	if (strcmp(text, "all agents reported success") == 0)
		phase->now = all_ready(agents);
	else if (strcmp(text, "some agents reported failure") == 0)
		phase->now = string_copy("some agents failed");
	else if (strcmp(text, "timed out waiting for agents to report") == 0)
		phase->now = string_copy("not all agents have answered in time");
	else
		return 0;
	phase->result = string_copy(phase->now);
	phase->doubtful = !string_starts(text, "all");
	return 1;
}

static int read_wait(struct phase *phase, const char *text, size_t agents)
{
	for (size_t i = 0; i < array_length(waits); i++) {
		if (!string_starts(text, waits[i].start))
			continue;
		phase->step = waits[i].step;
		return read_agents(phase, text + strlen(waits[i].start), agents);
	}
	return 0;
}

/* "successful, transferring logs to target controller (N sent)", and "transferred" at the end. */
static int read_logs(struct phase *phase, const char *text)
{
	const char *count = strchr(text, '(');

	if (!string_starts(text, "successful, transferr"))
		return 0;
	size_t digits = count != NULL ? strspn(count + 1, "0123456789") : 0;
	phase->step = JOURNEY_LOGS;
	if (digits > 0 && string_starts(count + 1 + digits, " sent"))
		phase->now = string_format("%.*s log lines sent", (int)digits, count + 1);
	else
		phase->now = string_copy("sending the log");
	phase->result = string_copy(phase->now);
	return 1;
}

static int read_failure(struct phase *phase, const char *text, const char *source, const char *target)
{
	static const char unremoved[] = "removing exported model failed";

	if (string_starts(text, "aborted")) {
		phase->step = JOURNEY_UNDO;
		phase->now = string_format("removing the copy from %s", target);
		phase->result = string_copy(attempt_reason(text));
		return 1;
	}
	if (!string_starts(text, unremoved))
		return 0;
	phase->step = JOURNEY_CLEAN;
	phase->failed = true;
	phase->now = string_format("could not be removed from %s%s", source, text + strlen(unremoved));
	return 1;
}

struct phase phase_read(
	const char *text, enum journey_step current, size_t agents, const char *source, const char *target)
{
	struct phase phase = {.step = current};

	if (read_failure(&phase, text, source, target) || read_sentence(&phase, text, source, target) ||
		read_logs(&phase, text) || read_wait(&phase, text, agents))
		return phase;
	phase.now = string_copy(text);
	return phase;
}

void phase_release(struct phase *phase)
{
	free(phase->now);
	free(phase->result);
	*phase = (struct phase){0};
}
