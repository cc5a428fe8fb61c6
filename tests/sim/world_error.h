/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An answer that is an error, as it goes over the wire.
 */
#ifndef TESTS_SIM_WORLD_ERROR_H
#define TESTS_SIM_WORLD_ERROR_H

#include <stdbool.h>

/* Longest message, in bytes with the NUL; longer ones are cut. */
#define WORLD_MESSAGE_MAX 512

struct world_attempt;

struct world_error {
	const char *code;                  /* "" for none */
	char message[WORLD_MESSAGE_MAX];   /* "" means that there is no error */
	const struct world_attempt *moved; /* `redirection required`: where to, NULL: no info */
	const char *server;                /* `incompatible client`: the controller's version, NULL: no info */
	bool tag;                          /* the info names the controller's tag too */
	bool proxy;                        /* made by JIMM's model proxy itself */
	bool ends;                         /* the connection is closed after it */
};

/* Sets the error. Returns -1. */
int world_fail(struct world_error *error, const char *code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* No error yet. */
void world_error_clear(struct world_error *error);

#endif
