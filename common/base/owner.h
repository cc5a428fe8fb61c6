/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files that root makes in somebody's directory belong to that somebody, who otherwise could not use them any more.
 */
#ifndef COMMON_BASE_OWNER_H
#define COMMON_BASE_OWNER_H

/* Gives the file behind `descriptor` the owner and the group of what is at `path`. Nothing unless root asks for it: nobody else
 * may give files away. Returns 0, or -1 with errno. */
int owner_like(int descriptor, const char *path);

/* The same with the directory that `path` is in. */
int owner_like_directory(int descriptor, const char *path);

#endif
