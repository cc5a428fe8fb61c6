/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The credentials of one place: those to log in with, and those that the logins of a run have obtained. All sessions of
 * the place share them, so that a token obtained by one is used by the next.
 */
#ifndef COMMON_LOGIN_KEYS_H
#define COMMON_LOGIN_KEYS_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/secret.h"
#include "common/wire/strangers.h"

/* Most sets of macaroons that are kept; a jar holds one or two. */
#define LOGIN_MACAROONS_MAX 64

struct login_way;

/* Client credentials of a service account. All is owned. */
struct login_client {
	char *id;
	struct secret *secret;
};

/* A set of macaroons as the JSON text of a list: the primary one, then its bound discharges. */
struct login_macaroons {
	struct secret *set;
	bool is_new; /* obtained by a login of this run, not written back yet */
};

/* All zero is empty; what it holds is owned (login_keys_release). "Remembered" means not from juju's store or
 * environment: tried when those do not suffice. */
struct login_keys {
	struct login_client client; /* from the environment */
	struct login_client remembered_client;
	struct secret *token; /* session token */
	bool token_is_new;    /* obtained in this run, not written back yet */
	struct secret *password;
	struct secret *remembered_password;
	bool remembered_password_is_wrong;
	struct secret *typed_password; /* typed by a person, and accepted; NULL: none */
	struct login_macaroons macaroons[LOGIN_MACAROONS_MAX];
	size_t macaroon_count;
	bool jar_is_read;            /* the macaroons include those of the cookie jar */
	const struct login_way *way; /* the one that succeeded on /api, or NULL; on model paths only it is tried */
	struct strangers strangers;  /* endpoints to which none of this is sent any more */
	bool nobody_there;           /* the person was asked, did not answer, and is not asked again */
};

/* True when both halves are given. */
bool login_client_given(const struct login_client *client);

/* Takes JUJU_CLIENT_ID and JUJU_CLIENT_SECRET of `environment`, if both are given. */
void login_keys_take_environment(struct login_keys *keys, char *const *environment);

/* Takes a token (copied) that a device login has obtained. */
void login_keys_bring_token(struct login_keys *keys, const struct secret *token);

/* Adds a set (copied); none beyond LOGIN_MACAROONS_MAX. */
void login_keys_add_macaroons(struct login_keys *keys, const struct secret *set, bool is_new);

/* True when a login of this run has obtained something that is not written back yet. */
bool login_keys_have_news(const struct login_keys *keys);

/* Erases and frees all and leaves it empty. */
void login_keys_release(struct login_keys *keys);

#endif
