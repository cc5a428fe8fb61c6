/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The catalogue between runs: one file for each JAAS in `$XDG_CACHE_HOME/juju-jaas-migrate/` (else `~/.cache/...`; in juju's snap
 * and in our own, `jaas-migrate/cache/` in juju's data directory), named by the UUID of the JAAS, mode 0600, replaced in one step. A line
 * is made of texts with tabs between them. The file may be removed at any time; a damaged one counts as missing.
 */
#ifndef PLUGIN_CATALOGUE_FILE_H
#define PLUGIN_CATALOGUE_FILE_H

#include "plugin/catalogue.h"

/* Largest file that is read or written, in bytes. */
#define CATALOGUE_FILE_MAX ((size_t)8 << 20)

/* Where the catalogue of one JAAS is. */
struct catalogue_place {
	char *folder; /* NULL: nowhere, nothing is read or kept */
	char *file;
	char *lock;
	char *tried;
};

/* Fills `place` (catalogue_place_release) for the JAAS with this UUID. `beside` is juju's data directory. */
void catalogue_place_init(
	struct catalogue_place *place, char *const *environment, const char *beside, const char *jaas_uuid);

/* Frees what it holds. */
void catalogue_place_release(struct catalogue_place *place);

/* Reads the file into the empty `catalogue`, if it was written for `user` (NULL or "": for any user). The catalogue stays empty when there
 * is no file, or when it is damaged, belongs to another user, or is dated after `now` (nanoseconds since 1970). */
void catalogue_read(const struct catalogue_place *place, const char *user, int64_t now, struct catalogue *catalogue);

/* Merges `catalogue` into the file. Does nothing when the catalogue is empty or another process is writing. Returns 0, or -1 with an error;
 * callers may ignore it. */
int catalogue_write(
	const struct catalogue_place *place, const struct catalogue *catalogue, int64_t now, struct error **error);

/* The same at the end of a run, so that the next completion has it. A failure is not reported: it does not matter to the run. */
void catalogue_keep(const struct catalogue *catalogue, char *const *environment, const char *beside,
	const char *jaas_uuid, int64_t now);

/* Records that asking JIMM failed at `now`; and returns when that was last (nanoseconds since 1970), INSTANT_NONE if never. */
void catalogue_mark_tried(const struct catalogue_place *place, int64_t now);
int64_t catalogue_tried(const struct catalogue_place *place);

/* Returns when the file at `path` was last changed (nanoseconds since 1970), INSTANT_NONE if that cannot be told. */
int64_t catalogue_changed(const char *path);

SCOPED_DEFINE_STRUCT(catalogue_place, struct catalogue_place, catalogue_place_release)

#endif
