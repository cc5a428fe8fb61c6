/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What can be checked before anything is started: a table of rules. Each is a pure function from what is known to a result and
 * a text.
 *
 * What juju or JIMM would refuse is a problem. What may go either way, or is only JIMM's opinion, which may be stale, is a
 * warning. What is not known is reported as not known, with the reason.
 */
#ifndef COMMON_MIGRATION_PREFLIGHT_H
#define COMMON_MIGRATION_PREFLIGHT_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/text.h"
#include "common/migration/migration.h"

/* Most bytes of one rule's text. */
#define PREFLIGHT_DETAIL_MAX ((size_t)2 * TEXT_SHOWN_MAX)

/* What JIMM.ListMigrationTargets says about the target: listed or not. */
enum preflight_advice { ADVICE_NOT_TOLD, ADVICE_COUNTED, ADVICE_LEFT_OUT };

/* What JIMM's answers show of the caller's rights on the model. */
enum preflight_rights { RIGHTS_NOT_SHOWN, RIGHTS_ADMINISTRATOR, RIGHTS_LESS };

/* Another model of the same owner and name. */
enum preflight_namesake { NAMESAKE_NONE, NAMESAKE_SOMEWHERE, NAMESAKE_ON_TARGET };

/* All that the rules look at. Texts are borrowed; NULL or "": not known. */
struct preflight_facts {
	bool administrator; /* of JIMM */
	bool old_jimm;      /* without lock and upgrade jobs */
	struct {
		const char *name;
		bool listed; /* in JIMM's list of controllers; status, cloud and region are from there */
		const char *status, *cloud, *region;
		const char *version;
		bool version_sure;       /* told by the controller itself */
		enum target_sight sight; /* as the target itself says, TARGET_UNKNOWN if it did not */
		const char *trouble;     /* why it did not */
	} target;
	struct {
		const char *name;
		const char *version; /* told by the controller itself */
	} source;
	struct {
		const char *owner, *name;
		const char *cloud, *region, *life, *version;
		const char *status, *status_info; /* its own status, on the source */
		const char *login_trouble;        /* why the login to it there failed */
		bool unlisted;                    /* no controller that JIMM could reach has it */
		const char *away;                 /* the first few agents that do not work; NULL: none */
		size_t away_count;
		bool agents_told;
	} model;
	enum preflight_advice advice;
	enum preflight_rights rights;
	bool job_told, job; /* JIMM tells about upgrade jobs; one is active */
	enum preflight_namesake namesake;
	bool sees_all;            /* the caller is shown every model of this owner that JIMM knows */
	const char *abort_reason; /* of an aborted attempt that may have left the target active, else NULL */
	bool aborted;             /* the newest attempt was aborted */
};

/* A rule: judges the facts, and adds one line without a full stop to the empty `detail`: the reason and the remedy; for CHECK_OK what
 * was found. */
struct preflight_rule {
	const char *check; /* its name in the result document */
	enum check_result (*judge)(const struct preflight_facts *facts, struct text *detail);
};

/* Returns the rules, in the order in which they are shown, and their number in `*count`. Static. */
const struct preflight_rule *preflight_rules(size_t *count);

#endif
