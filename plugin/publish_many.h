/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is said on stderr at the end of a run of several models: what went wrong, and what to type to go on.
 */
#ifndef PLUGIN_PUBLISH_MANY_H
#define PLUGIN_PUBLISH_MANY_H

#include "plugin/publish.h"

/* Says it. `stopped`: in place of a table. */
void publish_many(const struct publish *publish, const struct report *report, bool stopped);

#endif
