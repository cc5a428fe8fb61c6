/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/world_error.h"

#include <stdarg.h>
#include <stdio.h>

int world_fail(struct world_error *error, const char *code, const char *format, ...)
{
	va_list arguments;
	world_error_clear(error);
	error->code = code;
	va_start(arguments, format);
	vsnprintf(error->message, sizeof(error->message), format, arguments);
	va_end(arguments);
	return -1;
}

void world_error_clear(struct world_error *error)
{
	error->code = "";
	error->message[0] = '\0';
	error->moved = NULL;
	error->server = NULL;
	error->tag = error->proxy = error->ends = false;
}
