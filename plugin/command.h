/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The command itself: the stages of a move, told to a person, and its result.
 */
#ifndef PLUGIN_COMMAND_H
#define PLUGIN_COMMAND_H

#include "common/base/error.h"
#include "plugin/options.h"
#include "plugin/surroundings.h"

/* Does what `options` (of OPTIONS_RUN) ask for and publishes the result (report_publish). Returns the exit status, 0 or
 * more, with an error, too, when the result could not be written, or -1 with an error when there is no result to publish: main prints
 * the error and, where there is no result and a program asked, an empty result that holds it. */
int command_run(const struct options *options, struct surroundings *surroundings, struct error **error);

#endif
