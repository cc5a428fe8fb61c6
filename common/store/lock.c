/* SPDX-License-Identifier: Apache-2.0 */
#include "common/store/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/environment.h"
#include "common/base/text.h"
#include "common/store/directory.h"

/* How many bytes of the digest go into the name. */
#define DIGEST_USED 4
/* How often the locked file may turn out to be removed before the lock counts as busy. */
#define ATTEMPTS_MAX 8

/* The name has the digest in hexadecimal digits, and these in hexadecimal digits again. */
static void add_digits(char *name, const unsigned char *digest)
{
	char digits[2 * DIGEST_USED];

	for (size_t i = 0; i < DIGEST_USED; i++) {
		digits[2 * i] = "0123456789abcdef"[digest[i] >> 4];
		digits[2 * i + 1] = "0123456789abcdef"[digest[i] & 15];
	}
	for (size_t i = 0; i < sizeof(digits); i++) {
		*name++ = "0123456789abcdef"[(unsigned char)digits[i] >> 4];
		*name++ = "0123456789abcdef"[digits[i] & 15];
	}
	*name = '\0';
}

char *store_lock_path(const char *directory, char *const *environment)
{
	scoped(string) char *controllers = directory_join(directory, "controllers.yaml");
	const char *temporary = environment_given(environment, "TMPDIR");
	char name[] = "juju-store-lock-0123456789abcdef";
	unsigned char digest[EVP_MAX_MD_SIZE] = {0};

	/* Fails only if there is no memory, or no SHA-256 in the library: then nothing can be done. */
	if (EVP_Digest(controllers, strlen(controllers), digest, NULL, EVP_sha256(), NULL) != 1)
		abort();
	add_digits(name + strlen("juju-store-lock-"), digest);
	return directory_join(temporary != NULL ? temporary : "/tmp", name);
}

static enum store_attempt refuse(const char *path, const char *cause, struct error **error)
{
	scoped(string) char *shown = text_printable(path);

	error_set(error, ERROR_STORE, "cannot lock juju's client store: %s: %s", shown, cause);
	return STORE_FAILED;
}

static int open_lock(const char *path)
{
	const int flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
	int descriptor = open(path, flags);

	/* Without O_CREAT at first: in a sticky directory the system may refuse that for a file of another user. */
	if (descriptor < 0 && errno == ENOENT)
		descriptor = open(path, flags | O_CREAT, 0600);
	/* Another user has just created it. */
	if (descriptor < 0 && errno == EACCES)
		descriptor = open(path, flags);
	return descriptor;
}

/* Under sudo, gives the file to the user who called sudo. Failure does not matter. */
static void give_to_caller_of_sudo(int descriptor, const struct stat *status, char *const *environment)
{
	const char *user = environment_given(environment, "SUDO_UID");
	const char *group = environment_given(environment, "SUDO_GID");
	char *user_end = NULL;
	char *group_end = NULL;

	if (environment_given(environment, "SUDO_COMMAND") == NULL || user == NULL || group == NULL)
		return;
	unsigned long uid = strtoul(user, &user_end, 10);
	unsigned long gid = strtoul(group, &group_end, 10);
	if (*user_end != '\0' || *group_end != '\0' || (status->st_uid == uid && status->st_gid == gid))
		return;
	if (fchown(descriptor, (uid_t)uid, (gid_t)gid) != 0)
		errno = 0;
}

/* True if the path still leads to the locked file: something may clean up the directory for temporary files. */
static int still_there(int descriptor, const char *path)
{
	struct stat locked;
	struct stat there;

	return fstat(descriptor, &locked) == 0 && lstat(path, &there) == 0 && locked.st_dev == there.st_dev &&
	       locked.st_ino == there.st_ino;
}

/* Makes one attempt. The caller closes `*descriptor` unless STORE_DONE is returned. */
static enum store_attempt take(const char *path, char *const *environment, int *descriptor, struct error **error)
{
	struct stat status;

	*descriptor = open_lock(path);
	if (*descriptor < 0)
		return refuse(path, errno == ELOOP ? "it is a symbolic link; remove it" : strerror(errno), error);
	if (fstat(*descriptor, &status) != 0)
		return refuse(path, strerror(errno), error);
	if (!S_ISREG(status.st_mode) || status.st_nlink > 1)
		return refuse(path, "it is no file made for this; remove it", error);
	give_to_caller_of_sudo(*descriptor, &status, environment);
	if (flock(*descriptor, LOCK_EX | LOCK_NB) != 0)
		return errno == EWOULDBLOCK || errno == EINTR ? STORE_BUSY : refuse(path, strerror(errno), error);
	return STORE_DONE;
}

enum store_attempt store_lock_try(
	const char *directory, char *const *environment, int *descriptor, struct error **error)
{
	scoped(string) char *path = store_lock_path(directory, environment);
	enum store_attempt attempt = STORE_DONE;

	*descriptor = -1;
	for (int i = 0; i < ATTEMPTS_MAX && attempt == STORE_DONE; i++) {
		attempt = take(path, environment, descriptor, error);
		if (attempt == STORE_DONE && still_there(*descriptor, path))
			return STORE_DONE;
		store_unlock(descriptor);
	}
	return attempt == STORE_FAILED ? STORE_FAILED : STORE_BUSY;
}

void store_unlock(int *descriptor)
{
	if (*descriptor >= 0)
		close(*descriptor);
	*descriptor = -1;
}

int store_lock_give_up(const char *directory, char *const *environment, struct error **error)
{
	scoped(string) char *path = store_lock_path(directory, environment);
	scoped(string) char *shown = text_printable(path);

	return error_set(error, ERROR_STORE,
		"cannot lock juju's client store: another program has held %s for too long; end it and try again",
		shown);
}
