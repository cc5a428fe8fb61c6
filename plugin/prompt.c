/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/prompt.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

void prompt_init(struct prompt *prompt, struct loop *loop, int in, FILE *stream)
{
	*prompt = (struct prompt){.loop = loop, .in = in, .stream = stream};
}

static void silence(struct prompt *prompt)
{
	struct termios modes;

	if (tcgetattr(prompt->in, &prompt->before) != 0)
		return;
	modes = prompt->before;
	modes.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
	/* Lines and signals work as usual. */
	modes.c_lflag |= ICANON | ISIG;
	modes.c_iflag |= ICRNL;
	prompt->silenced = tcsetattr(prompt->in, TCSANOW, &modes) == 0;
}

/* The line break at the end was not echoed either. */
static void speak_again(struct prompt *prompt)
{
	if (!prompt->silenced)
		return;
	tcsetattr(prompt->in, TCSANOW, &prompt->before);
	prompt->silenced = false;
	fputc('\n', prompt->stream);
	fflush(prompt->stream);
}

void prompt_forget(struct prompt *prompt)
{
	if (prompt->loop == NULL)
		return;
	speak_again(prompt);
	loop_unwatch(prompt->loop, steal(prompt->watcher));
	loop_timer_cancel(prompt->loop, &prompt->soon);
	error_free(steal(prompt->failed));
	secret_erase(prompt->line, sizeof(prompt->line));
	prompt->length = 0;
}

static void finish(struct prompt *prompt, struct secret *secret, const struct error *error)
{
	login_told *told = prompt->told;
	void *waiter = prompt->waiter;

	prompt_forget(prompt);
	told(waiter, secret, error);
}

static void fail(struct prompt *prompt, const char *why)
{
	scoped(error) struct error *error = NULL;

	error_set(&error, ERROR_LOGIN, "%s", why);
	finish(prompt, NULL, error);
}

static void take_line(struct prompt *prompt)
{
	size_t length = prompt->length;

	if (length > 0 && prompt->line[length - 1] == '\r')
		length--;
	scoped(secret) struct secret *secret = secret_new(prompt->line, length);
	finish(prompt, secret, NULL);
}

static bool is_ready(const struct prompt *prompt)
{
	struct pollfd polled = {.fd = prompt->in, .events = POLLIN};

	return poll(&polled, 1, 0) > 0;
}

/* Byte by byte: what follows the line is not ours to read. */
static void read_some(void *context)
{
	struct prompt *prompt = context;

	while (is_ready(prompt)) {
		char byte = '\0';
		ssize_t count = read(prompt->in, &byte, 1);

		if (count < 0 && (errno == EINTR || errno == EAGAIN))
			return;
		if (count > 0 && byte != '\n' && prompt->length == sizeof(prompt->line)) {
			fail(prompt, "the password is too long");
			return;
		}
		if (count > 0 && byte != '\n') {
			prompt->line[prompt->length++] = byte;
			continue;
		}
		if (count > 0 || prompt->length > 0)
			take_line(prompt);
		else
			fail(prompt, "no password was given");
		return;
	}
}

static void unwatchable(void *context)
{
	struct prompt *prompt = context;
	scoped(error) struct error *error = steal(prompt->failed);

	finish(prompt, NULL, error);
}

void prompt_secret(struct prompt *prompt, const char *question, login_told *told, void *waiter)
{
	silence(prompt);
	prompt_line(prompt, question, told, waiter);
}

void prompt_line(struct prompt *prompt, const char *question, login_told *told, void *waiter)
{
	prompt->told = told;
	prompt->waiter = waiter;
	fputs(question, prompt->stream);
	fflush(prompt->stream);
	prompt->watcher = loop_watch_begin(prompt->loop, prompt->in, read_some, prompt, &prompt->failed);
	if (prompt->watcher == NULL)
		loop_timer_set(prompt->loop, &prompt->soon, loop_now(prompt->loop), unwatchable, prompt);
}
