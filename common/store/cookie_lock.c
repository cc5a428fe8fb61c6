/* SPDX-License-Identifier: Apache-2.0 */
#include "common/store/cookie_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/owner.h"
#include "common/base/text.h"

/* Most bytes read of a lock's file. */
#define OWNER_TEXT_MAX 256
/* How often the lock of a dead process is removed before the lock counts as busy. */
#define ATTEMPTS_MAX 4

static enum store_attempt refuse(const char *path, int cause, struct error **error)
{
	scoped(string) char *shown = text_printable(path);

	error_set(error, ERROR_STORE, "cannot lock juju's cookies: %s: %s", shown, strerror(cause));
	return STORE_FAILED;
}

/* ---- a lock on a range ---- */

/* True if the locked file is empty, regular, and has `path` as its only name. */
static bool ours(int descriptor, const char *path)
{
	struct stat locked;
	struct stat there;

	return fstat(descriptor, &locked) == 0 && lstat(path, &there) == 0 && S_ISREG(locked.st_mode) &&
	       locked.st_nlink == 1 && locked.st_size == 0 && locked.st_dev == there.st_dev &&
	       locked.st_ino == there.st_ino;
}

static void release_range(const char *path, int *descriptor)
{
	unlink(path);
	close(*descriptor);
	*descriptor = -1;
}

static enum store_attempt take_range(const char *path, int *descriptor, struct error **error)
{
	struct flock range = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	struct stat status;

	*descriptor = -1;
	/* A file with contents is the other kind of lock, or not a lock: juju waits until it is gone. */
	if (lstat(path, &status) == 0 && status.st_size > 0 && S_ISREG(status.st_mode))
		return STORE_BUSY;
	int taken = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0600);
	if (taken < 0)
		return refuse(path, errno, error);
	if (fcntl(taken, F_SETLK, &range) != 0) {
		int cause = errno;
		close(taken);
		return cause == EAGAIN || cause == EACCES || cause == EINTR ? STORE_BUSY : refuse(path, cause, error);
	}
	if (!ours(taken, path)) {
		close(taken);
		return STORE_BUSY;
	}
	if (owner_like_directory(taken, path) != 0) {
		int cause = errno;
		release_range(path, &taken);
		return refuse(path, cause, error);
	}
	*descriptor = taken;
	return STORE_DONE;
}

const struct cookie_lock_way cookie_lock_range = {take_range, release_range};

/* ---- a file with its owner in it ---- */

/* Returns the process that the text of a lock's file names, 0 when it names none. */
static pid_t named_owner(const char *text)
{
	struct json_object *object = json_tokener_parse(text);
	struct json_object *owner = NULL;
	int64_t process = 0;

	if (json_object_is_type(object, json_type_object) && json_object_object_get_ex(object, "OwnerPID", &owner) &&
		json_object_is_type(owner, json_type_int))
		process = json_object_get_int64(owner);
	json_object_put(object);
	return process > 0 && process <= INT32_MAX ? (pid_t)process : 0;
}

/* True if the process that made the lock file at `path` is dead; fills `*status` of the file. */
static bool left_behind(const char *path, struct stat *status)
{
	char text[OWNER_TEXT_MAX + 1] = "";
	int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);

	if (descriptor < 0)
		return false;
	bool whole = fstat(descriptor, status) == 0 && S_ISREG(status->st_mode) &&
		     read(descriptor, text, OWNER_TEXT_MAX) > 0;
	close(descriptor);
	pid_t owner = whole ? named_owner(text) : 0;
	return owner > 0 && kill(owner, 0) != 0 && errno == ESRCH;
}

/* Removes the lock of a dead process, unless somebody else has done so meanwhile. Returns whether it is gone. */
static bool remove_left_behind(const char *path)
{
	struct stat dead;
	struct stat there;

	if (!left_behind(path, &dead))
		return false;
	if (lstat(path, &there) == 0 && there.st_dev == dead.st_dev && there.st_ino == dead.st_ino)
		return unlink(path) == 0 || errno == ENOENT;
	return true;
}

static void release_owner(const char *path, int *descriptor)
{
	close(*descriptor);
	unlink(path);
	*descriptor = -1;
}

/* Writes our process into a new lock's file. */
static enum store_attempt sign(const char *path, int *descriptor, struct error **error)
{
	char text[64];
	int length = snprintf(text, sizeof(text), "{\"OwnerPID\":%ld}\n", (long)getpid());

	errno = EIO;
	if (owner_like_directory(*descriptor, path) == 0 && write(*descriptor, text, (size_t)length) == length)
		return STORE_DONE;
	int cause = errno;
	release_owner(path, descriptor);
	return refuse(path, cause, error);
}

static enum store_attempt take_owner(const char *path, int *descriptor, struct error **error)
{
	for (int i = 0; i < ATTEMPTS_MAX; i++) {
		*descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		if (*descriptor >= 0)
			return sign(path, descriptor, error);
		if (errno != EEXIST)
			return refuse(path, errno, error);
		if (!remove_left_behind(path))
			return STORE_BUSY;
	}
	return STORE_BUSY;
}

const struct cookie_lock_way cookie_lock_owner = {take_owner, release_owner};

const struct cookie_lock_way *cookie_lock_native(void)
{
#if defined(__x86_64__) || defined(__arm__)
	return &cookie_lock_range;
#else
	return &cookie_lock_owner;
#endif
}
