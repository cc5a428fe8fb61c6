/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a terminal shows while one model moves: a journey and a size in, lines out. Nothing is drawn here.
 */
#ifndef PLUGIN_DISPLAY_H
#define PLUGIN_DISPLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plugin/journey.h"

/* From this width on (columns) the words about a step stand beside it; in narrower terminals below it. */
#define DISPLAY_WIDE 60

struct display_shape {
	int columns, rows; /* of the terminal, at least 1 */
	bool unicode;      /* it shows UTF-8; else nothing but ASCII comes out */
	bool colour;
};

/* Returns the lines that show a journey and its steps at `now`, each ended by a newline; owned by the caller (free()). No line reaches the
 * last column, and there are fewer lines than rows: where not all fit, steps that lie ahead are left out first, then those that are done,
 * and the running one last. */
char *display_format(const struct journey *journey, const struct display_shape *shape, int64_t now);

#endif
