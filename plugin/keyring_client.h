/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Secrets in the desktop keyring, by way of the keyring helper (keyring_protocol.h): a process for each question, which
 * gets a bare environment, one socket for stdin and stdout, and a deadline.
 *
 * Nothing here fails: a keyring is a convenience, and whatever is wrong with it is a word of the result, for the caller to
 * go on without it.
 */
#ifndef PLUGIN_KEYRING_CLIENT_H
#define PLUGIN_KEYRING_CLIENT_H

#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/secret.h"
#include "plugin/keyring_protocol.h"

/* How long the helper is waited for: if no person is asked, and if one may be asked to unlock the keyring. Shorter than the
 * helper's own ceilings, so that these only end helpers that nobody waits for. */
#define KEYRING_PATIENCE (5 * INSTANT_SECOND)
#define KEYRING_PROMPT_PATIENCE (60 * INSTANT_SECOND)

/* What keeps the keyring; borrowed, with all it points to, while calls are made. */
struct keyring_place {
	const char *helper;        /* keyring_helper_find; NULL: there is none */
	char *const *environment;  /* the helper gets what it needs of it to find the session, nothing else */
	const struct clock *clock; /* for the deadline; is only read */
	const struct log *log;     /* may be NULL */
	int may_prompt;            /* a person is there whom the desktop may ask to unlock the keyring */
	int leave; /* descriptor plus one that becomes readable when the run is to end, 0 without; nothing is found then */
};

enum keyring_kind { KEYRING_ANY_KIND, KEYRING_CLIENT_SECRET, KEYRING_PASSWORD };

/* What is kept, or looked for; borrowed for the call. Nothing in it is a secret. */
struct keyring_item {
	const char *controller_uuid; /* not empty */
	const char *controller;      /* its name in the store, for the label that people see */
	enum keyring_kind kind;      /* KEYRING_ANY_KIND: to erase only */
	const char *user;            /* client id or user; NULL or "": any, not to store */
};

struct keyring_result {
	enum keyring_word word;
	char *user;            /* KEYRING_FOUND: whose secret it is; else NULL */
	struct secret *secret; /* KEYRING_FOUND: never NULL; else NULL */
	int count;             /* KEYRING_ERASED: how many; else 0 */
	char *text;            /* why, printable; "" where the word says all */
};

struct keyring_call;

/* Begins to ask; `secret` is for KEYRING_STORE, else NULL. Returns at once with the call, owned by the caller
 * (keyring_finish or keyring_cancel); `place` is borrowed until then. */
struct keyring_call *keyring_begin(const struct keyring_place *place, enum keyring_verb verb,
	const struct keyring_item *item, const struct secret *secret);

/* True when keyring_finish would not wait. */
int keyring_answered(const struct keyring_call *call);

/* Waits for the answer, until the deadline that began with keyring_begin at the latest, fills `*result` (keyring_result_release)
 * and releases the call. The helper is gone then. */
void keyring_finish(struct keyring_call *call, struct keyring_result *result);

/* Ends the helper wherever it is, and releases the call; NULL is allowed. */
void keyring_cancel(struct keyring_call *call);

/* keyring_begin and keyring_finish in one. */
void keyring_ask(const struct keyring_place *place, enum keyring_verb verb, const struct keyring_item *item,
	const struct secret *secret, struct keyring_result *result);

/* Returns why there was no answer to use, to stand behind "cannot ...: "; owned by the caller (free()). NULL for words that are answers:
 * found, stored, erased, nothing. */
char *keyring_complaint(const struct keyring_result *result);

/* Erases and frees what `*result` holds and leaves it empty. */
void keyring_result_release(struct keyring_result *result);

SCOPED_DEFINE(keyring_call, struct keyring_call *, keyring_cancel)

SCOPED_DEFINE_STRUCT(keyring_result, struct keyring_result, keyring_result_release)

#endif
