/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a migration that has ended to its record in the result.
 */
#ifndef PLUGIN_RECORDS_H
#define PLUGIN_RECORDS_H

#include "plugin/run.h"

/* Adds the record of the model `index`, which has ended, and keeps for the shells where it is now. */
void records_add(struct run *run, struct report *report, size_t index);

#endif
