/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One run of the program against a simulated JAAS behind a relay, and what it took.
 */
#ifndef TESTS_BENCH_TRIP_H
#define TESTS_BENCH_TRIP_H

#include <stdint.h>
#include <sys/resource.h>

#include "common/base/error.h"

/* Seconds after which a run is given up. */
#define TRIP_LIMIT 300

struct trip_plan {
	const char *build; /* where the programs are */
	const char *world; /* JSON, see the server's --script */
	int remembered;    /* the store knows the model's UUID */
	int simulated;     /* time is: the program of the tests runs, and the round trip must be 0 */
	int64_t round_trip;
	const char *door; /* a controller whose own door is asked for `searched`, or NULL */
	int direct;       /* without the relay: neither round trips nor bytes are counted */
	int settled;      /* the store has what a login tells: a dry run comes before it, of which nothing is counted */
	const char *const *under; /* words before the program (a tool that watches it), NULL at the end; or NULL */
	const char *const *words; /* after it, NULL at the end */
};

struct trip {
	double simulated;    /* seconds from the first message to the last one, by the world's clock */
	double searched;     /* the same from when something first came to the plan's `door`, 0: never */
	size_t api;          /* connections to /api */
	size_t models;       /* most connections to models at once */
	int status;          /* exit status, -1 when it did not end by itself */
	char *said;          /* standard output and error; owned (trip_release) */
	int64_t wall;        /* nanoseconds, from its start to its end */
	struct rusage usage; /* of the program, or of what runs it */
	int64_t watched; /* nanoseconds of processor time from the answer to MigrateModel until JIMM is told of the end, and from when that
	                      * is verified until the source's last sign; 0 without one of them */
	size_t connections;
	size_t requests;       /* of the program's, on all connections, pings too */
	uint64_t bytes;        /* carried in both directions, after TLS */
	int start_trips;       /* round trips until MigrateModel was sent first, -1: it was not */
	uint64_t start_bytes;  /* carried until then, without what JIMM listed and the model told of itself */
	int verify_trips;      /* from when the end could be seen until JIMM has told that it points there, -1: never */
	int64_t record_waited; /* from the newest push before it until UpdateMigratedModel came, -1: never */
	int64_t record_waiting; /* and until it was answered */
};

/* Makes a run. Returns 0 and fills `trip` (trip_release), or -1 with ERROR_FAILED; that the program fails is none. */
int trip_make(struct trip *trip, const struct trip_plan *plan, struct error **error);

void trip_release(struct trip *trip);

/* Milliseconds of processor time that it took. */
double trip_processor(const struct trip *trip);

#endif
