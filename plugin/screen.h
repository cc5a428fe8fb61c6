/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A block of lines on a terminal that is drawn again and again in the same place.
 *
 * While the block is shown, the cursor stands at the start of its first line. So all of it can be erased even after the terminal has
 * changed its width and wrapped the lines anew, and no setting of the terminal has to be restored. One case cannot be mended: where a
 * narrower terminal scrolls the first lines of the block off the screen, they stay in its history.
 */
#ifndef PLUGIN_SCREEN_H
#define PLUGIN_SCREEN_H

#include <stdbool.h>
#include <stdio.h>

struct screen {
	FILE *stream; /* borrowed */
	bool drawn;   /* the block is there */
};

/* Draws `lines` (each ended by a newline, none as wide as the terminal, fewer of them than it has rows) in place of the block that is
 * there, if one is. */
void screen_draw(struct screen *screen, const char *lines);

/* Takes the block away; nothing when there is none. */
void screen_clear(struct screen *screen);

/* Takes away what is left of the block after somebody else has written there, and goes on below; nothing when there is none. */
void screen_abandon(struct screen *screen);

/* Draws `lines` for the last time: they stay, and what is printed from now on follows them after an empty line. */
void screen_finish(struct screen *screen, const char *lines);

#endif
