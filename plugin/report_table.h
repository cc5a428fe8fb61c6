/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The result as a table for people (report.h).
 */
#ifndef PLUGIN_REPORT_TABLE_H
#define PLUGIN_REPORT_TABLE_H

#include "plugin/report.h"

/* Adds the table, the counts where there are several models (by result then), the plans of a dry run, and notes. Nothing where nothing is
 * known of any model. `colour` as in table_add. */
void report_table(struct text *text, const struct report *report, int colour);

#endif
