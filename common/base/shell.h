/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Words of commands that a person is told to type, quoted so that a shell takes each as one word, whatever is in it.
 */
#ifndef COMMON_BASE_SHELL_H
#define COMMON_BASE_SHELL_H

/* Returns `text` (NULL counts as ""), made printable, as one word for sh, bash, zsh and fish: unchanged when it has no
 * character that is special to them, else quoted; owned by the caller (free()). A leading "-" stays one: see
 * shell_dashes. */
char *shell_word(const char *text);

/* Returns "-- " when one of two positional words begins with a dash and would be taken for an option, else "". Constant. */
const char *shell_dashes(const char *one, const char *other);

#endif
