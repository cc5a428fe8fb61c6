/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether other users of the machine can get at the secrets of juju's client store.
 */
#ifndef COMMON_STORE_EXPOSURE_H
#define COMMON_STORE_EXPOSURE_H

/* Returns one line for people that says what is open and how to close it, owned by the caller; NULL when nothing is open, or that cannot
 * be found out. Checks the rights of everybody, not of groups: many systems give each user a group of his own. Checks the folder
 * `directory`, its accounts.yaml and controllers.yaml, and the cookies; what a folder above hides is not open. */
char *exposure_find(const char *directory);

#endif
