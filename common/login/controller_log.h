/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads the log of a controller itself, which is that of its controller model: directly, with a user's own rights there. Which model that is
 * the controller tells whoever may see all models; it is "admin/controller" (juju's own name for it) on every controller.
 */
#ifndef COMMON_LOGIN_CONTROLLER_LOG_H
#define COMMON_LOGIN_CONTROLLER_LOG_H

#include "common/login/log_reader.h"

/* For all of it, dial and login included, in nanoseconds. */
#define CONTROLLER_LOG_TIMEOUT (6 * INSTANT_SECOND)

struct controller_log;

/* The owner and the name of every controller's own model. */
extern const char controller_log_owner[], controller_log_model[];

struct controller_log_plan {
	const struct session_place *place; /* of a plain controller; borrowed until it is over or freed */
	const char *model_uuid;            /* of its own model, copied; NULL or "": unknown, the controller is asked */
	const char *module;                /* as in struct log_reader_plan; constant */
	const char *level;
	int64_t since;
	log_reader_record *record;
	log_reader_over *over; /* ERROR_LOGIN: there is no password, and nothing else opens a log */
	void *context;
};

/* Begins to read. Returns what reads, owned by the caller (controller_log_free). Never fails by itself. */
struct controller_log *controller_log_new(const struct controller_log_plan *plan);

/* Gives it up; nothing is called any more. NULL is allowed. */
void controller_log_free(struct controller_log *log);

#endif
