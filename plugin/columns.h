/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The width of text on a terminal: how many columns it takes, and how it is made to fit.
 */
#ifndef PLUGIN_COLUMNS_H
#define PLUGIN_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>

/* Returns how many columns a UTF-8 string takes. Where terminals differ it is the larger number: a line may come out
 * shorter than it was meant to be, but never longer. */
size_t columns_count(const char *string);

/* Returns `text` (any bytes; NULL counts as "") made printable and cut to at most `most` columns; where something was cut it ends in
 * an ellipsis. Without `unicode` every character beyond ASCII becomes "?". Owned by the caller (free()). */
char *columns_fit(const char *text, size_t most, bool unicode);

/* Returns how many bytes at the start of `text` (printable) make a line of at most `most` columns that ends between two
 * words; a word that is longer than a line is broken. At least one character; 0 only for "". */
size_t columns_line(const char *text, size_t most);

#endif
