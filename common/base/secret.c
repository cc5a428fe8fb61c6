/* SPDX-License-Identifier: Apache-2.0 */
#include "common/base/secret.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

struct secret {
	size_t length;
	char bytes[];
};

/* Out of the swap, as far as the system lets us: an ordinary user may lock some megabytes. The pages are shared with other data, and locks
 * do not add up, so they stay until the end. */
static void keep_in_memory(const void *bytes, size_t length)
{
	int cause = errno;

	if (mlock(bytes, length) != 0)
		errno = cause;
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
/* Where that runtime has taken the place of the C library's allocator, and thereby of erase.c, it calls this before it frees. It stands
 * here because nothing else asks for it by name. NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */
extern size_t __sanitizer_get_allocated_size(const volatile void *memory);
extern void __sanitizer_free_hook(const volatile void *memory);

void __sanitizer_free_hook(const volatile void *memory)
{
	secret_erase((void *)(uintptr_t)memory, __sanitizer_get_allocated_size(memory));
}
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */
#endif
