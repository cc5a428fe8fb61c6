/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One transport on a loop of its own, and what became of it.
 */
#ifndef TESTS_UNIT_SUPPORT_SCENE_H
#define TESTS_UNIT_SUPPORT_SCENE_H

#include <stddef.h>

#include "common/base/clock.h"
#include "common/base/text.h"
#include "common/wire/loop.h"
#include "common/wire/transport.h"

struct scene {
	struct clock *clock;
	struct loop *loop;
	struct transport *transport;
	struct loop_timer patience;
	const char *say; /* sent as soon as it is open */
	size_t expected; /* messages to wait for, then it stops */
	int opened;
	size_t messages;
	struct text received; /* all messages, one a line */
	struct error *error;
	int ended;
};

/* An environment without any variable. */
extern char *const scene_environment[];

/* Notes in the scene (the context) what happens; scene_open uses it. */
extern const struct transport_events scene_events;

/* Makes a loop. Whoever waits for messages sets `expected` (and `say`) before scene_open. */
void scene_init(struct scene *scene);

/* Connects to a loopback port and runs until it is open and the messages have come, or until it has ended.
 * Messages of errors call the peer "the-peer:17070". */
void scene_open(struct scene *scene, int port, const struct trust_source *trust);

/* Frees everything, the transport first. */
void scene_release(struct scene *scene);

#endif
