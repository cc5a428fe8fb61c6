/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Words of commands that a person is told to type: whatever is in them, a shell takes each for one word and nothing else.
 */
#ifndef COMMON_BASE_SHELL_H
#define COMMON_BASE_SHELL_H

/* Returns `text` (NULL counts as ""), made printable, as a word for sh, bash, zsh and fish: as it is when nothing in it means anything to
 * them, else in quotes. Owned by the caller (free()). A word that begins with "-" still does. */
char *shell_word(const char *text);

/* Returns "-- " when a positional word would be taken for an option, else "". Constant. */
const char *shell_dashes(const char *one, const char *other);

#endif
