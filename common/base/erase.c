/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory is erased when it is freed, whoever has asked for it: libraries keep copies of what they read and write, and do not know which
 * of them are secrets. Instead of the C library's, these two are what the program and all its libraries call.
 */
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer) || __has_feature(thread_sanitizer)
#define OTHER_ALLOCATOR 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(__GLIBC__)
#define OTHER_ALLOCATOR 1
#endif

#if !defined(OTHER_ALLOCATOR)

/* What the C library exports for this. NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */
extern void __libc_free(void *memory);
extern void *__libc_realloc(void *memory, size_t size);
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */

void free(void *memory)
{
	if (memory != NULL)
		explicit_bzero(memory, malloc_usable_size(memory));
	__libc_free(memory);
}

/* The C library's would leave the old copy behind when it moves, and the end when it cuts. */
void *realloc(void *memory, size_t size)
{
	size_t old = malloc_usable_size(memory);

	if (memory == NULL || size == 0)
		return __libc_realloc(memory, size);
	if (size <= old) {
		explicit_bzero((char *)memory + size, old - size);
		return __libc_realloc(memory, size);
	}
	void *larger = malloc(size);
	if (larger == NULL)
		return NULL;
	memcpy(larger, memory, old);
	free(memory);
	return larger;
}

#endif
