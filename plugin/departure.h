/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Leaving before the end: signals and the deadline of the command line. Leaving means to stop watching; nothing that runs in
 * Juju is stopped by it.
 *
 * While JIMM has not answered MigrateModel its socket must stay open, or JIMM's migration lock would stay set. So the process
 * splits: the one that was started leaves at once, and a copy of it, without terminal and in a session of its own, keeps the socket
 * and its pings until the answer is there, for five minutes at most.
 */
#ifndef PLUGIN_DEPARTURE_H
#define PLUGIN_DEPARTURE_H

#include <stdbool.h>

#include "common/migration/engine.h"
#include "common/wire/loop.h"
#include "plugin/report.h"
#include "plugin/surroundings.h"

struct departure {
	struct loop *loop;
	struct engine *engine; /* NULL before it exists */
	struct remote *remote; /* which serves it */
	const struct surroundings *surroundings;
	int descriptor; /* of the signals plus one, 0 without */
	int signal;     /* the first one that came, or 0 */
	bool timed_out;
	bool leaving;
	bool split; /* this is the process that leaves; the connections belong to the copy now and must not be touched */
	bool copy;  /* this is the copy */
	int64_t until; /* when the deadline is, of loop_now; 0: none yet */
	struct loop_timer deadline, leave;
};

/* Begins to listen for SIGINT, SIGTERM and SIGHUP, and for the end of `timeout` (nanoseconds, 0: none). The caller owns the
 * zeroed storage and calls departure_release after the loop is gone. Before that it may begin again with another loop: signals that
 * came in between are read there, and the time that the first call has set goes on. Returns 0, or -1 with an error. */
int departure_begin(struct departure *departure, struct loop *loop, const struct surroundings *surroundings,
	int64_t timeout, struct error **error);

/* Sets the engine whose moves are left from now on, and the remote that serves it; both borrowed. NULL: there is none any more. */
void departure_serve(struct departure *departure, struct engine *engine, struct remote *remote);

/* Call after each change, also from inside the engine: a run that is leaving ends as soon as no answer to MigrateModel is outstanding. */
void departure_check(struct departure *departure);

/* Returns the text for a run that was stopped before there was an engine. Constant. */
const char *departure_word(const struct departure *departure);

/* The run ended before there was an engine: with `failed` (taken over), or because of a signal or the deadline. Returns -1
 * with the error, or the exit status. */
int departure_before(struct departure *departure, struct error *failed, struct error **error);

/* Returns what ended the run, for the exit status. */
enum report_end departure_end(const struct departure *departure, bool no_wait);

/* Stops listening: from now on a signal ends the process. */
void departure_release(struct departure *departure);

#endif
