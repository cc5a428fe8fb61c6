/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The question before a whole controller is emptied: lists the models that would move, and asks whether to go on. As with juju's own
 * commands, "y" or "yes" means yes and anything else no.
 */
#ifndef PLUGIN_CONFIRM_H
#define PLUGIN_CONFIRM_H

#include <stdbool.h>

#include "common/migration/hosted.h"
#include "plugin/prompt.h"
#include "plugin/surroundings.h"

/* Most models that are listed one by one. */
#define CONFIRM_LISTED_MAX 40

/* Called once, from the loop. */
typedef void confirm_done(void *context, bool yes);

struct confirm {
	struct prompt prompt;
	confirm_done *done;
	void *context;
};

/* True when there is a terminal at which somebody can be asked. */
bool confirm_possible(const struct surroundings *surroundings);

/* Returns the text that lists the models that would move to `target`: lines, without a line break at the end; owned by the caller
 * (free()). */
char *confirm_text(const struct hosted *hosted, const char *target);

/* Asks and returns; the loop reads the answer, so that pings and signals are served meanwhile. The caller owns the storage, which must be
 * zeroed and must not move, and calls confirm_release before the loop is freed. */
void confirm_ask(struct confirm *confirm, struct loop *loop, const struct surroundings *surroundings,
	confirm_done *done, void *context);

/* Withdraws the question, if it has not been answered. */
void confirm_release(struct confirm *confirm);

#endif
