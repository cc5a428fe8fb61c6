/* SPDX-License-Identifier: Apache-2.0 */
#include "common/migration/journal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/environment.h"
#include "common/base/folder.h"
#include "common/base/instant.h"
#include "common/base/lock_file.h"
#include "common/base/replace.h"
#include "common/base/snap.h"
#include "common/base/text.h"
#include "common/juju/names.h"

#define JOURNAL_FORMAT 1
#define JOURNAL_DEPTH_MAX 8
#define SUFFIX ".json"

static const char *const sign_names[] = {
	"edge", "committed", "late", "redirect", "departed", "reap-failed", "aborted", "given-up"};

/* ---- the folder ---- */

/* What is read there is believed as seen by an earlier run, so nobody else may write there. */
static int trust(struct journal *journal, struct error **error)
{
	struct error *failed = NULL;

	if (folder_check(journal->directory, &failed) == 0)
		return 0;
	journal_release(journal);
	error_wrap(&failed, "cannot keep a journal");
	return error_move(error, failed);
}

int journal_init(struct journal *journal, char *const *environment, const char *beside, struct error **error)
{
	const char *state = environment_given(environment, "XDG_STATE_HOME");
	const char *home = environment_get(environment, "SNAP_REAL_HOME");

	journal->directory = NULL;
	if (snap_look(environment) != SNAP_NONE)
		journal->directory = string_format("%s/jaas-migrate", beside);
	/* A relative one would be another for each folder that somebody is in. */
	else if (state != NULL && state[0] == '/')
		journal->directory = string_format("%s/juju-jaas-migrate", state);
	if (journal->directory != NULL)
		return trust(journal, error);
	home = home != NULL ? home : environment_get(environment, "HOME");
	if (!string_given(home))
		return error_set(error, ERROR_FAILED, "cannot keep a journal: no home directory; set XDG_STATE_HOME");
	journal->directory = string_format("%s/.local/state/juju-jaas-migrate", home);
	return trust(journal, error);
}

void journal_release(struct journal *journal)
{
	free(journal->directory);
	journal->directory = NULL;
}

static int fail(const char *what, const char *path, int cause, struct error **error)
{
	scoped(string) char *shown = text_printable(path);

	return error_set(error, ERROR_FAILED, "cannot %s %s: %s", what, shown, strerror(cause));
}

static char *path_of(const struct journal *journal, const char *uuid, const char *suffix)
{
	return string_format("%s/%s%s", journal->directory, uuid, suffix);
}

/* ---- reading ---- */

static inline void scoped_json_release(struct json_object **object)
{
	json_object_put(*object);
}

/* Returns a descriptor, or -1: with an error, or without one if there is no such file. */
static int open_entry(const char *path, struct error **error)
{
	int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	struct stat status;

	if (descriptor < 0)
		return errno == ENOENT ? -1 : fail("read", path, errno, error);
	if (fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode))
		return descriptor;
	close(descriptor);
	scoped(string) char *shown = text_printable(path);
	return error_set(error, ERROR_FAILED, "cannot read %s: it is no file; remove it", shown);
}

/* Returns the file's text, owned by the caller; or NULL: with an error, or without one if there is no such file. */
static char *read_text(const char *path, struct error **error)
{
	int descriptor = open_entry(path, error);
	scoped(text) struct text text = {.ceiling = JOURNAL_FILE_MAX};
	char piece[4096];
	ssize_t got = 0;

	if (descriptor < 0)
		return NULL;
	while (!text.full && (got = read(descriptor, piece, sizeof(piece))) > 0)
		text_add(&text, piece, (size_t)got);
	int cause = errno;
	close(descriptor);
	if (got < 0 || text.full) {
		fail("read", path, got < 0 ? cause : EFBIG, error);
		return NULL;
	}
	/* We never write a NUL: a text with one is made invalid, as it would hide the rest. */
	size_t length = text.length;
	char *whole = text_take(&text);
	if (strlen(whole) != length)
		whole[0] = '\0';
	return whole;
}

static char *get_text(struct json_object *object, const char *key)
{
	struct json_object *value = NULL;

	if (!json_object_object_get_ex(object, key, &value) || !json_object_is_type(value, json_type_string))
		return NULL;
	return text_printable(json_object_get_string(value));
}

static int64_t get_instant(struct json_object *object, const char *key)
{
	scoped(string) char *text = get_text(object, key);

	return instant_parse(text);
}

