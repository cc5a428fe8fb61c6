/* SPDX-License-Identifier: Apache-2.0 */
/* Juju's names on the wire, and which of some names a misspelt one may have meant: one a line. */
#include <string.h>

#include "common/base/nearest.h"
#include "common/juju/names.h"
#include "tests/fuzz/fuzz.h"

static void one(const char *text)
{
	static const char *const kinds[] = {"user", "model", "cloud", "unit"};
	scoped(string) char *user = names_user(text);
	scoped(string) char *again = names_user(user);

	for (size_t i = 0; i < array_length(kinds); i++) {
		scoped(string) char *tag = names_tag(kinds[i], text);
		const char *id = names_id(tag, kinds[i]);

		fuzz_expect(text[0] == '\0' ? id == NULL : string_same(id, text));
		id = names_id(text, kinds[i]);
		fuzz_expect(id == NULL || (id > text && id[0] != '\0' && id < text + strlen(text)));
	}
	fuzz_expect(!names_is_uuid(text) || strlen(text) == NAMES_UUID_LENGTH);
	fuzz_expect(strlen(user) <= strlen(text) && strlen(again) <= strlen(user));
}

void fuzz_one(const char *bytes, size_t length)
{
	scoped(fuzz_lines) struct fuzz_lines lines;
	struct nearest nearest;

	fuzz_lines_read(&lines, (struct fuzz_input){bytes, length});
	if (lines.count == 0)
		return;
	nearest_init(&nearest, lines.list[0]);
	for (size_t i = 0; i < lines.count; i++) {
		one(lines.list[i]);
		nearest_take(&nearest, lines.list[i]);
	}
	fuzz_expect(nearest.count <= NEAREST_OFFERED_MAX);
	for (size_t i = 0; i < nearest.count; i++)
		fuzz_expect(strcmp(nearest.names[i], lines.list[0]) != 0 &&
			    (i == 0 || nearest.distances[i - 1] <= nearest.distances[i]));
	scoped(string) char *text = nearest_text(&nearest);
	scoped(string) char *owner = names_owner(lines.list[0], lines.list[lines.count - 1]);
	fuzz_expect((text != NULL) == (nearest.count > 0));
	fuzz_expect_printable(text);
	fuzz_expect(owner != NULL);
}
