/* SPDX-License-Identifier: Apache-2.0 */
#include "common/store/directory.h"

#include <string.h>

#include "common/base/environment.h"
#include "common/base/text.h"

/* Returns the length of `text` without its last part; it ends at `length`, and begins at `start`, after a root if any. */
static size_t without_last(const char *text, size_t start, size_t length)
{
	while (length > start && text[length - 1] != '/')
		length--;
	return length > start ? length - 1 : start;
}

static int is_dots(const char *part, size_t length)
{
	return length == 2 && part[0] == '.' && part[1] == '.';
}

/* Adds one part to `out`, with a "/" before all but the first. Returns the new length. */
static size_t with_part(char *out, size_t start, size_t length, const char *part, size_t part_length)
{
	if (length > start)
		out[length++] = '/';
	memcpy(out + length, part, part_length);
	return length + part_length;
}

char *directory_clean(const char *path)
{
	char *out = memory_get(strlen(path) + 2, 1);
	size_t start = path[0] == '/' ? 1 : 0; /* after the root */
	size_t length = start;
	size_t kept = start; /* up to here are ".." parts, which nothing removes again */

	out[0] = '/';
	for (size_t size; *path != '\0'; path += size) {
		path += strspn(path, "/");
		size = strcspn(path, "/");
		if (size == 0 || (size == 1 && path[0] == '.'))
			continue;
		if (!is_dots(path, size))
			length = with_part(out, start, length, path, size);
		else if (length > kept)
			length = without_last(out, start, length);
		else if (start == 0)
			kept = length = with_part(out, start, length, path, size);
	}
	if (length == 0)
		out[length++] = '.';
	out[length] = '\0';
	return out;
}

char *directory_join(const char *directory, const char *name)
{
	scoped(string) char *joined = string_format("%s/%s", directory, name);

	return directory_clean(joined);
}

char *directory_find(char *const *environment, struct error **error)
{
	const char *own = environment_given(environment, "JUJU_DATA");
	if (own != NULL)
		return directory_clean(own);

	const char *data = environment_given(environment, "XDG_DATA_HOME");
	if (data != NULL)
		return directory_join(data, "juju");

	/* Inside a snap HOME is a folder of the snap; SNAP_REAL_HOME is the person's own. */
	const char *variable = environment_get(environment, "SNAP_REAL_HOME") != NULL ? "SNAP_REAL_HOME" : "HOME";
	const char *home = environment_given(environment, variable);
	if (home != NULL)
		return directory_join(home, ".local/share/juju");
	error_set(error, ERROR_DATA_DIRECTORY, "cannot find juju's data directory: %s is %s; set JUJU_DATA or %s",
		variable, environment_get(environment, variable) != NULL ? "empty" : "not set", variable);
	return NULL;
}
