/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A table for people: columns padded with blanks to their widest cell and two more, no borders.
 */
#ifndef PLUGIN_TABLE_H
#define PLUGIN_TABLE_H

#include <stddef.h>

#include "common/base/text.h"
#include "plugin/terminal.h"

/* Most columns of a table. */
#define TABLE_COLUMNS_MAX 16

struct table_cell {
	const char *text; /* of table_text, or ours; NULL or "" is shown as "-" */
	enum terminal_colour colour;
};

/* Returns `foreign` (NULL counts as "") made fit for a cell: printable, and without runs of blanks, which would look like the end of the
 * cell. Owned by the caller (free()). */
char *table_text(const char *foreign);

/* Adds `rows` lines of `columns` cells each (row after row in `cells`, the headings first) to `text`. Widths are counted
 * in characters. The padding is inside the colour; the last cell of a line is not padded. `colour` 0: no
 * colours. */
void table_add(struct text *text, const struct table_cell *cells, size_t rows, size_t columns, int colour);

#endif
