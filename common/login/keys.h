/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What there is to log in with, and what the logins of a run have brought. One for each place that is logged in to, shared by
 * all its sessions: a token that one of them brings is the next one's.
 */
#ifndef COMMON_LOGIN_KEYS_H
#define COMMON_LOGIN_KEYS_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/secret.h"
#include "common/wire/strangers.h"

/* Most sets of macaroons that are sent; a jar holds one or two. */
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
	bool is_new; /* a login of this run has brought it */
};

/* All zero is nothing at all; what it holds is owned (login_keys_release). "Remembered" is what comes from elsewhere than
 * juju's own store and environment: it is tried when those do not do. */
struct login_keys {
	struct login_client client; /* from the environment */
	struct login_client remembered_client;
	struct secret *token; /* session token */
	bool token_is_new;    /* a device login of this run has brought it */
	struct secret *password;
	struct secret *remembered_password;
	bool remembered_password_is_wrong;
	struct secret *typed_password; /* by a person, and right; NULL when none was */
	struct login_macaroons macaroons[LOGIN_MACAROONS_MAX];
	size_t macaroon_count;
	bool jar_is_read;            /* what the cookie jar has is among the macaroons */
	const struct login_way *way; /* that succeeded on /api, or NULL; on model paths no other is tried then */
	struct strangers strangers;  /* endpoints to which nothing of this is sent any more */
	bool nobody_there;           /* the person was asked and did not answer, and is not asked again */
};

/* True when both halves are given. */
bool login_client_given(const struct login_client *client);

/* Takes JUJU_CLIENT_ID and JUJU_CLIENT_SECRET of `environment`, if both are given. */
void login_keys_take_environment(struct login_keys *keys, char *const *environment);

/* A device login has brought this token (copied). */
void login_keys_bring_token(struct login_keys *keys, const struct secret *token);

/* Adds a set (copied); what is over the ceiling is left out. */
void login_keys_add_macaroons(struct login_keys *keys, const struct secret *set, bool is_new);

/* True when there is something that a login of this run has brought and that has not been kept. */
bool login_keys_have_news(const struct login_keys *keys);

/* Erases and frees all and leaves it empty. */
void login_keys_release(struct login_keys *keys);

#endif
