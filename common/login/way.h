/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One way to log in. Each has a file of its own with a constant of type struct login_way; login.c tries those that apply
 * in juju's order.
 */
#ifndef COMMON_LOGIN_WAY_H
#define COMMON_LOGIN_WAY_H

#include "common/login/login.h"

/* A login on its way, as the ways see it. */
struct login {
	struct login_connection connection;
	struct login_account account; /* the texts are owned, all else is borrowed */
	const struct log *log;
	const struct login_way *way;  /* the present one */
	int64_t began;                /* to try it, of loop_now */
	size_t next;                  /* index of the one to look at after it */
	struct error *refusal;        /* of the ways before, as it is to be reported */
	void *state;                  /* of the present way, or NULL */
	void (*release)(void *state); /* frees it */
	struct loop_timer soon;
	admin_login_done *done;
	void *context;
};

struct login_way {
	const char *name;     /* for log lines */
	enum login_peer peer; /* the only kind of peer that it is for */
	/* Returns NULL when this way can be tried, else why not, in words that hold no secret. */
	const char *(*lacks)(const struct login_account *account);
	/* Begins; ends with one login_answered or login_failed, from the loop. */
	void (*start)(struct login *login);
	/* True when the next way is to be tried after this refusal (ERROR_REMOTE); NULL: never. */
	bool (*goes_on)(const struct login *login, const struct error *refusal);
	/* Called when it has led in and the peer is the right one, before the login ends; may be NULL. */
	void (*led_in)(struct login *login);
	const struct login_way *later; /* what is to be used on model paths when this has led in; NULL: itself */
	/* Returns the ERROR_LOGIN, owned by the caller, that tells a person what this refusal of this way means
	 * and what to type; NULL when the refusal speaks for itself. */
	struct error *(*explain)(const struct login_account *account, const struct error *refusal);
};

/* The peer has answered the login itself; the context is the login. Of type admin_login_done. */
void login_answered(void *context, struct login_result *answer, const struct call_result *result);

/* The way ends without the peer's word, or with a word that is explained already: `error` is borrowed. */
void login_failed(struct login *login, const struct error *error);

/* True when `refusal` says that the peer does not know this way to log in. On a model path "not supported" comes from JIMM as
 * well, about our age. */
bool login_unknown_way(const struct login_account *account, const struct error *refusal);

#endif
