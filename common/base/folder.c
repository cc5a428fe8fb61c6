/* SPDX-License-Identifier: Apache-2.0 */
#include "common/base/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "common/base/owner.h"
#include "common/base/text.h"

static int fail(const char *what, const char *path, const char *why, struct error **error)
{
	scoped(string) char *shown = text_printable(path);

	return error_set(error, ERROR_FAILED, "cannot %s %s: %s", what, shown, why);
}

/* Gives what root made to the owner of the folder above. Returns 0, or -1 with errno. */
static int give_away(const char *path)
{
	if (geteuid() != 0)
		return 0;
	int descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (descriptor < 0)
		return -1;
	int status = owner_like_directory(descriptor, path);
	int cause = errno;
	close(descriptor);
	errno = cause;
	return status;
}

static int make_one(const char *path, struct error **error)
{
	if (mkdir(path, 0700) == 0 ? give_away(path) == 0 : errno == EEXIST)
		return 0;
	return fail("make", path, strerror(errno), error);
}

/* Makes the folder and its missing parents. */
static int make_all(const char *path, struct error **error)
{
	scoped(string) char *part = string_copy(path);

	for (char *slash = part[0] != '\0' ? strchr(part + 1, '/') : NULL; slash != NULL;
		slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (make_one(part, error) < 0)
			return -1;
		*slash = '/';
	}
	return make_one(part, error);
}

int folder_ensure(const char *path, struct error **error)
{
	struct stat status;

	/* Nearly always it exists. */
	if (stat(path, &status) < 0 && make_all(path, error) < 0)
		return -1;
	return folder_check(path, error);
}

const char *folder_objection(
	const struct stat *link, const struct stat *folder, const struct stat *above, unsigned int self)
{
	bool as_above = self == 0 && folder->st_uid == above->st_uid && link->st_uid == above->st_uid;

	if (!S_ISDIR(folder->st_mode))
		return "it is no folder";
	if (!as_above &&
		((folder->st_uid != self && folder->st_uid != 0) || (link->st_uid != self && link->st_uid != 0)))
		return "it belongs to somebody else";
	if ((folder->st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return "others can write to it; have them not: chmod go-w";
	return NULL;
}

int folder_check(const char *path, struct error **error)
{
	scoped(string) char *copy = string_copy(path);
	struct stat link;
	struct stat folder;
	struct stat above;

	if (lstat(path, &link) < 0 || stat(path, &folder) < 0 || stat(dirname(copy), &above) < 0)
		return errno == ENOENT ? 0 : fail("use", path, strerror(errno), error);
	const char *objection = folder_objection(&link, &folder, &above, geteuid());
	return objection == NULL ? 0 : fail("use", path, objection, error);
}
