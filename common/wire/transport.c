/* SPDX-License-Identifier: Apache-2.0 */
#include "common/wire/transport.h"

#include <errno.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "common/base/secret.h"
#include "common/wire/failure.h"
#include "common/wire/inbox.h"
#include "common/wire/loop_private.h"
#include "common/wire/transport_gate.h"

/* Seconds of real time after which a freed connection is dropped without a close frame. */
#define CLOSE_SECONDS 5

struct outgoing {
	struct outgoing *next;
	size_t length;
	unsigned char bytes[]; /* LWS_PRE of room for the frame's head, then the text */
};

enum state { STATE_CONNECTING, STATE_UPGRADING, STATE_OPEN };

struct transport {
	struct gate_socket socket; /* first: happened() casts it to the transport */
	struct loop *loop;
	struct gate *gate;
	const struct log *log;
	const struct transport_events *events; /* NULL: given up, and freed when the connection ends */
	void *context;
	char *name;
	struct secret *authorization; /* or NULL */
	enum state state;
	int tell_opened;
	int tell_ended;
	int paused;          /* nothing is read until the queue is shorter */
	int closing;         /* the close frame has not been sent yet */
	struct error *error; /* why it ended */
	struct loop_timer soon;
	struct inbox inbox;
	struct outgoing *first;
	struct outgoing *last;
};

static void tell(void *context);

static void tell_soon(struct transport *transport)
{
	if (transport->events != NULL)
		loop_timer_set(transport->loop, &transport->soon, LOOP_SOON, tell, transport);
}

/* Messages may arrive faster than they are handled. A small one takes more memory than on the wire, so without a pause
 * memory would grow without limit. */
static void pause_reading(struct transport *transport)
{
	if (transport->paused || !inbox_is_full(&transport->inbox))
		return;
	transport->paused = 1;
	lws_rx_flow_control(transport->socket.wsi, 0);
}

static void go_on(struct transport *transport)
{
	if (!transport->paused || inbox_is_full(&transport->inbox))
		return;
	transport->paused = 0;
	if (transport->socket.wsi != NULL)
		lws_rx_flow_control(transport->socket.wsi, 1);
}

/* Tells the owner the first thing that happened. The owner may free the transport, so it is not used afterwards. */
static void tell(void *context)
{
	struct transport *transport = context;
	const struct transport_events *events = transport->events;

	if (transport->tell_opened) {
		transport->tell_opened = 0;
		tell_soon(transport);
		events->opened(transport->context);
		return;
	}
	struct inbox_message *message = inbox_take(&transport->inbox);
	go_on(transport);
	if (message != NULL) {
		tell_soon(transport);
		events->message(transport->context, message->text, message->length);
		inbox_message_free(message);
		return;
	}
	if (!transport->tell_ended)
		return;
	transport->tell_ended = 0;
	scoped(error) struct error *error = steal(transport->error);
	events->ended(transport->context, error);
}

static void end_closing(struct transport *transport)
{
	if (transport->closing)
		loop_busy(transport->loop, -1);
	transport->closing = 0;
}

static void outgoing_free(struct transport *transport)
{
	struct outgoing *message = transport->first;

	transport->first = message->next;
	if (transport->first == NULL)
		transport->last = NULL;
	secret_erase(message->bytes, LWS_PRE + message->length);
	free(message);
	loop_busy(transport->loop, -1);
}

static void drop_outgoing(struct transport *transport)
{
	while (transport->first != NULL)
		outgoing_free(transport);
}

static void destroy(struct transport *transport)
{
	loop_timer_cancel(transport->loop, &transport->soon);
	drop_outgoing(transport);
	inbox_release(&transport->inbox);
	error_free(transport->error);
	secret_free(transport->authorization);
	free(transport->name);
	free(transport);
}

static void note_failure(struct transport *transport, struct lws *wsi, int number, const char *said)
{
	unsigned int status = wsi != NULL ? lws_http_client_http_response(wsi) : 0;
	struct trust *trust = gate_trust(transport->gate);

	if (transport->error != NULL ||
		(trust != NULL && trust_failure(trust, transport->name, &transport->error) != 0))
		return;
	if (status != 0 || transport->state == STATE_UPGRADING)
		failure_upgrade(transport->name, status, said, &transport->error);
	else
		failure_connect(transport->name, number, said, &transport->error);
}

