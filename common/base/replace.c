/* SPDX-License-Identifier: Apache-2.0 */
#include "common/base/replace.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/owner.h"
#include "common/base/text.h"

/* Writes all bytes. Returns 0, or -1 with errno. */
static int write_all(int descriptor, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t written = write(descriptor, bytes, length);

		if (written < 0 && errno != EINTR)
			return -1;
		if (written > 0) {
			bytes += written;
			length -= (size_t)written;
		}
	}
	return 0;
}

/* What may become of a file when the machine crashes. */
enum fate { FATE_LASTS, FATE_MAY_BE_LOST };

/* Fills and closes a file. Returns 0, or -1 with errno. */
static int fill(int descriptor, const char *bytes, size_t length, enum fate fate)
{
	int failed = fchmod(descriptor, 0600) < 0 || write_all(descriptor, bytes, length) < 0 ||
		     (fate == FATE_LASTS && fsync(descriptor) < 0);
	int why = errno;

	if (close(descriptor) < 0 && !failed)
		return -1;
	errno = why;
	return failed ? -1 : 0;
}

static int refuse(const char *path, int why, struct error **error)
{
	scoped(string) char *shown = text_printable(path);

	return error_set(error, ERROR_FAILED, "cannot write %s: %s", shown, strerror(why));
}

/* Gives the new file the owner of the one that it replaces, or of the directory when there is none; -1 with errno. */
static int keep_owner(int descriptor, const char *path)
{
	struct stat status;

	if (lstat(path, &status) == 0 && S_ISREG(status.st_mode))
		return owner_like(descriptor, path);
	return owner_like_directory(descriptor, path);
}

/* Gives `descriptor` (-1: none, see errno) its owner and contents, closes it, and renames `beside` to `target`. */
static int put(int descriptor, const char *beside, const char *target, const char *bytes, size_t length, enum fate fate)
{
	int owned = descriptor >= 0 ? keep_owner(descriptor, target) : -1;
	int why = errno;

	if (owned == 0 && fill(descriptor, bytes, length, fate) == 0 && rename(beside, target) == 0)
		return 0;
	if (owned == 0)
		why = errno;
	else if (descriptor >= 0)
		close(descriptor);
	if (descriptor >= 0)
		unlink(beside);
	errno = why;
	return -1;
}

static int replace(const char *path, const char *bytes, size_t length, enum fate fate, struct error **error)
{
	/* Always the same name, so that leftovers do not pile up; one may be a pipe or a hard link: remove it. */
	scoped(string) char *beside = string_format("%s.new", path);
	if (unlink(beside) < 0 && errno != ENOENT)
		return refuse(beside, errno, error);
	int descriptor = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	return put(descriptor, beside, path, bytes, length, fate) == 0 ? 0 : refuse(path, errno, error);
}

int replace_file(const char *path, const char *bytes, size_t length, struct error **error)
{
	return replace(path, bytes, length, FATE_LASTS, error);
}

int replace_cached_file(const char *path, const char *bytes, size_t length, struct error **error)
{
	return replace(path, bytes, length, FATE_MAY_BE_LOST, error);
}

/* Returns 1, or 0 with errno when root would follow a link in a user's folder to a file that is not that user's. */
static int link_sound(const char *path, const char *target)
{
	scoped(string) char *copy = string_copy(path);
	struct stat link;
	struct stat folder;
	struct stat file;

	if (geteuid() != 0 || lstat(path, &link) < 0 || !S_ISLNK(link.st_mode))
		return 1;
	if (stat(target, &file) < 0 || stat(dirname(copy), &folder) < 0)
		return 0;
	errno = EPERM;
	return folder.st_uid == 0 || file.st_uid == folder.st_uid;
}

int replace_shared_file(const char *path, const char *bytes, size_t length, struct error **error)
{
	scoped(string) char *pointed = realpath(path, NULL);
	const char *target = pointed != NULL ? pointed : path;
	scoped(string) char *beside = string_format("%s.XXXXXX", target);
	int sound = pointed != NULL ? link_sound(path, target) : errno == ENOENT;
	int descriptor = sound ? mkostemp(beside, O_CLOEXEC) : -1;

	return put(descriptor, beside, target, bytes, length, FATE_LASTS) == 0 ? 0 : refuse(path, errno, error);
}
