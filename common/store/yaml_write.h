/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes a node tree as the text of a YAML file in juju's layout: lines of any length, no folding, no document marks.
 *
 * It keeps the order, the tags, the quotes, and flow or block style. Comments and blank lines are lost: juju loses them too.
 * The text always reads as the same tree again: if libyaml cannot keep a style without changing the meaning, the whole file
 * is written in the plainest style.
 */
#ifndef COMMON_STORE_YAML_WRITE_H
#define COMMON_STORE_YAML_WRITE_H

#include <stdbool.h>

#include "common/base/error.h"
#include "common/store/file.h"
#include "common/store/yaml.h"

/* Blanks that juju indents a level by, in its files. */
#define YAML_INDENT_CONTROLLERS 4
#define YAML_INDENT 2

/* Fills `*out` with the text of `document` (empty if that is), at most DOCUMENT_BYTES_MAX bytes; release it with file_release,
 * which erases it. Returns 0, or -1 with ERROR_STORE and `*out` empty if it is too large, has a text that is not UTF-8, or
 * would not read as the same tree. */
int yaml_write(const struct document *document, int indent, struct file *out, struct error **error);

/* True if both trees mean the same to any YAML reader, whatever their styles; NULL is an empty file. */
bool yaml_same(const struct node *one, const struct node *other);

#endif
