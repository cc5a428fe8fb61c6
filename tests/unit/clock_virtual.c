/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Simulated time: a toy program on the test build's clock, with a bare poll loop, against the real server. The toy
 * dawdles at random between any two steps; what it sees of time must not depend on that.
 */
/* Unit tests are linked with the real clock; the other one comes in under other names. */
#define clock_new toy_clock_new
#define clock_free toy_clock_free
#define clock_now toy_clock_now
#define clock_wall toy_clock_wall
#define clock_descriptor toy_clock_descriptor
#define clock_sleep toy_clock_sleep
#define clock_arrived toy_clock_arrived
#include "tests/clock/clock.c"

#include <arpa/inet.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "tests/sim/server.h"

#define SECOND INSTANT_SECOND
#define PING "{\"request-id\":%d,\"type\":\"Pinger\",\"version\":1,\"request\":\"Ping\",\"params\":{}}"
#define SCRIPT "{\"latency\":{\"Pinger.Ping\":\"5s\",\"default\":\"5s\"}}"

struct fixture {
	char directory[64];
	char clock[96];
	char variable[128];
	pid_t server;
	int port;
};

struct toy {
	struct clock *clock;
	struct clock_traffic traffic;
	SSL_CTX *context;
	SSL *tls;
	int socket;
	unsigned int seed;
	int64_t arrived; /* when the last message came */
};

static void write_script(const char *path)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(SCRIPT, file);
	fclose(file);
}

static void serve(const struct fixture *fixture, int64_t grace, int ready)
{
	scoped(string) char *script = string_format("%s/script", fixture->directory);
	struct server_options options = {
		.script = script, .clock = fixture->clock, .lifetime = 120 * SECOND, .grace = grace, .piece = 7};
	struct server server;
	sigset_t set;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	write_script(script);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	if (server_init(&server, &options, NULL) == 0 &&
		write(ready, &server.doors[0].port, sizeof(server.doors[0].port)) ==
			(ssize_t)sizeof(server.doors[0].port))
		server_run(&server, NULL);
	server_release(&server);
	unlink(script);
}

static void start(struct fixture *fixture, int64_t grace)
{
	int ready[2];

	strcpy(fixture->directory, "/tmp/clock_virtual.XXXXXX");
	assert_non_null(mkdtemp(fixture->directory));
	snprintf(fixture->clock, sizeof(fixture->clock), "%s/clock", fixture->directory);
	snprintf(fixture->variable, sizeof(fixture->variable), CLOCK_VARIABLE "=%s", fixture->clock);
	assert_int_equal(pipe(ready), 0);
	fixture->server = fork();
	if (fixture->server == 0) {
		serve(fixture, grace, ready[1]);
		_exit(0);
	}
	assert_int_equal(read(ready[0], &fixture->port, sizeof(fixture->port)), sizeof(fixture->port));
	close(ready[0]);
	close(ready[1]);
}

static void stop(struct fixture *fixture)
{
	int status = -1;

	kill(fixture->server, SIGTERM);
	waitpid(fixture->server, &status, 0);
	rmdir(fixture->directory);
	assert_int_equal(status, 0);
}

static void dawdle(struct toy *toy)
{
	static const useconds_t lengths[] = {0, 0, 10, 100, 500};

	usleep(lengths[(unsigned int)rand_r(&toy->seed) % array_length(lengths)]);
}

static void toy_init(struct toy *toy, struct fixture *fixture, unsigned int seed)
{
	char *environment[] = {fixture->variable, NULL};

	*toy = (struct toy){.socket = -1, .seed = seed};
	toy->clock = clock_new(environment, NULL);
	assert_non_null(toy->clock);
	toy->context = SSL_CTX_new(TLS_client_method());
}

static void toy_hang_up(struct toy *toy)
{
	SSL_free(toy->tls);
	toy->tls = NULL;
	close(toy->socket);
	toy->socket = -1;
	toy->traffic.ended++;
}

static void toy_release(struct toy *toy)
{
	if (toy->socket >= 0)
		toy_hang_up(toy);
	SSL_CTX_free(toy->context);
	clock_free(toy->clock);
}

static int toy_connect(struct toy *toy, int port)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

	toy->traffic.dialled++;
	toy->socket = socket(AF_INET, SOCK_STREAM, 0);
	if (connect(toy->socket, (struct sockaddr *)&address, sizeof(address)) == 0)
		return 0;
	toy_hang_up(toy);
	return -1;
}

