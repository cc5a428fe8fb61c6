/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/environment.h"
#include "common/base/text.h"

/* How many names are tried for the new file before it replaces the old one. */
#define NAMES_MAX 100

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

/* The file of a stream is not replaced: others may have written to it before, and what they write later must not be lost. Returns a new
 * descriptor for stdout or stderr if `file` is where it writes to, else -1. */
static int stream_of(const struct stat *file)
{
	for (int stream = STDOUT_FILENO; stream <= STDERR_FILENO; stream++) {
		struct stat status;
		int flags = fcntl(stream, F_GETFL);

		if (flags >= 0 && (flags & O_ACCMODE) != O_RDONLY && fstat(stream, &status) == 0 &&
			status.st_dev == file->st_dev && status.st_ino == file->st_ino)
			return fcntl(stream, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	}
	return -1;
}

static int write_in_place(const char *path, const char *bytes, size_t length)
{
	int descriptor = output_open(path, O_TRUNC, 0666);

	return descriptor < 0 ? -1 : fill(descriptor, bytes, length);
}

/* Makes a new file beside `path`; its name goes to `*name`, owned by the caller. Returns its descriptor, or -1. */
static int open_beside(const char *path, char **name)
{
	for (int i = 0; i < NAMES_MAX; i++) {
		scoped(string) char *try = string_format("%s.%ld-%d~", path, (long)getpid(), i);
		int descriptor = open(try, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);

		if (descriptor >= 0)
			*name = steal(try);
		if (descriptor >= 0 || errno != EEXIST)
			return descriptor;
	}
	return -1;
}

/* `old` is what stands there now, or NULL. Returns 0, -1, or 1 when no new file can be made there. */
static int replace(const char *path, const struct stat *old, const char *bytes, size_t length)
{
	scoped(string) char *name = NULL;
	int descriptor = open_beside(path, &name);

	if (descriptor < 0)
		return 1;
	int ok = old == NULL || fchmod(descriptor, old->st_mode & 07777) == 0;
	if (!ok)
		close(descriptor);
	if (ok && fill(descriptor, bytes, length) == 0 && rename(name, path) == 0)
		return 0;
	int why = errno;
	unlink(name);
	errno = why;
	return -1;
}

/* Returns where the bytes have to go: with the home directory put in and links followed. `*named` says whether that is the name of a file:
 * an open file that has been removed, for example, can still be written to by /dev/fd, but not replaced. */
static char *resolve(const char *path, char *const *environment, int *named)
{
	const char *home = environment_given(environment, "HOME");
	int in_home = string_starts(path, "~/") && home != NULL;
	scoped(string) char *full = in_home ? string_format("%s%s", home, path + 1) : string_copy(path);
	char *real = realpath(full, NULL);
	struct stat link;

	*named = real != NULL || lstat(full, &link) < 0;
	return real != NULL ? real : steal(full);
}

int output_write(const char *path, char *const *environment, const char *bytes, size_t length, struct error **error)
{
	int named;
	scoped(string) char *target = resolve(path, environment, &named);
	struct stat old;
	int exists = stat(target, &old) == 0;
	int stream = exists ? stream_of(&old) : -1;
	/* Renaming would replace even another user's file, or one that we may not write to. */
	int ours = named && (!exists || (S_ISREG(old.st_mode) && old.st_uid == geteuid() && access(target, W_OK) == 0));
	int result = 1;

	if (stream >= 0)
		result = fill(stream, bytes, length);
	else if (ours)
		result = replace(target, exists ? &old : NULL, bytes, length);
	if (result > 0)
		result = write_in_place(target, bytes, length);
	if (result == 0)
		return 0;
	const char *why = output_reason(target);
	scoped(string) char *shown = text_printable(path);
	return error_set(error, ERROR_FAILED, "cannot write %s: %s", shown, why);
}
