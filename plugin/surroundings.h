/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What surrounds the program: environment, streams, clock, terminal. Made once by main and handed down, so that nothing
 * below it reaches for them by itself.
 */
#ifndef PLUGIN_SURROUNDINGS_H
#define PLUGIN_SURROUNDINGS_H

#include <stdio.h>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "plugin/messages.h"
#include "plugin/terminal.h"

/* Everything is borrowed from main and lives until it ends. */
struct surroundings {
	char *const *environment;
	int in; /* descriptor of what a person types */
	int in_is_terminal;
	FILE *out; /* the result, nothing else */
	FILE *err; /* what is said to a person; written through `messages` */
	struct clock *clock;
	const struct log *log;        /* hand it to the library */
	struct messages messages;     /* on `err` */
	struct terminal out_terminal; /* what `out` can show */
	struct terminal err_terminal; /* what `err` can show */
};

#endif