static unsigned int get_signs(struct json_object *object)
{
	struct json_object *list = NULL;
	unsigned int seen = 0;

	if (!json_object_object_get_ex(object, "seen", &list) || !json_object_is_type(list, json_type_array))
		return 0;
	for (size_t i = 0; i < json_object_array_length(list); i++) {
		const char *name = json_object_get_string(json_object_array_get_idx(list, i));

		for (size_t sign = 0; sign < array_length(sign_names); sign++)
			if (string_same(name, sign_names[sign]))
				seen |= 1U << sign;
	}
	return seen;
}

/* Strict, else json-c would accept a comment at the end, and read on behind the text. */
static struct json_object *parse(const char *text)
{
	struct json_tokener *tokener = json_tokener_new_ex(JOURNAL_DEPTH_MAX);

	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
	struct json_object *object = json_tokener_parse_ex(tokener, text, (int)strlen(text) + 1);
	bool whole = json_tokener_get_error(tokener) == json_tokener_success &&
		     json_tokener_get_parse_end(tokener) >= strlen(text);
	json_tokener_free(tokener);
	if (whole && json_object_is_type(object, json_type_object))
		return object;
	json_object_put(object);
	return NULL;
}

/* Returns an entry read from `object`, with a reference to it, owned by the caller. */
static struct journal_entry *entry_of(struct json_object *object)
{
	struct journal_entry *entry = memory_get(1, sizeof(*entry));

	*entry = (struct journal_entry){
		.model_uuid = get_text(object, "model-uuid"),
		.model = get_text(object, "model"),
		.jaas = get_text(object, "jaas"),
		.jaas_uuid = get_text(object, "jaas-uuid"),
		.source_uuid = get_text(object, "source-uuid"),
		.source_name = get_text(object, "source"),
		.target_uuid = get_text(object, "target-uuid"),
		.target_name = get_text(object, "target"),
		.migration_id = get_text(object, "migration-id"),
		.sent = get_instant(object, "sent"),
		.start0 = get_instant(object, "start-before"),
		.start = get_instant(object, "start"),
		.login = get_instant(object, "login"),
		.seen = get_signs(object),
		.rest = json_object_get(object),
	};
	return entry;
}

int journal_read(
	const struct journal *journal, const char *model_uuid, struct journal_entry **entry, struct error **error)
{
	scoped(string) char *path = path_of(journal, model_uuid, SUFFIX);
	struct error *failed = NULL;
	scoped(string) char *text = read_text(path, &failed);
	struct json_object *format = NULL;

	*entry = NULL;
	if (failed != NULL)
		return error_move(error, failed);
	if (text == NULL)
		return 0;
	struct json_object *object __attribute__((cleanup(scoped_json_release))) = parse(text);
	scoped(string) char *shown = text_printable(path);
	if (object == NULL || !json_object_object_get_ex(object, "format", &format))
		return error_set(
			error, ERROR_FAILED, "cannot make sense of %s; left alone, look at it and remove it", shown);
	if (!json_object_is_type(format, json_type_int) || json_object_get_int(format) != JOURNAL_FORMAT)
		return error_set(
			error, ERROR_FAILED, "%s was written by another version of this program; left alone", shown);
	scoped(journal_entry) struct journal_entry *read = entry_of(object);
	if (!string_same(read->model_uuid, model_uuid) || read->sent == INSTANT_NONE || read->target_name == NULL)
		return error_set(
			error, ERROR_FAILED, "cannot make sense of %s; left alone, look at it and remove it", shown);
	*entry = steal(read);
	return 0;
}

/* ---- writing ---- */

/* A key whose value is not known is removed: it could be that of an earlier move of the model. */
static void put_text(struct json_object *object, const char *key, const char *text)
{
	if (text != NULL)
		json_object_object_add(object, key, json_object_new_string(text));
	else
		json_object_object_del(object, key);
}

static void put_instant(struct json_object *object, const char *key, int64_t instant)
{
	char text[INSTANT_TEXT_SIZE];

	put_text(object, key, instant != INSTANT_NONE ? instant_format(instant, text) : NULL);
}

static struct json_object *object_of(const struct journal_entry *entry)
{
	struct json_object *object = json_object_new_object();
	struct json_object *seen = json_object_new_array();

	if (entry->rest != NULL) {
		json_object_object_foreach(entry->rest, key, value)
			json_object_object_add(object, key, json_object_get(value));
	}
	json_object_object_add(object, "format", json_object_new_int(JOURNAL_FORMAT));
	put_text(object, "model-uuid", entry->model_uuid);
	put_text(object, "model", entry->model);
	put_text(object, "jaas", entry->jaas);
	put_text(object, "jaas-uuid", entry->jaas_uuid);
	put_text(object, "source-uuid", entry->source_uuid);
	put_text(object, "source", entry->source_name);
	put_text(object, "target-uuid", entry->target_uuid);
	put_text(object, "target", entry->target_name);
	put_text(object, "migration-id", entry->migration_id);
	put_instant(object, "sent", entry->sent);
	put_instant(object, "start-before", entry->start0);
	put_instant(object, "start", entry->start);
	put_instant(object, "login", entry->login);
	for (size_t sign = 0; sign < array_length(sign_names); sign++)
		if (entry->seen & 1U << sign)
			json_object_array_add(seen, json_object_new_string(sign_names[sign]));
	json_object_object_add(object, "seen", seen);
	return object;
}

