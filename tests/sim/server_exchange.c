/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/server_exchange.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tests/sim/api_web.h"
#include "tests/sim/server_talk.h"
#include "tests/sim/world_state.h"

int server_exchange_wanted(const struct server_connection *connection, const struct http_request *request)
{
	return connection->door->controller && !request->upgrade;
}

static void write_answer(struct server_connection *connection, const struct api_web_answer *answer, int closes)
{
	const struct misbehave *misbehave = &connection->server->options->misbehave;
	int chosen = ++connection->server->replies == misbehave->count;
	size_t before = connection->out.length;

	if (chosen && misbehave->kind == MISBEHAVE_LOSE) {
		connection->silent = connection->heard = 1;
		return;
	}
	http_answer(&connection->out, answer->status, answer->type,
		answer->challenge ? "WWW-Authenticate: Macaroon\r\n" : "", answer->body, closes);
	if (chosen && misbehave->kind == MISBEHAVE_BREAK) {
		connection->out.length = before + (connection->out.length - before) / 2;
		server_talk_cut(connection);
	}
	if (server_talk_cuts(connection->server))
		server_talk_cut(connection);
	connection->ending |= closes;
}

/* Drops the request that was answered, and keeps what follows it. */
static void forget(struct server_connection *connection, size_t length)
{
	scoped(string) char *rest = string_copy_length(connection->in.data + length, connection->in.length - length);
	size_t left = connection->in.length - length;

	text_release(&connection->in);
	if (left)
		text_add(&connection->in, rest, left);
}

static void answer(struct server_connection *connection, const struct http_request *request, const char *body)
{
	struct server *server = connection->server;
	struct api_web_request asked = {.method = request->method,
		.path = request->path,
		.host = request->host,
		.bakery = request->bakery != NULL,
		.body = body};
	struct api_web_answer answer;

	api_web(server->world, connection->door->controller, &asked, &answer);
	wire_answered(server->wire, server_now(server), &connection->wire, request->method, answer.status,
		strlen(answer.body));
	write_answer(connection, &answer, request->connection && strcasecmp(request->connection, "close") == 0);
	api_web_answer_release(&answer);
}

void server_exchange_take(struct server_connection *connection, const struct http_request *request, size_t size)
{
	struct server *server = connection->server;
	long length = request->length ? strtol(request->length, NULL, 10) : 0;

	if (length < 0 || length > API_WEB_BODY_MAX) {
		http_refuse(&connection->out, 400);
		connection->ending = 1;
		return;
	}
	if (connection->in.length < size + (size_t)length)
		return;
	scoped(string) char *body = string_copy_length(connection->in.data + size, (size_t)length);
	string_replace(&connection->path, request->path);
	connection->wire.path = connection->path;
	wire_asked(server->wire, server_now(server), &connection->wire, request->method, (size_t)length);
	forget(connection, size + (size_t)length);
	if (server_talk_cuts(server))
		server_talk_cut(connection);
	else
		answer(connection, request, body);
}
