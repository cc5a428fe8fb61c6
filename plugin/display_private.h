/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside the display: what one journey and many of them share.
 */
#ifndef PLUGIN_DISPLAY_PRIVATE_H
#define PLUGIN_DISPLAY_PRIVATE_H

#include "plugin/page.h"

/* Returns the name of a step, as shown. Constant. */
const char *display_label(enum journey_step step);

/* Returns a row with the mark and the words (borrowed) of a leg. */
struct page_row display_leg(const struct page *page, const struct journey_leg *leg);

/* Returns how long the journey has taken, owned by the caller (free()). */
char *display_elapsed(const struct page *page, const struct journey *journey);

#endif
