/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

#include "plugin/complete_offer.h"

static bool is_folder(int at, const struct dirent *entry)
{
	struct stat status;

	if (entry->d_type != DT_UNKNOWN && entry->d_type != DT_LNK)
		return entry->d_type == DT_DIR;
	return fstatat(at, entry->d_name, &status, 0) == 0 && S_ISDIR(status.st_mode);
}

/* Returns the path of the folder whose entries are wanted, owned by the caller. `typed` ends with a "/", or is "". */
static char *folder_of(const char *typed, const char *home)
{
	if (typed[0] == '\0')
		return string_copy(".");
	if (string_starts(typed, "~/") && home != NULL)
		return string_format("%s/%s", home, typed + 2);
	return string_copy(typed);
}

void offer_files(const char *home, struct candidates *to)
{
	const char *slash = strrchr(to->typed, '/');
	scoped(string) char *above = string_copy_length(to->typed, slash != NULL ? (size_t)(slash - to->typed) + 1 : 0);
	scoped(string) char *path = folder_of(above, home);
	bool hidden = to->typed[strlen(above)] == '.';
	DIR *folder = opendir(path);

	if (folder == NULL)
		return;
	const struct dirent *entry = readdir(folder);
	for (size_t i = 0; entry != NULL && i < OFFER_FILES_MAX; i++, entry = readdir(folder)) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
			(entry->d_name[0] == '.' && !hidden))
			continue;
		scoped(string) char *value = string_format("%s%s", above, entry->d_name);
		if (!string_starts(value, to->typed))
			continue;
		scoped(string) char *closed = string_format("%s%s", value, is_folder(dirfd(folder), entry) ? "/" : "");
		candidates_add(to, closed, NULL);
	}
	closedir(folder);
}
