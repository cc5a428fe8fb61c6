/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A TLS websocket server on 127.0.0.1 in front of a simulated JAAS, in one thread.
 *
 * It has its own small websocket code and does not use the library of the program under test, so that the two do not share
 * mistakes, and so that it can break off wherever a test wants it to.
 */
#ifndef TESTS_SIM_SERVER_H
#define TESTS_SIM_SERVER_H

#include <stdint.h>
#include <stdio.h>

#include "common/base/error.h"
#include "tests/sim/server_clock.h"
#include "tests/sim/server_door.h"
#include "tests/sim/server_late.h"
#include "tests/sim/server_misbehave.h"
#include "tests/sim/world.h"

/* Simulated time after which a run on a simulated clock ends: nothing real takes that long. */
#define SERVER_SIMULATED_MAX (240 * 60 * INSTANT_MINUTE)

struct server_options {
	const char *script;    /* file of the world's script, NULL: the default world */
	const char *directory; /* where the juju data directory is written, NULL: nowhere */
	const char *ca;        /* where the CA is written as PEM, NULL: nowhere */
	const char *clock;     /* path of the clock socket, NULL: real time */
	const char *report;    /* file for the world's truth at the end, NULL: none */
	const char *wire;      /* file for the wire log, NULL: none */
	enum pki_kind tls;
	struct misbehave misbehave;
	int port;         /* 0: the system chooses */
	int64_t lifetime; /* real time after which the server ends by itself, in nanoseconds */
	int64_t grace;    /* see CLOCK_GRACE */
	size_t piece;     /* largest payload of a frame, in bytes */
};

struct server_connection;

struct server {
	const struct server_options *options;
	struct world *world;
	FILE *wire;
	struct server_door *doors; /* JIMM's is the first */
	size_t door_count;
	int signals; /* signalfd: SIGTERM, SIGINT */
	struct server_clock clock;
	struct server_connection *connections;
	unsigned connection_count; /* since the start */
	struct clock_traffic seen; /* `dialled` = accepted */
	uint64_t loose;            /* see struct server_clock_view */
	uint64_t activity;         /* counts everything that happens */
	unsigned long messages;    /* both directions, of the whole run */
	unsigned long replies;     /* of the whole run */
	struct server_late *late;  /* replies that are held back; NULL: none */
	int64_t world_start, real_start;
	int64_t ends; /* real time */
	int ended;
};

/* Makes a server ready to run: world, certificates, sockets, data directory. Signals SIGTERM and SIGINT must be blocked.
 * Returns 0, or -1 with an error. Released by server_release in either case. `options` is borrowed. */
int server_init(struct server *server, const struct server_options *options, struct error **error);

/* Runs until SIGTERM, SIGINT or the end of the life time, then writes the report. Returns 0, or -1 with an error. */
int server_run(struct server *server, struct error **error);

void server_release(struct server *server);

/* Returns the present instant of the world. */
int64_t server_now(const struct server *server);

/* Returns the UUID of JIMM as a controller, borrowed. */
const char *server_uuid(const struct server *server);

#endif
