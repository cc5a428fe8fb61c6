/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The proxy that the environment puts between this program and JAAS, named where it may be what is at fault.
 */
#ifndef PLUGIN_DETOUR_H
#define PLUGIN_DETOUR_H

#include "common/base/error.h"
#include "common/store/store.h"

/* Names the proxy through which `controller` is reached, if there is one, before the message of `*error`, which says that it could not be
 * reached; leaves other errors as they are. A proxy that cannot be used becomes ERROR_FAILED: no word of the command line is wrong. */
void detour_name(const struct store_controller *controller, char *const *environment, struct error **error);

#endif
