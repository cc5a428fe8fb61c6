/* SPDX-License-Identifier: Apache-2.0 */
/* Durations as people type them, instants as servers send them, base64, and what --logging-config says. */
#include <stdlib.h>
#include <string.h>

#include "common/base/base64.h"
#include "common/base/instant.h"
#include "plugin/duration.h"
#include "plugin/logging.h"
#include "tests/fuzz/fuzz.h"

static void duration(const char *text)
{
	scoped(error) struct error *error = NULL;
	int64_t duration = 0, again = 0;
	int failed = duration_parse(text, &duration, &error) < 0;

	fuzz_expect_error(failed, error);
	if (failed)
		return;
	scoped(string) char *shown = duration_format(duration);
	fuzz_expect(duration_parse(shown, &again, NULL) == 0 && again == duration);
}

static void instant(const char *text)
{
	char shown[INSTANT_TEXT_SIZE];
	int64_t instant = instant_parse(text);

	instant_format(instant, shown);
	fuzz_expect(strlen(shown) < sizeof(shown));
	fuzz_expect(instant == INSTANT_NONE ? shown[0] == '\0' : instant_parse(shown) == instant);
}

static void base64(const char *bytes, size_t length)
{
	size_t size = 0;
	scoped(string) char *decoded = base64_decode(bytes, length, &size);
	scoped(string) char *encoded = base64_encode(bytes, length);
	scoped(string) char *back = base64_decode(encoded, strlen(encoded), &size);

	fuzz_expect(back != NULL && size == length && memcmp(back, length > 0 ? bytes : "", length) == 0);
	free(steal(decoded));
	decoded = base64_decode(bytes, length, &size);
	fuzz_expect(decoded == NULL || (decoded[size] == '\0' && size <= length));
}

void fuzz_one(const char *bytes, size_t length)
{
	scoped(string) char *text = fuzz_text(&(struct fuzz_input){bytes, length});
	enum log_level level = logging_level(text, LOG_WARNING);

	duration(text);
	instant(text);
	base64(bytes, length);
	fuzz_expect(level >= LOG_DEBUG && level <= LOG_ERROR);
}
