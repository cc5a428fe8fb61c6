/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/progress.h"

#include <stdarg.h>
#include <stdlib.h>

#include "common/base/scoped.h"
#include "common/base/text.h"
#include "plugin/timestamp.h"

struct progress_line {
	char *model;
	char *text;
};

void progress_init(struct progress *progress, const struct messages *messages, const struct clock *clock)
{
	*progress = (struct progress){.messages = messages, .clock = clock};
}

void progress_release(struct progress *progress)
{
	for (size_t i = 0; i < progress->count; i++) {
		free(progress->lines[i].model);
		free(progress->lines[i].text);
	}
	free(progress->lines);
	*progress = (struct progress){0};
}

void progress_say(struct progress *progress, const char *format, ...)
{
	const struct messages *messages = progress->messages;
	char line[TEXT_SHOWN_MAX], now[TIMESTAMP_SIZE];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	if (messages->quiet || messages->debug) {
		log_info(messages->log, "progress", "%s", line);
		return;
	}
	fprintf(messages->stream, "%s %s\n", timestamp_format(clock_wall(progress->clock), now), line);
	fflush(messages->stream);
}

/* Returns the last text told about a model, to be compared and replaced; NULL if the model is not remembered and there is no room. */
static char **last_text(struct progress *progress, const char *model)
{
	for (size_t i = 0; i < progress->count; i++)
		if (string_same(progress->lines[i].model, model))
			return &progress->lines[i].text;
	if (progress->count == PROGRESS_MODELS_MAX)
		return NULL;
	progress->lines = memory_room(progress->lines, progress->count, &progress->capacity, sizeof(*progress->lines));
	struct progress_line *line = &progress->lines[progress->count++];
	*line = (struct progress_line){.model = string_copy(model)};
	return &line->text;
}

void progress_stage(struct progress *progress, const char *model, const char *text)
{
	const char *name = model != NULL ? model : "";
	char **last = last_text(progress, name);

	if (last != NULL && string_same(*last, text))
		return;
	if (last != NULL)
		string_replace(last, text);
	progress_say(progress, "%s%s%s", name, *name != '\0' ? ": " : "", text);
}
