/* SPDX-License-Identifier: Apache-2.0 */
#include "common/base/replace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/owner.h"
#include "common/base/text.h"

/* Writes all of it, or returns -1 with errno. */
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

/* Fills and closes; errno tells why not. */
static int fill(int descriptor, const char *bytes, size_t length)
{
	int failed = fchmod(descriptor, 0600) < 0 || write_all(descriptor, bytes, length) < 0 || fsync(descriptor) < 0;
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

int replace_file(const char *path, const char *bytes, size_t length, struct error **error)
{
	/* One name, so that what a killed process leaves is overwritten and does not pile up. */
	scoped(string) char *beside = string_format("%s.new", path);
	int descriptor = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (descriptor >= 0 && fill(descriptor, bytes, length) == 0 && rename(beside, path) == 0)
		return 0;
	int why = errno;
	if (descriptor >= 0)
		unlink(beside);
	return refuse(path, why, error);
}

/* Owned by whom the file belonged to, a new one by whom the directory belongs to; -1 with errno. */
static int keep_owner(int descriptor, const char *path)
{
	return access(path, F_OK) == 0 ? owner_like(descriptor, path) : owner_like_directory(descriptor, path);
}

int replace_shared_file(const char *path, const char *bytes, size_t length, struct error **error)
{
	scoped(string) char *pointed = realpath(path, NULL);
	const char *target = pointed != NULL ? pointed : path;
	scoped(string) char *beside = string_format("%s.XXXXXX", target);
	int descriptor = pointed != NULL || errno == ENOENT ? mkostemp(beside, O_CLOEXEC) : -1;
	int owned = descriptor >= 0 ? keep_owner(descriptor, target) : -1;
	int why = errno;

	if (owned == 0 && fill(descriptor, bytes, length) == 0 && rename(beside, target) == 0)
		return 0;
	if (owned == 0)
		why = errno;
	else if (descriptor >= 0)
		close(descriptor);
	if (descriptor >= 0)
		unlink(beside);
	return refuse(path, why, error);
}
