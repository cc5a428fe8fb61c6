/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Private to the preflight: the judges of its table (preflight.h).
 */
#ifndef COMMON_MIGRATION_PREFLIGHT_RULES_H
#define COMMON_MIGRATION_PREFLIGHT_RULES_H

#include "common/migration/preflight.h"

/* preflight_target.c: can the target take it? */
enum check_result judge_target_status(const struct preflight_facts *facts, struct text *detail);
enum check_result judge_cloud_region(const struct preflight_facts *facts, struct text *detail);
enum check_result judge_target_name(const struct preflight_facts *facts, struct text *detail);
enum check_result judge_target_copy(const struct preflight_facts *facts, struct text *detail);

/* preflight_versions.c: is it new enough? */
enum check_result judge_model_version(const struct preflight_facts *facts, struct text *detail);
enum check_result judge_controller_version(const struct preflight_facts *facts, struct text *detail);

/* preflight_model.c: can it leave? */
enum check_result judge_model_access(const struct preflight_facts *facts, struct text *detail);
enum check_result judge_model_life(const struct preflight_facts *facts, struct text *detail);
enum check_result judge_model_login(const struct preflight_facts *facts, struct text *detail);
enum check_result judge_model_listed(const struct preflight_facts *facts, struct text *detail);
enum check_result judge_model_status(const struct preflight_facts *facts, struct text *detail);
enum check_result judge_agents(const struct preflight_facts *facts, struct text *detail);
enum check_result judge_running_migration(const struct preflight_facts *facts, struct text *detail);
enum check_result judge_earlier_migration(const struct preflight_facts *facts, struct text *detail);
enum check_result judge_upgrade_job(const struct preflight_facts *facts, struct text *detail);
enum check_result judge_migration_lock(const struct preflight_facts *facts, struct text *detail);

/* Adds the formatted text to `detail` and returns `result`. */
enum check_result judge_say(struct text *detail, enum check_result result, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
