/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a terminal shows while many models move: a line for each that is on its way, and a total. Nothing is drawn here.
 */
#ifndef PLUGIN_DISPLAY_MANY_H
#define PLUGIN_DISPLAY_MANY_H

#include "plugin/display.h"

/* How many moves must have ended before the time that the rest may take is estimated. */
#define DISPLAY_MOVES_LEAST 3

struct display_many {
	const struct journey *journeys;
	size_t count;
	int64_t begun;      /* when the first one set out */
	const char *target; /* the target controller, as the person named it */
	const char *paused; /* why no further move is started, or NULL */
	bool over;          /* the run is over: models that wait will not be started */
};

/* Returns the lines at `now`, under the rules of display_format. If not all models on their way fit, a line counts the others; the total is
 * left out last. */
char *display_many(const struct display_many *many, const struct display_shape *shape, int64_t now);

/* Returns the one line that stays on the screen for a journey that is over, without a newline; owned by the caller (free()). */
char *display_ended(const struct display_many *many, size_t index, const struct display_shape *shape);

#endif
