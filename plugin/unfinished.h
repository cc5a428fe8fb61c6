/* SPDX-License-Identifier: Apache-2.0 */
/*
 * --resume: the unfinished moves of the journal, taken up as if they had been typed.
 */
#ifndef PLUGIN_UNFINISHED_H
#define PLUGIN_UNFINISHED_H

#include "plugin/run.h"

/* Takes up every entry that belongs to the JAAS of this run, and adds what came of it to the report. `run` as before run_begin, its journal
 * opened. Returns 0, a status when there is nothing to add, or -1 with an error. */
int unfinished_take_up(struct run *run, struct report *report, struct error **error);

#endif
