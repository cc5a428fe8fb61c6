/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A folder of its own for a test, and small files in it.
 */
#ifndef TESTS_UNIT_SUPPORT_FOLDER_H
#define TESTS_UNIT_SUPPORT_FOLDER_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/scoped.h"

/* Setup and teardown: the state is the path of the folder. It lies in memory where the system allows: many small files are
 * synchronised in it. */
static inline int folder_make(void **state)
{
	char *folder = string_copy(access("/dev/shm", W_OK) == 0 ? "/dev/shm/test-XXXXXX" : "/tmp/test-XXXXXX");

	*state = folder;
	return mkdtemp(folder) != NULL ? 0 : -1;
}

static inline int folder_remove(void **state)
{
	scoped(string) char *folder = *state;
	scoped(string) char *command = string_format("rm -rf %s", folder);

	return system(command);
}

/* Makes `text` the contents of `name` in the folder. */
static inline void folder_write(const char *folder, const char *name, const char *text)
{
	scoped(string) char *path = string_format("%s/%s", folder, name);
	FILE *file = fopen(path, "w");

	if (file == NULL || fputs(text, file) < 0 || fclose(file) != 0)
		abort();
}

/* Returns the contents of `name`, owned by the caller; NULL when there is no such file. */
static inline char *folder_read(const char *folder, const char *name)
{
	scoped(string) char *path = string_format("%s/%s", folder, name);
	FILE *file = fopen(path, "r");

	if (file == NULL)
		return NULL;
	char *text = memory_get(1, 100000);
	if (fread(text, 1, 99999, file) == 99999)
		abort();
	fclose(file);
	return text;
}

/* Returns how many files there are in the folder. */
static inline int folder_count(const char *folder)
{
	scoped(string) char *command = string_format("ls -A %s | wc -l", folder);
	FILE *pipe = popen(command, "r");
	int count = -1;

	if (pipe == NULL || fscanf(pipe, "%d", &count) != 1)
		abort();
	pclose(pipe);
	return count;
}

/* Returns the status of `name`. */
static inline struct stat folder_status(const char *folder, const char *name)
{
	scoped(string) char *path = string_format("%s/%s", folder, name);
	struct stat status;

	if (lstat(path, &status) != 0)
		abort();
	return status;
}

#endif
