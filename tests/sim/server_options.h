/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The server's command line.
 */
#ifndef TESTS_SIM_SERVER_OPTIONS_H
#define TESTS_SIM_SERVER_OPTIONS_H

#include "tests/sim/server.h"

/* Fills `options` from the command line; texts in it are borrowed from `arguments`. Returns 0, 1 when the help was asked
 * for (and printed), or -1 with ERROR_USAGE. */
int server_options_read(struct server_options *options, int count, char **arguments, struct error **error);

#endif
