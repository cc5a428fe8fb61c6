/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "common/base/environment.h"
#include "common/base/text.h"
#include "plugin/output_path.h"

/* How many names are tried for the new file before it replaces the old one. */
#define NAMES_MAX 100
/* Bytes of the names of a file's attributes, above which they are not looked at: there are some. */
#define ATTRIBUTES_SIZE 1024

const char *output_reason(const char *path)
{
	int cause = errno;
	struct stat status;

	return cause == ENXIO && stat(path, &status) == 0 && S_ISFIFO(status.st_mode)
		       ? "nobody reads from this pipe; start its reader first"
		       : strerror(cause);
}

int output_open(const char *path, int flags, mode_t mode)
{
	/* O_NONBLOCK: does not wait for the reader of a pipe, or for the other end of a serial line. */
	int descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | flags, mode);
	int now = descriptor >= 0 ? fcntl(descriptor, F_GETFL) : -1;

	/* Once there is a reader, it may be slow. */
	if (now >= 0)
		fcntl(descriptor, F_SETFL, now & ~O_NONBLOCK);
	return descriptor;
}

static int write_all(int descriptor, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t written = write(descriptor, bytes, length);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return -1;
		bytes += written;
		length -= (size_t)written;
	}
	return 0;
}

/* Writes, syncs and closes. Returns 0, or -1 with errno. */
static int fill(int descriptor, const char *bytes, size_t length)
{
	int failed = write_all(descriptor, bytes, length) < 0;
	int why = failed ? errno : 0;

	/* What is no file on a disk cannot be synced: EINVAL, EROFS. */
	if (!failed && fsync(descriptor) < 0 && errno != EINVAL && errno != EROFS)
		why = errno;
	if (close(descriptor) < 0 && why == 0)
		why = errno;
	errno = why;
	return why == 0 ? 0 : -1;
}

static int write_in_place(const char *path, const char *bytes, size_t length)
{
	int descriptor = output_open(path, O_TRUNC, 0666);

	return descriptor < 0 ? -1 : fill(descriptor, bytes, length);
}

/* Makes a new file beside `path`; its name goes to `*name`, owned by the caller. Returns its descriptor, or -1. */
static int open_beside(const char *path, mode_t mode, char **name)
{
	for (int i = 0; i < NAMES_MAX; i++) {
		scoped(string) char *try = string_format("%s.%ld-%d~", path, (long)getpid(), i);
		int descriptor = open(try, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);

		if (descriptor >= 0)
			*name = steal(try);
		if (descriptor >= 0 || errno != EEXIST)
			return descriptor;
	}
	return -1;
}

/* Gives the new file the group and mode of the old one. Returns whether it has them. */
static bool make_alike(int descriptor, const struct stat *old)
{
	struct stat status;

	if (fstat(descriptor, &status) < 0)
		return false;
	if (status.st_gid != old->st_gid && fchown(descriptor, (uid_t)-1, old->st_gid) < 0)
		return false;
	return fchmod(descriptor, old->st_mode & 07777) == 0;
}

/* `old` is what stands there now, or NULL. Returns 0, -1, or 1 when no new file can be made there, or take its place. */
static int replace(const char *path, const struct stat *old, const char *bytes, size_t length)
{
	scoped(string) char *name = NULL;
	int descriptor = open_beside(path, old != NULL ? 0600 : 0666, &name);
	int result = 1;

	if (descriptor < 0)
		return 1;
	if (old != NULL && !make_alike(descriptor, old))
		close(descriptor);
	else
		result = fill(descriptor, bytes, length);
	/* Something may be mounted on the old one. */
	if (result == 0 && rename(name, path) < 0)
		result = 1;
	int why = errno;
	if (result != 0)
		unlink(name);
	errno = why;
	return result;
}

/* Returns whether the file has an access list or other attributes. What the system keeps there for itself a new file gets as well. */
static bool has_attributes(const char *path)
{
	char names[ATTRIBUTES_SIZE];
	ssize_t length = listxattr(path, names, sizeof(names));

	if (length < 0)
		return errno == ERANGE;
	for (const char *name = names; name < names + length; name += strlen(name) + 1)
		if (!string_starts(name, "security."))
			return true;
	return false;
}

/* A new file would belong to another user, would have only one of the old one's names, and would replace even what we may not write to. */
static bool is_replaceable(const char *path, const struct stat *old)
{
	return S_ISREG(old->st_mode) && old->st_uid == geteuid() && old->st_nlink == 1 && access(path, W_OK) == 0 &&
	       !has_attributes(path);
}

/* Writes to what `path` leads to, which is not open. Returns 0, or -1 with errno. */
static int write_file(const char *path, const char *bytes, size_t length)
{
	scoped(string) char *real = realpath(path, NULL);
	struct stat link;
	/* An open file that has been removed, for example, can still be written to by /proc/.../fd, but not replaced. */
	bool named = real != NULL || lstat(path, &link) < 0;
	const char *target = real != NULL ? real : path;
	struct stat old;
	bool exists = stat(target, &old) == 0;
	int result = 1;

	if (named && (!exists || is_replaceable(target, &old)))
		result = replace(target, exists ? &old : NULL, bytes, length);
	return result > 0 ? write_in_place(target, bytes, length) : result;
}

const char *output_home(char *const *environment)
{
	/* Inside a snap HOME is a folder of the snap. */
	bool in_snap = environment_get(environment, "SNAP_REAL_HOME") != NULL;

	return environment_given(environment, in_snap ? "SNAP_REAL_HOME" : "HOME");
}

int output_write(const char *path, char *const *environment, const char *bytes, size_t length, struct error **error)
{
	const char *home = output_home(environment);
	bool in_home = string_starts(path, "~/") && home != NULL;
	scoped(string) char *full = in_home ? string_format("%s%s", home, path + 1) : string_copy(path);
	int shared;
	int result = output_path_open(full, &shared);

	if (result == 0)
		result = shared >= 0 ? fill(shared, bytes, length) : write_file(full, bytes, length);
	if (result == 0)
		return 0;
	const char *why = output_reason(full);
	scoped(string) char *shown = text_printable(path);
	return error_set(error, ERROR_FAILED, "cannot write %s: %s", shown, why);
}
