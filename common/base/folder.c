/* SPDX-License-Identifier: Apache-2.0 */
#include "common/base/folder.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "common/base/text.h"

static int make_one(const char *path, struct error **error)
{
	if (mkdir(path, 0700) == 0 || errno == EEXIST)
		return 0;
	int cause = errno;
	scoped(string) char *shown = text_printable(path);
	return error_set(error, ERROR_FAILED, "cannot make %s: %s", shown, strerror(cause));
}

int folder_ensure(const char *path, struct error **error)
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
