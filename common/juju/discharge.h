/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The requests and answers of the two doors where a controller discharges the macaroons of its local users: /auth/discharge and
 * /auth/form.
 */
#ifndef COMMON_JUJU_DISCHARGE_H
#define COMMON_JUJU_DISCHARGE_H

#include "common/juju/macaroon.h"

/* Longest text kept of a door's answer, in bytes. */
#define DISCHARGE_TEXT_MAX ((size_t)4096)

/* A proof of who the user is; it works once. */
struct discharge_token {
	char *kind;
	struct secret *value; /* any bytes */
	size_t length;
};

enum discharge_outcome {
	DISCHARGE_DONE,    /* `macaroon` is the discharge */
	DISCHARGE_ASKS,    /* a proof is needed; `door` is where user and password give one, "" if they cannot */
	DISCHARGE_PROVED,  /* `token` is the proof */
	DISCHARGE_REFUSED, /* `message` says why */
};

/* What a door has answered; released with discharge_answer_release. */
struct discharge_answer {
	enum discharge_outcome outcome;
	struct macaroon *macaroon; /* not bound yet */
	char *door;                /* as received: a path or a URL */
	struct discharge_token token;
	char *message; /* printable; "" or NULL: none */
};

/* Returns the body of a POST to /auth/discharge, a form, owned by the caller. `token` NULL: no proof yet. */
struct secret *discharge_write(const struct macaroon_caveat *caveat, const struct discharge_token *token);

/* Returns the body of a POST to the door for user and password, JSON, owned by the caller. */
struct secret *discharge_write_password(const char *user, const struct secret *password);

/* Reads the answer of /auth/discharge, which came with HTTP status `status`. Returns 0, or -1 with ERROR_PROTOCOL and `*answer` empty. */
int discharge_read(
	unsigned int status, const char *body, size_t length, struct discharge_answer *answer, struct error **error);

/* The same for the door for user and password, which gives DISCHARGE_PROVED instead of DISCHARGE_DONE. */
int discharge_read_proof(
	unsigned int status, const char *body, size_t length, struct discharge_answer *answer, struct error **error);

/* Erases and frees what it holds and leaves it empty. */
void discharge_answer_release(struct discharge_answer *answer);

SCOPED_DEFINE_STRUCT(discharge_answer, struct discharge_answer, discharge_answer_release)

#endif
