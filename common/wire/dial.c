/* SPDX-License-Identifier: Apache-2.0 */
#include "common/wire/dial.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "common/base/text.h"
#include "common/wire/endpoint.h"
#include "common/wire/lookup.h"
#include "common/wire/loop_private.h"
#include "common/wire/proxy.h"
#include "common/wire/strangers.h"
#include "common/wire/target_trust.h"
#include "common/wire/transport.h"

/* Time between the starts of two attempts, as in juju. */
#define DIAL_INTERVAL (50 * INSTANT_MILLISECOND)
/* Time for one attempt: connection, TLS and upgrade. */
#define ATTEMPT_TIMEOUT (10 * INSTANT_SECOND)
/* Most endpoints of an entry, and most addresses tried for all of them. */
#define DIAL_ENDPOINTS_MAX 64
#define DIAL_ADDRESSES_MAX 128

/* One endpoint of the entry. */
struct place {
	struct endpoint endpoint;
	struct proxy proxy;
	struct lookup *lookup; /* of the host, or of the proxy if there is one */
	int unasked;           /* to be looked up once all remembered addresses have been tried */
	struct dial *dial;
};

/* One address of a place, tried once, or twice: the second time with the public name. */
struct attempt {
	struct dial *dial;
	struct place *place;
	char *address;
	struct transport *transport; /* NULL before the start and after the end */
	struct loop_timer deadline;
	struct error *refused; /* refusal with the store's CA, while the public name is tried */
};

struct dial {
	struct loop *loop;
	const struct log *log;
	dial_done *done;
	void *context;
	char *path;
	struct secret *authorization;
	struct target_trust trust;
	int64_t timeout;
	struct place places[DIAL_ENDPOINTS_MAX];
	size_t place_count;
	struct attempt attempts[DIAL_ADDRESSES_MAX];
	size_t attempt_count; /* known so far */
	size_t started;       /* of those */
	size_t failed;        /* of those */
	size_t looking;       /* lookups under way */
	struct error *error;  /* the one to report so far */
	struct loop_timer next;
	struct loop_timer overall;
	struct loop_timer end;
};

static void attempt_start(struct attempt *attempt, int public);
static void looked_up(void *context, const char *const *addresses, size_t count, const struct error *error);

static void dial_free(struct dial *dial)
{
	loop_timer_cancel(dial->loop, &dial->next);
	loop_timer_cancel(dial->loop, &dial->overall);
	loop_timer_cancel(dial->loop, &dial->end);
	for (size_t i = 0; i < dial->attempt_count; i++) {
		loop_timer_cancel(dial->loop, &dial->attempts[i].deadline);
		transport_free(dial->attempts[i].transport);
		error_free(dial->attempts[i].refused);
		free(dial->attempts[i].address);
	}
	for (size_t i = 0; i < dial->place_count; i++) {
		lookup_free(dial->places[i].lookup);
		proxy_release(&dial->places[i].proxy);
		endpoint_release(&dial->places[i].endpoint);
	}
	target_trust_release(&dial->trust);
	error_free(dial->error);
	secret_free(dial->authorization);
	free(dial->path);
	free(dial);
}

void dial_cancel(struct dial *dial)
{
	if (dial != NULL)
		dial_free(dial);
}

/* The error that says most about the peer is reported: the one of the highest rank. */
static int rank(const struct error *error)
{
	switch (error->kind) {
	case ERROR_TLS:
		return 3;
	case ERROR_PROTOCOL:
		return 2;
	case ERROR_NETWORK:
		return string_starts(error->message, "cannot connect to") ? 0 : 1;
	default:
		return 1;
	}
}

static void note(struct dial *dial, const struct error *error)
{
	if (dial->error != NULL && rank(dial->error) >= rank(error))
		return;
	error_free(dial->error);
	dial->error = error_copy(error);
}

static void finish_failed(void *context)
{
	struct dial *dial = context;
	scoped(error) struct error *error = steal(dial->error);
	dial_done *done = dial->done;
	void *whom = dial->context;

	if (error == NULL)
		error_set(&error, ERROR_NETWORK, "cannot connect: there is no address to connect to");
	dial_free(dial);
	done(whom, NULL, NULL, NULL, error);
}

static void finish_opened(struct attempt *attempt)
{
	struct dial *dial = attempt->dial;
	struct transport *transport = steal(attempt->transport);
	scoped(string) char *endpoint = string_copy(attempt->place->endpoint.text);
	scoped(string) char *address = string_copy(attempt->address);
	dial_done *done = dial->done;
	void *whom = dial->context;

	dial_free(dial);
	done(whom, transport, endpoint, address, NULL);
}

/* Everything that could be tried has failed. */
static int is_exhausted(const struct dial *dial)
{
	for (size_t i = 0; i < dial->place_count; i++)
		if (dial->places[i].unasked)
			return 0;
	return dial->looking == 0 && dial->failed == dial->attempt_count;
}

