/* SPDX-License-Identifier: Apache-2.0 */
/* A file of the journal, and the same written again. */
#include "common/migration/journal.h"

#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"

#define MODEL "5f0c9a52-0d0e-4e55-8f0b-6f2a6f6f0001"

static void expect_same(const struct journal_entry *one, const struct journal_entry *other)
{
	const char *const texts[][2] = {{one->model_uuid, other->model_uuid}, {one->model, other->model},
		{one->jaas, other->jaas}, {one->jaas_uuid, other->jaas_uuid}, {one->source_uuid, other->source_uuid},
		{one->source_name, other->source_name}, {one->target_uuid, other->target_uuid},
		{one->target_name, other->target_name}, {one->migration_id, other->migration_id}};

	for (size_t i = 0; i < array_length(texts); i++) {
		fuzz_expect(string_same(texts[i][0], texts[i][1]));
		fuzz_expect_printable(texts[i][0]);
	}
	fuzz_expect(one->sent == other->sent && one->start0 == other->start0 && one->start == other->start);
	fuzz_expect(one->login == other->login && one->seen == other->seen);
}

static void write_again(const struct journal *journal, struct journal_entry *entry)
{
	scoped(journal_entry) struct journal_entry *again = NULL;
	scoped(error) struct error *error = NULL;
	int failed = journal_write(journal, entry, &error) < 0;

	fuzz_expect_error(failed, error);
	if (failed)
		return;
	fuzz_expect(journal_read(journal, MODEL, &again, NULL) == 0 && again != NULL);
	expect_same(entry, again);
}

void fuzz_one(const char *bytes, size_t length)
{
	struct journal journal = {string_copy(fuzz_folder())};
	scoped(string) char *path = string_format("%s/%s.json", fuzz_folder(), MODEL);
	scoped(journal_entry) struct journal_entry *entry = NULL;
	scoped(error) struct error *error = NULL;

	fuzz_write(path, bytes, length);
	int failed = journal_read(&journal, MODEL, &entry, &error) < 0;
	fuzz_expect_error(failed, error);
	fuzz_expect(failed == (entry == NULL));
	fuzz_expect(entry == NULL || string_same(entry->model_uuid, MODEL));
	if (entry != NULL)
		write_again(&journal, entry);
	fuzz_expect(journal_remove(&journal, MODEL, NULL) == 0);
	journal_release(&journal);
}
