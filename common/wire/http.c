/* SPDX-License-Identifier: Apache-2.0 */
#include "common/wire/http.h"

#include <stdlib.h>

#include "common/base/scoped.h"
#include "common/wire/endpoint.h"
#include "common/wire/loop_private.h"
#include "common/wire/proxy.h"
#include "common/wire/target_trust.h"
#include "common/wire/transport_http.h"

struct http {
	struct loop *loop;
	const struct log *log;
	http_done *done;
	void *context;
	struct endpoint endpoint;
	struct proxy proxy;
	char *address;
	char *path;
	char *content_type;
	char *header;
	char *value;
	struct secret *body;
	struct target_trust trust;
	struct exchange *exchange;
	struct error *error;   /* why it cannot be sent */
	struct error *refused; /* refusal with the store's CA, while the public name is tried */
	struct loop_timer deadline;
};

void http_cancel(struct http *http)
{
	if (http == NULL)
		return;
	loop_timer_cancel(http->loop, &http->deadline);
	exchange_free(http->exchange);
	endpoint_release(&http->endpoint);
	proxy_release(&http->proxy);
	target_trust_release(&http->trust);
	error_free(http->error);
	error_free(http->refused);
	secret_free(http->body);
	free(http->address);
	free(http->path);
	free(http->content_type);
	free(http->header);
	free(http->value);
	free(http);
}

SCOPED_DEFINE(http, struct http *, http_cancel)

static void finish(struct http *whole, unsigned int status, const char *body, size_t length, const struct error *error)
{
	scoped(http) struct http *http = whole;

	loop_timer_cancel(http->loop, &http->deadline);
	http->done(http->context, status, body, length, error);
}

static void post(struct http *http, int public);

static void exchanged(void *context, unsigned int status, const char *body, size_t length, const struct error *error)
{
	struct http *http = context;

	if (error != NULL && error->kind == ERROR_TLS && http->refused == NULL &&
		target_trust_has_public(&http->trust)) {
		http->refused = error_copy(error);
		exchange_free(steal(http->exchange));
		post(http, 1);
		return;
	}
	finish(http, status, body, length, error != NULL && http->refused != NULL ? http->refused : error);
}

static void post(struct http *http, int public)
{
	const struct trust_source trust = target_trust_source(&http->trust, &http->endpoint, public);
	const struct transport_target target = {
		.name = http->endpoint.text,
		.authority = http->endpoint.authority,
		.path = http->path,
		.address = http->address,
		.port = http->endpoint.port,
		.trust = http->endpoint.encrypted ? &trust : NULL,
		.proxy = &http->proxy,
		.proxy_address = http->address,
	};
	const struct exchange_request request = {
		.content_type = http->content_type,
		.body = http->body,
		.header = http->header,
		.value = http->value,
	};

	http->exchange = exchange_open(http->loop, &target, &request, http->log, exchanged, http);
}

static void late(void *context)
{
	struct http *http = context;
	scoped(error) struct error *error = NULL;

	error_set(&error, ERROR_TIMEOUT, "no answer from %s to a request for %s within %d seconds", http->endpoint.text,
		http->path, (int)(HTTP_TIMEOUT / INSTANT_SECOND));
	finish(http, 0, "", 0, error);
}

static void unusable(void *context)
{
	struct http *http = context;

	finish(http, 0, "", 0, http->error);
}

struct http *http_post(
	struct loop *loop, const struct http_request *request, const struct log *log, http_done *done, void *context)
{
	static char *const nothing[] = {NULL};
	struct http *http = memory_get(1, sizeof(*http));
	char *const *environment = request->target->environment;

	http->loop = loop;
	http->log = log;
	http->done = done;
	http->context = context;
	http->address = string_copy(request->address);
	http->path = string_copy(request->path);
	http->content_type = string_copy(request->content_type);
	http->header = string_copy(request->header);
	http->value = string_copy(request->value);
	http->body = secret_copy(request->body);
	target_trust_init(&http->trust, request->target);
	if (endpoint_parse(&http->endpoint, request->endpoint, &http->error) != 0 ||
		proxy_find(&http->proxy, environment != NULL ? environment : nothing, http->endpoint.host,
			http->endpoint.port, http->endpoint.encrypted, &http->error) != 0) {
		loop_timer_set(loop, &http->deadline, LOOP_SOON, unusable, http);
		return http;
	}
	loop_timer_set(loop, &http->deadline, loop_now(loop) + HTTP_TIMEOUT, late, http);
	post(http, 0);
	return http;
}
