/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Before a whole controller is emptied: which models would go, and whether they are to. As with juju's own commands "y" or "yes" goes on, and
 * anything else does not.
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

/* Tells if there is somebody who can be asked. */
bool confirm_possible(const struct surroundings *surroundings);

/* Returns what is said of the models that would go to `target`: lines, the last one without its end; owned by the caller (free()). */
char *confirm_text(const struct hosted *hosted, const char *target);

/* Asks, and goes on in the loop: pings are sent and signals heard meanwhile. The caller owns the zeroed storage, which must not move, and calls
 * confirm_release before the loop is freed. */
void confirm_ask(struct confirm *confirm, struct loop *loop, const struct surroundings *surroundings,
	confirm_done *done, void *context);

/* Ends the asking; nothing when nothing is asked. */
void confirm_release(struct confirm *confirm);

#endif
