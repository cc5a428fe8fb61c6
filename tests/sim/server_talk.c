/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/server_talk.h"

#include <stdlib.h>
#include <string.h>

#include "tests/sim/world_door.h"

static int login_answered(const struct wire_message *reply)
{
	return string_starts(reply->method, "Admin.LoginWith") && !reply->failed;
}

static void log_event(const struct server_connection *connection, const char *event)
{
	wire_event(connection->server->wire, server_now(connection->server), &connection->wire, event);
}

void server_talk_cut(struct server_connection *connection)
{
	log_event(connection, "cut");
	connection->ending = 1;
	api_closed(steal(connection->conversation));
}

int server_talk_cuts(struct server *server)
{
	const struct misbehave *misbehave = &server->options->misbehave;

	return ++server->messages == misbehave->count && misbehave->kind == MISBEHAVE_CUT;
}

static void write_message(struct server_connection *connection, const char *text, size_t length)
{
	frame_write(&connection->out, FRAME_TEXT, text, length, connection->server->options->piece);
	connection->server->seen.sent++;
	connection->server->activity++;
	connection->recent++;
	if (server_talk_cuts(connection->server))
		server_talk_cut(connection);
}

/* Writes a message without the end of its last frame. */
static void write_half(struct server_connection *connection, const char *text, size_t length)
{
	size_t before = connection->out.length;

	frame_write(&connection->out, FRAME_TEXT, text, length, connection->server->options->piece);
	connection->out.length = before + (connection->out.length - before) / 2;
	server_talk_cut(connection);
}

static void hold_back(struct server_connection *connection, const char *text, size_t length, int64_t delay, int told)
{
	const struct server_late late = {
		.at = server_now(connection->server) + delay,
		.connection = connection,
		.told = told,
		.text = (char *)(uintptr_t)text,
		.length = length,
	};

	server_late_add(&connection->server->late, &late);
}

static void send_now(struct server_connection *connection, const char *text, size_t length)
{
	struct server *server = connection->server;
	const struct misbehave *misbehave = &server->options->misbehave;

	if (connection->stage != STAGE_OPEN || connection->ending || connection->silent)
		return;
	struct wire_message reply = wire_reply(server->wire, server_now(server), &connection->wire, text, length);
	int chosen = ++server->replies == misbehave->count;
	if (chosen && misbehave->kind == MISBEHAVE_BREAK)
		write_half(connection, text, length);
	else if (chosen && misbehave->kind == MISBEHAVE_LATE)
		hold_back(connection, text, length, misbehave->late, 1);
	else if (chosen && misbehave->kind == MISBEHAVE_TRUNCATE)
		write_message(connection, text, length / 2);
	else if (!chosen || misbehave->kind != MISBEHAVE_LOSE)
		write_message(connection, text, length);
	if (misbehave->kind == MISBEHAVE_SILENT_CALLS && login_answered(&reply))
		connection->silent = connection->heard = 1;
	wire_message_release(&reply);
}

void server_connection_send_late(struct server *server)
{
	struct server_late *late;

	while ((late = server_late_take(&server->late, server_now(server)))) {
		struct server_connection *connection = late->connection;
		if (!late->told)
			send_now(connection, late->text, late->length);
		else if (connection->stage == STAGE_OPEN && !connection->ending)
			write_message(connection, late->text, late->length);
		server_late_free(late);
	}
}

void server_talk_send(void *context, const char *text, size_t length)
{
	struct server_connection *connection = context;
	const struct world_controller *controller = connection->door->controller;

	if (controller && controller->door->delay > 0)
		hold_back(connection, text, length, controller->door->delay, 0);
	else
		send_now(connection, text, length);
}

void server_talk_close(void *context, int code)
{
	struct server_connection *connection = context;
	const char payload[2] = {(char)(code >> 8), (char)code};
	scoped(string) char *event = string_format("close %d", code);

	if (connection->stage == STAGE_OPEN && !connection->ending) {
		log_event(connection, event);
		frame_write(&connection->out, FRAME_CLOSE, payload, sizeof(payload), sizeof(payload));
		connection->ending = 1;
	}
	api_closed(steal(connection->conversation));
}

static void receive_text(struct server_connection *connection, const struct frame_message *message)
{
	struct server *server = connection->server;
	const struct misbehave *misbehave = &server->options->misbehave;

	server->seen.received++;
	if (connection->stage != STAGE_OPEN || connection->ending)
		return;
	struct wire_message request =
		wire_request(server->wire, server_now(server), &connection->wire, message->data, message->length);
	wire_message_release(&request);
	connection->messages++;
	if (server_talk_cuts(server) ||
		(misbehave->kind == MISBEHAVE_CLOSE && connection->messages == misbehave->count)) {
		server_talk_cut(connection);
		return;
	}
	if (misbehave->kind == MISBEHAVE_SILENT_LOGIN)
		connection->silent = connection->heard = 1;
	if (connection->silent)
		return;
	const char *uuid = server_uuid(server);
	scoped(string) char *answer = misbehave_answer(misbehave->kind, uuid, message->data, message->length);
	if (answer)
		server_talk_send(connection, answer, strlen(answer));
	else if (connection->conversation)
		api_receive(connection->conversation, message->data, message->length);
}

void server_talk_receive(struct server_connection *connection, const struct frame_message *message)
{
	int open = connection->stage == STAGE_OPEN && !connection->ending;

	if (message->kind == FRAME_TEXT || message->kind == FRAME_BINARY)
		receive_text(connection, message);
	else if (message->kind == FRAME_PING && open)
		frame_write(&connection->out, FRAME_PONG, message->data, message->length, message->length + 1);
	else if (message->kind == FRAME_CLOSE && open)
		server_talk_close(connection, 1000);
}
