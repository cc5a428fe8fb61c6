/* SPDX-License-Identifier: Apache-2.0 */
#include "common/base/lock_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/owner.h"
#include "common/base/text.h"

static int refuse(const char *path, const char *why, struct error **error)
{
	scoped(string) char *shown = text_printable(path);

	return error_set(error, ERROR_FAILED, "cannot lock %s: %s", shown, why);
}

/* Returns what is wrong with an open file, NULL when it may be used. */
static const char *objection(int descriptor, const char *path)
{
	struct stat status;

	if (fstat(descriptor, &status) < 0)
		return strerror(errno);
	/* A file without a name was just removed; callers that mind check for it. */
	if (!S_ISREG(status.st_mode) || status.st_nlink > 1 || status.st_size > 0)
		return "it is no file made for this; remove it";
	return owner_like_directory(descriptor, path) == 0 ? NULL : strerror(errno);
}

int lock_file_open(const char *path, struct error **error)
{
	/* For writing: NFS has no other exclusive locks, and would say that each file is in use. */
	int descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0600);

	if (descriptor < 0)
		return refuse(path, errno == ELOOP ? "it is a symbolic link; remove it" : strerror(errno), error);
	const char *wrong = objection(descriptor, path);
	if (wrong == NULL)
		return descriptor;
	close(descriptor);
	return refuse(path, wrong, error);
}
