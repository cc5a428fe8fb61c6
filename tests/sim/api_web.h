/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a controller's own door answers over plain https: the discharge of login macaroons by a password, the identity
 * provider beside it (where only a browser could go on), and its health.
 */
#ifndef TESTS_SIM_API_WEB_H
#define TESTS_SIM_API_WEB_H

#include <stdbool.h>
#include <stddef.h>

#include "tests/sim/world.h"

/* Longest body of a request, in bytes. */
#define API_WEB_BODY_MAX 16384

struct world_controller;

struct api_web_request {
	const char *method, *path; /* borrowed, the path without its query */
	const char *host;          /* may be NULL */
	bool bakery;               /* has the header Bakery-Protocol-Version */
	const char *body;          /* NUL-terminated */
};

struct api_web_answer {
	int status;
	const char *type; /* of the body */
	bool challenge;   /* WWW-Authenticate: Macaroon */
	char *body;       /* owned, holds secrets */
};

/* Answers; released by api_web_answer_release. */
void api_web(struct world *world, struct world_controller *controller, const struct api_web_request *request,
	struct api_web_answer *answer);
void api_web_answer_release(struct api_web_answer *answer);

#endif
