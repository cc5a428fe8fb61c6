/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where the keyring helper is: always next to the running program, never in PATH.
 */
#ifndef PLUGIN_KEYRING_HELPER_H
#define PLUGIN_KEYRING_HELPER_H

#include "common/base/error.h"

/* Returns the path of the running program, owned by the caller (free()), or NULL with ERROR_FAILED. */
char *keyring_helper_program(struct error **error);

/* Looks for the helper of the program at `program`, which lies in a directory D:
 *
 *   D/../libexec/juju-jaas-migrate/keyring   installed
 *   D/../lib/juju-jaas-migrate/keyring       installed where the system knows no libexec
 *   D/../libexec/keyring                     in a snap
 *   D/keyring                                where it was built, which is never called "bin" or "sbin"
 *
 * Returns the path of the first that exists, owned by the caller (free()). Returns NULL with ERROR_FAILED when none does,
 * or when that one is not fit to be handed a secret: no regular file (a link is none), not executable, owned by neither root
 * nor us, or it, or its directory, writable by everybody. */
char *keyring_helper_find(const char *program, struct error **error);

#endif
