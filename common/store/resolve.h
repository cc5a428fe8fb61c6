/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which model of a list a typed word means. Pure: the list may be juju's memory or a controller's answer.
 *
 * "owner/name" must match exactly. Any other word is tried as, in this order: the name of one of the logged-in user's own
 * models; the name of any visible model, ambiguous if several have it; a whole UUID; the beginning of a UUID, ambiguous if it
 * fits several.
 */
#ifndef COMMON_STORE_RESOLVE_H
#define COMMON_STORE_RESOLVE_H

#include <stddef.h>

#include "common/base/error.h"
#include "common/store/model_word.h"

/* One model to choose from; borrowed texts, not NULL. Entries with the same UUID are the same model. */
struct resolve_model {
	const char *owner;
	const char *name;
	const char *uuid;
};

/* Finds `word` among the `count` models that `user` (who is logged in; "" or NULL: nobody) sees on `controller` (its name,
 * for messages). Returns 0 and sets `*index`; or -1 with ERROR_FAILED: "model CONTROLLER:OWNER/NAME not found", or that it is
 * ambiguous, with every match as "owner/name (uuid)". */
int resolve_model(const struct model_word *word, const char *controller, const char *user,
	const struct resolve_model *models, size_t count, size_t *index, struct error **error);

#endif
