/* SPDX-License-Identifier: Apache-2.0 */
#include "common/wire/lookup.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "common/wire/loop_private.h"

/* Shared with the thread; whichever of the two lets go last frees it. */
struct question {
	atomic_int users;
	char *host;
	int signal;  /* eventfd; the thread writes to it when it has filled the rest */
	int failure; /* EAI_..., or 0 */
	int cause;   /* errno for EAI_SYSTEM */
	size_t count;
	char addresses[LOOKUP_ADDRESSES_MAX][INET6_ADDRSTRLEN];
};

struct lookup {
	struct loop *loop;
	struct question *question;
	struct loop_watcher *watcher;
	struct loop_timer soon; /* when the lookup could not be started */
	struct error *error;
	lookup_done *done;
	void *context;
};

static void let_go(struct question *question)
{
	if (atomic_fetch_sub(&question->users, 1) != 1)
		return;
	if (question->signal >= 0)
		close(question->signal);
	free(question->host);
	free(question);
}

static void add_address(struct question *question, const struct sockaddr *address)
{
	char *text = question->addresses[question->count];
	const void *bytes = NULL;

	if (address->sa_family == AF_INET)
		bytes = &((const struct sockaddr_in *)(const void *)address)->sin_addr;
	else if (address->sa_family == AF_INET6)
		bytes = &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr;
	if (bytes == NULL || inet_ntop(address->sa_family, bytes, text, INET6_ADDRSTRLEN) == NULL)
		return;
	for (size_t i = 0; i < question->count; i++)
		if (strcmp(question->addresses[i], text) == 0)
			return;
	question->count++;
}

static void *resolve(void *context)
{
	struct question *question = context;
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	struct addrinfo *found = NULL;
	uint64_t one = 1;

	question->failure = getaddrinfo(question->host, NULL, &hints, &found);
	question->cause = errno;
	if (question->failure == 0) {
		for (struct addrinfo *at = found; at != NULL && question->count < LOOKUP_ADDRESSES_MAX;
			at = at->ai_next)
			add_address(question, at->ai_addr);
		freeaddrinfo(found);
	}
	while (write(question->signal, &one, sizeof(one)) < 0 && errno == EINTR)
		continue;
	let_go(question);
	return NULL;
}

/* The thread blocks all signals: they belong to the loop. */
static int start_thread(struct question *question)
{
	sigset_t all;
	sigset_t before;
	pthread_t thread;
	pthread_attr_t attributes;

	sigfillset(&all);
	pthread_attr_init(&attributes);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	atomic_fetch_add(&question->users, 1);
	int result = pthread_create(&thread, &attributes, resolve, question);
	if (result != 0)
		atomic_fetch_sub(&question->users, 1);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attributes);
	return result;
}

/* Ends the wait; after that the loop does not know the lookup any more. */
static void stop_waiting(struct lookup *lookup)
{
	if (lookup->question == NULL)
		return;
	loop_unwatch(lookup->loop, lookup->watcher);
	lookup->watcher = NULL;
	loop_busy(lookup->loop, -1);
	let_go(steal(lookup->question));
}

static void give_failure(void *context)
{
	struct lookup *lookup = context;
	scoped(error) struct error *error = steal(lookup->error);

	stop_waiting(lookup);
	lookup->done(lookup->context, NULL, 0, error);
}

static void answered(void *context)
{
	struct lookup *lookup = context;
	struct question answer = {.count = 0};
	const char *addresses[LOOKUP_ADDRESSES_MAX];
	struct question *question = lookup->question;

	if (question->failure != 0 || question->count == 0) {
		error_set(&lookup->error, ERROR_NETWORK, "cannot look up \"%s\": %s", question->host,
			question->failure == 0            ? "it has no address"
			: question->failure == EAI_SYSTEM ? strerror(question->cause)
							  : gai_strerror(question->failure));
		give_failure(lookup);
		return;
	}
	answer.count = question->count;
	memcpy(answer.addresses, question->addresses, sizeof(answer.addresses));
	for (size_t i = 0; i < answer.count; i++)
		addresses[i] = answer.addresses[i];
	stop_waiting(lookup);
	lookup->done(lookup->context, addresses, answer.count, NULL);
}

struct lookup *lookup_start(struct loop *loop, const char *host, lookup_done *done, void *context)
{
	struct lookup *lookup = memory_get(1, sizeof(*lookup));
	struct question *question = memory_get(1, sizeof(*question));
	int result = 0;

	*lookup = (struct lookup){.loop = loop, .question = question, .done = done, .context = context};
	atomic_init(&question->users, 1);
	question->host = string_copy(host);
	question->signal = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	loop_busy(loop, 1);
	if (question->signal < 0)
		result = errno;
	else
		lookup->watcher = loop_watch_begin(loop, question->signal, answered, lookup, &lookup->error);
	if (result == 0 && lookup->watcher != NULL)
		result = start_thread(question);
	if (result != 0)
		error_set(&lookup->error, ERROR_NETWORK, "cannot look up \"%s\": %s", host, strerror(result));
	if (lookup->error != NULL)
		loop_timer_set(loop, &lookup->soon, LOOP_SOON, give_failure, lookup);
	return lookup;
}

void lookup_free(struct lookup *lookup)
{
	if (lookup == NULL)
		return;
	loop_timer_cancel(lookup->loop, &lookup->soon);
	stop_waiting(lookup);
	error_free(lookup->error);
	free(lookup);
}
