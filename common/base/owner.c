/* SPDX-License-Identifier: Apache-2.0 */
#include "common/base/owner.h"

#include <libgen.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/scoped.h"

int owner_like(int descriptor, const char *path)
{
	struct stat own;
	struct stat model;

	if (geteuid() != 0)
		return 0;
	if (fstat(descriptor, &own) != 0 || stat(path, &model) != 0)
		return -1;
	if (own.st_uid == model.st_uid && own.st_gid == model.st_gid)
		return 0;
	return fchown(descriptor, model.st_uid, model.st_gid);
}

int owner_like_directory(int descriptor, const char *path)
{
	scoped(string) char *copy = string_copy(path);

	return owner_like(descriptor, dirname(copy));
}