int journal_write(const struct journal *journal, const struct journal_entry *entry, struct error **error)
{
	scoped(string) char *path = path_of(journal, entry->model_uuid, SUFFIX);
	struct json_object *object __attribute__((cleanup(scoped_json_release))) = object_of(entry);
	const char *text =
		json_object_to_json_string_ext(object, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE);

	if (folder_ensure(journal->directory, error) < 0)
		return -1;
	return replace_file(path, text, strlen(text), error);
}

int journal_remove(const struct journal *journal, const char *model_uuid, struct error **error)
{
	scoped(string) char *path = path_of(journal, model_uuid, SUFFIX);
	/* Left behind by a process that was killed while it wrote. */
	scoped(string) char *unfinished = path_of(journal, model_uuid, SUFFIX ".new");

	unlink(unfinished);
	if (unlink(path) < 0 && errno != ENOENT)
		return fail("remove", path, errno, error);
	return 0;
}

/* ---- all of them ---- */

static int by_text(const void *one, const void *other)
{
	return strcmp(*(char *const *)one, *(char *const *)other);
}

static char *uuid_of(const char *name)
{
	size_t length = strlen(name);

	if (length != NAMES_UUID_LENGTH + strlen(SUFFIX) || strcmp(name + NAMES_UUID_LENGTH, SUFFIX) != 0)
		return NULL;
	char *uuid = string_copy_length(name, NAMES_UUID_LENGTH);
	if (names_is_uuid(uuid))
		return uuid;
	free(uuid);
	return NULL;
}

int journal_list(const struct journal *journal, char ***uuids, size_t *count, struct error **error)
{
	DIR *directory = opendir(journal->directory);
	size_t capacity = 0;

	*uuids = NULL;
	*count = 0;
	if (directory == NULL)
		return errno == ENOENT ? 0 : fail("read", journal->directory, errno, error);
	for (const struct dirent *item = readdir(directory); item != NULL && *count < JOURNAL_ENTRIES_MAX;
		item = readdir(directory)) {
		char *uuid = uuid_of(item->d_name);

		if (uuid == NULL)
			continue;
		*uuids = memory_room(*uuids, *count, &capacity, sizeof(**uuids));
		(*uuids)[(*count)++] = uuid;
	}
	closedir(directory);
	if (*count > 0)
		qsort(*uuids, *count, sizeof(**uuids), by_text);
	return 0;
}

/* The previous holder removes the lock's file: a lock on a removed file protects nothing. */
static bool still_there(int descriptor)
{
	struct stat status;

	return fstat(descriptor, &status) == 0 && status.st_nlink > 0;
}

int journal_lock(const struct journal *journal, const char *model_uuid, struct error **error)
{
	scoped(string) char *path = path_of(journal, model_uuid, ".lock");

	if (folder_ensure(journal->directory, error) < 0)
		return -2;
	for (;;) {
		int descriptor = lock_file_open(path, error);

		if (descriptor < 0)
			return -2;
		if (flock(descriptor, LOCK_EX | LOCK_NB) < 0) {
			int cause = errno;

			close(descriptor);
			/* Some file systems have no locks: that is no other run. */
			if (cause == EWOULDBLOCK || cause == EINTR)
				return -1;
			fail("lock", path, cause, error);
			return -2;
		}
		if (still_there(descriptor))
			return descriptor;
		close(descriptor);
	}
}

void journal_unlock(const struct journal *journal, const char *model_uuid, int descriptor)
{
	scoped(string) char *path = path_of(journal, model_uuid, ".lock");

	unlink(path);
	close(descriptor);
}

void journal_entry_free(struct journal_entry *entry)
{
	if (entry == NULL)
		return;
	char *const owned[] = {
		entry->model_uuid,
		entry->model,
		entry->jaas,
		entry->jaas_uuid,
		entry->source_uuid,
		entry->source_name,
		entry->target_uuid,
		entry->target_name,
		entry->migration_id,
	};

	for (size_t i = 0; i < array_length(owned); i++)
		free(owned[i]);
	json_object_put(entry->rest);
	free(entry);
}
