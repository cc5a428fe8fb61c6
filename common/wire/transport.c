/* SPDX-License-Identifier: Apache-2.0 */
#include "common/wire/transport.h"

#include <errno.h>
#include <libwebsockets.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/secret.h"
#include "common/wire/failure.h"
#include "common/wire/inbox.h"
#include "common/wire/loop_private.h"

/* Deadlines of libwebsockets, in seconds, behind our own, which go by the loop's clock. */
#define LWS_SECONDS 120
/* Real time, in seconds, after which a connection that was given up is dropped without a close frame. */
#define CLOSE_SECONDS 5

/* A set of TLS connections that trust the same and go the same way: libwebsockets keeps both at the virtual host. */
struct gate {
	struct gate *next;
	struct lws_vhost *vhost;
	struct trust *trust; /* NULL: without TLS */
	char *proxy;         /* "user:password@address:port", or "" */
};

struct outgoing {
	struct outgoing *next;
	size_t length;
	unsigned char bytes[]; /* LWS_PRE of room for the frame's head, then the text */
};

enum state { STATE_CONNECTING, STATE_UPGRADING, STATE_OPEN };

struct transport {
	struct loop *loop;
	struct gate *gate;
	struct lws *wsi; /* NULL once libwebsockets has let go of it */
	const struct log *log;
	const struct transport_events *events; /* NULL: given up, is freed together with the connection */
	void *context;
	char *name;
	enum state state;
	int tell_opened;
	int tell_ended;
	int closing;         /* the close frame is under way */
	struct error *error; /* why it ended */
	struct loop_timer soon;
	struct inbox inbox;
	struct outgoing *first;
	struct outgoing *last;
};

static int connection_callback(
	struct lws *wsi, enum lws_callback_reasons reason, void *user, void *bytes, size_t length);

static const struct lws_protocols protocols[] = {
	{.name = "juju", .callback = connection_callback},
	{0},
};

/* Sixteen hours without a sign of life: whether a connection lives is found out by juju's own pings. */
static const lws_retry_bo_t no_keepalive = {.secs_since_valid_ping = 57600, .secs_since_valid_hangup = 57660};

static void gates_free(void *kept)
{
	for (struct gate *gate = kept; gate != NULL;) {
		struct gate *next = gate->next;

		trust_free(gate->trust);
		secret_erase(gate->proxy, strlen(gate->proxy));
		free(gate->proxy);
		free(gate);
		gate = next;
	}
}

static char *proxy_text(const struct transport_target *target)
{
	const struct proxy *proxy = target->proxy;

	if (proxy == NULL || proxy->host == NULL)
		return string_copy("");
	const char *user = secret_given(proxy->user) ? secret_reveal(proxy->user) : "";
	return string_format(strchr(target->proxy_address, ':') != NULL ? "%s%s[%s]:%d" : "%s%s%s:%d", user,
		user[0] != '\0' ? "@" : "", target->proxy_address, proxy->port);
}

static struct gate *gate_new(
	struct loop *loop, const struct transport_target *target, const char *proxy, struct error **error)
{
	scoped(trust) struct trust *trust = target->trust != NULL ? trust_new(target->trust, error) : NULL;

	if (target->trust != NULL && trust == NULL)
		return NULL;
	struct lws_context_creation_info info = {
		.port = CONTEXT_PORT_NO_LISTEN,
		.protocols = protocols,
		.vhost_name = "juju",
		.options = LWS_SERVER_OPTION_DISABLE_OS_CA_CERTS,
		/* Given even when empty: else http_proxy would be taken from the environment. */
		.http_proxy_address = proxy,
		.connect_timeout_secs = LWS_SECONDS,
		.timeout_secs = LWS_SECONDS,
		.retry_and_idle_policy = &no_keepalive,
	};
	if (trust != NULL) {
		info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
		info.provided_client_ssl_ctx = trust_context(trust);
	}
#ifdef LWS_SERVER_OPTION_DISABLE_TLS_SESSION_CACHE
	info.options |= LWS_SERVER_OPTION_DISABLE_TLS_SESSION_CACHE;
#endif
	struct lws_vhost *vhost = lws_create_vhost(loop_context(loop), &info);
	if (vhost == NULL) {
		error_set(error, ERROR_FAILED, "cannot prepare a connection to %s", target->name);
		return NULL;
	}
	struct gate *gate = memory_get(1, sizeof(*gate));
	*gate = (struct gate){.vhost = vhost, .trust = steal(trust), .proxy = string_copy(proxy)};
	return gate;
}

