/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a terminal shows while many models move: a line for each that is on its way, and a total. Nothing is drawn here.
 */
#ifndef PLUGIN_DISPLAY_MANY_H
#define PLUGIN_DISPLAY_MANY_H

#include "plugin/display.h"

/* Fewest moves that have come to their end before it is said how long the rest may take. */
#define DISPLAY_MOVES_LEAST 3

struct display_many {
	const struct journey *journeys;
	size_t count;
	int64_t begun;      /* when the first one set out */
	const char *target; /* as it is called here */
	const char *paused; /* why no further one is started, or NULL */
	bool over;          /* the run is: what waits has not been started */
};

/* Returns the lines at `now`, as display_format does it. Where the models on their way do not all fit it is said how many more there are; the
 * total goes last. */
char *display_many(const struct display_many *many, const struct display_shape *shape, int64_t now);

/* Returns the one line, without its end, that stays of a journey that is over. */
char *display_ended(const struct display_many *many, size_t index, const struct display_shape *shape);

#endif
