/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is offered for the end of a command line, from what is known without asking anybody. Pure, but for files.
 */
#ifndef PLUGIN_COMPLETE_OFFER_H
#define PLUGIN_COMPLETE_OFFER_H

#include <stdint.h>

#include "common/store/store.h"
#include "plugin/candidates.h"
#include "plugin/catalogue.h"
#include "plugin/complete_line.h"

/* How many characters of a UUID must have been typed before UUIDs are offered beside names. */
#define OFFER_UUID_MIN 4
/* A controller is not offered as the target of a model that it hosts; that a host is known counts only for this long. */
#define OFFER_HOST_AGE_MAX (60 * INSTANT_MINUTE)
/* Most entries of a folder that are looked at. */
#define OFFER_FILES_MAX 20000

/* All borrowed for the call. */
struct complete_known {
	const struct store *store;         /* NULL: none that could be read */
	const char *jaas;                  /* its name in the store; NULL: none that could be chosen */
	const char *user;                  /* the user that is logged in there; NULL or "": not known */
	const struct catalogue *catalogue; /* of that JAAS */
	int64_t now;                       /* since 1970 */
	const char *home;                  /* what "~" stands for, or NULL */
};

/* Adds what can stand at the end of `line`. */
void complete_offer(const struct complete_line *line, const struct complete_known *known, struct candidates *to);

/* Parts of complete_offer, each in a file of its own: models and owners, and files whose path begins with `to->typed`. `named` has `count`
 * entries, one for each of the line's words: the model it names, or NULL where the catalogue does not have it. */
void offer_models(const struct complete_known *known, const struct catalogue_model *const *named, size_t count,
	struct candidates *to);
void offer_files(const char *home, struct candidates *to);

/* True when juju and JIMM accept this model as owner/name. */
bool offer_can_be_named(const struct catalogue_model *model);

#endif
