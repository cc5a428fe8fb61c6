/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/again.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/shell.h"
#include "common/store/model_word.h"

char *again_resume(const char *jaas)
{
	scoped(string) char *quoted = jaas != NULL ? shell_word(jaas) : NULL;

	return string_format(
		"juju jaas-migrate --resume%s%s", quoted != NULL ? " -c " : "", quoted != NULL ? quoted : "");
}

static bool is_retried(const struct report_record *record)
{
	/* A record without a UUID is of a model that JIMM does not know. */
	return record->result == RESULT_FAILED && string_given(record->model_uuid) && string_given(record->to);
}

static void add_model(struct text *text, const struct report_record *record)
{
	scoped(model_word) struct model_word word = {0};
	bool nameable = record->model != NULL && strchr(record->model, '/') != NULL &&
			model_word_parse(record->model, &word, NULL) == 0 && word.controller[0] == '\0';
	scoped(string) char *quoted = shell_word(nameable ? record->model : record->model_uuid);

	text_add_format(text, " %s", quoted);
}

static void add_options(struct text *text, const struct options *options, const char *jaas)
{
	scoped(string) char *quoted = jaas != NULL ? shell_word(jaas) : NULL;

	if (quoted != NULL)
		text_add_format(text, " -c %s", quoted);
	if (options->parallel != OPTIONS_PARALLEL)
		text_add_format(text, " --parallel %d", options->parallel);
	if (options->no_wait)
		text_add_string(text, " --no-wait");
}

/* Adds the command for all models whose target is `to`. Returns 0, or -1 when it is too long. */
static int add_command(
	struct text *text, const struct report *report, const char *to, const struct options *options, const char *jaas)
{
	scoped(text) struct text command;
	scoped(string) char *target = shell_word(to);

	text_init(&command, AGAIN_COMMAND_MAX);
	text_add_string(&command, "  juju jaas-migrate");
	add_options(&command, options, jaas);
	for (size_t i = 0; i < report->record_count; i++)
		if (is_retried(&report->records[i]) && string_same(report->records[i].to, to))
			add_model(&command, &report->records[i]);
	text_add_format(&command, " %s", target);
	if (command.full)
		return -1;
	text_add_format(text, "%s%s", text->length > 0 ? "\n" : "", command.data);
	return 0;
}

/* True if an earlier record has the same target: the command for that names this model, too. */
static bool is_told(const struct report *report, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (is_retried(&report->records[i]) && string_same(report->records[i].to, report->records[index].to))
			return true;
	return false;
}

size_t again_retry(struct text *text, const struct report *report, const struct options *options, const char *jaas)
{
	scoped(text) struct text commands;
	size_t models = 0, targets = 0;
	bool fits = true;

	text_init(&commands, (size_t)AGAIN_COMMANDS_MAX * (AGAIN_COMMAND_MAX + 1));
	for (size_t i = 0; i < report->record_count; i++) {
		const struct report_record *record = &report->records[i];

		if (!is_retried(record))
			continue;
		models++;
		if (!fits || is_told(report, i))
			continue;
		fits = ++targets <= AGAIN_COMMANDS_MAX &&
		       add_command(&commands, report, record->to, options, jaas) == 0;
	}
	if (fits && models > 0)
		text_add(text, commands.data, commands.length);
	return models;
}
