/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which JAAS the program works with, and what the store already knows about the named models. Pure functions on a store that
 * was read: they print nothing and ask nobody.
 */
#ifndef COMMON_STORE_CHOOSE_H
#define COMMON_STORE_CHOOSE_H

#include <stddef.h>

#include "common/base/error.h"
#include "common/store/model_word.h"
#include "common/store/store.h"

/* What the person asked for; all borrowed for the call. */
struct choose_request {
	const char *option;              /* value of -c/--controller; NULL or "": not given */
	const struct model_word *models; /* every model named, with -m too */
	size_t model_count;
	char *const *environment; /* JUJU_MODEL and JUJU_CONTROLLER are used */
};

struct choose_result {
	const struct store_controller *controller; /* borrowed from the store */
	const struct store_account *account;       /* borrowed from the store; NULL when nobody is logged in */
	char *notice;                              /* one line to tell the person (stderr), or NULL */
};

/* Chooses the JAAS. The first of these that is given wins: -c; the "<jaas>:" part of the model words; the controller part
 * of JUJU_MODEL; JUJU_CONTROLLER. If none is: current-controller if that is a JAAS, else the only JAAS of the store, with
 * a notice. An empty variable or option counts as not given.
 *
 * Returns 0 and fills `*result` (choose_result_release). Returns -1 with `*result` empty and
 * ERROR_USAGE when -c and the model words, or two model words, name different controllers, and for a name that must not
 * become a file name;
 * ERROR_FAILED when JUJU_MODEL and JUJU_CONTROLLER name different ones and nothing stronger is given;
 * ERROR_STORE when the store has no controller or lacks the named one, when that is not a JAAS (the message lists those that
 * are), when there is no JAAS, and when there are several to choose from (the message says what to type for each). */
int choose_jaas(const struct store *store, const struct choose_request *request, struct choose_result *result,
	struct error **error);

/* Frees what `*result` holds and leaves it empty. */
void choose_result_release(struct choose_result *result);

/* Returns the model that `word` means among those that juju remembers of `controller` (a name), borrowed: by the rules of
 * resolve_model, with the account's user. Only a hint, to open the model's connection early: the controller's own list
 * decides. Returns NULL with ERROR_FAILED (unknown or ambiguous). Never returns an entry without a proper UUID. */
const struct store_model *choose_remembered(
	const struct store *store, const char *controller, const struct model_word *word, struct error **error);

/* True when this controller name may be part of a file name in the store: not empty, not "." or "..", without "/". */
int choose_name_safe(const char *name);

SCOPED_DEFINE_STRUCT(choose_result, struct choose_result, choose_result_release)

#endif