static void look_up(struct place *place, const char *host)
{
	place->unasked = 0;
	place->dial->looking++;
	place->lookup = lookup_start(place->dial->loop, host, looked_up, place);
}

/* Looks up the names for which only remembered addresses were tried so far. */
static void ask_next(struct dial *dial)
{
	for (size_t i = 0; i < dial->place_count; i++)
		if (dial->places[i].unasked)
			look_up(&dial->places[i], dial->places[i].endpoint.host);
}

static void start_next(void *context)
{
	struct dial *dial = context;

	if (is_exhausted(dial)) {
		loop_timer_set(dial->loop, &dial->end, LOOP_SOON, finish_failed, dial);
		return;
	}
	if (dial->started == dial->attempt_count) {
		ask_next(dial);
		return;
	}
	struct attempt *attempt = &dial->attempts[dial->started++];
	loop_timer_set(dial->loop, &dial->next, loop_now(dial->loop) + DIAL_INTERVAL, start_next, dial);
	attempt_start(attempt, 0);
}

static void attempt_failed(struct attempt *attempt, const struct error *error)
{
	struct dial *dial = attempt->dial;

	loop_timer_cancel(dial->loop, &attempt->deadline);
	note(dial, attempt->refused != NULL ? attempt->refused : error);
	dial->failed++;
	loop_timer_set(dial->loop, &dial->next, LOOP_SOON, start_next, dial);
}

static void attempt_opened(void *context)
{
	finish_opened(context);
}

static void attempt_message(void *context, const char *text, size_t length)
{
	(void)context;
	(void)text;
	(void)length;
}

static void attempt_ended(void *context, const struct error *error)
{
	struct attempt *attempt = context;
	struct dial *dial = attempt->dial;

	transport_free(steal(attempt->transport));
	if (error->kind == ERROR_TLS && attempt->refused == NULL && target_trust_has_public(&dial->trust)) {
		attempt->refused = error_copy(error);
		attempt_start(attempt, 1);
		return;
	}
	attempt_failed(attempt, error);
}

static void attempt_late(void *context)
{
	struct attempt *attempt = context;
	scoped(error) struct error *error = NULL;

	transport_free(steal(attempt->transport));
	error_set(&error, ERROR_TIMEOUT, "cannot connect to %s: no answer within %d seconds",
		attempt->place->endpoint.text, (int)(ATTEMPT_TIMEOUT / INSTANT_SECOND));
	attempt_failed(attempt, error);
}

/* Tries the attempt's address: with the store's CA if there is one, or, if `public`, as a public server. */
static void attempt_start(struct attempt *attempt, int public)
{
	static const struct transport_events events = {
		.opened = attempt_opened, .message = attempt_message, .ended = attempt_ended};
	struct dial *dial = attempt->dial;
	struct place *place = attempt->place;
	const struct endpoint *endpoint = &place->endpoint;
	const struct trust_source trust = target_trust_source(&dial->trust, endpoint, public);
	scoped(string) char *path = string_format("%s%s", endpoint->path, dial->path);
	struct transport_target target = {
		.name = endpoint->text,
		.authority = endpoint->authority,
		.path = path,
		.address = attempt->address,
		.port = endpoint->port,
		.trust = endpoint->encrypted ? &trust : NULL,
		.proxy = &place->proxy,
		.proxy_address = attempt->address,
		.authorization = dial->authorization,
	};

	if (!public)
		loop_timer_set(
			dial->loop, &attempt->deadline, loop_now(dial->loop) + ATTEMPT_TIMEOUT, attempt_late, attempt);
	attempt->transport = transport_open(dial->loop, &target, dial->log, &events, attempt);
}

static int is_known(const struct dial *dial, const struct place *place, const char *address)
{
	for (size_t i = 0; i < dial->attempt_count; i++) {
		const struct attempt *attempt = &dial->attempts[i];

		if (strcmp(attempt->address, address) == 0 && attempt->place->endpoint.port == place->endpoint.port &&
			(place->proxy.host == NULL) == (attempt->place->proxy.host == NULL) &&
			(place->proxy.host == NULL || attempt->place == place))
			return 1;
	}
	return 0;
}

static void add_attempt(struct dial *dial, struct place *place, const char *address)
{
	if (dial->attempt_count == DIAL_ADDRESSES_MAX || is_known(dial, place, address))
		return;
	dial->attempts[dial->attempt_count++] =
		(struct attempt){.dial = dial, .place = place, .address = string_copy(address)};
}

static void looked_up(void *context, const char *const *addresses, size_t count, const struct error *error)
{
	struct place *place = context;
	struct dial *dial = place->dial;

	lookup_free(steal(place->lookup));
	dial->looking--;
	if (error != NULL)
		note(dial, error);
	for (size_t i = 0; i < count; i++)
		add_attempt(dial, place, addresses[i]);
	/* At once, unless another attempt was started less than the interval ago. */
	if (!loop_timer_is_set(&dial->next))
		start_next(dial);
}

