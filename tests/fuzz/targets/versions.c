/* SPDX-License-Identifier: Apache-2.0 */
/* Juju's version numbers, and the order that they are in: one a line. */
#include <string.h>

#include "common/juju/version.h"
#include "common/migration/migration.h"
#include "tests/fuzz/fuzz.h"

static int sign(int number)
{
	return (number > 0) - (number < 0);
}

void fuzz_one(const char *bytes, size_t length)
{
	scoped(fuzz_lines) struct fuzz_lines lines;
	struct juju_version list[3];
	size_t count = 0;

	fuzz_lines_read(&lines, (struct fuzz_input){bytes, length});
	for (size_t i = 0; i < lines.count; i++) {
		bool good = juju_version_parse(lines.list[i], &list[count]) == 0;

		fuzz_expect(!migration_juju_3(lines.list[i]) || !migration_blind(lines.list[i]));
		count += good && count < 2;
		if (good)
			fuzz_expect(memchr(list[count].tag, '\0', sizeof(list[count].tag)) != NULL);
	}
	for (size_t i = 0; i < count; i++)
		fuzz_expect(juju_version_compare(&list[i], &list[i]) == 0);
	if (count < 2)
		return;
	int order = juju_version_compare(&list[0], &list[1]), minor = juju_version_compare_minor(&list[0], &list[1]);
	fuzz_expect(sign(order) == -sign(juju_version_compare(&list[1], &list[0])));
	fuzz_expect(sign(minor) == -sign(juju_version_compare_minor(&list[1], &list[0])));
	fuzz_expect(minor == 0 || sign(minor) == sign(order));
}
