/* SPDX-License-Identifier: Apache-2.0 */
/* Where files are, by an environment: a variable a line. */
#include <stdlib.h>
#include <string.h>

#include "common/migration/journal.h"
#include "common/store/directory.h"
#include "common/store/lock.h"
#include "plugin/catalogue_file.h"
#include "tests/fuzz/fuzz.h"

static void clean(const char *path)
{
	scoped(string) char *once = directory_clean(path);
	scoped(string) char *twice = directory_clean(once);
	scoped(string) char *joined = directory_join(once, "accounts.yaml");
	size_t length = strlen(once);

	fuzz_expect(strcmp(once, twice) == 0 && length > 0);
	fuzz_expect(strstr(once, "//") == NULL && strstr(once, "/./") == NULL);
	fuzz_expect(length == 1 || once[length - 1] != '/');
	fuzz_expect((path[0] == '/') == (once[0] == '/'));
	fuzz_expect(strstr(joined, "accounts.yaml") != NULL);
}

void fuzz_one(const char *bytes, size_t length)
{
	scoped(fuzz_lines) struct fuzz_lines lines;
	scoped(catalogue_place) struct catalogue_place place;
	struct journal journal = {NULL};
	scoped(error) struct error *error = NULL, *other = NULL;

	fuzz_lines_read(&lines, (struct fuzz_input){bytes, length});
	for (size_t i = 0; i < lines.count; i++)
		clean(lines.list[i]);
	scoped(string) char *directory = directory_find(lines.list, &error);
	fuzz_expect_error(directory == NULL, error);
	fuzz_expect_error(journal_init(&journal, lines.list, "/data", &other) < 0, other);
	catalogue_place_init(&place, lines.list, "/data", "1c9f0000-0d0e-4e55-8f0b-6f2a6f6f0002");
	scoped(string) char *lock = store_lock_path(directory != NULL ? directory : "/data", lines.list);
	fuzz_expect(lock != NULL && lock[0] != '\0');
	journal_release(&journal);
}
