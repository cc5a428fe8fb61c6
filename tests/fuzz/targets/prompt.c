/* SPDX-License-Identifier: Apache-2.0 */
/* What a person or a pipe answers when a password is asked for: line by line, each question gets its own and no more. */
#include "plugin/prompt.h"

#include <string.h>
#include <unistd.h>

#include "tests/fuzz/peer.h"

/* Well below what a pipe holds. */
#define INPUT_MAX 8192
#define QUESTIONS_MAX 20

struct asked {
	struct fuzz_input left; /* of the input: what comes next */
	bool failed;
	int told;
};

/* What is said must be the next line, without its end. */
static void expect_line(const struct asked *asked, const struct secret *password)
{
	const char *bytes = asked->left.bytes, *end = memchr(bytes, '\n', asked->left.length);
	size_t length = end != NULL ? (size_t)(end - bytes) : asked->left.length;

	length -= length > 0 && bytes[length - 1] == '\r';
	fuzz_expect(length <= PROMPT_LINE_MAX);
	fuzz_expect(length == 0 || memcmp(secret_reveal(password), bytes, length) == 0);
	fuzz_expect(secret_reveal(password)[length] == '\0');
}

static void told(void *context, const struct secret *password, const struct error *error)
{
	struct asked *asked = context;

	fuzz_expect(asked->told++ == 0);
	fuzz_expect((password == NULL) == (error != NULL));
	fuzz_expect_error(error != NULL, error);
	asked->failed = error != NULL;
	if (password != NULL)
		expect_line(asked, password);
	loop_stop(fuzz_loop());
}

static void ask_all(int in, FILE *stream, struct fuzz_input input)
{
	struct asked asked = {.left = input};
	struct prompt prompt;

	prompt_init(&prompt, fuzz_loop(), in, stream);
	for (int i = 0; i < QUESTIONS_MAX && !asked.failed; i++) {
		asked.told = 0;
		prompt_secret(&prompt, "password: ", told, &asked);
		fuzz_peer_run();
		scoped(string) char *line = fuzz_line(&asked.left);
		fuzz_expect(line != NULL && asked.told == 1);
	}
	prompt_forget(&prompt);
}

void fuzz_one(const char *bytes, size_t length)
{
	struct fuzz_input input = {bytes, length < INPUT_MAX ? length : INPUT_MAX};
	FILE *stream = fopen("/dev/null", "we");
	int ends[2];

	fuzz_expect(stream != NULL && pipe(ends) == 0);
	fuzz_expect(input.length == 0 || write(ends[1], input.bytes, input.length) == (ssize_t)input.length);
	close(ends[1]);
	ask_all(ends[0], stream, input);
	close(ends[0]);
	fclose(stream);
}
