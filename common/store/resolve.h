/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which model of a list a typed word means. Pure: the list may be what juju remembers or what a controller answered.
 *
 * The rules, in this order: "owner/name" is matched exactly. A bare name is the logged-in user's own model, else the only
 * visible one of that name, and ambiguous when there are several. Then a whole UUID; then the beginning of a UUID, which
 * must fit one model only.
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

/* Finds `word` among `count` models that `user` (the logged-in one; "" or NULL when nobody is) sees on `controller` (its
 * name, for messages). Returns 0 and sets `*index`; or -1 with ERROR_FAILED: "model CONTROLLER:OWNER/NAME not found", or
 * an ambiguity with every match listed as "owner/name (uuid)". */
int resolve_model(const struct model_word *word, const char *controller, const char *user,
	const struct resolve_model *models, size_t count, size_t *index, struct error **error);

#endif
