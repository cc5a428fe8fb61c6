/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Help for whoever has named a model and no target: the controllers that the model can go to, as far as JIMM tells.
 */
#ifndef PLUGIN_TARGETS_H
#define PLUGIN_TARGETS_H

#include "plugin/options.h"
#include "plugin/surroundings.h"

/* For the whole look, in nanoseconds. */
#define TARGETS_TIMEOUT (10 * INSTANT_SECOND)

/* Fails with "target controller not specified" (ERROR_USAGE) for `options` of OPTIONS_TARGETS. Where JIMM can be asked without asking the
 * person for anything, the text goes on with the controllers that the model can move to. Always returns -1. */
int targets_refuse(const struct options *options, const struct surroundings *surroundings, struct error **error);

#endif
