/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A relay between a program and a server on this machine, which makes the way between them longer and counts who waits for
 * whom. It does not look into what it carries.
 *
 * A flight is what a program sends without waiting for anything in between. The depth of a piece is the number of flights
 * in the longest chain that ends with it, over all connections: a piece of the program's is one flight deeper than the
 * deepest that had reached the program when it was sent; a piece of the server's is as deep as the newest one of the
 * program's on the same connection. The opening of a connection is a flight of its own. A program that is slow may be
 * counted a flight too many, never one too few.
 */
#ifndef TESTS_BENCH_RELAY_H
#define TESTS_BENCH_RELAY_H

#include <poll.h>
#include <stdint.h>

#include "common/base/error.h"

/* Most connections of one run. */
#define RELAY_LINKS_MAX 4096

struct relay_piece {
	struct relay_piece *next;
	int64_t due; /* when it arrives, of relay_now */
	int depth;
	size_t sent; /* of `length` */
	size_t length;
	unsigned char bytes[];
};

/* One direction of a connection. */
struct relay_way {
	int from, to; /* descriptors */
	struct relay_piece *first, *last;
	int64_t due; /* of the newest piece */
	int over;    /* nothing more comes from there */
	int shut;    /* and whoever reads there has been told */
};

struct relay_link {
	struct relay_way up; /* from the program to the server */
	struct relay_way down;
	int64_t opened;   /* when the program sees it open */
	int opening;      /* depth of that */
	int depth;        /* of the newest piece that the server has got */
	int flights;      /* of the program's: changes of direction */
	int turned;       /* the program has got something since its newest piece */
	uint64_t opaque;  /* bytes until TLS stands: the first flight of either side */
	uint64_t carried; /* all other bytes that have arrived, in both directions */
};

struct relay {
	int listening;
	int port;
	int server_port;
	int64_t round_trip; /* nanoseconds that are added */
	int arrived;        /* depth of the deepest piece that has reached the program */
	struct relay_link *links;
	size_t link_count, link_capacity; /* in the order in which they were opened, closed ones stay */
};

/* Listens on a port of the system's choice, for `server_port` of this machine. Returns 0, or -1 with ERROR_FAILED.
 * relay_release in either case. */
int relay_init(struct relay *relay, int server_port, int64_t round_trip, struct error **error);
void relay_release(struct relay *relay);

/* Fills `polls` (2 * RELAY_LINKS_MAX + 1 places) and returns how many were filled. */
nfds_t relay_fill(const struct relay *relay, struct pollfd *polls);

/* Takes in what has come, and hands over what is due. To be called after each poll of what relay_fill gave. */
int relay_serve(struct relay *relay, struct error **error);

/* Returns when the next piece is due, INSTANT_NEVER when none is. */
int64_t relay_next(const struct relay *relay);

/* Returns the bytes that have arrived on all connections since their TLS stood. */
uint64_t relay_carried(const struct relay *relay);

/* Returns the time, in nanoseconds. */
int64_t relay_now(void);

#endif
