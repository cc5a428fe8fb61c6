/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The result as a table for people (report.h).
 */
#ifndef PLUGIN_REPORT_TABLE_H
#define PLUGIN_REPORT_TABLE_H

#include "plugin/report.h"

/* Adds the table (sorted by result, with a line of counts, where there are several models), the plans of a dry run, and notes. Adds nothing
 * when neither UUID, nor source, nor checks are known of any model. `colour` as in table_add. */
void report_table(struct text *text, const struct report *report, int colour);

#endif