static void toy_dial(struct toy *toy, int port)
{
	static const char request[] = "GET /api HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
				      "Connection: Upgrade\r\nSec-WebSocket-Key: q83vASNFZ4mrze8BI0VniQ==\r\n"
				      "Sec-WebSocket-Version: 13\r\n\r\n";
	char answer[512];
	int got = 0;

	assert_int_equal(toy_connect(toy, port), 0);
	/* Waiting for the connection or for an answer to the handshake is waiting, too. */
	assert_true(clock_sleep(toy->clock, INSTANT_NEVER, &toy->traffic) < 0);
	dawdle(toy);
	toy->tls = SSL_new(toy->context);
	SSL_set_fd(toy->tls, toy->socket);
	assert_int_equal(SSL_connect(toy->tls), 1);
	assert_true(clock_sleep(toy->clock, INSTANT_NEVER, &toy->traffic) < 0);
	dawdle(toy);
	SSL_write(toy->tls, request, sizeof(request) - 1);
	while (got < 4 || memcmp(answer + got - 4, "\r\n\r\n", 4) != 0)
		assert_int_equal(SSL_read(toy->tls, answer + got++, 1), 1);
	assert_memory_equal(answer, "HTTP/1.1 101", 12);
	toy->traffic.opened++;
}

/* A text frame of less than 126 bytes with the mask 0. */
static void toy_send(struct toy *toy, int id)
{
	char frame[6 + 125] = {(char)0x81};
	int length = snprintf(frame + 6, 125, PING, id);

	assert_true(length < 125);
	frame[1] = (char)(0x80 | length);
	dawdle(toy);
	SSL_write(toy->tls, frame, 3);
	dawdle(toy);
	SSL_write(toy->tls, frame + 3, 6 + length - 3);
	toy->traffic.sent++;
}

/* Reads one whole message; its frames are shorter than 126 bytes. */
static void toy_receive(struct toy *toy)
{
	unsigned char head[2] = {0};
	char payload[125];

	while (!(head[0] & 0x80)) {
		assert_int_equal(SSL_read(toy->tls, head, 1), 1);
		assert_int_equal(SSL_read(toy->tls, head + 1, 1), 1);
		if (head[1])
			assert_int_equal(SSL_read(toy->tls, payload, head[1]), head[1]);
	}
	toy->traffic.received++;
	toy->arrived = clock_now(toy->clock);
}

/* Waits for a message or for `until`. Returns 1 for a message. */
static int toy_wait(struct toy *toy, int64_t until)
{
	for (;;) {
		struct pollfd polls[2] = {{clock_descriptor(toy->clock), POLLIN, 0}, {toy->socket, POLLIN, 0}};
		dawdle(toy);
		if (toy->tls && SSL_has_pending(toy->tls)) {
			toy_receive(toy);
			return 1;
		}
		if (clock_sleep(toy->clock, until, &toy->traffic) == 0)
			return 0;
		dawdle(toy);
		assert_true(poll(polls, 2, 30000) > 0);
		dawdle(toy);
		if (polls[0].revents)
			clock_arrived(toy->clock);
		if (polls[1].revents) {
			toy_receive(toy);
			return 1;
		}
	}
}

static void answers_and_timers_keep_their_time(struct fixture *fixture, unsigned int seed)
{
	struct toy toy;

	toy_init(&toy, fixture, seed);
	int64_t began = clock_now(toy.clock);
	toy_dial(&toy, fixture->port);
	assert_true(clock_now(toy.clock) == began);
	toy_send(&toy, 1);
	toy_send(&toy, 2);
	assert_true(toy_wait(&toy, began + 7 * SECOND));
	assert_true(toy.arrived == began + 5 * SECOND);
	assert_true(toy_wait(&toy, began + 7 * SECOND));
	assert_true(toy.arrived == began + 5 * SECOND);
	assert_false(toy_wait(&toy, began + 7 * SECOND));
	assert_true(clock_now(toy.clock) == began + 7 * SECOND);
	/* An answer and a timer at one instant: the answer goes first. */
	toy_send(&toy, 3);
	assert_true(toy_wait(&toy, began + 12 * SECOND));
	assert_true(toy.arrived == began + 12 * SECOND - 1);
	assert_false(toy_wait(&toy, began + 12 * SECOND));
	assert_true(clock_now(toy.clock) == began + 12 * SECOND);
	toy_release(&toy);
}

/* With so much grace, only what is proved lets time pass before the test is given up. */
static void test_time_moves_only_when_both_are_idle(void **state)
{
	struct fixture fixture;

	(void)state;
	start(&fixture, 3600 * SECOND);
	for (unsigned int seed = 0; seed < 50; seed++)
		answers_and_timers_keep_their_time(&fixture, seed);
	stop(&fixture);
}

