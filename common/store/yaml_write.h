/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A node tree as the text of a YAML file, the way juju lays it out: lines of any length, no folding, no document marks.
 *
 * Kept are the order, the tags, what is in quotes and what is not, flow and block. Lost are comments and blank lines: juju
 * loses them too. Nothing is given out that does not read as the same tree again; where libyaml cannot keep a style
 * without changing the meaning, the plainest style is taken for the whole file.
 */
#ifndef COMMON_STORE_YAML_WRITE_H
#define COMMON_STORE_YAML_WRITE_H

#include <stdbool.h>

#include "common/base/error.h"
#include "common/store/file.h"
#include "common/store/yaml.h"

/* Blanks a level that juju gives its files. */
#define YAML_INDENT_CONTROLLERS 4
#define YAML_INDENT 2

/* Fills `*out` with the text of `document` (nothing for one without content), at most DOCUMENT_BYTES_MAX bytes; release it
 * with file_release, which erases it. Returns 0, or -1 with ERROR_STORE and `*out` empty when it is too large or has no
 * proper text in it (UTF-8). */
int yaml_write(const struct document *document, int indent, struct file *out, struct error **error);

/* True when both trees say the same to any YAML reader, whatever their styles; NULL is an empty file. */
bool yaml_same(const struct node *one, const struct node *other);

#endif
