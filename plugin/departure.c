/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/departure.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "common/base/secret.h"
#include "common/migration/remote.h"

/* The shell's convention for a command that SIGINT has ended, and our own for everything that is not decided. */
#define STATUS_INTERRUPTED 130
#define STATUS_UNDECIDED 3
/* For how long the copy waits for JIMM's answer: as long as the request itself may take. */
#define COPY_PATIENCE (5 * INSTANT_MINUTE)
/* How long a run that is stopped may go on writing changes to the journal: the disk may be slow, and somebody waits. */
#define SETTLE_PATIENCE (20 * INSTANT_MILLISECOND)

static void signals_of_departure(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGTERM);
	sigaddset(set, SIGHUP);
}

static void leave_now(struct departure *departure)
{
	if (!departure->copy)
		remote_settle(departure->remote, SETTLE_PATIENCE);
	engine_leave(departure->engine, loop_now(departure->loop));
}

static void leave(void *context)
{
	struct departure *departure = context;

	if (departure->engine == NULL)
		loop_stop(departure->loop);
	else if (!engine_start_pending(departure->engine))
		leave_now(departure);
}

void departure_check(struct departure *departure)
{
	if (departure->leaving)
		loop_timer_set(departure->loop, &departure->leave, loop_now(departure->loop), leave, departure);
}

static void give_up(void *context)
{
	struct departure *departure = context;

	engine_leave(departure->engine, loop_now(departure->loop));
}

/* The copy has no terminal to write to, and signals to the process that was started are not meant for it. */
static void become_copy(struct departure *departure)
{
	int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);

	setsid();
	for (int stream = STDIN_FILENO; nowhere >= 0 && stream <= STDERR_FILENO; stream++)
		dup2(nowhere, stream);
	departure->copy = true;
	loop_timer_set(
		departure->loop, &departure->deadline, loop_now(departure->loop) + COPY_PATIENCE, give_up, departure);
	/* The other process says which models have not been started: they must not be started here either. */
	engine_await_starts(departure->engine, loop_now(departure->loop));
}

/* From here on both processes have the sockets and the journal, and only the copy may use them. */
static void split(struct departure *departure)
{
	fflush(departure->surroundings->out);
	fflush(departure->surroundings->err);
	pid_t copy = secret_fork();

	if (copy == 0) {
		become_copy(departure);
		return;
	}
	/* If there can be no copy, JIMM's lock may stay set; the next run frees it. */
	departure->split = copy > 0;
	if (departure->split)
		remote_settle(departure->remote, 0);
	leave_now(departure);
}

static void want_to_leave(struct departure *departure)
{
	if (departure->copy)
		return;
	departure->leaving = true;
	if (departure->engine != NULL && engine_start_pending(departure->engine))
		split(departure);
	else
		leave(departure);
}

static void signalled(void *context)
{
	struct departure *departure = context;
	struct signalfd_siginfo info;

	while (read(departure->descriptor - 1, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		if (departure->signal == 0)
			departure->signal = (int)info.ssi_signo;
		want_to_leave(departure);
	}
}

static void timed_out(void *context)
{
	struct departure *departure = context;

	departure->timed_out = true;
	want_to_leave(departure);
}

/* juju dies of Ctrl-C at once and leaves its plugin behind; other parents may end for good reasons. */
static void follow_juju(void)
{
	pid_t parent = getppid();
	char name[32] = "";
	char path[64];

	snprintf(path, sizeof(path), "/proc/%ld/comm", (long)parent);
	int descriptor = open(path, O_RDONLY | O_CLOEXEC);
	if (descriptor < 0)
		return;
	ssize_t length = read(descriptor, name, sizeof(name) - 1);
	close(descriptor);
	if (length <= 0 || strcmp(name, "juju\n") != 0)
		return;
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		raise(SIGTERM);
}

static int catch_signals(struct departure *departure, struct error **error)
{
	sigset_t set;

	signals_of_departure(&set);
	sigprocmask(SIG_BLOCK, &set, NULL);
	int descriptor = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	if (descriptor < 0)
		return error_set(error, ERROR_FAILED, "cannot listen for signals: %s", strerror(errno));
	departure->descriptor = descriptor + 1;
	follow_juju();
	return 0;
}

int departure_begin(struct departure *departure, struct loop *loop, const struct surroundings *surroundings,
	int64_t timeout, struct error **error)
{
	departure->loop = loop;
	departure->surroundings = surroundings;
	if (departure->descriptor == 0 && catch_signals(departure, error) < 0)
		return -1;
	if (timeout > 0 && departure->until == 0)
		departure->until = loop_now(loop) + timeout;
	if (timeout > 0)
		loop_timer_set(loop, &departure->deadline, departure->until, timed_out, departure);
	return loop_watch(loop, departure->descriptor - 1, signalled, departure, error);
}

void departure_serve(struct departure *departure, struct engine *engine, struct remote *remote)
{
	departure->engine = engine;
	departure->remote = remote;
}

const char *departure_word(const struct departure *departure)
{
	return departure->timed_out ? "gave up before anything was started" : "stopped before anything was started";
}

int departure_before(struct departure *departure, struct error *failed, struct error **error)
{
	if (failed != NULL)
		return error_move(error, failed);
	return departure->signal == SIGINT ? STATUS_INTERRUPTED : STATUS_UNDECIDED;
}

enum report_end departure_end(const struct departure *departure, bool no_wait)
{
	if (departure->signal == SIGINT)
		return END_INTERRUPTED;
	return no_wait ? END_NO_WAIT : END_PLAIN;
}

void departure_release(struct departure *departure)
{
	sigset_t set;

	departure->engine = NULL;
	departure->remote = NULL;
	if (departure->descriptor == 0)
		return;
	close(departure->descriptor - 1);
	departure->descriptor = 0;
	signals_of_departure(&set);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}
