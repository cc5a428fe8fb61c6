/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/server_connection.h"

#include <errno.h>
#include <openssl/err.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/sim/api_log.h"
#include "tests/sim/api_web.h"
#include "tests/sim/server_exchange.h"
#include "tests/sim/server_talk.h"
#include "tests/sim/world_door.h"

#define OUT_MAX (256 * 1024 * 1024)
#define BLOCK 16384

static int misbehaves(const struct server_connection *connection, enum misbehave_kind kind)
{
	return connection->server->options->misbehave.kind == kind;
}

static void log_event(const struct server_connection *connection, const char *event)
{
	wire_event(connection->server->wire, server_now(connection->server), &connection->wire, event);
}

static void peer_has_ended(struct server_connection *connection);

/* For a controller that is down: resets the connection before the peer has sent anything. */
static void reset(struct server_connection *connection)
{
	const struct linger at_once = {.l_onoff = 1};

	setsockopt(connection->descriptor, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	peer_has_ended(connection);
}

void server_connection_new(struct server *server, const struct server_door *door, int descriptor)
{
	struct server_connection *connection = memory_get(1, sizeof(*connection));

	connection->server = server;
	connection->door = door;
	connection->wire.door = door->controller ? door->controller->name : NULL;
	connection->descriptor = descriptor;
	connection->wire.number = ++server->connection_count;
	connection->tls = SSL_new(door->tls);
	SSL_set_fd(connection->tls, descriptor);
	SSL_set_accept_state(connection->tls);
	text_init(&connection->in, HTTP_HEAD_MAX + API_WEB_BODY_MAX + BLOCK);
	text_init(&connection->out, OUT_MAX);
	frame_reader_init(&connection->reader, API_MESSAGE_MAX);
	connection->silent = misbehaves(connection, MISBEHAVE_SILENT_TLS) ||
			     (door->controller && door->controller->door->dead == WORLD_DEAD_SILENT_TLS);
	connection->next = server->connections;
	server->connections = connection;
	server->seen.dialled++;
	log_event(connection, "accepted");
	if (door->controller && door->controller->reach == WORLD_DOWN)
		reset(connection);
}

void server_connection_free(struct server_connection *connection)
{
	server_late_drop(&connection->server->late, connection);
	api_closed(steal(connection->conversation));
	SSL_free(connection->tls);
	close(connection->descriptor);
	text_release(&connection->in);
	text_release(&connection->out);
	frame_reader_release(&connection->reader);
	wire_connection_release(&connection->wire);
	string_free(connection->path);
	free(connection);
}

static void peer_has_ended(struct server_connection *connection)
{
	if (connection->stage == STAGE_GONE)
		return;
	log_event(connection, "ended");
	connection->stage = STAGE_GONE;
	connection->server->seen.ended++;
	connection->server->loose += connection->recent;
	connection->recent = 0;
	api_closed(steal(connection->conversation));
}

short server_connection_events(const struct server_connection *connection)
{
	int writes = connection->wants_write || connection->out_done < connection->out.length;

	return (short)(POLLIN | (writes && !connection->silent ? POLLOUT : 0));
}

int server_connection_quiet(const struct server_connection *connection)
{
	if (connection->out_done < connection->out.length || connection->ending)
		return 0;
	if (connection->stage == STAGE_OPEN)
		return 1;
	return connection->silent && connection->heard;
}

/* Shuts our end of the socket, but goes on reading: the peer counts the messages that it still sends. */
static void end_ours(struct server_connection *connection)
{
	connection->ending = 0;
	connection->stage = STAGE_LINGER;
	shutdown(connection->descriptor, SHUT_WR);
}

void server_connection_flush(struct server_connection *connection)
{
	while (connection->out_done < connection->out.length && connection->stage != STAGE_GONE) {
		size_t left = connection->out.length - connection->out_done;
		/* What another connection has left there would be taken for the reason of this one. */
		ERR_clear_error();
		int wrote = SSL_write(
			connection->tls, connection->out.data + connection->out_done, left > BLOCK ? BLOCK : (int)left);
		if (wrote <= 0) {
			int why = SSL_get_error(connection->tls, wrote);
			if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE)
				peer_has_ended(connection);
			return;
		}
		connection->server->activity++;
		connection->out_done += (size_t)wrote;
	}
	text_release(&connection->out);
	connection->out_done = 0;
	if (connection->ending && connection->stage != STAGE_GONE)
		end_ours(connection);
}

static void refuse_upgrade(struct server_connection *connection, int status)
{
	scoped(string) char *event = string_format("refused %d", status);

	http_refuse(&connection->out, status);
	log_event(connection, event);
	connection->ending = 1;
}

