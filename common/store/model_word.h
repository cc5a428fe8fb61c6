/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a person types for a model: "name", "owner/name", a UUID or at least its first six characters, each perhaps after
 * "<controller>:". A text without "/" can be both a name and (the beginning of) a UUID; names are tried first.
 */
#ifndef COMMON_STORE_MODEL_WORD_H
#define COMMON_STORE_MODEL_WORD_H

#include "common/base/error.h"

#define MODEL_WORD_UUID_LENGTH 36
/* Fewest characters of a UUID that may name a model. */
#define MODEL_WORD_PREFIX_MIN 6
/* Longest text that is accepted, in bytes. */
#define MODEL_WORD_MAX 1024

struct model_word {
	char *text;       /* as typed; printable ASCII once accepted, except perhaps in the controller part */
	char *controller; /* what stands before the first ":", or "" */
	char *owner;      /* what stands before the "/", without "@local", or "" */
	char *name;       /* the rest; never "" */
	int prefix;       /* `name` can also be a UUID or at least its first six characters, and there is no owner */
	int whole;        /* `name` can also be a whole UUID */
};

/* Parses `text`. Returns 0 and fills `*word` (model_word_release); or -1 with ERROR_USAGE and `*word` empty for what cannot
 * name a model: too long, no model part, a name outside [a-z0-9][a-z0-9-]*, an owner that is not a user name. */
int model_word_parse(const char *text, struct model_word *word, struct error **error);

/* Frees what `*word` holds and leaves it empty. */
void model_word_release(struct model_word *word);

/* True for a UUID as juju writes it: 8-4-4-4-12 lower-case hexadecimal digits. */
int model_word_uuid(const char *text);

/* True for a model name: a lower-case letter or digit, then those and "-". */
int model_word_name(const char *text);

/* True for a user name, local ("bob") or with a domain ("alice@canonical.com"). Each part has at least two characters: letters
 * and digits, and ".", "+", "-" except at its ends. */
int model_word_user(const char *text);

/* Removes "@local" from a user name in place: it means the same as no domain. */
void model_word_cut_local(char *user);

SCOPED_DEFINE_STRUCT(model_word, struct model_word, model_word_release)

#endif
