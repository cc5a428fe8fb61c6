/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the confinement of a snap keeps from this program, and what a person can do about it.
 */
#ifndef PLUGIN_CONFINEMENT_H
#define PLUGIN_CONFINEMENT_H

#include "common/base/error.h"
#include "common/base/log.h"

/* Call before juju's store is read. Inside our own snap it logs that juju's lock is not shared with the world outside, and checks that the
 * snap may use juju's data directory. Returns 0, also where that cannot be told, or -1 with ERROR_DATA_DIRECTORY, whose text has the
 * command that connects the snap to it or names the variable that leads elsewhere. `log` may be NULL. */
int confinement_check(char *const *environment, const struct log *log, struct error **error);

/* Returns why the keyring cannot be used: the snap's reason where a snap is to blame, else a copy of `complaint`; owned by the caller
 * (free()). */
char *confinement_keyring(char *const *environment, const char *complaint);

#endif
