/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The help text, in the layout of juju's own commands, made from the option table.
 *
 * Juju's shell completion reads it: the first line decides what is completed, and every piece that looks like an option
 * (two dashes, or one at the start of a line, and small letters) is offered as one. So nothing else in it may look so.
 */
#ifndef PLUGIN_HELP_H
#define PLUGIN_HELP_H

/* Returns the whole text of --help with a line break at its end, owned by the caller (free()). */
char *help_text(void);

/* Returns the one line of --description, without a line break. Constant. */
const char *help_description(void);

#endif
