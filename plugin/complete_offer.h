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

/* So many characters of a UUID must have been typed before UUIDs are offered among names. */
#define OFFER_UUID_MIN 4
/* What is older than this does not keep a controller from being offered as a target. */
#define OFFER_HOST_AGE_MAX (60 * INSTANT_MINUTE)
/* Most entries of a folder that are looked at. */
#define OFFER_FILES_MAX 20000

/* All borrowed for the call. */
struct complete_known {
	const struct store *store;         /* NULL: none that could be read */
	const char *jaas;                  /* its name in the store; NULL: none that could be chosen */
	const char *user;                  /* as whom we are known there; NULL or "": not known */
	const struct catalogue *catalogue; /* of that JAAS */
	int64_t now;                       /* since 1970 */
	const char *home;                  /* what "~" stands for, or NULL */
};

/* Adds what can stand at the end of `line`. */
void complete_offer(const struct complete_line *line, const struct complete_known *known, struct candidates *to);

/* The parts, each in a file of its own: models and owners; the files that `to->typed` begins. `named` are those of the line's models that are
 * known, NULL for the others, one for each of `words`. */
void offer_models(const struct complete_known *known, const struct catalogue_model *const *named, size_t count,
	struct candidates *to);
void offer_files(const char *home, struct candidates *to);

/* True when juju and JIMM would take this model by its owner's and its own name. */
bool offer_can_be_named(const struct catalogue_model *model);

#endif
