/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads a controller's own log, that of its controller model: directly from the controller, with the user's own rights.
 * The controller tells the model's UUID to whoever may see all models; its name is always "admin/controller" (juju's
 * own).
 */
#ifndef COMMON_LOGIN_CONTROLLER_LOG_H
#define COMMON_LOGIN_CONTROLLER_LOG_H

#include "common/login/log_reader.h"

/* For the whole reading, dial and login included, in nanoseconds. */
#define CONTROLLER_LOG_TIMEOUT (6 * INSTANT_SECOND)

struct controller_log;

/* The owner and the name of every controller's own model. */
extern const char controller_log_owner[], controller_log_model[];

struct controller_log_plan {
	const struct session_place *place; /* of a plain controller; borrowed until controller_log_free */
	const char *model_uuid;            /* of its own model, copied; NULL or "": unknown, the controller is asked */
	const char *module;                /* as in struct log_reader_plan; constant */
	const char *level;
	int64_t since;
	log_reader_record *record;
	log_reader_over *over; /* ERROR_LOGIN: there is no password, and nothing else opens a log */
	void *context;
};

/* Begins to read. Returns the reader, owned by the caller (controller_log_free). Never fails itself. */
struct controller_log *controller_log_new(const struct controller_log_plan *plan);

/* Frees it, finished or not; nothing is called any more. NULL is allowed. */
void controller_log_free(struct controller_log *log);

#endif
