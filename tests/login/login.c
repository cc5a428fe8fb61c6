/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Logs in to an entry of juju's store as the program does, on /api or to a model, writes back what that taught, and says who
 * we are. Passwords are lines of stdin. For the table of all ways (test_ways.py).
 *
 * usage: login [--nobody] [--model UUID] ENTRY
 *   --nobody   no person is there who could be asked
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/login/write_back.h"

extern char **environ;

#define LINE_MAX_BYTES 1024

struct run {
	struct clock *clock;
	struct loop *loop;
	struct log log;
	struct login_person person;
	struct loop_timer answer; /* hands over the line that was read */
	login_told *told;
	void *waiter;
	struct place place;
	struct session *session;
	struct write_back *writing;
	const char *model;
	int status;
};

static void say(void *context, enum log_level level, const char *module, const char *line)
{
	(void)context;
	fprintf(stderr, "%s %s %s\n", level >= LOG_WARNING ? "WARNING" : "DEBUG", module, line);
}

static void show_device(void *context, const char *address, const char *code)
{
	(void)context;
	fprintf(stderr, "Please visit %s and enter code %s to log in.\n", address, code);
}

static void hand_over(void *context)
{
	struct run *run = context;
	char line[LINE_MAX_BYTES];
	scoped(error) struct error *error = NULL;

	if (!fgets(line, sizeof(line), stdin)) {
		error_set(&error, ERROR_LOGIN, "nobody answers");
		run->told(run->waiter, NULL, error);
		return;
	}
	scoped(secret) struct secret *password = secret_new(line, strcspn(line, "\n"));
	secret_erase(line, sizeof(line));
	run->told(run->waiter, password, NULL);
}

static void ask_password(
	void *context, const char *user, const char *controller, bool again, login_told *told, void *waiter)
{
	struct run *run = context;

	fprintf(stderr, "%splease enter password for %s on %s\n", again ? "once more, " : "", user, controller);
	run->told = told;
	run->waiter = waiter;
	loop_timer_set(run->loop, &run->answer, loop_now(run->loop), hand_over, run);
}

static void forget(void *context)
{
	struct run *run = context;

	loop_timer_cancel(run->loop, &run->answer);
}

static void warn(void *context, const char *text)
{
	(void)context;
	fprintf(stderr, "WARNING %s\n", text);
}

static void written(void *context)
{
	struct run *run = context;

	run->writing = NULL;
	loop_stop(run->loop);
}

static void report(const struct login_result *login)
{
	printf("user %s\ncontroller %s\naccess %s\n", login->identity, login->controller_uuid,
		login->controller_access ? login->controller_access : "");
}

static void opened(void *context, const struct error *error)
{
	struct run *run = context;
	const struct write_back_plan plan = {run->clock, warn, written, run};

	if (error) {
		fprintf(stderr, "ERROR %s\n", error->message);
		run->status = (int)error->kind == ERROR_LOGIN ? 3 : 1;
		loop_stop(run->loop);
		return;
	}
	const struct write_back_news news = {
		session_login(run->session), session_endpoint(run->session), session_address(run->session)};
	report(news.login);
	if (!run->model)
		run->writing = write_back_start(&run->place, &news, &plan);
	if (!run->writing)
		loop_stop(run->loop);
}

static void ended(void *context, const struct error *error)
{
	(void)context;
	fprintf(stderr, "WARNING %s\n", error ? error->message : "ended");
}

static int log_in(struct run *run, const char *entry, struct error **error)
{
	scoped(store) struct store *store = store_read(environ, error);
	const struct place_plan plan = {.loop = run->loop,
		.log = &run->log,
		.clock = run->clock,
		.environment = environ,
		.person = &run->person};

	if (!store || place_init(&run->place, store, entry, &plan, error) < 0)
		return -1;
	int status = login_check(&run->place.session.account, error);
	if (status == 0) {
		run->session = session_open(&run->place.session, run->model, entry, opened, ended, run);
		status = loop_run(run->loop, error);
	}
	session_close(steal(run->session));
	write_back_cancel(steal(run->writing));
	place_release(&run->place);
	return status;
}

static int begin(struct run *run, const char *entry, struct error **error)
{
	scoped(clock) struct clock *clock = clock_new(environ, error);
	scoped(loop) struct loop *loop = clock ? loop_new(clock, &run->log, error) : NULL;

	if (!loop)
		return -1;
	run->clock = clock;
	run->loop = loop;
	return log_in(run, entry, error);
}

static const char *read_words(int count, char **words, struct run *run)
{
	int at = 1;

	for (; at < count && words[at][0] == '-'; at++) {
		if (strcmp(words[at], "--nobody") == 0)
			run->person.present = false;
		else if (strcmp(words[at], "--model") == 0 && at + 1 < count)
			run->model = words[++at];
		else
			return NULL;
	}
	return at + 1 == count ? words[at] : NULL;
}

int main(int count, char **words)
{
	struct run run = {.log = {LOG_DEBUG, say, NULL},
		.person = {
			.present = true, .show_device = show_device, .ask_password = ask_password, .forget = forget}};
	scoped(error) struct error *error = NULL;
	const char *entry = read_words(count, words, &run);

	run.person.context = &run;
	if (!entry) {
		fputs("usage: login [--nobody] [--model UUID] ENTRY\n", stderr);
		return 2;
	}
	if (!run.person.present)
		run.person.ask_password = NULL;
	if (begin(&run, entry, &error) < 0) {
		fprintf(stderr, "ERROR %s\n", error->message);
		return error->kind == ERROR_LOGIN ? 3 : 1;
	}
	return run.status;
}
