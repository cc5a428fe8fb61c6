/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bench's relay: who has waited for whom, how long the way is, and what was carried; between sockets of this process.
 */
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/base/instant.h"
#include "tests/bench/relay.h"

/* Rounds, of a millisecond each, after which what was sent on this machine will not arrive any more. */
#define ROUNDS_MAX 20000

struct peers {
	struct relay relay;
	int listening;
	int programs[2], servers[2];
};

static int listen_somewhere(int *port)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof(address);
	int listening = socket(AF_INET, SOCK_STREAM, 0);

	assert_int_equal(bind(listening, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(listening, 8), 0);
	getsockname(listening, (struct sockaddr *)&address, &length);
	*port = ntohs(address.sin_port);
	return listening;
}

/* Lets the relay work until there is something to be read from `descriptor`, be it the end. */
static void serve_until_readable(struct peers *peers, int descriptor)
{
	struct pollfd readable = {.fd = descriptor, .events = POLLIN};

	for (int i = 0; i < ROUNDS_MAX; i++) {
		assert_int_equal(relay_serve(&peers->relay, NULL), 0);
		if (poll(&readable, 1, 1) == 1)
			return;
	}
	fail_msg("nothing has arrived");
}

static void connect_one(struct peers *peers, int which)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
		.sin_port = htons((uint16_t)peers->relay.port)};

	peers->programs[which] = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(connect(peers->programs[which], (struct sockaddr *)&address, sizeof(address)), 0);
	serve_until_readable(peers, peers->listening);
	peers->servers[which] = accept(peers->listening, NULL, NULL);
	assert_true(peers->servers[which] >= 0);
}

static void begin(struct peers *peers, int64_t round_trip)
{
	int port = 0;

	*peers = (struct peers){.programs = {-1, -1}, .servers = {-1, -1}};
	peers->listening = listen_somewhere(&port);
	assert_int_equal(relay_init(&peers->relay, port, round_trip, NULL), 0);
}

static void end(struct peers *peers)
{
	relay_release(&peers->relay);
	for (int i = 0; i < 2; i++) {
		close(peers->programs[i]);
		close(peers->servers[i]);
	}
	close(peers->listening);
}

static void pass(struct peers *peers, int from, int to, const char *text)
{
	char got[64] = "";

	assert_int_equal(send(from, text, strlen(text), 0), (ssize_t)strlen(text));
	serve_until_readable(peers, to);
	assert_int_equal(recv(to, got, sizeof(got) - 1, MSG_DONTWAIT), (ssize_t)strlen(text));
	assert_string_equal(got, text);
}

static void ask(struct peers *peers, int which)
{
	pass(peers, peers->programs[which], peers->servers[which], "question");
}

static void answer(struct peers *peers, int which)
{
	pass(peers, peers->servers[which], peers->programs[which], "answer");
}

static void test_each_answer_makes_the_next_question_one_deeper(void **state)
{
	struct peers peers;
	(void)state;

	begin(&peers, 0);
	connect_one(&peers, 0);
	for (int flight = 1; flight <= 4; flight++) {
		ask(&peers, 0);
		ask(&peers, 0);
		/* The opening is the first of the chain. */
		assert_int_equal(peers.relay.links[0].depth, flight + 1);
		assert_int_equal(peers.relay.links[0].flights, flight);
		answer(&peers, 0);
		assert_int_equal(peers.relay.arrived, flight + 1);
	}
	end(&peers);
}

static void test_side_by_side_is_not_one_after_the_other(void **state)
{
	struct peers peers;
	(void)state;

	begin(&peers, 0);
	connect_one(&peers, 0);
	connect_one(&peers, 1);
	ask(&peers, 0);
	ask(&peers, 1);
	assert_int_equal(peers.relay.links[0].depth, 2);
	assert_int_equal(peers.relay.links[1].depth, 2);
	answer(&peers, 0);
	answer(&peers, 1);
	assert_int_equal(peers.relay.arrived, 2);
	end(&peers);
}

static void test_a_connection_that_waited_for_another_is_as_deep(void **state)
{
	struct peers peers;
	(void)state;

	begin(&peers, 0);
	connect_one(&peers, 0);
	ask(&peers, 0);
	answer(&peers, 0);
	connect_one(&peers, 1);
	ask(&peers, 1);
	assert_int_equal(peers.relay.links[1].opening, 3);
	assert_int_equal(peers.relay.links[1].depth, 4);
	answer(&peers, 1);
	ask(&peers, 0);
	assert_int_equal(peers.relay.links[0].depth, 5);
	end(&peers);
}

static void test_bytes_count_from_the_second_flight_on(void **state)
{
	struct peers peers;
	(void)state;

	begin(&peers, 0);
	connect_one(&peers, 0);
	ask(&peers, 0);
	answer(&peers, 0);
	assert_int_equal(relay_carried(&peers.relay), 0);
	ask(&peers, 0);
	answer(&peers, 0);
	assert_int_equal(relay_carried(&peers.relay), strlen("question") + strlen("answer"));
	end(&peers);
}

/* The first question waits for the opening, too. */
static void test_the_way_is_as_long_as_was_asked_for(void **state)
{
	const int64_t round_trip = 1000 * INSTANT_SECOND;
	struct peers peers;
	char got = 0;
	(void)state;

	begin(&peers, round_trip);
	int64_t before = relay_now();
	connect_one(&peers, 0);
	assert_int_equal(send(peers.programs[0], "q", 1, 0), 1);
	for (int i = 0; i < ROUNDS_MAX && relay_next(&peers.relay) == INSTANT_NEVER; i++) {
		assert_int_equal(relay_serve(&peers.relay, NULL), 0);
		usleep(1000);
	}
	int64_t after = relay_now();
	assert_int_equal(recv(peers.servers[0], &got, 1, MSG_DONTWAIT), -1);
	assert_in_range(relay_next(&peers.relay) - before, round_trip * 3 / 2, round_trip * 3 / 2 + after - before);
	end(&peers);
}

static void test_an_end_is_passed_on_behind_what_was_sent(void **state)
{
	struct peers peers;
	char got[8] = "";
	(void)state;

	begin(&peers, 0);
	connect_one(&peers, 0);
	assert_int_equal(send(peers.programs[0], "bye", 3, 0), 3);
	shutdown(peers.programs[0], SHUT_WR);
	serve_until_readable(&peers, peers.servers[0]);
	assert_int_equal(recv(peers.servers[0], got, sizeof(got), MSG_DONTWAIT), 3);
	serve_until_readable(&peers, peers.servers[0]);
	assert_int_equal(recv(peers.servers[0], got, sizeof(got), MSG_DONTWAIT), 0);
	end(&peers);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_answer_makes_the_next_question_one_deeper),
		cmocka_unit_test(test_side_by_side_is_not_one_after_the_other),
		cmocka_unit_test(test_a_connection_that_waited_for_another_is_as_deep),
		cmocka_unit_test(test_bytes_count_from_the_second_flight_on),
		cmocka_unit_test(test_the_way_is_as_long_as_was_asked_for),
		cmocka_unit_test(test_an_end_is_passed_on_behind_what_was_sent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