/* Gates live as long as the loop: there is one for each controller that is talked to. */
static struct gate *gate_for(struct loop *loop, const struct transport_target *target, struct error **error)
{
	void **kept = loop_keepsake(loop, gates_free);
	char *proxy = proxy_text(target);
	struct gate *gate = *kept;

	for (; gate != NULL; gate = gate->next) {
		if (strcmp(gate->proxy, proxy) != 0 || (gate->trust == NULL) != (target->trust == NULL))
			continue;
		if (gate->trust == NULL || trust_is_for(gate->trust, target->trust))
			break;
	}
	if (gate == NULL && (gate = gate_new(loop, target, proxy, error)) != NULL) {
		gate->next = *kept;
		*kept = gate;
	}
	secret_erase(proxy, strlen(proxy));
	free(proxy);
	return gate;
}

static void tell(void *context);

static void tell_soon(struct transport *transport)
{
	if (transport->events != NULL)
		loop_timer_set(transport->loop, &transport->soon, LOOP_SOON, tell, transport);
}

/* Tells the owner the first of the things that happened. He may free the transport, so nothing is touched
 * afterwards. */
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
	free(transport->name);
	free(transport);
}

static void note_failure(struct transport *transport, struct lws *wsi, int number, const char *said)
{
	unsigned int status = wsi != NULL ? lws_http_client_http_response(wsi) : 0;
	struct trust *trust = transport->gate->trust;

	if (transport->error != NULL ||
		(trust != NULL && trust_failure(trust, transport->name, &transport->error) != 0))
		return;
	if (status != 0 || transport->state == STATE_UPGRADING)
		failure_upgrade(transport->name, status, said, &transport->error);
	else
		failure_connect(transport->name, number, said, &transport->error);
}

