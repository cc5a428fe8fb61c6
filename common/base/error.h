/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One error convention for the whole program.
 *
 * A function that can fail returns int (0, or -1) or a pointer (or NULL) and takes `struct error **error` last. On
 * success `*error` is untouched; on failure it is set to a new error that the caller owns. A caller that does not care
 * passes NULL. An error is wrapped with context on its way up and printed once, by main.
 *
 * The message is for people: "cannot ...", lower case, no full stop, the cause last, and what to do next where that is
 * known. The kind is for the program: it drives decisions and the exit status. Text from servers and files must be made
 * printable (text.h) before it goes into a message.
 */
#ifndef COMMON_BASE_ERROR_H
#define COMMON_BASE_ERROR_H

#include <stdarg.h>

#include "common/base/scoped.h"

enum error_kind {
	ERROR_FAILED = 1,     /* the work could not be done */
	ERROR_USAGE,          /* wrong options or arguments */
	ERROR_DATA_DIRECTORY, /* the data directory cannot be used */
	ERROR_STORE,          /* a file of the client store is damaged, or lacks what is needed */
	ERROR_NETWORK,        /* cannot connect, or the connection broke */
	ERROR_TIMEOUT,        /* a deadline of ours passed */
	ERROR_TLS,            /* the peer's certificate was refused: final, never retried */
	ERROR_PROTOCOL,       /* the peer answers as no JIMM or Juju does */
	ERROR_REMOTE,         /* the peer answered with an error; `code` is its wire code */
	ERROR_LOGIN,          /* not logged in, or the login was refused */
	ERROR_CANCELLED,      /* we gave it up ourselves */
};

struct error {
	enum error_kind kind;
	char *message; /* for people, printable */
	char *code;    /* wire code of an ERROR_REMOTE ("" when the peer gave none), else NULL */
};

/* Sets `*error` to a new error with this kind and message; does nothing when `error` is NULL. Returns -1, so that a
 * function can end with `return error_set(...)`. */
int error_set(struct error **error, enum error_kind kind, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* As error_set for an answer of the peer: kind ERROR_REMOTE, `code` is its wire code (NULL counts as ""). */
int error_set_remote(struct error **error, const char *code, const char *message);

/* Puts "context: " before the message of `*error`; does nothing without an error. Returns -1. */
int error_wrap(struct error **error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Hands `from` over to `*error` (releases it when `error` is NULL). Returns -1. */
int error_move(struct error **error, struct error *from);

/* Returns a copy, owned by the caller, or NULL for NULL. */
struct error *error_copy(const struct error *from);

/* True when `error` is an answer of the peer with exactly this wire code. */
int error_has_code(const struct error *error, const char *code);

/* True when `error` is an answer of the peer whose message contains `part`. */
int error_says(const struct error *error, const char *part);

/* Releases an error; NULL is allowed. */
void error_free(struct error *error);

SCOPED_DEFINE(error, struct error *, error_free)

#endif
