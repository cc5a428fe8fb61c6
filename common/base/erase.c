/* SPDX-License-Identifier: Apache-2.0 */
/*
 * These replace the C library's allocator for the program and all its libraries. Freed memory is erased: libraries keep
 * copies of what they read and write, and do not know which of them are secrets. When memory runs out the program ends
 * with a message: libraries would go on without what they could not keep, and send a request with a null in it, or
 * refuse a good certificate.
 */
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/scoped.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer) || __has_feature(thread_sanitizer)
#define OTHER_ALLOCATOR 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(__GLIBC__)
#define OTHER_ALLOCATOR 1
#endif

#if !defined(OTHER_ALLOCATOR)

/* In bytes, more than a whole run may take: whoever asks for more uses a size from outside, and gets NULL as usual. */
#define ASKED_MAX ((size_t)256 * 1024 * 1024)

/* What the C library exports for this. NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void __libc_free(void *memory);
extern void *__libc_realloc(void *memory, size_t size);
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */

static void *given(void *memory, size_t size)
{
	if (memory == NULL && size <= ASKED_MAX)
		memory_exhausted();
	return memory;
}

static void *fresh(size_t size)
{
	return given(__libc_malloc(size), size);
}

void *malloc(size_t size)
{
	return fresh(size);
}

void *calloc(size_t count, size_t size)
{
	size_t bytes = 0;

	if (__builtin_mul_overflow(count, size, &bytes))
		bytes = SIZE_MAX;
	return given(__libc_calloc(count, size), bytes);
}

void free(void *memory)
{
	if (memory != NULL)
		explicit_bzero(memory, malloc_usable_size(memory));
	__libc_free(memory);
}

/* The C library's leaves the old copy behind when it moves memory, and the tail when it shrinks it. */
void *realloc(void *memory, size_t size)
{
	size_t old = malloc_usable_size(memory);

	if (memory == NULL)
		return fresh(size);
	if (size == 0)
		return __libc_realloc(memory, size);
	if (size <= old) {
		explicit_bzero((char *)memory + size, old - size);
		return given(__libc_realloc(memory, size), size);
	}
	void *larger = fresh(size);
	if (larger == NULL)
		return NULL;
	memcpy(larger, memory, old);
	free(memory);
	return larger;
}

#endif
