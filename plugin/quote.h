/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Words of the command line inside juju's error texts: quoted as Go quotes them.
 */
#ifndef PLUGIN_QUOTE_H
#define PLUGIN_QUOTE_H

/* Returns `word` (any bytes) between double quotes, with Go's escapes for quotes, backslashes, control characters,
 * invalid UTF-8 and what cannot be seen; cut to at most 1024 bytes, "..." then. Owned by the caller (free()). */
char *quote_word(const char *word);

/* The same as Go's time package does it: every byte outside printable ASCII as \xNN. */
char *quote_bytes(const char *word);

#endif
