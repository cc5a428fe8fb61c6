/* SPDX-License-Identifier: Apache-2.0 */
#include "common/wire/transport_http.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/scoped.h"
#include "common/wire/failure.h"
#include "common/wire/inbox.h"
#include "common/wire/loop_private.h"
#include "common/wire/transport_gate.h"

/* Bytes that are read in one go. */
#define READ_SIZE 4096
/* Room for a length in decimal. */
#define LENGTH_SIZE 24

struct exchange {
	struct gate_socket socket; /* first: happened() casts it to the exchange */
	struct loop *loop;
	struct gate *gate;
	const struct log *log;
	exchange_done *done; /* NULL: given up, and freed when the connection ends */
	void *context;
	char *name;
	char *content_type;
	char *header;
	char *value;
	struct secret *body;
	int asked;           /* the request is being sent */
	unsigned int status; /* 0 before the reply */
	struct inbox inbox;
	int complete;
	int over; /* `done` is due */
	struct error *error;
	struct loop_timer soon;
};

static void destroy(struct exchange *exchange)
{
	loop_timer_cancel(exchange->loop, &exchange->soon);
	inbox_release(&exchange->inbox);
	secret_free(exchange->body);
	error_free(exchange->error);
	free(exchange->name);
	free(exchange->content_type);
	free(exchange->header);
	free(exchange->value);
	free(exchange);
}

static void tell(void *context)
{
	struct exchange *exchange = context;
	struct inbox_message *message = exchange->error == NULL ? inbox_take(&exchange->inbox) : NULL;
	scoped(error) struct error *error = steal(exchange->error);

	exchange->done(exchange->context, error == NULL ? exchange->status : 0, message != NULL ? message->text : "",
		message != NULL ? message->length : 0, error);
	inbox_message_free(message);
}

static int refuse_redirect(struct exchange *exchange, unsigned int status)
{
	return error_set(&exchange->error, ERROR_PROTOCOL,
		"cannot ask %s: HTTP status %u, and redirects are not followed", exchange->name, status);
}

/* Takes the HTTP status, which may be any number. */
static int take_status(struct exchange *exchange, struct lws *wsi)
{
	unsigned int status = lws_http_client_http_response(wsi);

	if (status / 100 == 3)
		return refuse_redirect(exchange, status);
	if (status < 100 || status > 599)
		return error_set(&exchange->error, ERROR_PROTOCOL,
			"cannot ask %s: what answers there is not a controller", exchange->name);
	exchange->status = status;
	return 0;
}

static void note_failure(struct exchange *exchange, struct lws *wsi, int number, const char *said)
{
	unsigned int status = wsi != NULL ? lws_http_client_http_response(wsi) : exchange->status;
	struct trust *trust = gate_trust(exchange->gate);

	if (exchange->error != NULL || (trust != NULL && trust_failure(trust, exchange->name, &exchange->error) != 0))
		return;
	if (status >= 300 && status < 400)
		refuse_redirect(exchange, status);
	else if (status != 0)
		error_set(&exchange->error, ERROR_NETWORK, "the connection to %s broke", exchange->name);
	else if (exchange->asked)
		failure_exchange(exchange->name, said, &exchange->error);
	else
		failure_connect(exchange->name, number, said, &exchange->error);
}

/* The connection has ended, for whatever reason. */
static void gone(struct exchange *exchange)
{
	loop_traffic(exchange->loop)->ended++;
	loop_touch(exchange->loop);
	loop_busy(exchange->loop, -1);
	exchange->socket.wsi = NULL;
	if (exchange->done == NULL) {
		destroy(exchange);
		return;
	}
	if (!exchange->complete)
		note_failure(exchange, NULL, errno, "");
	if (exchange->error != NULL)
		log_debug(exchange->log, "wire", "ended: %s", exchange->error->message);
	exchange->over = 1;
	loop_timer_set(exchange->loop, &exchange->soon, LOOP_SOON, tell, exchange);
}

static int add_header(struct lws *wsi, const char *name, const char *value, unsigned char **at, size_t room)
{
	return lws_add_http_header_by_name(
		wsi, (const unsigned char *)name, (const unsigned char *)value, (int)strlen(value), at, *at + room);
}

static int add_headers(struct exchange *exchange, struct lws *wsi, unsigned char **at, size_t room)
{
	const unsigned char *end = *at + room;
	char length[LENGTH_SIZE];

	snprintf(length, sizeof(length), "%zu", strlen(secret_reveal(exchange->body)));
	if (add_header(wsi, "Content-Type:", exchange->content_type, at, (size_t)(end - *at)) != 0 ||
		add_header(wsi, "Content-Length:", length, at, (size_t)(end - *at)) != 0)
		return -1;
	if (exchange->header != NULL &&
		add_header(wsi, exchange->header, exchange->value, at, (size_t)(end - *at)) != 0)
		return -1;
	lws_client_http_body_pending(wsi, 1);
	lws_callback_on_writable(wsi);
	return 0;
}

