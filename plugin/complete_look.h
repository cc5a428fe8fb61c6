/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One look at JIMM for the shells: what it lists, without a person, within a given time.
 */
#ifndef PLUGIN_COMPLETE_LOOK_H
#define PLUGIN_COMPLETE_LOOK_H

#include "common/base/clock.h"
#include "common/store/store.h"
#include "plugin/catalogue.h"

/* Logs in to the JAAS `controller` of `store` with what the store or `environment` holds, and has `catalogue` learn the lists of
 * models, of controllers and of where models are: calls without any effect in JIMM. Ends at `until` (of clock_now) with what has
 * come by then. Asks nobody, prints nothing, and leaves juju's store as it is. Returns whether all was answered. */
bool complete_look(const struct store *store, const char *controller, char *const *environment, struct clock *clock,
	int64_t until, struct catalogue *catalogue);

#endif
