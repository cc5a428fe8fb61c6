/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One way to log in. Each has a file of its own with a constant of type struct login_way; login.c tries those that apply
 * in juju's order.
 */
#ifndef COMMON_LOGIN_WAY_H
#define COMMON_LOGIN_WAY_H

#include "common/login/login.h"

/* A login under way, as the ways see it. */
struct login {
	struct login_connection connection;
	struct login_account account; /* the texts are owned, all else is borrowed */
	const struct log *log;
	const struct login_way *way;  /* the current one */
	int64_t began;                /* when it began, of loop_now */
	size_t next;                  /* index of the way to consider next */
	struct error *refusal;        /* latest refusal, as it is to be reported */
	void *state;                  /* of the current way, or NULL */
	void (*release)(void *state); /* frees `state` */
	struct loop_timer soon;
	admin_login_done *done;
	void *context;
};

struct login_way {
	const char *name;     /* for log lines */
	enum login_peer peer; /* the only kind of peer that it is for */
	/* Returns NULL when this way can be tried, else why not, in words that hold no secret. */
	const char *(*lacks)(const struct login_account *account);
	/* Begins it; ends with one call of login_answered or login_failed, from the loop. */
	void (*start)(struct login *login);
	/* True when the next way is to be tried after this refusal (ERROR_REMOTE); NULL: never. */
	bool (*goes_on)(const struct login *login, const struct error *refusal);
	/* Called when it has succeeded and the peer is the right one, before the login ends; may be NULL. */
	void (*led_in)(struct login *login);
	const struct login_way *later; /* the way for model paths once this has succeeded; NULL: itself */
	/* Returns the ERROR_LOGIN, owned by the caller, that tells a person what this refusal of this way means
	 * and what to type; NULL when the refusal speaks for itself. */
	struct error *(*explain)(const struct login_account *account, const struct error *refusal);
};

/* Takes the peer's answer to the login itself; `context` is the login. Of type admin_login_done. */
void login_answered(void *context, struct login_result *answer, const struct call_result *result);

/* Ends the login without an answer of the peer, or with one explained already: `error` is borrowed. */
void login_failed(struct login *login, const struct error *error);

/* True when `refusal` says that the peer does not know this way to log in. Never on a model path, where JIMM says "not
 * supported" also about a client that is too old. */
bool login_unknown_way(const struct login_account *account, const struct error *refusal);

#endif