static int write_body(struct exchange *exchange, struct lws *wsi)
{
	size_t length = exchange->body != NULL ? strlen(secret_reveal(exchange->body)) : 0;

	if (exchange->body == NULL)
		return 0;
	unsigned char *bytes = memory_get(LWS_PRE + length + 1, 1);
	memcpy(bytes + LWS_PRE, secret_reveal(exchange->body), length);
	lws_client_http_body_pending(wsi, 0);
	int written = lws_write(wsi, bytes + LWS_PRE, length, LWS_WRITE_HTTP_FINAL);
	secret_erase(bytes, LWS_PRE + length);
	free(bytes);
	secret_free(steal(exchange->body));
	return written < (int)length ? -1 : 0;
}

static int read_some(struct lws *wsi)
{
	char buffer[LWS_PRE + READ_SIZE];
	char *at = buffer + LWS_PRE;
	int length = READ_SIZE;
	int result = lws_http_client_read(wsi, &at, &length);

	/* It may have held a token. */
	secret_erase(buffer, sizeof(buffer));
	return result < 0 ? -1 : 0;
}

static int receive(struct exchange *exchange, const void *bytes, size_t length)
{
	if (inbox_add(&exchange->inbox, bytes, length) == 0)
		return 0;
	error_set(&exchange->error, ERROR_PROTOCOL, "%s sends a reply of more than %zu bytes", exchange->name,
		exchange->inbox.ceiling);
	return -1;
}

static int complete(struct exchange *exchange)
{
	inbox_complete(&exchange->inbox);
	exchange->complete = 1;
	return -1;
}

/* Completes a reply of length 0 here: libwebsockets would wait for a body. */
static int begin_reply(struct exchange *exchange, struct lws *wsi)
{
	char length[LENGTH_SIZE] = "";

	if (take_status(exchange, wsi) < 0)
		return -1;
	lws_hdr_copy(wsi, length, sizeof(length), WSI_TOKEN_HTTP_CONTENT_LENGTH);
	return strcmp(length, "0") == 0 ? complete(exchange) : 0;
}

static int happened(
	struct gate_socket *socket, struct lws *wsi, enum lws_callback_reasons reason, void *bytes, size_t length)
{
	struct exchange *exchange = (struct exchange *)socket;

	loop_touch(exchange->loop);
	if (reason == LWS_CALLBACK_WSI_DESTROY) {
		gone(exchange);
		return 0;
	}
	if (exchange->done == NULL)
		return -1;
	switch (reason) {
	case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER:
		exchange->asked = 1;
		return add_headers(exchange, wsi, bytes, length);
	case LWS_CALLBACK_CLIENT_HTTP_WRITEABLE:
		return write_body(exchange, wsi);
	case LWS_CALLBACK_ESTABLISHED_CLIENT_HTTP:
		return begin_reply(exchange, wsi);
	case LWS_CALLBACK_RECEIVE_CLIENT_HTTP:
		return read_some(wsi);
	case LWS_CALLBACK_RECEIVE_CLIENT_HTTP_READ:
		return receive(exchange, bytes, length);
	case LWS_CALLBACK_COMPLETED_CLIENT_HTTP:
		return complete(exchange);
	case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
		if (!exchange->complete)
			note_failure(exchange, wsi, errno, bytes != NULL ? bytes : "");
		return 0;
	case LWS_CALLBACK_CLIENT_HTTP_REDIRECT:
		return -1;
	default:
		return 0;
	}
}

struct exchange *exchange_open(struct loop *loop, const struct transport_target *target,
	const struct exchange_request *request, const struct log *log, exchange_done *done, void *context)
{
	struct exchange *exchange = memory_get(1, sizeof(*exchange));

	*exchange = (struct exchange){
		.socket = {.happened = happened},
		.loop = loop,
		.log = log,
		.done = done,
		.context = context,
		.name = string_copy(target->name),
		.content_type = string_copy(request->content_type),
		.header = string_copy(request->header),
		.value = string_copy(request->value),
		.body = secret_copy(request->body),
		.inbox = {.ceiling = EXCHANGE_BODY_MAX},
	};
	exchange->gate = gate_for(loop, target, &exchange->error);
	if (exchange->gate == NULL) {
		loop_timer_set(loop, &exchange->soon, LOOP_SOON, tell, exchange);
		return exchange;
	}
	/* Until it ends, the clock must not take the program for idle: it counts websocket messages only. */
	loop_busy(loop, 1);
	if (gate_connect(loop, exchange->gate, target, "POST", log, &exchange->socket) != 0 && !exchange->over)
		gone(exchange);
	/* It has not been given up, so it has not been freed. NOLINTNEXTLINE(clang-analyzer-unix.Malloc) */
	return exchange;
}

void exchange_free(struct exchange *exchange)
{
	if (exchange == NULL)
		return;
	exchange->done = NULL;
	if (exchange->socket.wsi == NULL) {
		destroy(exchange);
		return;
	}
	loop_timer_cancel(exchange->loop, &exchange->soon);
	/* Its last callback frees the exchange. */
	lws_set_timeout(exchange->socket.wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_SYNC);
}
