/* SPDX-License-Identifier: Apache-2.0 */
/*
 * models.yaml: what juju remembers of the models of each controller. A cache: it may lack models, have ones that are gone, or
 * spell owners in the lower-case form of 4.0.0 to 4.0.3; so compare models by UUID.
 */
#ifndef COMMON_STORE_MODELS_H
#define COMMON_STORE_MODELS_H

#include <stddef.h>

#include "common/base/error.h"
#include "common/store/yaml.h"

/* One model. Texts are never NULL; what the file lacks is "". */
struct store_model {
	char *owner; /* what stands before the "/" of the key, without "@local"; "" when there is none */
	char *name;
	char *uuid;
	char *type;        /* "iaas" or "caas" */
	unsigned int line; /* of the entry in the file */
};

/* The models of one controller. */
struct store_model_list {
	char *controller;
	struct store_model *items; /* in the order of the file */
	size_t count;
	char *current;     /* current-model, "owner/name", or "" */
	unsigned int line; /* of the controller's entry in the file */
};

struct store_models {
	char *file; /* path, printable */
	struct store_model_list *items;
	size_t count;
};

/* Fills `*out` from a document; the caller releases it. Returns 0, or -1 with ERROR_STORE and `*out` empty. */
int store_models_parse(const struct document *document, struct store_models *out, struct error **error);

/* Frees what `*models` holds and leaves it empty. */
void store_models_release(struct store_models *models);

#endif
