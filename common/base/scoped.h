/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory that frees itself: owning locals, ownership that moves visibly, and allocation that never fails.
 *
 * An owning local is declared with scoped(kind) and initialised on its line; it is released when the block ends:
 *
 *     scoped(string) char *name = string_copy("my-model");
 *
 * `kind` is a word defined with SCOPED_DEFINE or SCOPED_DEFINE_STRUCT. steal() gives such a pointer away. Running out
 * of memory ends the program in one place (memory_exhausted), so every size that is set from outside must be checked
 * against a named ceiling before it comes here.
 */
#ifndef COMMON_BASE_SCOPED_H
#define COMMON_BASE_SCOPED_H

#include <stddef.h>

/* Declares a local that is released by the function SCOPED_DEFINE made for `kind`. */
#define scoped(kind) __attribute__((cleanup(scoped_##kind##_release)))

/* NOLINTBEGIN(bugprone-macro-parentheses): a type cannot stand in parentheses */
/* Defines the release function for scoped(kind): `type` is the local's type, `release` is called with its value. */
#define SCOPED_DEFINE(kind, type, release)                      \
	static inline void scoped_##kind##_release(type *local) \
	{                                                       \
		release(*local);                                \
	}

/* The same for locals that are structs themselves, not pointers: `release` is called with the local's address. */
#define SCOPED_DEFINE_STRUCT(kind, type, release)               \
	static inline void scoped_##kind##_release(type *local) \
	{                                                       \
		release(local);                                 \
	}
/* NOLINTEND(bugprone-macro-parentheses) */

/* Gives the value of an owning pointer away and leaves NULL behind. */
#define steal(pointer)                                   \
	__extension__({                                  \
		__typeof__(pointer) stolen_ = (pointer); \
		(pointer) = NULL;                        \
		stolen_;                                 \
	})

/* Number of elements of an array (not of a pointer). */
#define array_length(array) (sizeof(array) / sizeof((array)[0]))

/* Reports that memory has run out, and ends the program. */
_Noreturn void memory_exhausted(void);

/* Returns `count * size` zeroed bytes, owned by the caller (free()); ends the program when there is no memory or the
 * product overflows. Never returns NULL, not even for zero bytes. */
void *memory_get(size_t count, size_t size);

/* Returns `old` (NULL or from memory_get) with room for `count * size` bytes; new bytes are not zeroed. `old` must not
 * be used any more. Ends the program when there is no memory. */
void *memory_grow(void *old, size_t count, size_t size);

/* Makes room for one more element in a growable array: returns `array` or a larger copy of it, doubling `*capacity`
 * (elements) when `count` has reached it. Ownership as with memory_grow. */
void *memory_room(void *array, size_t count, size_t *capacity, size_t size);

/* Returns a copy of `from`, owned by the caller (free()), or NULL for NULL. */
char *string_copy(const char *from);

/* Returns a copy of the first `length` bytes of `from` with a NUL behind them; owned by the caller (free()). */
char *string_copy_length(const char *from, size_t length);

/* Returns a formatted string, owned by the caller (free()). */
char *string_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Replaces `*where` (owned, may be NULL) by a copy of `from` (may be NULL). `from` may point into `*where`. */
void string_replace(char **where, const char *from);

/* True when both are NULL or both are the same text. */
int string_same(const char *one, const char *other);

/* True when `text` is not NULL and begins with `start`. */
int string_starts(const char *text, const char *start);

/* True when `text` is neither NULL nor "". */
int string_given(const char *text);

/* Releases a string; NULL is allowed. */
void string_free(char *text);

SCOPED_DEFINE(string, char *, string_free)

/* scoped(memory): any memory that free() alone releases. */
static inline void scoped_memory_release(void *local)
{
	string_free(*(char **)local);
}

#endif