/* An open connection ends without a reason: either the peer is gone, or libwebsockets dropped it for what it sent,
 * which libwebsockets does not report. */
static void note_breach(struct transport *transport, struct lws *wsi)
{
	SSL *tls = lws_get_ssl(wsi);
	char byte = 0;

	if (transport->error != NULL || (tls != NULL && (SSL_get_shutdown(tls) & SSL_RECEIVED_SHUTDOWN) != 0))
		return;
	ssize_t left = recv(lws_get_socket_fd(wsi), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
	if (left > 0 || (left < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)))
		error_set(&transport->error, ERROR_PROTOCOL, "%s breaks the rules of websockets", transport->name);
}

/* The connection has ended, for whatever reason. */
static void gone(struct transport *transport)
{
	loop_traffic(transport->loop)->ended++;
	loop_touch(transport->loop);
	transport->socket.wsi = NULL;
	end_closing(transport);
	if (transport->events == NULL) {
		destroy(transport);
		return;
	}
	drop_outgoing(transport);
	if (transport->state != STATE_OPEN)
		note_failure(transport, NULL, errno, "");
	else if (transport->error == NULL)
		error_set(&transport->error, ERROR_NETWORK, "the connection to %s broke", transport->name);
	log_debug(transport->log, "wire", "ended: %s", transport->error->message);
	transport->tell_ended = 1;
	tell_soon(transport);
}

static int add_header(struct lws *wsi, const char *name, const char *value, unsigned char **at, unsigned char *end)
{
	return lws_add_http_header_by_name(
		wsi, (const unsigned char *)name, (const unsigned char *)value, (int)strlen(value), at, end);
}

static int add_headers(const struct transport *transport, struct lws *wsi, unsigned char **at, size_t room)
{
	unsigned char *end = *at + room;

	if (add_header(wsi, "X-Juju-ClientVersion:", TRANSPORT_CLIENT_VERSION, at, end) != 0)
		return -1;
	if (transport->authorization == NULL)
		return 0;
	return add_header(wsi, "Authorization:", secret_reveal(transport->authorization), at, end);
}

static int refuse_message(struct transport *transport, size_t length)
{
	if (inbox_is_crowded(&transport->inbox, length))
		return error_set(&transport->error, ERROR_PROTOCOL,
			"%s sends too much at a time: all connections together may hold %zu bytes", transport->name,
			INBOX_HELD_MAX);
	return error_set(&transport->error, ERROR_PROTOCOL, "%s sends a message of more than %zu bytes",
		transport->name, transport->inbox.ceiling);
}

/* A peer that breaks the rules is dropped at once: it would not follow those for closing either. */
static int receive(struct transport *transport, const void *bytes, size_t length)
{
	struct lws *wsi = transport->socket.wsi;

	if (lws_frame_is_binary(wsi)) {
		error_set(&transport->error, ERROR_PROTOCOL, "%s sends data that is not text", transport->name);
		return -1;
	}
	if (inbox_add(&transport->inbox, bytes, length) != 0)
		return refuse_message(transport, length);
	if (!lws_is_final_fragment(wsi) || lws_remaining_packet_payload(wsi) > 0)
		return 0;
	inbox_complete(&transport->inbox);
	pause_reading(transport);
	loop_traffic(transport->loop)->received++;
	tell_soon(transport);
	return 0;
}

static int write_next(struct transport *transport)
{
	struct outgoing *message = transport->first;
	struct lws *wsi = transport->socket.wsi;

	if (transport->events == NULL) {
		end_closing(transport);
		lws_close_reason(wsi, LWS_CLOSE_STATUS_NORMAL, NULL, 0);
		return -1;
	}
	if (message == NULL)
		return 0;
	int written = lws_write(wsi, message->bytes + LWS_PRE, message->length, LWS_WRITE_TEXT);
	if (written < (int)message->length)
		return -1;
	loop_traffic(transport->loop)->sent++;
	outgoing_free(transport);
	if (transport->first != NULL)
		lws_callback_on_writable(wsi);
	return 0;
}

static void opened(struct transport *transport)
{
	transport->state = STATE_OPEN;
	transport->tell_opened = 1;
	loop_traffic(transport->loop)->opened++;
	log_debug(transport->log, "wire", "open: %s", transport->name);
	tell_soon(transport);
}

