/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The keyring helper: reads one request from stdin, asks the Secret Service, writes one answer to stdout. It takes no words
 * and prints nothing else. Status 0: an answer was written; 1: none could be.
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "plugin/keyring/secret_service.h"

/* Secrets pass through here: no core dumps, no other process looks in. Ends when the program that asks does. */
static void harden(void)
{
	const struct rlimit none = {0, 0};
	sigset_t all;

	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	setrlimit(RLIMIT_CORE, &none);
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGALRM, SIG_DFL);
	sigfillset(&all);
	sigprocmask(SIG_UNBLOCK, &all, NULL);
}

/* Reads exactly one frame and no byte more. Returns 0 or -1. */
static int read_frame(struct keyring_frame *frame)
{
	int wanted = 0;

	while ((wanted = keyring_frame_wants(frame, NULL)) > 0) {
		ssize_t got = read(STDIN_FILENO, frame->bytes + frame->length, (size_t)wanted);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return -1;
		frame->length += (size_t)got;
	}
	return wanted;
}

static int write_frame(const struct keyring_frame *frame)
{
	size_t done = 0;

	while (done < frame->length) {
		ssize_t put = write(STDOUT_FILENO, frame->bytes + done, frame->length - done);

		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return -1;
		done += (size_t)put;
	}
	return 0;
}

/* Ends the process as soon as the other side hangs up: libsecret may be waiting for a person then. */
static void *watch(void *nothing)
{
	struct pollfd end = {.fd = STDIN_FILENO, .events = POLLRDHUP};

	while (poll(&end, 1, -1) < 0 && errno == EINTR)
		continue;
	_exit(1);
	return nothing;
}

static void watch_in_background(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, watch, NULL) == 0)
		pthread_detach(thread);
}

int main(void)
{
	scoped(keyring_frame) struct keyring_frame request = {.length = 0};
	scoped(keyring_frame) struct keyring_frame answer = {.length = 0};

	harden();
	alarm(KEYRING_CEILING);
	if (read_frame(&request) < 0)
		return 1;
	if (keyring_frame_flags(&request) & KEYRING_MAY_PROMPT)
		alarm(KEYRING_PROMPT_CEILING);
	watch_in_background();
	secret_service_serve(&request, &answer);
	return write_frame(&answer) < 0;
}
