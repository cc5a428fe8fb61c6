/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the program and its keyring helper say to each other: one frame there, one frame back, over the helper's stdin and
 * stdout. The helper serves one request and ends; it also ends when the other side hangs up.
 *
 * A frame is six bytes (mark, version, code, flags, length of the rest in two bytes, high byte first), then fields: two
 * bytes of length, then that many bytes. No field may hold a NUL.
 *
 *   request  code: enum keyring_verb, flags: KEYRING_MAY_PROMPT or 0
 *            fields: controller UUID, kind, user, label, secret ("" for what the verb does not take)
 *   answer   code: enum keyring_word, flags: 0
 *            fields: user, secret, text ("" for what the word does not bring)
 */
#ifndef PLUGIN_KEYRING_PROTOCOL_H
#define PLUGIN_KEYRING_PROTOCOL_H

#include <stddef.h>

#include "common/base/error.h"
#include "common/base/scoped.h"

#define KEYRING_VERSION 1
/* Longest secret and longest other field, in bytes. */
#define KEYRING_SECRET_MAX 4096
#define KEYRING_FIELD_MAX 1024
#define KEYRING_HEADER_SIZE 6
#define KEYRING_FRAME_MAX 10240
/* Flag of a request: the keyring may ask the person to unlock it. */
#define KEYRING_MAY_PROMPT 1
/* Real seconds after which the helper ends by itself, whatever it waits for: without and with a prompt. */
#define KEYRING_CEILING 15
#define KEYRING_PROMPT_CEILING 75

enum keyring_verb {
	KEYRING_FIND = 1, /* an empty user: of any user, the latest */
	KEYRING_STORE,    /* in place of what the same controller, kind and user have */
	KEYRING_ERASE     /* all that match; an empty kind or user: any */
};

enum keyring_word {
	KEYRING_FOUND = 1,  /* with user and secret */
	KEYRING_STORED,     /* nothing else to say */
	KEYRING_ERASED,     /* text: how many, decimal */
	KEYRING_NOTHING,    /* there is no such item */
	KEYRING_NO_SERVICE, /* no session bus, no keyring service on it, or we may not talk to it; text: why */
	KEYRING_LOCKED,     /* what is asked for is locked, and asking the person was not allowed */
	KEYRING_REFUSED,    /* the person was asked to unlock it and did not */
	KEYRING_FAILED,     /* text: why, printable */
	/* Never said by the helper; for the program, where no helper has answered. */
	KEYRING_NO_HELPER, /* it is missing, unfit, or cannot be started; text: why */
	KEYRING_TOO_LATE   /* the program's deadline passed */
};

/* Which field is which. */
enum { REQUEST_CONTROLLER, REQUEST_KIND, REQUEST_USER, REQUEST_LABEL, REQUEST_SECRET, REQUEST_FIELDS };
enum { ANSWER_USER, ANSWER_SECRET, ANSWER_TEXT, ANSWER_FIELDS };

/* A frame on its way; it may hold a secret, so it never moves in memory and is erased when it is released. */
struct keyring_frame {
	size_t length; /* bytes of it that are there */
	unsigned char bytes[KEYRING_FRAME_MAX];
};

/* A field of a frame, borrowed from it; not NUL-terminated. */
struct keyring_field {
	const char *bytes;
	size_t length;
};

/* Makes `frame` one with this code and these flags and without fields. The caller owns the storage and calls
 * keyring_frame_release. */
void keyring_frame_begin(struct keyring_frame *frame, int code, int flags);

/* Adds a field (NULL counts as ""). Returns 0, or -1 with ERROR_FAILED when it is longer than `most`, at most
 * KEYRING_SECRET_MAX, or no room is left; then the frame is as before. */
int keyring_frame_add(struct keyring_frame *frame, const char *text, size_t most, struct error **error);

/* Returns how many bytes must still be read, 0 when the frame is whole; -1 with ERROR_PROTOCOL
 * when it cannot be a frame of ours. Never more than there is room for. */
int keyring_frame_wants(const struct keyring_frame *frame, struct error **error);

/* Takes a whole frame apart into exactly `count` fields. Returns 0, or -1 with ERROR_PROTOCOL. */
int keyring_frame_take(
	const struct keyring_frame *frame, struct keyring_field *fields, size_t count, struct error **error);

/* Return the code and the flags of a frame whose header is there. */
int keyring_frame_code(const struct keyring_frame *frame);
int keyring_frame_flags(const struct keyring_frame *frame);

/* Erases a frame; it is empty afterwards. */
void keyring_frame_release(struct keyring_frame *frame);

SCOPED_DEFINE_STRUCT(keyring_frame, struct keyring_frame, keyring_frame_release)

#endif
