/* SPDX-License-Identifier: Apache-2.0 */
#include "common/wire/transport_gate.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/secret.h"
#include "common/wire/endpoint.h"
#include "common/wire/loop_private.h"

struct gate {
	struct gate *next;
	struct lws_vhost *vhost;
	struct trust *trust; /* NULL: without TLS */
	char *proxy;         /* "user:password@address:port", or "" */
};

static int connection_callback(
	struct lws *wsi, enum lws_callback_reasons reason, void *user, void *bytes, size_t length)
{
	struct gate_socket *socket = NULL;

	(void)user;
	/* With other reasons the connection is not ours, or not yet. */
	switch (reason) {
	case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER:
	case LWS_CALLBACK_CLIENT_HTTP_REDIRECT:
	case LWS_CALLBACK_CLIENT_ESTABLISHED:
	case LWS_CALLBACK_CLIENT_RECEIVE:
	case LWS_CALLBACK_CLIENT_WRITEABLE:
	case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
	case LWS_CALLBACK_CLIENT_CLOSED:
	case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
	case LWS_CALLBACK_CLIENT_HTTP_WRITEABLE:
	case LWS_CALLBACK_ESTABLISHED_CLIENT_HTTP:
	case LWS_CALLBACK_RECEIVE_CLIENT_HTTP:
	case LWS_CALLBACK_RECEIVE_CLIENT_HTTP_READ:
	case LWS_CALLBACK_COMPLETED_CLIENT_HTTP:
	case LWS_CALLBACK_WSI_DESTROY:
		socket = lws_get_opaque_user_data(wsi);
		break;
	default:
		break;
	}
	return socket != NULL ? socket->happened(socket, wsi, reason, bytes, length) : 0;
}

static const struct lws_protocols protocols[] = {
	{.name = "juju", .callback = connection_callback},
	{0},
};

/* Sixteen hours, which means never: juju's own pings find out whether a connection is alive. */
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
		/* Never NULL: else libwebsockets takes http_proxy from the environment. */
		.http_proxy_address = proxy,
		.connect_timeout_secs = LOOP_SOCKET_SECONDS,
		.timeout_secs = LOOP_SOCKET_SECONDS,
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

/* The first message holds a token or a password, and a proxy would pass it on to another machine. */
static int may_be_plain(const struct transport_target *target)
{
	int proxied = target->proxy != NULL && target->proxy->host != NULL;

	return !proxied && endpoint_is_loopback(target->address);
}

/* Gates live as long as the loop: there is about one for each controller in use. */
struct gate *gate_for(struct loop *loop, const struct transport_target *target, struct error **error)
{
	if (target->trust == NULL && !may_be_plain(target)) {
		error_set(error, ERROR_STORE,
			"cannot connect to %s: without TLS everybody on the way could read what is secret; make it "
			"wss://",
			target->name);
		return NULL;
	}
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

struct trust *gate_trust(const struct gate *gate)
{
	return gate->trust;
}

int gate_connect(struct loop *loop, struct gate *gate, const struct transport_target *target, const char *method,
	const struct log *log, struct gate_socket *socket)
{
	int proxied = gate->proxy[0] != '\0';
	scoped(string) char *host =
		string_copy_length(target->authority, (size_t)(strrchr(target->authority, ':') - target->authority));
	struct lws_client_connect_info info = {
		.context = loop_context(loop),
		.vhost = gate->vhost,
		.address = proxied ? host : target->address,
		.port = target->port,
		.host = target->authority,
		.path = target->path,
		.method = method,
		/* Without this, libwebsockets reads the body of a reply and does not hand it over. */
		.local_protocol_name = method != NULL ? protocols[0].name : NULL,
		.alpn = "http/1.1",
		/* The trust checks the name, which need not be the host's. */
		.ssl_connection = LCCSCF_HTTP_NO_FOLLOW_REDIRECT |
				  (gate->trust != NULL ? LCCSCF_USE_SSL | LCCSCF_SKIP_SERVER_CERT_HOSTNAME_CHECK : 0),
		.ietf_version_or_minus_one = -1,
		.retry_and_idle_policy = &no_keepalive,
		.opaque_user_data = socket,
		.pwsi = &socket->wsi,
	};

	loop_traffic(loop)->dialled++;
	errno = 0;
	log_debug(log, "wire", "connecting to %s (%s)", target->name, proxied ? "through a proxy" : target->address);
	return lws_client_connect_via_info(&info) != NULL ? 0 : -1;
}
