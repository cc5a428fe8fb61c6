/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A journal in a folder of its own for each test, and what is in it.
 */
#ifndef TESTS_UNIT_JOURNAL_PLACE_H
#define TESTS_UNIT_JOURNAL_PLACE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/base/instant.h"
#include "common/migration/journal.h"
#include "tests/unit/support/folder.h"

#define ONE "5f0c9a52-0d0e-4e55-8f0b-000000000001"
#define OTHER "5f0c9a52-0d0e-4e55-8f0b-000000000002"
#define WHOLE                                    \
	"{\"format\": 1, \"model-uuid\": \"" ONE \
	"\", \"target\": \"my-controller\", \"sent\": \"2026-07-01T10:00:00Z\"}"

/* An entry with as little as there may be. */
static inline struct journal_entry sample(const char *uuid)
{
	return (struct journal_entry){
		.model_uuid = (char *)uuid,
		.target_name = (char *)"my-controller",
		.sent = INT64_C(1782900000) * INSTANT_SECOND,
		.start0 = INSTANT_NONE,
		.start = INSTANT_NONE,
		.login = INSTANT_NONE,
	};
}

struct place {
	char folder[64];
	struct journal journal; /* in "state" below it */
};

static inline int make_place(void **state)
{
	struct place *place = memory_get(1, sizeof(*place));

	*state = place;
	strcpy(place->folder, "/tmp/migration-journal-XXXXXX");
	if (mkdtemp(place->folder) == NULL || chmod(place->folder, 0755) < 0)
		return -1;
	place->journal.directory = string_format("%s/state", place->folder);
	return 0;
}

static inline int remove_place(void **state)
{
	struct place *place = *state;
	scoped(string) char *command = string_format("chmod -R u+rwx %s && rm -rf %s", place->folder, place->folder);

	journal_release(&place->journal);
	free(place);
	return system(command);
}

static inline char *path_in(const struct place *place, const char *name)
{
	return string_format("%s/%s", place->journal.directory, name);
}

static inline void put_file(const struct place *place, const char *name, const char *bytes, size_t length)
{
	scoped(string) char *path = path_in(place, name);

	mkdir(place->journal.directory, 0700);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, length, file), length);
	assert_int_equal(fclose(file), 0);
}

/* Returns the file's text, owned by the caller; NULL when there is none. */
static inline char *text_of(const struct place *place, const char *name)
{
	static char bytes[JOURNAL_FILE_MAX * 2];
	scoped(string) char *path = path_in(place, name);
	FILE *file = fopen(path, "r");

	if (file == NULL)
		return NULL;
	size_t length = fread(bytes, 1, sizeof(bytes), file);
	fclose(file);
	return string_copy_length(bytes, length);
}

static inline void assert_file(const struct place *place, const char *name, const char *expected)
{
	scoped(string) char *text = text_of(place, name);

	assert_non_null(text);
	assert_string_equal(text, expected);
}

/* Returns how many files the folder holds, whatever their names. */
static inline int files_in(const struct place *place)
{
	return folder_count(place->journal.directory);
}

#endif
