/* SPDX-License-Identifier: Apache-2.0 */
/* What comes of a connection that fails or is closed: a line with a number, then what was said. And fragments, joined to messages. */
#include "common/wire/failure.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "common/wire/inbox.h"
#include "tests/fuzz/fuzz.h"

#define CEILING 64

static void expect_failure(int status, struct error *error, enum error_kind one, enum error_kind other)
{
	fuzz_expect(status == -1);
	fuzz_expect_error(1, error);
	fuzz_expect(error->kind == one || error->kind == other);
	error_free(error);
}

static void failures(int number, const char *said, const unsigned char *bytes, size_t length)
{
	struct error *connect = NULL, *upgrade = NULL, *exchange = NULL, *close = NULL;

	expect_failure(failure_connect("there:443", number, said, &connect), connect, ERROR_NETWORK, ERROR_NETWORK);
	expect_failure(failure_upgrade("there:443", (unsigned int)number, said, &upgrade), upgrade, ERROR_PROTOCOL,
		ERROR_NETWORK);
	expect_failure(failure_exchange("there:443", said, &exchange), exchange, ERROR_PROTOCOL, ERROR_NETWORK);
	expect_failure(failure_close("there:443", bytes, length, &close), close, ERROR_NETWORK, ERROR_NETWORK);
}

/* A line is a fragment; one that begins with "." ends a message. */
static void fragments(struct fuzz_input input)
{
	struct inbox inbox = {.ceiling = CEILING};
	size_t sum = 0, complete = 0, taken = 0;

	while (input.length > 0) {
		scoped(string) char *line = fuzz_line(&input);
		size_t length = strlen(line);
		bool fits = sum + length <= CEILING;

		fuzz_expect((inbox_add(&inbox, line, length) == 0) == fits);
		sum += fits ? length : 0;
		if (line[0] != '.')
			continue;
		inbox_complete(&inbox);
		complete++;
		sum = 0;
	}
	for (struct inbox_message *one = inbox_take(&inbox); one != NULL; one = inbox_take(&inbox), taken++) {
		fuzz_expect(one->length <= CEILING && one->text[one->length] == '\0');
		inbox_message_free(one);
	}
	fuzz_expect(taken == complete);
	inbox_release(&inbox);
}

void fuzz_one(const char *bytes, size_t length)
{
	struct fuzz_input input = {bytes, length};
	scoped(string) char *line = fuzz_line(&input);
	scoped(string) char *said = fuzz_text(&input);

	failures((int)(strtoul(line, NULL, 10) % 1000), said, (const unsigned char *)input.bytes, input.length);
	fragments(input);
}
