/* SPDX-License-Identifier: Apache-2.0 */
/*
 * argv -> options -> run -> one error -> exit status.
 */
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "plugin/command.h"
#include "plugin/complete.h"
#include "plugin/help.h"
#include "plugin/logging.h"
#include "plugin/report.h"
#include "plugin/targets.h"

/* Allocations of at least this many bytes get pages of their own. */
#define LARGE_MIN (128 * 1024)

/* If descriptor 0, 1 or 2 were closed, the next socket would get its number. Writing to a closed stdout must stay an error, so what
 * takes its place is opened for reading only. */
static void guard_streams(void)
{
	int descriptor = 0;

	while (descriptor >= 0 && descriptor <= STDERR_FILENO)
		/* Programs that this one starts inherit them. NOLINTNEXTLINE(android-cloexec-open) */
		descriptor = open("/dev/null", O_RDONLY);
	if (descriptor >= 0)
		close(descriptor);
}

/* Tokens are in memory: no core dumps, no other process looks in. */
static void harden(void)
{
	const struct rlimit none = {0, 0};

	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	setrlimit(RLIMIT_CORE, &none);
}

static enum terminal_wish colour_wish(const struct options *options)
{
	if (options == NULL || options->color == options->no_color)
		return COLOUR_BY_TERMINAL;
	return options->color ? COLOUR_ALWAYS : COLOUR_NEVER;
}

/* `options` may be NULL: the words were wrong. */
static void look_around(struct surroundings *surroundings, const struct options *options)
{
	enum terminal_wish wish = colour_wish(options);

	*surroundings = (struct surroundings){
		.environment = environ,
		.in = STDIN_FILENO,
		.in_is_terminal = isatty(STDIN_FILENO) == 1,
		.out = stdout,
		.err = stderr,
	};
	terminal_look(&surroundings->out_terminal, STDOUT_FILENO, environ, wish);
	terminal_look(&surroundings->err_terminal, STDERR_FILENO, environ, wish);
	surroundings->messages = (struct messages){.stream = stderr, .colour = surroundings->err_terminal.colour};
	if (options == NULL)
		return;
	surroundings->messages.quiet = options->quiet;
	surroundings->messages.debug = options->debug;
}

/* Returns the exit status for an error alone. */
static int error_status(const struct error *error)
{
	return error->kind == ERROR_USAGE || error->kind == ERROR_DATA_DIRECTORY ? 2 : 1;
}

/* Returns the exit status for `error`. A program that reads the result gets a document that holds the error, except for wrong words. */
static int give_up(const struct options *options, struct surroundings *surroundings, struct error **error)
{
	int status = error_status(*error);
	scoped(report) struct report report;
	scoped(error) struct error *unpublished = NULL;

	report_init(&report);
	report_add_error(&report, (*error)->message);
	if (status != 2 && options->format != FORMAT_TABULAR &&
		report_publish(&report, options, surroundings, &unpublished) < 0 &&
		!string_same(unpublished->message, (*error)->message))
		error_wrap(error, "%s; and before that", unpublished->message);
	return status;
}

/* What becomes of the log does not change what became of the models. */
static void end_log(struct logging *logging, const struct options *options, const struct messages *messages)
{
	scoped(error) struct error *error = NULL;

	if (logging_end(logging, options, &error) < 0)
		message_warning(messages, "%s", error->message);
}

/* Returns the exit status. */
static int execute(const struct options *options, const struct surroundings *around, struct error **error)
{
	struct surroundings surroundings = *around;
	scoped(clock) struct clock *clock = clock_new(surroundings.environment, error);
	scoped(logging) struct logging logging = {.file = NULL};

	/* The run goes on when nobody reads its messages any more; a result that nobody reads is an error. */
	signal(SIGPIPE, SIG_IGN);
	/* A file that may not grow (ulimit -f) is an error like a full disk, not the end of a run that has a move under way. */
	signal(SIGXFSZ, SIG_IGN);
	if (clock == NULL ||
		logging_init(&logging, options, surroundings.environment, surroundings.err, clock, error) < 0)
		return give_up(options, &surroundings, error);
	surroundings.clock = clock;
	surroundings.log = &logging.log;
	surroundings.messages.log = &logging.log;
	int status = options->request == OPTIONS_TARGETS ? targets_refuse(options, &surroundings, error)
							 : command_run(options, &surroundings, error);
	end_log(&logging, options, &surroundings.messages);
	return status < 0 ? give_up(options, &surroundings, error) : status;
}

static int unwritten(struct error **error)
{
	return error_set(error, ERROR_FAILED, "cannot write the result: %s", strerror(errno != 0 ? errno : EIO));
}

/* What cannot be written to stdout now is lost, and that is an error. */
static int flush(FILE *out, struct error **error)
{
	errno = 0;
	return fflush(out) == 0 && !ferror(out) ? 0 : unwritten(error);
}

/* Returns the exit status. */
static int print(FILE *out, const char *text, const char *end, struct error **error)
{
	errno = 0;
	if (fputs(text, out) >= 0 && fputs(end, out) >= 0 && fflush(out) == 0)
		return 0;
	unwritten(error);
	return 1;
}

/* Returns the exit status. */
static int answer(const struct options *options, const struct surroundings *surroundings, struct error **error)
{
	switch (options->request) {
	case OPTIONS_HELP: {
		scoped(string) char *text = help_text();
		return print(surroundings->out, text, "", error);
	}
	case OPTIONS_DESCRIPTION:
		return print(surroundings->out, help_description(), "\n", error);
	case OPTIONS_VERSION:
		return print(surroundings->out, PROGRAM_VERSION, "\n", error);
	case OPTIONS_RUN:
	case OPTIONS_TARGETS:
		break;
	}
	return execute(options, surroundings, error);
}

/* Gives long texts pages of their own, which free() returns to the system: otherwise the C library raises that threshold after the first
 * one and keeps the memory, and with many models there is much of it. */
static void give_back_memory(void)
{
#if defined(__GLIBC__)
	mallopt(M_MMAP_THRESHOLD, LARGE_MIN);
#endif
}

int main(int argc, char **argv)
{
	scoped(error) struct error *error = NULL;
	struct surroundings surroundings;

	guard_streams();
	harden();
	give_back_memory();
	/* The parent may have had it ignored; in completion and --help a closed pipe ends this program as it does others. */
	signal(SIGPIPE, SIG_DFL);
	if (argc > 1 && strcmp(argv[1], COMPLETE_VERB) == 0) {
		look_around(&surroundings, NULL);
		complete_run(argv + 2, &surroundings);
		return 0;
	}
	scoped(options) struct options *options = options_parse(argv + (argc > 0), &error);
	look_around(&surroundings, options);
	int status = options != NULL ? answer(options, &surroundings, &error) : error_status(error);
	if (error == NULL && flush(surroundings.out, &error) < 0 && status == 0)
		status = 1;
	if (error != NULL)
		message_error(&surroundings.messages, error->message);
	return status;
}
