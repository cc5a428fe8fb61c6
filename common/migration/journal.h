/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The journal: what this program knows about moves without a decided end, kept in case it dies. One file for each move,
 * written before MigrateModel is sent and removed when the end is decided.
 *
 * A file that cannot be understood (damaged, or written by a later version) is reported and left alone. Keys that this version
 * does not know are kept.
 */
#ifndef COMMON_MIGRATION_JOURNAL_H
#define COMMON_MIGRATION_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"

/* Largest file that is read, and most files that are listed. */
#define JOURNAL_FILE_MAX ((size_t)64 * 1024)
#define JOURNAL_ENTRIES_MAX 10000

struct json_object;

/* Signs of the attempt that were seen; bits of `seen`. */
enum journal_sign {
	JOURNAL_EDGE = 1 << 0,
	JOURNAL_COMMITTED = 1 << 1,
	JOURNAL_LATE = 1 << 2,
	JOURNAL_REDIRECT = 1 << 3,
	JOURNAL_DEPARTED = 1 << 4,
	JOURNAL_REAPFAILED = 1 << 5,
	JOURNAL_ABORTED = 1 << 6,
	JOURNAL_GIVEN_UP = 1 << 7, /* watched in vain on a source that shows no attempts: probably aborted */
};

/* One move. Texts may be NULL (not known); instants are nanoseconds since 1970 UTC, or INSTANT_NONE. */
struct journal_entry {
	char *model_uuid; /* never NULL: names the file */
	char *model;      /* owner/name */
	char *jaas;       /* name of the JAAS entry in juju's store */
	char *jaas_uuid;  /* JIMM's own */
	char *source_uuid, *source_name;
	char *target_uuid, *target_name;
	char *migration_id;
	int64_t sent;             /* when MigrateModel was sent, by our wall clock */
	int64_t start0;           /* start of the newest attempt before it, by the source's clock */
	int64_t start;            /* start of its attempt, by the source's clock */
	int64_t login;            /* when last written after a login had reached the source, by our wall clock */
	unsigned int seen;        /* of enum journal_sign */
	struct json_object *rest; /* the file as it was read, for keys that this version does not know; may be NULL */
};

/* The folder of these files. */
struct journal {
	char *directory; /* path; made when the first file is written */
};

/* Makes `journal` use this user's folder: $XDG_STATE_HOME/juju-jaas-migrate, else ~/.local/state/juju-jaas-migrate; in juju's snap and
 * in our own, `beside`/jaas-migrate (`beside` is juju's data directory, the only hidden place where these may keep files). The caller
 * owns the storage (journal_release). Returns 0, or -1 with ERROR_FAILED when there is no home, or folder_check refuses the folder. */
int journal_init(struct journal *journal, char *const *environment, const char *beside, struct error **error);

void journal_release(struct journal *journal);

/* Reads the entry of a model into `*entry` (journal_entry_free), NULL when there is none. Returns 0, or -1 with ERROR_FAILED that
 * names the file: it cannot be read, is damaged, or was written by another version. */
int journal_read(
	const struct journal *journal, const char *model_uuid, struct journal_entry **entry, struct error **error);

/* Writes an entry, mode 0600, as a whole or not at all. Returns 0, or -1 with ERROR_FAILED. */
int journal_write(const struct journal *journal, const struct journal_entry *entry, struct error **error);

/* Removes the entry of a model, if there is one. Returns 0, or -1 with ERROR_FAILED. */
int journal_remove(const struct journal *journal, const char *model_uuid, struct error **error);

/* Lists the models that have an entry: `*count` UUIDs in `*uuids`, sorted; the caller owns each string and the list (free()). A folder
 * that does not exist has none. Returns 0, or -1 with ERROR_FAILED. */
int journal_list(const struct journal *journal, char ***uuids, size_t *count, struct error **error);

/* Takes the lock of a model, so that a second run on it notices. Returns a descriptor that holds the lock until it is closed; -1 if
 * another process holds it; -2 with ERROR_FAILED if it cannot be taken at all. */
int journal_lock(const struct journal *journal, const char *model_uuid, struct error **error);

/* Releases a lock: removes its file and closes `descriptor`. */
void journal_unlock(const struct journal *journal, const char *model_uuid, int descriptor);

void journal_entry_free(struct journal_entry *entry);

SCOPED_DEFINE(journal_entry, struct journal_entry *, journal_entry_free)

#endif
