/* SPDX-License-Identifier: Apache-2.0 */
#include "common/store/cookies.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/owner.h"
#include "common/base/replace.h"
#include "common/base/text.h"
#include "common/store/choose.h"
#include "common/store/cookie_jar.h"
#include "common/store/cookie_lock.h"
#include "common/store/directory.h"
#include "common/store/file.h"

/* Where a controller's jar is, and its lock. */
struct place {
	char *directory;
	char *jar;
	char *lock;
	const struct cookie_lock_way *way;
	int descriptor; /* of the lock, or -1 */
};

static inline void scoped_place_release(struct place *place)
{
	if (place->descriptor >= 0)
		place->way->release(place->lock, &place->descriptor);
	free(place->directory);
	free(place->jar);
	free(place->lock);
}

static int find_place(const char *directory, const char *controller, struct place *place, struct error **error)
{
	*place = (struct place){.way = cookie_lock_native(), .descriptor = -1};
	if (!choose_name_safe(controller)) {
		scoped(string) char *shown = text_printable(controller);
		error_set(error, ERROR_USAGE, "cannot use the cookies of controller \"%s\": not a usable name", shown);
		return -1;
	}
	place->directory = directory_join(directory, "cookies");
	place->jar = string_format("%s/%s.json", place->directory, controller);
	place->lock = string_format("%s.lock", place->jar);
	return 0;
}

static struct cookie_jar *read_jar(const struct place *place, struct error **error)
{
	scoped(file) struct file file = {NULL, 0};

	if (file_read(place->jar, COOKIES_BYTES_MAX, &file, error) != 0)
		return NULL;
	return file.length > 0 ? cookie_jar_parse(place->jar, file.bytes, file.length, error) : cookie_jar_new();
}

enum store_attempt cookies_read_try(const char *directory, const char *controller, const char *const *hosts,
	size_t host_count, int64_t now, struct cookie_sets *sets, struct error **error)
{
	scoped(place) struct place place;

	*sets = (struct cookie_sets){NULL, 0};
	if (find_place(directory, controller, &place, error) != 0)
		return STORE_FAILED;
	if (access(place.jar, F_OK) != 0 && errno == ENOENT)
		return STORE_DONE;
	enum store_attempt attempt = place.way->take(place.lock, &place.descriptor, error);
	if (attempt != STORE_DONE)
		return attempt;
	scoped(cookie_jar) struct cookie_jar *jar = read_jar(&place, error);
	if (jar == NULL)
		return STORE_FAILED;
	cookie_jar_select(jar, hosts, host_count, now, sets);
	return STORE_DONE;
}

/* Creates the directory of the jars if it is missing. Returns 0, or -1 with ERROR_FAILED. */
static int make_directory(const struct place *place, struct error **error)
{
	if (mkdir(place->directory, 0700) != 0) {
		scoped(string) char *shown = text_printable(place->directory);
		return errno == EEXIST ? 0
				       : error_set(error, ERROR_FAILED, "cannot create %s: %s", shown, strerror(errno));
	}
	int descriptor = open(place->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	int status = descriptor >= 0 ? owner_like_directory(descriptor, place->directory) : -1;
	int cause = errno;
	if (descriptor >= 0)
		close(descriptor);
	scoped(string) char *shown = text_printable(place->directory);
	return status == 0 ? 0 : error_set(error, ERROR_FAILED, "cannot create %s: %s", shown, strerror(cause));
}

/* Returns the jar, or a new one if it is not JSON; NULL with an error if it cannot be read or is too large: then it stays. */
static struct cookie_jar *read_jar_for_saving(const struct place *place, struct error **error)
{
	scoped(file) struct file file = {NULL, 0};

	if (file_read(place->jar, COOKIES_BYTES_MAX, &file, error) != 0)
		return NULL;
	if (file.length == 0)
		return cookie_jar_new();
	scoped(error) struct error *unread = NULL;
	struct cookie_jar *jar = cookie_jar_parse(place->jar, file.bytes, file.length, &unread);
	if (jar != NULL)
		return jar;
	if (!cookie_jar_too_large(file.bytes, file.length))
		return cookie_jar_new();
	error_move(error, steal(unread));
	return NULL;
}

static int save(const struct place *place, const struct cookie_set *set, int64_t now, struct error **error)
{
	scoped(cookie_jar) struct cookie_jar *jar = read_jar_for_saving(place, error);
	bool changed = false;

	if (jar == NULL || cookie_jar_put(jar, set, now, &changed, error) != 0)
		return -1;
	if (!changed)
		return 0;
	scoped(secret) struct secret *text = cookie_jar_format(jar, now);
	/* juju writes in place. To replace the file under the lock is as good for juju, and never leaves half a file. */
	return replace_shared_file(place->jar, secret_reveal(text), strlen(secret_reveal(text)), error);
}

enum store_attempt cookies_save_try(
	const char *directory, const char *controller, const struct cookie_set *set, int64_t now, struct error **error)
{
	scoped(place) struct place place;

	if (find_place(directory, controller, &place, error) != 0 || make_directory(&place, error) != 0)
		return STORE_FAILED;
	enum store_attempt attempt = place.way->take(place.lock, &place.descriptor, error);
	if (attempt != STORE_DONE)
		return attempt;
	return save(&place, set, now, error) == 0 ? STORE_DONE : STORE_FAILED;
}

void cookie_sets_release(struct cookie_sets *sets)
{
	for (size_t i = 0; i < sets->count; i++)
		secret_free(sets->items[i]);
	free(sets->items);
	*sets = (struct cookie_sets){NULL, 0};
}

int cookies_give_up(const char *directory, const char *controller, struct error **error)
{
	scoped(place) struct place place;

	if (find_place(directory, controller, &place, error) != 0)
		return -1;
	scoped(string) char *shown = text_printable(place.lock);
	return error_set(error, ERROR_STORE,
		"cannot lock juju's cookies: %s has been there for too long; remove it if no juju is running", shown);
}
