/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The plan of a dry run in the three formats of the result document (report.h).
 */
#ifndef PLUGIN_REPORT_PLAN_H
#define PLUGIN_REPORT_PLAN_H

#include "plugin/report.h"

/* Adds the plan's keys to an open JSON object, each with a comma before it. */
void report_plan_json(struct text *text, const struct report_plan *plan);

/* Adds the plan's keys to a YAML record, two blanks deep. */
void report_plan_yaml(struct text *text, const struct report_plan *plan);

/* Adds the plans as tables for a person, each with a blank line before it. A single record shows what would be done and all its checks;
 * several show only the checks that found something, and a count of those not made. Records without a plan add nothing. `colour` as in
 * table_add. */
void report_plan_tables(struct text *text, const struct report *report, int colour);

#endif