/* Returns how many addresses were remembered. */
static size_t add_remembered(struct dial *dial, const struct dial_target *target, struct place *place)
{
	size_t count = 0;

	for (size_t i = 0; i < target->remembered_count; i++) {
		const struct dial_remembered *known = &target->remembered[i];

		if (strcasecmp(known->host, place->endpoint.host) != 0)
			continue;
		for (size_t j = 0; j < known->count; j++) {
			if (endpoint_family(known->addresses[j]) == 0)
				continue;
			add_attempt(dial, place, known->addresses[j]);
			count++;
		}
	}
	return count;
}

/* Adds the addresses that are known, and looks up the others. */
static void find_addresses(struct dial *dial, const struct dial_target *target, struct place *place)
{
	const char *host = place->proxy.host != NULL ? place->proxy.host : place->endpoint.host;

	if (endpoint_family(host) != 0) {
		add_attempt(dial, place, host);
		return;
	}
	if (place->proxy.host == NULL && add_remembered(dial, target, place) > 0)
		place->unasked = 1;
	else
		look_up(place, host);
}

static void add_place(struct dial *dial, const struct dial_target *target, const char *text)
{
	static char *const nothing[] = {NULL};
	struct place *place = &dial->places[dial->place_count];
	const struct error *stranger = target->strangers != NULL ? strangers_find(target->strangers, text) : NULL;
	scoped(error) struct error *error = NULL;

	if (stranger != NULL) {
		note(dial, stranger);
		return;
	}
	*place = (struct place){.dial = dial};
	if (endpoint_parse(&place->endpoint, text, &error) != 0) {
		note(dial, error);
		return;
	}
	dial->place_count++;
	if (proxy_find(&place->proxy, target->environment != NULL ? target->environment : nothing, place->endpoint.host,
		    place->endpoint.port, place->endpoint.encrypted, &error) != 0)
		note(dial, error);
	else
		find_addresses(dial, target, place);
}

/* SplitMix64: every seed gives another order. */
static uint64_t next_random(uint64_t *seed)
{
	uint64_t mixed = *seed += UINT64_C(0x9e3779b97f4a7c15);

	mixed = (mixed ^ mixed >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	mixed = (mixed ^ mixed >> 27) * UINT64_C(0x94d049bb133111eb);
	return mixed ^ mixed >> 31;
}

/* Adds the endpoints in a new random order each time, so that no controller machine gets all the clients. */
static void add_places(struct dial *dial, const struct dial_target *target)
{
	size_t count = target->endpoint_count < DIAL_ENDPOINTS_MAX ? target->endpoint_count : DIAL_ENDPOINTS_MAX;
	const char *order[DIAL_ENDPOINTS_MAX];
	uint64_t seed = target->seed;

	if (seed == 0 && getrandom(&seed, sizeof(seed), GRND_NONBLOCK) != (ssize_t)sizeof(seed))
		seed = (uint64_t)loop_now(dial->loop);
	for (size_t i = 0; i < count; i++)
		order[i] = target->endpoints[i];
	for (size_t left = count; left > 0; left--) {
		size_t chosen = (size_t)(next_random(&seed) % left);

		add_place(dial, target, order[chosen]);
		order[chosen] = order[left - 1];
	}
}

static void overall_late(void *context)
{
	struct dial *dial = context;
	scoped(error) struct error *error = NULL;
	const char *where = dial->place_count > 0 ? dial->places[0].endpoint.text : "the controller";

	/* A definite fault of one address says more than the silence of the others. */
	if (dial->error == NULL || rank(dial->error) < 2) {
		error_set(&error, ERROR_TIMEOUT, "cannot connect to %s%s: no answer within %g seconds", where,
			dial->place_count > 1 ? " or the controller's other endpoints" : "",
			(double)dial->timeout / (double)INSTANT_SECOND);
		error_free(dial->error);
		dial->error = steal(error);
	}
	finish_failed(dial);
}

struct dial *dial_start(
	struct loop *loop, const struct dial_target *target, const struct log *log, dial_done *done, void *context)
{
	struct dial *dial = memory_get(1, sizeof(*dial));

	dial->loop = loop;
	dial->log = log;
	dial->done = done;
	dial->context = context;
	dial->path = string_copy(target->path);
	dial->authorization = secret_copy(target->authorization);
	target_trust_init(&dial->trust, target);
	dial->timeout = target->timeout;
	add_places(dial, target);
	loop_timer_set(loop, &dial->overall, loop_now(loop) + target->timeout, overall_late, dial);
	loop_timer_set(loop, &dial->next, LOOP_SOON, start_next, dial);
	return dial;
}
