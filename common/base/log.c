/* SPDX-License-Identifier: Apache-2.0 */
#include "common/base/log.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include "common/base/text.h"

void log_line(const struct log *log, enum log_level level, const char *module, const char *format, ...)
{
	char line[TEXT_SHOWN_MAX];
	va_list arguments;

	if (log == NULL || log->sink == NULL || level < log->least)
		return;
	va_start(arguments, format);
	vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	scoped(string) char *shown = text_printable(line);
	log->sink(log->context, level, module, shown);
}
