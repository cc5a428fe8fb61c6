/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One look at JIMM for the shells: what it lists, without a person, within a given time.
 */
#ifndef PLUGIN_COMPLETE_LOOK_H
#define PLUGIN_COMPLETE_LOOK_H

#include "common/base/clock.h"
#include "common/store/store.h"
#include "plugin/catalogue.h"

/* Logs in to the JAAS `controller` of `store` with what the store or `environment` holds, and puts the lists of models, of controllers and
 * of the models' hosts into `catalogue`; these calls change nothing in JIMM. Ends at `until` (of clock_now) with what has arrived by then.
 * Asks no person, prints nothing, does not write to juju's store. Returns whether everything was answered. */
bool complete_look(const struct store *store, const char *controller, char *const *environment, struct clock *clock,
	int64_t until, struct catalogue *catalogue);

#endif
