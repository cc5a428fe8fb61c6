/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files that root makes in a user's directory are given to that user, who could not use them otherwise.
 */
#ifndef COMMON_BASE_OWNER_H
#define COMMON_BASE_OWNER_H

/* Gives the file behind `descriptor` the owner and the group of the file at `path`. Does nothing unless the process is
 * root's: only root may give files away. Returns 0, or -1 with errno. */
int owner_like(int descriptor, const char *path);

/* As owner_like, with the directory that holds `path`. */
int owner_like_directory(int descriptor, const char *path);

#endif
