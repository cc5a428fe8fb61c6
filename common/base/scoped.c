/* SPDX-License-Identifier: Apache-2.0 */
#include "common/base/scoped.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void memory_exhausted(void)
{
	static const char words[] = "ERROR out of memory\n";

	/* Nothing that allocates may be called here, and nothing can be done if the write fails. */
	if (write(STDERR_FILENO, words, sizeof(words) - 1) < 0)
		abort();
	abort();
}

static size_t product(size_t count, size_t size)
{
	size_t bytes = 0;

	if (__builtin_mul_overflow(count, size, &bytes) || bytes > PTRDIFF_MAX)
		memory_exhausted();
	return bytes > 0 ? bytes : 1;
}

void *memory_get(size_t count, size_t size)
{
	void *memory = calloc(1, product(count, size));

	if (memory == NULL)
		memory_exhausted();
	return memory;
}

void *memory_grow(void *old, size_t count, size_t size)
{
	void *memory = realloc(old, product(count, size));

	if (memory == NULL)
		memory_exhausted();
	return memory;
}

void *memory_room(void *array, size_t count, size_t *capacity, size_t size)
{
	if (count < *capacity)
		return array;
	*capacity = *capacity > 0 ? *capacity * 2 : 8;
	return memory_grow(array, *capacity, size);
}

char *string_copy(const char *from)
{
	return from != NULL ? string_copy_length(from, strlen(from)) : NULL;
}

char *string_copy_length(const char *from, size_t length)
{
	char *copy = memory_grow(NULL, length + 1, 1);

	memcpy(copy, from, length);
	copy[length] = '\0';
	return copy;
}

char *string_format(const char *format, ...)
{
	char *text = NULL;
	va_list arguments;

	va_start(arguments, format);
	if (vasprintf(&text, format, arguments) < 0)
		memory_exhausted();
	va_end(arguments);
	return text;
}

void string_replace(char **where, const char *from)
{
	char *copy = string_copy(from);

	free(*where);
	*where = copy;
}

int string_same(const char *one, const char *other)
{
	if (one == NULL || other == NULL)
		return one == other;
	return strcmp(one, other) == 0;
}

int string_starts(const char *text, const char *start)
{
	return text != NULL && strncmp(text, start, strlen(start)) == 0;
}

int string_given(const char *text)
{
	return text != NULL && text[0] != '\0';
}

void string_free(char *text)
{
	free(text);
}
