/* SPDX-License-Identifier: Apache-2.0 */
#include "common/base/secret.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct secret {
	size_t length;
	char bytes[];
};

/* Keeps pages out of the swap, as far as the system allows: an ordinary user may lock some megabytes. They are never
 * unlocked, since other data shares the pages and locks do not nest. */
static void keep_in_memory(const void *bytes, size_t length)
{
	int cause = errno;

	if (mlock(bytes, length) != 0)
		errno = cause;
}

/* Most locked pieces of the heap; far more than there are. */
#define LOCKED_MAX 256

/* What is locked in memory. */
struct locked {
	size_t count;
	struct {
		char *bytes;
		size_t length;
	} pieces[LOCKED_MAX];
};

/* Takes a line of smaps: the first of a mapping has its addresses, the last one its flags. */
static void look_at(struct locked *locked, const char *line)
{
	char *end = NULL;
	uintptr_t first = (uintptr_t)strtoull(line, &end, 16);

	if (*end == '-') {
		uintptr_t last = (uintptr_t)strtoull(end + 1, NULL, 16);
		/* Addresses that the kernel has written down. NOLINTNEXTLINE(performance-no-int-to-ptr) */
		locked->pieces[locked->count].bytes = (char *)first;
		locked->pieces[locked->count].length = last - first;
	} else if (strncmp(line, "VmFlags:", 8) == 0 && strstr(line, " lo") != NULL) {
		locked->count++;
	}
}

/* Asks the kernel, the only one to know: secrets share pages, and locks do not nest. */
static void find_locked(struct locked *locked)
{
	FILE *file = fopen("/proc/self/smaps", "re");
	scoped(string) char *line = NULL;
	size_t room = 0;

	while (file != NULL && locked->count < LOCKED_MAX && getline(&line, &room, file) > 0)
		look_at(locked, line);
	if (file != NULL)
		fclose(file);
}

pid_t secret_fork(void)
{
	struct locked locked = {.count = 0};

	find_locked(&locked);
	pid_t child = fork();
	for (size_t i = 0; child == 0 && i < locked.count; i++)
		keep_in_memory(locked.pieces[i].bytes, locked.pieces[i].length);
	return child;
}

struct secret *secret_new(const char *bytes, size_t length)
{
	struct secret *secret = memory_get(1, sizeof(*secret) + length + 1);

	keep_in_memory(secret, sizeof(*secret) + length + 1);
	secret->length = length;
	memcpy(secret->bytes, bytes, length);
	return secret;
}

struct secret *secret_copy(const struct secret *from)
{
	return from != NULL ? secret_new(from->bytes, from->length) : NULL;
}

const char *secret_reveal(const struct secret *secret)
{
	return secret->bytes;
}

int secret_given(const struct secret *secret)
{
	return secret != NULL && secret->length > 0;
}

void secret_erase(void *bytes, size_t length)
{
	explicit_bzero(bytes, length);
}

void secret_free(struct secret *secret)
{
	if (secret == NULL)
		return;
	secret_erase(secret->bytes, secret->length);
	free(secret);
}

#if defined(__SANITIZE_ADDRESS__)
/* The sanitizer's allocator, which replaces the C library's and so erase.c, calls this before it frees. It stands here because nothing
 * refers to it by name, so a file of its own would not be linked. NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */
extern size_t __sanitizer_get_allocated_size(const volatile void *memory);
extern void __sanitizer_free_hook(const volatile void *memory);

void __sanitizer_free_hook(const volatile void *memory)
{
	secret_erase((void *)(uintptr_t)memory, __sanitizer_get_allocated_size(memory));
}
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */
#endif