/* The events of a transport that was given up: only its end matters. */
static int given_up(struct transport *transport, enum lws_callback_reasons reason)
{
	if (reason == LWS_CALLBACK_WSI_DESTROY)
		gone(transport);
	else if (reason == LWS_CALLBACK_CLIENT_WRITEABLE)
		return write_next(transport);
	return 0;
}

static int happened(
	struct gate_socket *socket, struct lws *wsi, enum lws_callback_reasons reason, void *bytes, size_t length)
{
	struct transport *transport = (struct transport *)socket;

	loop_touch(transport->loop);
	if (transport->events == NULL)
		return given_up(transport, reason);
	switch (reason) {
	case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER:
		transport->state = STATE_UPGRADING;
		return add_headers(transport, wsi, bytes, length);
	case LWS_CALLBACK_CLIENT_HTTP_REDIRECT:
		return -1;
	case LWS_CALLBACK_CLIENT_ESTABLISHED:
		opened(transport);
		return 0;
	case LWS_CALLBACK_CLIENT_RECEIVE:
		return receive(transport, bytes, length);
	case LWS_CALLBACK_CLIENT_WRITEABLE:
		return write_next(transport);
	case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
		note_failure(transport, wsi, errno, bytes != NULL ? bytes : "");
		return 0;
	case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
		if (transport->error == NULL)
			failure_close(transport->name, bytes, length, &transport->error);
		return 0;
	case LWS_CALLBACK_CLIENT_CLOSED:
		note_breach(transport, wsi);
		return 0;
	case LWS_CALLBACK_WSI_DESTROY:
		gone(transport);
		return 0;
	default:
		return 0;
	}
}

struct transport *transport_open(struct loop *loop, const struct transport_target *target, const struct log *log,
	const struct transport_events *events, void *context)
{
	struct transport *transport = memory_get(1, sizeof(*transport));

	*transport = (struct transport){
		.socket = {.happened = happened},
		.loop = loop,
		.log = log,
		.events = events,
		.context = context,
		.name = string_copy(target->name),
		.authorization = secret_copy(target->authorization),
		.inbox = {.ceiling = TRANSPORT_MESSAGE_MAX, .held = loop_held(loop)},
	};
	transport->gate = gate_for(loop, target, &transport->error);
	if (transport->gate != NULL) {
		/* It may fail with a last callback or without any. */
		if (gate_connect(loop, transport->gate, target, NULL, log, &transport->socket) != 0 &&
			!transport->tell_ended)
			gone(transport);
		/* Its events are set, so it has not been freed. NOLINTNEXTLINE(clang-analyzer-unix.Malloc) */
		return transport;
	}
	transport->tell_ended = 1;
	tell_soon(transport);
	return transport;
}

void transport_listen(struct transport *transport, const struct transport_events *events, void *context)
{
	transport->events = events;
	transport->context = context;
}

void transport_send(struct transport *transport, const char *text, size_t length)
{
	if (transport->socket.wsi == NULL || transport->state != STATE_OPEN)
		return;
	struct outgoing *message = memory_grow(NULL, sizeof(*message) + LWS_PRE + length, 1);
	*message = (struct outgoing){.length = length};
	memcpy(message->bytes + LWS_PRE, text, length);
	if (transport->last != NULL)
		transport->last->next = message;
	else
		transport->first = message;
	transport->last = message;
	loop_busy(transport->loop, 1);
	lws_callback_on_writable(transport->socket.wsi);
}

void transport_free(struct transport *transport)
{
	if (transport == NULL)
		return;
	transport->events = NULL;
	loop_timer_cancel(transport->loop, &transport->soon);
	drop_outgoing(transport);
	if (transport->socket.wsi == NULL) {
		destroy(transport);
		return;
	}
	if (transport->state == STATE_OPEN) {
		transport->closing = 1;
		loop_busy(transport->loop, 1);
		lws_set_timeout(transport->socket.wsi, PENDING_TIMEOUT_CLOSE_SEND, CLOSE_SECONDS);
		lws_callback_on_writable(transport->socket.wsi);
		return;
	}
	/* Its last callback frees the transport. */
	lws_set_timeout(transport->socket.wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_SYNC);
}
