/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text as a JSON string, escaped as juju's own output escapes it.
 */
#ifndef PLUGIN_JSON_TEXT_H
#define PLUGIN_JSON_TEXT_H

#include "common/base/text.h"

/* Adds `value` (any bytes but NUL) to `text` between double quotes: "<", ">", "&", U+2028 and U+2029 as \uXXXX, control
 * characters as \n, \r, \t or \uXXXX, "/" and other characters as they are, invalid UTF-8 as \ufffd. */
void json_text_add(struct text *text, const char *value);

#endif
