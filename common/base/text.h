/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Growable text with a ceiling, and foreign text made safe to show.
 */
#ifndef COMMON_BASE_TEXT_H
#define COMMON_BASE_TEXT_H

#include <stddef.h>

#include "common/base/scoped.h"

/* Longest piece of foreign text that goes into a message or a log line, in bytes. */
#define TEXT_SHOWN_MAX 1024

struct text {
	char *data;      /* NUL-terminated once something was added, else NULL */
	size_t length;   /* bytes, without the NUL */
	size_t capacity; /* bytes allocated */
	size_t ceiling;  /* most bytes it may hold */
	int full;        /* set when something did not fit: nothing more is added from then on */
};

/* Makes `text` empty; it will never hold more than `ceiling` bytes. The caller owns the storage and calls text_release. */
void text_init(struct text *text, size_t ceiling);

/* Frees what `text` holds and leaves it empty, with the same ceiling. */
void text_release(struct text *text);

/* Adds `length` bytes. Returns 0, or -1 when they do not fit below the ceiling; then nothing is added, now or later. */
int text_add(struct text *text, const void *bytes, size_t length);

/* Adds a string. Returns as text_add. */
int text_add_string(struct text *text, const char *string);

/* Adds formatted text. Returns as text_add. */
int text_add_format(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Gives the collected text away ("" when nothing was added), owned by the caller (free()); `text` is empty afterwards. */
char *text_take(struct text *text);

SCOPED_DEFINE_STRUCT(text, struct text, text_release)

/* Returns a copy of `foreign` (`length` bytes, any bytes at all) that can neither drive a terminal nor forge a line.
 * Control characters and invalid UTF-8 become "?", line breaks and tabs a blank; invisible characters, bidirectional
 * controls, and combining marks without a letter or beyond the fourth on one letter are dropped. Cut to at most `most`
 * bytes, "..." included, never inside a character. Owned by the caller (free()). */
char *text_printable_length(const char *foreign, size_t length, size_t most);

/* As text_printable_length, for our own text, whose line breaks stay: a last guard in case it holds foreign text. Owned
 * by the caller (free()). */
char *text_printable_lines(const char *text, size_t most);

/* As text_printable_length, for a string (NULL counts as "") and TEXT_SHOWN_MAX bytes. */
char *text_printable(const char *foreign);

/* Reads one UTF-8 character from `bytes` (at least one byte, at most `length`) into `*character`. Returns how many bytes
 * it takes, or 0 when they are not valid UTF-8 (overlong forms, surrogates and values over U+10FFFF included). */
size_t text_utf8(const char *bytes, size_t length, unsigned int *character);

/* Returns how many columns a UTF-8 string takes, counting every character as one. */
size_t text_columns(const char *string);

#endif
