/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text as a YAML value, quoted as juju's own output quotes it.
 */
#ifndef PLUGIN_YAML_TEXT_H
#define PLUGIN_YAML_TEXT_H

#include "common/base/text.h"

/* Adds `value` (any bytes but NUL) to `text` as a block-style value without a line break behind it: plain where every
 * reader takes it for the same text; single-quoted where its shape would mislead; double-quoted where it would be read as
 * a number, a time, a truth value or nothing, or where it cannot be shown; several lines as a literal block indented by
 * `indent` blanks (0 to 32). Invalid UTF-8 becomes U+FFFD. */
void yaml_text_add(struct text *text, const char *value, int indent);

#endif