/* The connection is no more, whatever the reason. */
static void gone(struct transport *transport)
{
	loop_traffic(transport->loop)->ended++;
	loop_touch(transport->loop);
	transport->wsi = NULL;
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

static int add_headers(struct lws *wsi, unsigned char **at, size_t room)
{
	static const char version[] = TRANSPORT_CLIENT_VERSION;

	return lws_add_http_header_by_name(wsi,
		(const unsigned char *)"X-Juju-ClientVersion:", (const unsigned char *)version, (int)strlen(version),
		at, *at + room);
}

/* A peer that breaks the rules is dropped at once: it would not keep those for closing either. */
static int receive(struct transport *transport, const void *bytes, size_t length)
{
	struct lws *wsi = transport->wsi;

	if (lws_frame_is_binary(wsi)) {
		error_set(&transport->error, ERROR_PROTOCOL, "%s sends what is no text", transport->name);
		return -1;
	}
	if (inbox_add(&transport->inbox, bytes, length) != 0) {
		error_set(&transport->error, ERROR_PROTOCOL, "%s sends a message of more than %zu bytes",
			transport->name, transport->inbox.ceiling);
		return -1;
	}
	if (!lws_is_final_fragment(wsi) || lws_remaining_packet_payload(wsi) > 0)
		return 0;
	inbox_complete(&transport->inbox);
	loop_traffic(transport->loop)->received++;
	tell_soon(transport);
	return 0;
}

static int write_next(struct transport *transport)
{
	struct outgoing *message = transport->first;
	struct lws *wsi = transport->wsi;

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

/* What happens to a transport that has been given up: only its end is of interest. */
static int given_up(struct transport *transport, enum lws_callback_reasons reason)
{
	if (reason == LWS_CALLBACK_WSI_DESTROY)
		gone(transport);
	else if (reason == LWS_CALLBACK_CLIENT_WRITEABLE)
		return write_next(transport);
	return 0;
}

static int connection_callback(
	struct lws *wsi, enum lws_callback_reasons reason, void *user, void *bytes, size_t length)
{
	struct transport *transport = NULL;

	(void)user;
	/* Other reasons come with connections that are none of ours, or not yet. */
	switch (reason) {
	case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER:
	case LWS_CALLBACK_CLIENT_HTTP_REDIRECT:
	case LWS_CALLBACK_CLIENT_ESTABLISHED:
	case LWS_CALLBACK_CLIENT_RECEIVE:
	case LWS_CALLBACK_CLIENT_WRITEABLE:
	case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
	case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
	case LWS_CALLBACK_WSI_DESTROY:
		transport = lws_get_opaque_user_data(wsi);
		break;
	default:
		break;
	}
	if (transport == NULL)
		return 0;
	loop_touch(transport->loop);
	if (transport->events == NULL)
		return given_up(transport, reason);
	switch (reason) {
	case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER:
		transport->state = STATE_UPGRADING;
		return add_headers(wsi, bytes, length);
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
	default:
		gone(transport);
		return 0;
	}
}

static void connect_now(struct transport *transport, const struct transport_target *target)
{
	int proxied = transport->gate->proxy[0] != '\0';
	scoped(string) char *host =
		string_copy_length(target->authority, (size_t)(strrchr(target->authority, ':') - target->authority));
	struct lws_client_connect_info info = {
		.context = loop_context(transport->loop),
		.vhost = transport->gate->vhost,
		.address = proxied ? host : target->address,
		.port = target->port,
		.host = target->authority,
		.path = target->path,
		.alpn = "http/1.1",
		/* The check of the name is made by the trust, with a name that need not be the host's. */
		.ssl_connection =
			LCCSCF_HTTP_NO_FOLLOW_REDIRECT |
			(transport->gate->trust != NULL ? LCCSCF_USE_SSL | LCCSCF_SKIP_SERVER_CERT_HOSTNAME_CHECK : 0),
		.ietf_version_or_minus_one = -1,
		.retry_and_idle_policy = &no_keepalive,
		.opaque_user_data = transport,
		.pwsi = &transport->wsi,
	};

	loop_traffic(transport->loop)->dialled++;
	errno = 0;
	log_debug(transport->log, "wire", "connecting to %s (%s)", transport->name,
		proxied ? "through a proxy" : target->address);
	/* It may fail with its last callback or without any. */
	if (lws_client_connect_via_info(&info) == NULL && !transport->tell_ended)
		gone(transport);
}

struct transport *transport_open(struct loop *loop, const struct transport_target *target, const struct log *log,
	const struct transport_events *events, void *context)
{
	struct transport *transport = memory_get(1, sizeof(*transport));

	*transport = (struct transport){
		.loop = loop,
		.log = log,
		.events = events,
		.context = context,
		.name = string_copy(target->name),
		.inbox = {.ceiling = TRANSPORT_MESSAGE_MAX},
	};
	transport->gate = gate_for(loop, target, &transport->error);
	if (transport->gate != NULL) {
		connect_now(transport, target);
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
	if (transport->wsi == NULL || transport->state != STATE_OPEN)
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
	lws_callback_on_writable(transport->wsi);
}

void transport_free(struct transport *transport)
{
	if (transport == NULL)
		return;
	transport->events = NULL;
	loop_timer_cancel(transport->loop, &transport->soon);
	drop_outgoing(transport);
	if (transport->wsi == NULL) {
		destroy(transport);
		return;
	}
	if (transport->state == STATE_OPEN) {
		transport->closing = 1;
		loop_busy(transport->loop, 1);
		lws_set_timeout(transport->wsi, PENDING_TIMEOUT_CLOSE_SEND, CLOSE_SECONDS);
		lws_callback_on_writable(transport->wsi);
		return;
	}
	/* Frees the transport, by way of its last callback. */
	lws_set_timeout(transport->wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_SYNC);
}
