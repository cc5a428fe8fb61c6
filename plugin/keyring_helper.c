/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/keyring_helper.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/text.h"

char *keyring_helper_program(struct error **error)
{
	char path[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", path, sizeof(path));

	if (length > 0 && (size_t)length < sizeof(path))
		return string_copy_length(path, (size_t)length);
	error_set(error, ERROR_FAILED, "cannot tell where this program is: %s",
		length < 0 ? strerror(errno) : "the path is too long");
	return NULL;
}

static int refuse(const char *path, const char *why, struct error **error)
{
	scoped(string) char *shown = text_printable(path);

	return error_set(error, ERROR_FAILED, "cannot use the keyring helper %s: %s", shown, why);
}

static int check(const char *path, const struct stat *file, struct error **error)
{
	struct stat directory;
	scoped(string) char *parent = string_copy_length(path, (size_t)(strrchr(path, '/') - path));

	if (!S_ISREG(file->st_mode))
		return refuse(path, "it is no regular file", error);
	if ((file->st_mode & 0111) == 0 || access(path, X_OK) < 0)
		return refuse(path, "it is not executable", error);
	if (file->st_uid != 0 && file->st_uid != geteuid())
		return refuse(path, "it belongs to somebody else", error);
	if (file->st_mode & S_IWOTH)
		return refuse(path, "everybody can write to it", error);
	if (stat(parent, &directory) < 0 || directory.st_mode & S_IWOTH)
		return refuse(path, "everybody can write to its directory", error);
	return 0;
}

/* Other programs are called "keyring" as well. */
static int is_built_here(const char *directory)
{
	const char *name = strrchr(directory, '/');

	return name != NULL && strcmp(name, "/bin") != 0 && strcmp(name, "/sbin") != 0;
}

char *keyring_helper_find(const char *program, struct error **error)
{
	const char *slash = strrchr(program, '/');
	scoped(string) char *directory = string_copy_length(program, slash != NULL ? (size_t)(slash - program) : 0);
	const char *const places[] = {"/../libexec/juju-jaas-migrate/keyring", "/../lib/juju-jaas-migrate/keyring",
		"/../libexec/keyring", "/keyring"};
	size_t count = is_built_here(directory) ? array_length(places) : array_length(places) - 1;

	for (size_t i = 0; i < count; i++) {
		struct stat file;
		scoped(string) char *path = string_format("%s%s", directory, places[i]);

		if (lstat(path, &file) == 0)
			return check(path, &file, error) == 0 ? steal(path) : NULL;
	}
	error_set(error, ERROR_FAILED, "the keyring helper is not installed");
	return NULL;
}
