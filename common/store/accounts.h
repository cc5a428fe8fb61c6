/* SPDX-License-Identifier: Apache-2.0 */
/*
 * accounts.yaml: the one account that juju has on each controller.
 */
#ifndef COMMON_STORE_ACCOUNTS_H
#define COMMON_STORE_ACCOUNTS_H

#include <stddef.h>

#include "common/base/error.h"
#include "common/base/secret.h"
#include "common/store/yaml.h"

/* One account. Texts are never NULL; what the file lacks is "". */
struct store_account {
	char *controller;            /* name of the controller; may be one that controllers.yaml does not have */
	char *user;                  /* "alice@canonical.com"; a local user without "@local"; "" only beside a token */
	struct secret *password;     /* NULL when there is none */
	struct secret *access_token; /* session token of a JAAS; NULL when there is none */
	char *last_known_access;     /* only for display */
	char *type;                  /* written by 3.5.0 to 3.6.3: "oauth2-device" or "userpass" */
	unsigned int line;           /* of the entry in the file */
};

struct store_accounts {
	char *file;                  /* path, printable */
	struct store_account *items; /* in the order of the file, without null entries */
	size_t count;
};

/* Fills `*out` from a document; the caller releases it. Returns 0, or -1 with ERROR_STORE and `*out` empty. */
int store_accounts_parse(const struct document *document, struct store_accounts *out, struct error **error);

/* Erases and frees what `*accounts` holds and leaves it empty. */
void store_accounts_release(struct store_accounts *accounts);

SCOPED_DEFINE_STRUCT(accounts, struct store_accounts, store_accounts_release)

#endif
