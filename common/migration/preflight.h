/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What can be checked before anything is started: a table of rules, each a pure function from what is known to a result and
 * its words.
 *
 * What juju or JIMM would refuse is a problem. What is only an opinion of JIMM's, which may be stale, or may go either way,
 * is a warning. What is not known is said to be not known, with the reason.
 */
#ifndef COMMON_MIGRATION_PREFLIGHT_H
#define COMMON_MIGRATION_PREFLIGHT_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/text.h"
#include "common/migration/migration.h"

/* Most bytes of one rule's words. */
#define PREFLIGHT_DETAIL_MAX ((size_t)2 * TEXT_SHOWN_MAX)

/* What JIMM.ListMigrationTargets says of the target. */
enum preflight_advice { ADVICE_NOT_TOLD, ADVICE_COUNTED, ADVICE_LEFT_OUT };

/* What JIMM's answers show of the caller's rights on the model. */
enum preflight_rights { RIGHTS_NOT_SHOWN, RIGHTS_ADMINISTRATOR, RIGHTS_LESS };

/* Another model of the same owner and name. */
enum preflight_namesake { NAMESAKE_NONE, NAMESAKE_SOMEWHERE, NAMESAKE_ON_TARGET };

/* All that the rules look at. Texts are borrowed; NULL or "" where it is not known. */
struct preflight_facts {
	bool administrator; /* of JIMM */
	bool old_jimm;      /* without lock and upgrade jobs */
	struct {
		const char *name;
		bool listed; /* by JIMM's list of controllers; what follows is from there */
		const char *status, *cloud, *region;
		const char *version;
		bool version_sure;       /* the controller's own word */
		enum target_sight sight; /* as the target itself says, TARGET_UNKNOWN where it was not asked */
		const char *trouble;     /* why it was not */
	} target;
	struct {
		const char *name;
		const char *version; /* its own word */
	} source;
	struct {
		const char *owner, *name;
		const char *cloud, *region, *life, *version;
		const char *status, *status_info; /* its own, on the source */
		const char *login_trouble;        /* why nobody could log in to it there */
		bool unlisted;                    /* no controller that JIMM could reach has it */
		const char *away;                 /* agents that do not work; NULL: none */
		size_t away_count;
		bool agents_told;
	} model;
	enum preflight_advice advice;
	enum preflight_rights rights;
	bool job_told, job; /* JIMM tells of upgrade jobs; one is active */
	enum preflight_namesake namesake;
	bool sees_all;            /* the caller is shown every model of this owner that JIMM knows */
	const char *abort_reason; /* of an aborted attempt that may have left the target active, else NULL */
	bool aborted;             /* the newest attempt was aborted */
};

/* A rule: judges the facts, and adds to the empty `detail` what is to be said: the reason and the remedy, on one line, without a full
 * stop; for CHECK_OK what was found. */
struct preflight_rule {
	const char *check; /* its name in the result document */
	enum check_result (*judge)(const struct preflight_facts *facts, struct text *detail);
};

/* Returns the rules, in the order in which they are shown; `*count` is how many. Constant. */
const struct preflight_rule *preflight_rules(size_t *count);

#endif
