/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is known of the models and controllers of one JAAS: put together from the lists that JIMM answers, kept between runs
 * (catalogue_file.h), offered by the shells. Nothing is decided by it: it may be old.
 */
#ifndef PLUGIN_CATALOGUE_H
#define PLUGIN_CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/instant.h"
#include "common/migration/port.h"
#include "common/store/models.h"

/* Most models and controllers that are kept; any more are left out. */
#define CATALOGUE_MODELS_MAX 20000
#define CATALOGUE_CONTROLLERS_MAX 5000

/* Texts are owned, printable, and NULL where nothing is known. */
struct catalogue_model {
	char *uuid;  /* never NULL */
	char *owner; /* NULL as long as no list of models has told of it */
	char *name;  /* likewise */
	char *host_uuid;
	char *host;      /* the controller's name in JIMM */
	int64_t host_at; /* when JIMM told these two, 0: never */
	char *cloud;
	char *region;
	size_t order; /* of being added: tells which of two entries with the same UUID is the newer one */
};

struct catalogue_controller {
	char *name; /* never NULL */
	char *uuid;
	char *cloud;
	char *region;
	char *version;
	char *status;
};

struct catalogue {
	char *user;                     /* to whom it was told, "alice@canonical.com"; NULL: to nobody yet */
	struct catalogue_model *models; /* by UUID */
	size_t model_count, model_capacity;
	struct catalogue_controller *controllers; /* in JIMM's order */
	size_t controller_count, controller_capacity;
	/* When the lists were told, nanoseconds since 1970; INSTANT_NONE: never. */
	int64_t models_at, controllers_at;
};

/* Makes it empty; the caller owns the storage (catalogue_release). */
void catalogue_init(struct catalogue *catalogue);

/* Frees what it holds and leaves it empty. */
void catalogue_release(struct catalogue *catalogue);

/* Takes in an answer that `user` got at `now`, if it is a list of controllers, models, rows or summaries; ignores any other. `jaas_uuid` is
 * JIMM's own UUID, which JIMM gives in place of that of a controller that it hides. The answer is not changed. */
void catalogue_learn(struct catalogue *catalogue, const struct migration_answer *answer, const char *user,
	const char *jaas_uuid, int64_t now);

/* At `now` JIMM points at the controller `host` for the model `uuid`; `host_uuid` may be NULL. */
void catalogue_moved(
	struct catalogue *catalogue, const char *uuid, const char *host_uuid, const char *host, int64_t now);

/* Adds the models that juju's store remembers and the catalogue does not have. */
void catalogue_add_remembered(struct catalogue *catalogue, const struct store_model_list *models);

/* Takes over from `other` what is newer there or missing here; nothing when `other` belongs to another user. */
void catalogue_merge(struct catalogue *catalogue, const struct catalogue *other);

/* Adds a model, or updates the one with this UUID: members that are neither NULL nor "" replace what was known (all are copied). Call
 * catalogue_settle after the last one. */
void catalogue_add_model(struct catalogue *catalogue, const struct catalogue_model *model);

/* Sorts the models, merges those with the same UUID, and drops those over the ceiling. */
void catalogue_settle(struct catalogue *catalogue);

/* Adds a controller at the end (all copied). */
void catalogue_add_controller(struct catalogue *catalogue, const struct catalogue_controller *controller);

/* Returns the model with this UUID, borrowed, or NULL. */
const struct catalogue_model *catalogue_find(const struct catalogue *catalogue, const char *uuid);

SCOPED_DEFINE_STRUCT(catalogue, struct catalogue, catalogue_release)

#endif
