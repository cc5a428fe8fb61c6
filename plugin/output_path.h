/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a path that is to be written to leads to: a file, or something that this process has open already.
 */
#ifndef PLUGIN_OUTPUT_PATH_H
#define PLUGIN_OUTPUT_PATH_H

/* Most links that are followed from one path. */
#define OUTPUT_LINKS_MAX 40

/* Finds the open descriptor that `path` means: that of /dev/stdout or /dev/fd/3, stdout's or stderr's if the path is another name of what
 * they write to, and that of the log file. To open such a path again would write over what others write there. Sets `*descriptor` to a new
 * one, owned by the caller, that shares the open file; -1 if there is none. Returns 0; or -1 with errno if the path must not be written to:
 * its descriptor is not for writing, or a link in a folder where everybody may make one is somebody else's. */
int output_path_open(const char *path, int *descriptor);

#endif
