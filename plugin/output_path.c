/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/output_path.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/scoped.h"
#include "common/base/text.h"

/* From here on no descriptor is looked at: the log file is opened early. */
#define DESCRIPTORS_MAX 256

/* ---- descriptors ---- */

static bool is_for_writing(int descriptor)
{
	int flags = fcntl(descriptor, F_GETFL);

	return flags >= 0 && (flags & O_PATH) == 0 && (flags & O_ACCMODE) != O_RDONLY;
}

/* What was opened here is closed when another program is started, and what was handed to this program is not. */
static bool is_handed_in(int descriptor)
{
	int flags = fcntl(descriptor, F_GETFD);

	return flags >= 0 && (flags & FD_CLOEXEC) == 0;
}

/* Nothing but a log is only added to. */
static bool is_log(int descriptor)
{
	int flags = fcntl(descriptor, F_GETFL);

	return flags >= 0 && (flags & O_APPEND) != 0 && !is_handed_in(descriptor);
}

static int share(int descriptor)
{
	return fcntl(descriptor, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
}

/* Finds what is open by another name. Sets `*descriptor`; returns 0, or -1 with errno. */
static int find_same(const char *path, int *descriptor)
{
	struct stat file;
	struct stat open;

	if (stat(path, &file) < 0)
		return 0;
	for (int i = STDOUT_FILENO; i < DESCRIPTORS_MAX; i++) {
		if (!is_for_writing(i) || (i > STDERR_FILENO && !is_log(i)) || fstat(i, &open) < 0 ||
			open.st_dev != file.st_dev || open.st_ino != file.st_ino)
			continue;
		*descriptor = share(i);
		return *descriptor >= 0 ? 0 : -1;
	}
	return 0;
}

/* Returns the number of the descriptor that a link in `folder` stands for, or -1. */
static int number_of(const char *folder, const char *link)
{
	scoped(string) char *real = realpath(folder, NULL);
	scoped(string) char *own = realpath("/proc/self/fd", NULL);
	const char *name = strrchr(link, '/');
	char *end = NULL;

	if (name == NULL || real == NULL || !string_same(real, own))
		return -1;
	long number = strtol(name + 1, &end, 10);
	return *end == '\0' && number >= 0 && number <= INT_MAX ? (int)number : -1;
}

/* ---- links ---- */

/* As the system itself has it where it is set up so: what others have put there is not followed. */
static bool is_planted(const char *folder, const struct stat *link)
{
	struct stat status;

	if (stat(folder, &status) < 0 || (status.st_mode & S_ISVTX) == 0 || (status.st_mode & S_IWOTH) == 0)
		return false;
	return link->st_uid != geteuid() && link->st_uid != status.st_uid;
}

/* Returns where a link leads, owned by the caller, or NULL. */
static char *next(const char *folder, const char *link)
{
	char target[PATH_MAX];
	ssize_t length = readlink(link, target, sizeof(target));

	if (length <= 0 || (size_t)length == sizeof(target))
		return NULL;
	scoped(string) char *text = string_copy_length(target, (size_t)length);
	return text[0] == '/' ? steal(text) : string_format("%s/%s", folder, text);
}

/* Follows `path` to a link that stands for a descriptor, and sets `*number`; -1 if it does not lead to one. Returns 0, or -1 with errno. */
static int follow(const char *path, int *number)
{
	scoped(string) char *at = string_copy(path);

	*number = -1;
	for (int i = 0; i < OUTPUT_LINKS_MAX; i++) {
		struct stat link;

		if (at == NULL || lstat(at, &link) < 0 || !S_ISLNK(link.st_mode))
			return 0;
		scoped(string) char *copy = string_copy(at);
		const char *folder = dirname(copy);
		*number = number_of(folder, at);
		if (*number >= 0)
			return 0;
		if (is_planted(folder, &link)) {
			errno = EACCES;
			return -1;
		}
		char *further = next(folder, at);
		free(at);
		at = further;
	}
	errno = ELOOP;
	return -1;
}

int output_path_open(const char *path, int *descriptor)
{
	int number;

	*descriptor = -1;
	if (follow(path, &number) < 0)
		return -1;
	if (number < 0)
		return find_same(path, descriptor);
	if (!is_for_writing(number) || !is_handed_in(number)) {
		errno = EBADF;
		return -1;
	}
	*descriptor = share(number);
	return *descriptor >= 0 ? 0 : -1;
}
