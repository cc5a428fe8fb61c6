/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The log: lines about what the program does, for --debug. Never a body of a message, never a secret.
 *
 * The library does not print. It passes lines to the sink that main has set, if there is one.
 */
#ifndef COMMON_BASE_LOG_H
#define COMMON_BASE_LOG_H

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERROR };

struct log {
	enum log_level least; /* lines below this level are left out */
	/* Takes one printable line without line end, borrowed for the call. NULL: no log. */
	void (*sink)(void *context, enum log_level level, const char *module, const char *line);
	void *context;
};

/* Passes a formatted line about `module` ("wire", "login", ...) to the log's sink. `log` may be NULL. */
void log_line(const struct log *log, enum log_level level, const char *module, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

#define log_debug(log, ...) log_line(log, LOG_DEBUG, __VA_ARGS__)
#define log_info(log, ...) log_line(log, LOG_INFO, __VA_ARGS__)
#define log_warning(log, ...) log_line(log, LOG_WARNING, __VA_ARGS__)

#endif
