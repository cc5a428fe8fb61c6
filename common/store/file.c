/* SPDX-License-Identifier: Apache-2.0 */
#include "common/store/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/secret.h"
#include "common/base/text.h"

#define NOTHING_THERE (-2)

static inline void scoped_descriptor_release(int *descriptor)
{
	if (*descriptor >= 0)
		close(*descriptor);
}

/* Sets the error for a path that could not be opened or read. Returns -1. */
static int refuse(const char *path, int cause, struct error **error)
{
	scoped(string) char *shown = text_printable(path);
	const char *advice = cause == EACCES || cause == EPERM ? "; make it readable for you" : "";

	return error_set(error, ERROR_STORE, "cannot read %s: %s%s", shown, strerror(cause), advice);
}

/* Sets the error for a path that goes through something that is not a directory, or may not be entered. Returns -1. */
static int refuse_directory(const char *path, int cause, struct error **error)
{
	const char *slash = strrchr(path, '/');
	scoped(string) char *directory = slash != NULL ? string_copy_length(path, (size_t)(slash - path)) : NULL;
	scoped(string) char *shown = text_printable(directory != NULL ? directory : ".");

	return error_set(error, ERROR_DATA_DIRECTORY,
		"cannot use juju's data directory %s: %s; check it, or set JUJU_DATA", shown, strerror(cause));
}

static int entered(const char *path)
{
	const char *slash = strrchr(path, '/');
	scoped(string) char *directory = slash != NULL ? string_copy_length(path, (size_t)(slash - path + 1)) : NULL;

	return faccessat(AT_FDCWD, directory != NULL ? directory : ".", X_OK, AT_EACCESS) == 0;
}

/* Returns a descriptor, -1 with an error, or NOTHING_THERE. */
static int opened(const char *path, struct error **error)
{
	/* O_NONBLOCK: a pipe in the file's place must not hold us up. */
	int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	int cause = errno;

	if (descriptor >= 0)
		return descriptor;
	if (cause == ENOENT)
		return NOTHING_THERE;
	if (cause == ENOTDIR || (cause == EACCES && !entered(path)))
		return refuse_directory(path, cause, error);
	return refuse(path, cause, error);
}

static int checked(const char *path, const struct stat *status, size_t ceiling, struct error **error)
{
	scoped(string) char *shown = text_printable(path);

	if (!S_ISREG(status->st_mode))
		return error_set(error, ERROR_STORE, "cannot read %s: it is %s, not a regular file; move it away",
			shown, S_ISDIR(status->st_mode) ? "a directory" : "a pipe or a device");
	if ((uintmax_t)status->st_size > ceiling)
		return error_set(error, ERROR_STORE,
			"cannot read %s: it is larger than %zu bytes, which no file of juju is; move it away", shown,
			ceiling);
	return 0;
}

/* Fills `file`, which has room for `size` bytes and a NUL. What is appended meanwhile does not matter: juju replaces its
 * files, it does not extend them. Returns 0, or -1 with errno. */
static int filled(int descriptor, size_t size, struct file *file)
{
	while (file->length < size) {
		ssize_t got = read(descriptor, file->bytes + file->length, size - file->length);
		if (got == 0)
			break;
		if (got < 0 && errno != EINTR)
			return -1;
		file->length += got > 0 ? (size_t)got : 0;
	}
	file->bytes[file->length] = '\0';
	return 0;
}

int file_read(const char *path, size_t ceiling, struct file *file, struct error **error)
{
	struct stat status;

	*file = (struct file){NULL, 0};
	scoped(descriptor) int descriptor = opened(path, error);
	if (descriptor < 0)
		return descriptor == NOTHING_THERE ? 0 : -1;
	if (fstat(descriptor, &status) != 0)
		return refuse(path, errno, error);
	if (checked(path, &status, ceiling, error) != 0)
		return -1;

	scoped(file) struct file whole = {NULL, 0};
	whole.bytes = memory_get((size_t)status.st_size + 1, 1);
	if (filled(descriptor, (size_t)status.st_size, &whole) != 0)
		return refuse(path, errno, error);
	*file = whole;
	whole = (struct file){NULL, 0};
	return 0;
}

void file_release(struct file *file)
{
	if (file->bytes != NULL)
		secret_erase(file->bytes, file->length);
	free(file->bytes);
	*file = (struct file){NULL, 0};
}
