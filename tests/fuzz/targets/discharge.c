/* SPDX-License-Identifier: Apache-2.0 */
/* What the doors answer at which a macaroon is discharged: a line with the HTTP status, then the body. */
#include "common/juju/discharge.h"

#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"

static void expect_sound(const struct discharge_answer *answer)
{
	switch (answer->outcome) {
	case DISCHARGE_DONE:
		fuzz_expect(answer->macaroon != NULL);
		break;
	case DISCHARGE_ASKS:
		fuzz_expect(answer->door != NULL && strlen(answer->door) <= DISCHARGE_TEXT_MAX);
		break;
	case DISCHARGE_PROVED:
		fuzz_expect(answer->token.value != NULL && answer->token.kind != NULL);
		break;
	case DISCHARGE_REFUSED:
		fuzz_expect(answer->message != NULL);
		break;
	}
	fuzz_expect_printable(answer->message);
}

/* The body of the next request: a form, or JSON. */
static void answer_back(const struct discharge_answer *answer)
{
	struct macaroon_caveat caveat = {.id = {answer->token.kind, strlen(answer->token.kind)},
		.third_party = true,
		.location = answer->token.kind,
		.payload = answer->token.kind};
	scoped(secret) struct secret *form = discharge_write(&caveat, &answer->token);
	const char *text = secret_reveal(form);

	fuzz_expect(strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~*%+=&") ==
		    strlen(text));
}

static void read_one(int (*read)(unsigned int, const char *, size_t, struct discharge_answer *, struct error **),
	unsigned int status, const char *body, size_t length)
{
	scoped(discharge_answer) struct discharge_answer answer = {0};
	scoped(error) struct error *error = NULL;
	int failed = read(status, body, length, &answer, &error) < 0;

	fuzz_expect_error(failed, error);
	fuzz_expect(!failed || (answer.macaroon == NULL && answer.door == NULL && answer.message == NULL));
	if (failed)
		return;
	expect_sound(&answer);
	if (answer.outcome == DISCHARGE_PROVED)
		answer_back(&answer);
}

void fuzz_one(const char *bytes, size_t length)
{
	struct fuzz_input input = {bytes, length};
	scoped(string) char *line = fuzz_line(&input);
	unsigned int status = (unsigned int)strtoul(line, NULL, 10) % 1000;
	/* The bodies that come from the wire have a NUL behind them. */
	scoped(string) char *body = memory_get(input.length + 1, 1);

	if (input.length > 0)
		memcpy(body, input.bytes, input.length);
	read_one(discharge_read, status, body, input.length);
	read_one(discharge_read_proof, status, body, input.length);
	scoped(secret) struct secret *password = secret_new(body, strlen(body));
	scoped(secret) struct secret *json = discharge_write_password(line, password);
	fuzz_expect(json != NULL);
}
