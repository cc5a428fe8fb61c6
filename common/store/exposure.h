/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether other users of the machine get at the secrets of juju's client store.
 */
#ifndef COMMON_STORE_EXPOSURE_H
#define COMMON_STORE_EXPOSURE_H

/* Returns one line for people that says what is open and how to close it, owned by the caller; NULL when nothing is, or nothing can be
 * learned. Everybody is looked for, not groups: many systems give each user a group of his own. Looked at are the folder `directory`, its
 * accounts.yaml and controllers.yaml, and the cookies; what a folder above hides is not open. */
char *exposure_find(const char *directory);

#endif
