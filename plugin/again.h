/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The commands to type after a run of several models, to go on with those that are not finished.
 */
#ifndef PLUGIN_AGAIN_H
#define PLUGIN_AGAIN_H

#include "plugin/options.h"
#include "plugin/report.h"

/* Longest command that is printed, in bytes, and most commands (there is one for each target). */
#define AGAIN_COMMAND_MAX 4096
#define AGAIN_COMMANDS_MAX 4

/* Returns the command that takes up the moves still going on, owned by the caller (free()). `jaas` is the value for -c, or NULL where -c is
 * not needed. */
char *again_resume(const char *jaas);

/* Adds to `text` the commands that try again those models of `report` that were not moved and are unchanged. Each command is an indented
 * line, with line breaks between them only; a model is given by owner/name, or by UUID where its name cannot be typed. Returns how many
 * such models there are. Nothing is added when there is none, or when the commands would be too long or too many. `options` are those of
 * the run, `jaas` is as in again_resume. */
size_t again_retry(struct text *text, const struct report *report, const struct options *options, const char *jaas);

#endif
