/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/messages.h"

#include <stdarg.h>
#include <string.h>

#include "common/base/scoped.h"
#include "common/base/text.h"
#include "plugin/terminal.h"

/* Most bytes of one warning or notice: an error's text, several listed names included, fits. */
#define MESSAGE_MAX (64U << 10)

static void make_room(const struct messages *messages)
{
	if (messages->make_room != NULL)
		messages->make_room(messages->room_context);
}

static void print(const struct messages *messages, enum terminal_colour colour, const char *word, const char *text)
{
	scoped(string) char *shown = text_printable_lines(text, strlen(text) + 1);

	make_room(messages);
	fprintf(messages->stream, "%s%s%s %s\n", terminal_on(messages->colour, colour), word,
		terminal_off(messages->colour, colour), shown);
	fflush(messages->stream);
}

static char *formatted(const char *format, va_list arguments) __attribute__((format(printf, 1, 0)));

static char *formatted(const char *format, va_list arguments)
{
	scoped(string) char *text = memory_get(MESSAGE_MAX, 1);

	vsnprintf(text, MESSAGE_MAX, format, arguments);
	return text_printable_lines(text, MESSAGE_MAX);
}

void message_error(const struct messages *messages, const char *text)
{
	print(messages, COLOUR_ERROR, "ERROR", text);
}

void message_warning(const struct messages *messages, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	scoped(string) char *text = formatted(format, arguments);
	va_end(arguments);
	print(messages, COLOUR_WARNING, "WARNING", text);
}

void message_notice(const struct messages *messages, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	scoped(string) char *text = formatted(format, arguments);
	va_end(arguments);
	if (messages->quiet || messages->debug) {
		log_info(messages->log, "command", "%s", text);
		return;
	}
	make_room(messages);
	fprintf(messages->stream, "%s\n", text);
	fflush(messages->stream);
}

void message_request(const struct messages *messages, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	scoped(string) char *text = formatted(format, arguments);
	va_end(arguments);
	make_room(messages);
	fprintf(messages->stream, "%s\n", text);
	fflush(messages->stream);
}

void message_drawn(const struct messages *messages, const char *line)
{
	make_room(messages);
	fprintf(messages->stream, "%s\n", line);
	fflush(messages->stream);
}
