/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is said while a run goes on: on a display, as a line for each change, or as an event for a program.
 */
#ifndef PLUGIN_TELLING_H
#define PLUGIN_TELLING_H

#include "plugin/run.h"

/* Takes in news from the engine; `context` is the run. */
void telling_news(void *context, const struct migration *migration, enum migration_news news);

#endif
