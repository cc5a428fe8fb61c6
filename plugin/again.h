/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What to type to go on after a run of several models.
 */
#ifndef PLUGIN_AGAIN_H
#define PLUGIN_AGAIN_H

#include "plugin/options.h"
#include "plugin/report.h"

/* Longest command that is printed, in bytes; and most of them, one for each target. */
#define AGAIN_COMMAND_MAX 4096
#define AGAIN_COMMANDS_MAX 4

/* Returns the command that takes up what goes on, owned by the caller (free()). `jaas`: what -c has to say, or NULL: it needs none. */
char *again_resume(const char *jaas);

/* Adds to `text`, each in a line of its own that is indented and has no line break before the first, the commands that try the models once more
 * which were not moved and are unchanged: by owner/name, or by UUID where a name would not do. Returns how many models these are; 0 where
 * there is none, and nothing is added where the commands would be too long or too many. `options`: those of the run. */
size_t again_retry(struct text *text, const struct report *report, const struct options *options, const char *jaas);

#endif
