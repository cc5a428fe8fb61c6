/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside the words: what their parts share.
 */
#ifndef PLUGIN_WORDS_PRIVATE_H
#define PLUGIN_WORDS_PRIVATE_H

#include "common/base/text.h"
#include "plugin/words.h"

/* Returns what to call the controller that the model came from: its name, or its UUID where JIMM does not tell the name. */
const char *words_source(const struct migration *migration);

/* Returns the foreign words of the cause, or that there are none. */
const char *words_detail(const struct migration *migration);

/* Adds the command that takes the same move up again. */
void words_add_again(struct text *text, const struct migration *migration);

/* Adds the sentence of an attempt that a verdict has decided (CAUSE_VERDICT). */
void words_add_by_verdict(struct text *text, const struct migration *migration);

/* Adds that of a start that was refused (CAUSE_REFUSED). */
void words_add_refused(struct text *text, const struct migration *migration);

/* Adds that of a target which does not have the model, says JIMM (CAUSE_RECORD_REFUSED). */
void words_add_record_refused(struct text *text, const struct migration *migration);

#endif
