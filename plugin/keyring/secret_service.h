/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The door to libsecret: one question to the Secret Service of the session bus (org.freedesktop.secrets), answered as a frame.
 *
 * It always asks the service, never the files that libsecret's simple calls use instead in a sandbox.
 * Attributes of an item: application (the program's name), controller-uuid, kind, user, and xdg:schema
 * "io.juju.JaasMigrate"; none of them is a secret. Locked items are found, too, but unlocked only where
 * the request allows a prompt.
 */
#ifndef PLUGIN_KEYRING_SECRET_SERVICE_H
#define PLUGIN_KEYRING_SECRET_SERVICE_H

#include "plugin/keyring_protocol.h"

/* Does what the whole frame `request` asks and makes `*answer` a whole frame; the caller releases it. Cannot fail: what
 * goes wrong is a word of the answer. Blocks as long as the service, or the person, takes. */
void secret_service_serve(const struct keyring_frame *request, struct keyring_frame *answer);

#endif
