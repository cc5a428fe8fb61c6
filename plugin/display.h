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

/* From this width on the words about a step stand beside it, else below. */
#define DISPLAY_WIDE 60

struct display_shape {
	int columns, rows; /* of the terminal, at least 1 */
	bool unicode;      /* it shows UTF-8; else nothing but ASCII comes out */
	bool colour;
};

/* Returns the lines about a journey at `now`, its steps, each ended by a newline. No line reaches the last column, and there are fewer lines
 * than rows: where they do not fit, what lies ahead goes first, then what is done, and what runs goes last. Owned by the caller (free()). */
char *display_format(const struct journey *journey, const struct display_shape *shape, int64_t now);

#endif
