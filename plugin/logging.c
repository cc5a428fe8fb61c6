/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/logging.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "common/base/environment.h"
#include "common/base/text.h"
#include "plugin/output.h"
#include "plugin/output_path.h"
#include "plugin/timestamp.h"

#define ROOT "<root>="

static const struct {
	const char *name;
	enum log_level level;
} levels[] = {
	{"TRACE", LOG_DEBUG},
	{"DEBUG", LOG_DEBUG},
	{"INFO", LOG_INFO},
	{"WARNING", LOG_WARNING},
	{"ERROR", LOG_ERROR},
	{"CRITICAL", LOG_ERROR},
};

static const char *level_name(enum log_level level)
{
	for (size_t i = 1; i < array_length(levels); i++)
		if (levels[i].level == level)
			return levels[i].name;
	return "";
}

enum log_level logging_level(const char *config, enum log_level otherwise)
{
	const char *root = config != NULL ? strstr(config, ROOT) : NULL;

	if (root == NULL)
		return otherwise;
	root += strlen(ROOT);
	size_t length = strcspn(root, "; ");
	for (size_t i = 0; i < array_length(levels); i++)
		if (strlen(levels[i].name) == length && strncasecmp(root, levels[i].name, length) == 0)
			return levels[i].level;
	return otherwise;
}

static void write_line(void *context, enum log_level level, const char *module, const char *line)
{
	struct logging *logging = context;
	FILE *streams[] = {logging->stream, logging->file};
	char now[TIMESTAMP_SIZE];

	timestamp_format(clock_wall(logging->clock), now);
	for (size_t i = 0; i < array_length(streams); i++) {
		if (streams[i] == NULL)
			continue;
		fprintf(streams[i], "%s %s %s %s\n", now, level_name(level), module, line);
		if (fflush(streams[i]) != 0 && streams[i] == logging->file && logging->failed == 0)
			logging->failed = errno;
	}
}

static FILE *open_file(const char *path, struct error **error)
{
	int descriptor;
	bool usable = output_path_open(path, &descriptor) == 0;

	/* For this user alone: a log tells who talks to whom. */
	if (usable && descriptor < 0)
		descriptor = output_open(path, O_APPEND, 0600);
	/* "a" would change what stdout and stderr share with others. */
	FILE *file = descriptor >= 0 ? fdopen(descriptor, "w") : NULL;

	if (file == NULL) {
		const char *why = output_reason(path);
		scoped(string) char *shown = text_printable(path);
		error_set(error, ERROR_FAILED, "cannot open the log file %s: %s", shown, why);
	}
	return file;
}

int logging_init(struct logging *logging, const struct options *options, char *const *environment, FILE *err,
	const struct clock *clock, struct error **error)
{
	enum log_level least = logging_level(environment_get(environment, "JUJU_LOGGING_CONFIG"), LOG_WARNING);

	*logging = (struct logging){.clock = clock};
	logging->log.least = options->debug ? LOG_DEBUG : logging_level(options->logging_config, least);
	logging->stream = options->debug || options->show_log ? err : NULL;
	if (options->log_file != NULL) {
		logging->file = open_file(options->log_file, error);
		if (logging->file == NULL)
			return -1;
	}
	logging->log.context = logging;
	logging->log.sink = logging->stream != NULL || logging->file != NULL ? write_line : NULL;
	return 0;
}

int logging_end(struct logging *logging, const struct options *options, struct error **error)
{
	if (logging->file != NULL && fclose(steal(logging->file)) != 0 && logging->failed == 0)
		logging->failed = errno;
	if (logging->failed == 0)
		return 0;
	scoped(string) char *shown = text_printable(options->log_file);
	return error_set(
		error, ERROR_FAILED, "cannot write all of the log to %s: %s", shown, strerror(logging->failed));
}

void logging_release(struct logging *logging)
{
	if (logging->file != NULL)
		fclose(logging->file);
	*logging = (struct logging){0};
}
