/* SPDX-License-Identifier: Apache-2.0 */
#include "common/store/exposure.h"

#include <dirent.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/base/scoped.h"
#include "common/base/shell.h"
#include "common/base/text.h"
#include "common/store/directory.h"

/* Most cookie files that are checked. */
#define JARS_MAX 1000

/* True if everybody may enter the folder `path` and all folders above it. */
static bool entered(const char *path)
{
	scoped(string) char *part = string_copy(path);
	struct stat status;

	for (char *end = part + strlen(part); end != part; end = strrchr(part, '/')) {
		*end = '\0';
		if (part[0] == '\0')
			break;
		if (stat(part, &status) < 0 || (status.st_mode & S_IXOTH) == 0)
			return false;
	}
	return true;
}

/* True if everybody may replace files in the folder `path`. */
static bool is_open_folder(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && (status.st_mode & S_IWOTH) != 0 && (status.st_mode & S_ISVTX) == 0;
}

static bool is_open_file(const char *path, mode_t rights)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISREG(status.st_mode) && (status.st_mode & rights) != 0;
}

static void add(struct text *found, const char *name, bool is_open)
{
	if (is_open)
		text_add_format(found, "%s%s", found->length > 0 ? ", " : "", name);
}

static bool is_open_jar(const char *cookies)
{
	DIR *folder = opendir(cookies);
	bool found = false;
	int looked = 0;

	if (folder == NULL)
		return false;
	for (const struct dirent *entry = readdir(folder); entry != NULL && !found && looked < JARS_MAX; looked++) {
		scoped(string) char *path = directory_join(cookies, entry->d_name);

		found = is_open_file(path, S_IROTH | S_IWOTH) && strstr(entry->d_name, ".lock") == NULL;
		entry = readdir(folder);
	}
	closedir(folder);
	return found;
}

char *exposure_find(const char *directory)
{
	scoped(string) char *real = realpath(directory, NULL);
	scoped(text) struct text found = {.ceiling = TEXT_SHOWN_MAX};

	if (real == NULL || !entered(real))
		return NULL;
	scoped(string) char *accounts = directory_join(real, "accounts.yaml");
	scoped(string) char *controllers = directory_join(real, "controllers.yaml");
	/* Who can change where a secret is sent, can get it: controllers.yaml must not be writable. */
	add(&found, "the folder itself", is_open_folder(real));
	add(&found, "accounts.yaml", is_open_file(accounts, S_IROTH | S_IWOTH));
	add(&found, "controllers.yaml", is_open_file(controllers, S_IWOTH));
	scoped(string) char *cookies = directory_join(real, "cookies");
	add(&found, "cookies", entered(cookies) && is_open_jar(cookies));
	if (found.length == 0)
		return NULL;
	scoped(string) char *shown = text_printable(real);
	scoped(string) char *word = shell_word(real);
	return string_format(
		"other users of this machine can get at your secrets in %s (%s); close it to them: chmod go= %s", shown,
		found.data, word);
}
