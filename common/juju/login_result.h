/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a peer says about itself and about us when a login has succeeded.
 */
#ifndef COMMON_JUJU_LOGIN_RESULT_H
#define COMMON_JUJU_LOGIN_RESULT_H

#include <stddef.h>

#include "common/base/error.h"
#include "common/base/secret.h"
#include "common/juju/facades.h"

struct json_object;

/* Most controller machines that a login may list, and most addresses of one. */
#define LOGIN_MACHINES_MAX 100
#define LOGIN_ADDRESSES_MAX 100

/* An address of a controller machine. */
struct login_address {
	char *host;  /* name or IP address, without brackets */
	char *scope; /* "public", "local-cloud", "local-fan", "local-machine", "link-local", "" */
	int port;
};

/* The addresses of one controller machine, in the controller's order. */
struct login_machine {
	struct login_address *addresses;
	size_t count;
};

struct login_result {
	char *controller_uuid;   /* on JIMM's /api: JIMM's own; for a model: that of the controller that hosts it now */
	char *model_uuid;        /* model connections only */
	char *server_version;    /* from JIMM: that of its oldest controller, "0.0.0" if it has none */
	char *identity;          /* who we are, without "user-" */
	char *controller_access; /* "administrator" (JIMM), "superuser", "login", "" */
	char *model_access;      /* "admin", "write", "read", "" */
	char *public_dns_name;
	int administrator; /* controller_access is "administrator" or "superuser" */
	struct facades facades;
	struct login_machine *machines; /* "servers"; JIMM tells none */
	size_t machine_count;
	/* NULL if the login succeeded. Else the macaroon that the peer wants discharged, as JSON; then all else but `demanded`
	 * is empty. */
	struct secret *demand;
	char *demanded; /* why, in the peer's words, or "" */
};

/* Fills the zeroed `result` from a login's response (may be NULL). `method` ("Admin.Login") is for the message.
 * Returns 0, or -1 with ERROR_PROTOCOL; release it in both cases. */
int login_result_decode(
	struct login_result *result, struct json_object *response, const char *method, struct error **error);

/* Releases what `result` holds and leaves it empty. */
void login_result_release(struct login_result *result);

#endif
