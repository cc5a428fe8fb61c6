/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the confinement of a snap keeps from this program, and what a person can do about it.
 */
#ifndef PLUGIN_CONFINEMENT_H
#define PLUGIN_CONFINEMENT_H

#include "common/base/error.h"
#include "common/base/log.h"

/* Call before juju's store is read. In our own snap: logs that juju's lock does not reach out of it, and looks whether the snap
 * may use juju's data directory. Returns 0, also where it cannot tell; -1 with ERROR_DATA_DIRECTORY and the line that connects it,
 * or the variable that leads elsewhere. `log` may be NULL. */
int confinement_check(char *const *environment, const struct log *log, struct error **error);

/* Returns why there is no keyring, to stand in place of `complaint`, as far as a snap is to blame; owned by the caller (free()). */
char *confinement_keyring(char *const *environment, const char *complaint);

#endif