static void test_news_wait_for_an_answer(void **state)
{
	struct fixture fixture;
	struct toy toy;
	struct clock_news news;

	(void)state;
	start(&fixture, SECOND / 100);
	toy_init(&toy, &fixture, 5);
	for (int i = 0; i < 20; i++) {
		struct pollfd poll_clock = {clock_descriptor(toy.clock), POLLIN, 0};
		clock_sleep(toy.clock, clock_now(toy.clock) + SECOND, &toy.traffic);
		assert_true(poll(&poll_clock, 1, 30000) > 0);
		usleep(5000);
		clock_arrived(toy.clock);
		assert_int_equal(take_news(clock_descriptor(toy.clock), &news, MSG_DONTWAIT), -1);
	}
	toy_release(&toy);
	stop(&fixture);
}

static void test_time_goes_on_from_one_program_to_the_next(void **state)
{
	struct fixture fixture;
	struct toy toy;

	(void)state;
	start(&fixture, 3600 * SECOND);
	toy_init(&toy, &fixture, 1);
	assert_true(clock_now(toy.clock) == CLOCK_START_MONOTONIC);
	assert_true(clock_wall(toy.clock) == CLOCK_START);
	assert_false(toy_wait(&toy, CLOCK_START_MONOTONIC + 90 * SECOND));
	toy_release(&toy);
	toy_init(&toy, &fixture, 2);
	assert_true(clock_now(toy.clock) == CLOCK_START_MONOTONIC + 90 * SECOND);
	assert_true(clock_wall(toy.clock) == CLOCK_START + 90 * SECOND);
	toy_release(&toy);
	stop(&fixture);
}

static void test_what_is_lost_with_a_connection_is_written_off(void **state)
{
	struct fixture fixture;
	struct toy toy;

	(void)state;
	start(&fixture, 3600 * SECOND);
	toy_init(&toy, &fixture, 3);
	for (int i = 0; i < 20; i++) {
		int64_t began = clock_now(toy.clock);
		toy_dial(&toy, fixture.port);
		toy_send(&toy, 1);
		/* Takes the answer's time, not the answer. */
		struct pollfd poll_clock = {clock_descriptor(toy.clock), POLLIN, 0};
		while (clock_now(toy.clock) < began + 5 * SECOND) {
			assert_true(clock_sleep(toy.clock, began + 60 * SECOND, &toy.traffic) < 0);
			assert_true(poll(&poll_clock, 1, 30000) > 0);
			clock_arrived(toy.clock);
		}
		toy_hang_up(&toy);
		assert_false(toy_wait(&toy, began + 60 * SECOND));
	}
	toy_release(&toy);
	stop(&fixture);
}

static void test_a_dial_that_went_elsewhere_takes_grace_once(void **state)
{
	struct fixture fixture;
	struct toy toy;

	(void)state;
	start(&fixture, SECOND / 10);
	toy_init(&toy, &fixture, 4);
	int64_t began = clock_now(toy.clock);
	assert_int_equal(toy_connect(&toy, 1), -1);
	for (int i = 1; i <= 1000; i++)
		assert_false(toy_wait(&toy, began + i * SECOND));
	toy_release(&toy);
	stop(&fixture);
}

static void test_without_a_server_it_runs_at_the_real_pace(void **state)
{
	char *environment[] = {NULL};
	struct clock_traffic traffic = {0};
	struct clock *clock = clock_new(environment, NULL);
	int64_t now = clock_now(clock);

	(void)state;
	assert_int_equal(clock_descriptor(clock), -1);
	assert_true(now >= CLOCK_START_MONOTONIC && now < CLOCK_START_MONOTONIC + 60 * SECOND);
	assert_true(clock_sleep(clock, INSTANT_NEVER, &traffic) == INSTANT_NEVER);
	assert_true(clock_sleep(clock, now, &traffic) == 0);
	int64_t wait = clock_sleep(clock, now + 3600 * SECOND, &traffic);
	assert_true(wait > 3500 * SECOND && wait <= 3600 * SECOND);
	clock_free(clock);
}

static void test_a_missing_server_is_an_error(void **state)
{
	char *environment[] = {CLOCK_VARIABLE "=/proc/nonexistent/clock", NULL};
	scoped(error) struct error *error = NULL;

	(void)state;
	assert_null(clock_new(environment, &error));
	assert_string_equal(
		error->message, "cannot reach the clock at /proc/nonexistent/clock: No such file or directory");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_time_moves_only_when_both_are_idle),
		cmocka_unit_test(test_news_wait_for_an_answer),
		cmocka_unit_test(test_time_goes_on_from_one_program_to_the_next),
		cmocka_unit_test(test_what_is_lost_with_a_connection_is_written_off),
		cmocka_unit_test(test_a_dial_that_went_elsewhere_takes_grace_once),
		cmocka_unit_test(test_without_a_server_it_runs_at_the_real_pace),
		cmocka_unit_test(test_a_missing_server_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
