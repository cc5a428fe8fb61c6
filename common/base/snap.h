/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which snap this program runs in, if any. Inside a snap it sees neither the user's hidden files, except for juju's
 * data directory, nor the system's folder for temporary files.
 */
#ifndef COMMON_BASE_SNAP_H
#define COMMON_BASE_SNAP_H

enum snap {
	SNAP_NONE, /* in none, or in a foreign one, such as that of a terminal, which does not concern us */
	SNAP_OWN,  /* as a command of our own snap */
	SNAP_JUJU, /* as a plugin in juju's snap, with its permissions */
};

/* Returns what SNAP_NAME of `environment` says. */
enum snap snap_look(char *const *environment);

#endif