static void open_websocket(struct server_connection *connection, const struct http_request *request)
{
	static const struct api_callbacks callbacks = {server_talk_send, server_talk_close};
	struct server *server = connection->server;
	int status = http_refusal(request);

	string_replace(&connection->path, request->path);
	connection->wire.path = connection->path;
	if (misbehaves(connection, MISBEHAVE_WEB_SITE))
		status = 200;
	struct world_controller *controller = connection->door->controller;
	const struct world_model *logged = controller ? NULL : api_log_of(server->world, request->path);
	bool log_at_door = controller && api_log_at_door(request->path);
	if (!status && !logged && !log_at_door)
		status = controller ? api_direct_refusal_status(controller, request->path)
				    : api_refusal_status(server->world, request->path);
	if (status) {
		refuse_upgrade(connection, status);
		return;
	}
	http_accept(&connection->out, request->key);
	connection->stage = STAGE_OPEN;
	connection->server->seen.opened++;
	log_event(connection, "opened");
	if (logged) {
		api_log_send(server->world, logged, request->authorization, &callbacks, connection);
		return;
	}
	if (log_at_door) {
		api_log_send_direct(
			server->world, controller, request->path, request->authorization, &callbacks, connection);
		return;
	}
	connection->conversation =
		controller ? api_open_direct(server->world, controller, request->path,
				     request->host ? request->host : "", &callbacks, connection)
			   : api_open(server->world, request->path, request->client_version, &callbacks, connection);
}

static void take_head(struct server_connection *connection)
{
	struct http_request request = {0};
	long size = http_request_read(&request, connection->in.data, connection->in.length);

	if (size < 0) {
		refuse_upgrade(connection, 400);
	} else if (size > 0 && misbehaves(connection, MISBEHAVE_SILENT_UPGRADE)) {
		connection->silent = 1;
		connection->heard = 1;
	} else if (size > 0 && server_exchange_wanted(connection, &request)) {
		server_exchange_take(connection, &request, (size_t)size);
	} else if (size > 0) {
		open_websocket(connection, &request);
		if (connection->stage == STAGE_OPEN)
			frame_reader_add(
				&connection->reader, connection->in.data + size, connection->in.length - (size_t)size);
	}
	http_request_release(&request);
}

static void take_frames(struct server_connection *connection)
{
	struct frame_message message;
	int got;

	while ((got = frame_reader_next(&connection->reader, &message)) > 0)
		server_talk_receive(connection, &message);
	if (got < 0)
		connection->ending = 1;
}

static void take_bytes(struct server_connection *connection, const char *bytes, size_t length)
{
	connection->server->activity++;
	if (connection->stage == STAGE_HTTP && !connection->silent && !connection->ending) {
		if (text_add(&connection->in, bytes, length) < 0)
			refuse_upgrade(connection, 400);
		else
			take_head(connection);
		take_frames(connection);
	} else if (connection->path) {
		if (frame_reader_add(&connection->reader, bytes, length) < 0)
			connection->ending = 1;
		take_frames(connection);
	}
}

/* Returns 1 when the stage has been passed, 0 when it goes on or has failed. */
static int shake_hands(struct server_connection *connection)
{
	/* What another connection has left there would be taken for the reason of this one. */
	ERR_clear_error();
	int done = SSL_accept(connection->tls);

	connection->server->activity++;
	connection->wants_write = 0;
	if (done == 1) {
		connection->stage = STAGE_HTTP;
		return 1;
	}
	int why = SSL_get_error(connection->tls, done);
	if (why == SSL_ERROR_WANT_WRITE) {
		connection->wants_write = 1;
	} else if (why != SSL_ERROR_WANT_READ) {
		log_event(connection, "no tls");
		peer_has_ended(connection);
	}
	return 0;
}

static void stay_silent(struct server_connection *connection)
{
	char block[BLOCK];
	ssize_t got = recv(connection->descriptor, block, sizeof(block), MSG_DONTWAIT);

	if (got > 0) {
		connection->heard = 1;
		connection->server->activity++;
	} else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
		peer_has_ended(connection);
	}
}

void server_connection_serve(struct server_connection *connection)
{
	char block[BLOCK];

	if (connection->stage == STAGE_TLS && connection->silent) {
		stay_silent(connection);
		return;
	}
	if (connection->stage == STAGE_TLS && !shake_hands(connection))
		return;
	server_connection_flush(connection);
	while (connection->stage != STAGE_GONE) {
		/* What another connection has left there would be taken for the reason of this one. */
		ERR_clear_error();
		int got = SSL_read(connection->tls, block, sizeof(block));
		if (got > 0) {
			take_bytes(connection, block, (size_t)got);
			continue;
		}
		int why = SSL_get_error(connection->tls, got);
		if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE)
			peer_has_ended(connection);
		return;
	}
}
