/* SPDX-License-Identifier: Apache-2.0 */
#include "common/base/error.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

__attribute__((format(printf, 1, 0))) static char *formatted(const char *format, va_list arguments)
{
	va_list again;
	va_copy(again, arguments);
	int length = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (length < 0)
		return string_copy(format);

	char *text = memory_get((size_t)length + 1, 1);
	vsnprintf(text, (size_t)length + 1, format, arguments);
	return text;
}

static struct error *error_new(enum error_kind kind, char *message, const char *code)
{
	struct error *error = memory_get(1, sizeof(*error));

	error->kind = kind;
	error->message = message;
	error->code = string_copy(code);
	return error;
}

int error_set(struct error **error, enum error_kind kind, const char *format, ...)
{
	va_list arguments;

	if (error == NULL)
		return -1;
	va_start(arguments, format);
	char *message = formatted(format, arguments);
	va_end(arguments);
	*error = error_new(kind, message, NULL);
	return -1;
}

int error_set_remote(struct error **error, const char *code, const char *message)
{
	if (error != NULL)
		*error = error_new(ERROR_REMOTE, string_copy(message), code != NULL ? code : "");
	return -1;
}

int error_wrap(struct error **error, const char *format, ...)
{
	va_list arguments;

	if (error == NULL || *error == NULL)
		return -1;
	va_start(arguments, format);
	scoped(string) char *context = formatted(format, arguments);
	va_end(arguments);
	char *message = string_format("%s: %s", context, (*error)->message);
	free((*error)->message);
	(*error)->message = message;
	return -1;
}

int error_move(struct error **error, struct error *from)
{
	if (error != NULL)
		*error = from;
	else
		error_free(from);
	return -1;
}

struct error *error_copy(const struct error *from)
{
	return from != NULL ? error_new(from->kind, string_copy(from->message), from->code) : NULL;
}

int error_has_code(const struct error *error, const char *code)
{
	return error != NULL && error->kind == ERROR_REMOTE && string_same(error->code, code);
}

int error_says(const struct error *error, const char *part)
{
	return error != NULL && error->kind == ERROR_REMOTE && strstr(error->message, part) != NULL;
}

void error_free(struct error *error)
{
	if (error == NULL)
		return;
	free(error->message);
	free(error->code);
	free(error);
}
