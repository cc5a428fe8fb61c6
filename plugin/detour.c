/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/detour.h"

#include <stdbool.h>
#include <string.h>

#include "common/base/text.h"
#include "common/wire/endpoint.h"
#include "common/wire/proxy.h"

/* Finds the proxy of the first endpoint that has one. Returns whether there is one. */
static bool find(const struct store_controller *controller, char *const *environment, struct proxy *proxy)
{
	for (size_t i = 0; i < controller->endpoint_count; i++) {
		scoped(endpoint) struct endpoint endpoint = {0};

		if (endpoint_parse(&endpoint, controller->endpoints[i], NULL) == 0 &&
			proxy_find(proxy, environment, endpoint.host, endpoint.port, endpoint.encrypted, NULL) == 0 &&
			proxy->host != NULL)
			return true;
	}
	return false;
}

/* What a proxy can bring about; JAAS itself has answered before anything else. */
static bool may_be_of_proxy(enum error_kind kind)
{
	return kind == ERROR_NETWORK || kind == ERROR_TIMEOUT || kind == ERROR_TLS || kind == ERROR_PROTOCOL;
}

void detour_name(const struct store_controller *controller, char *const *environment, struct error **error)
{
	scoped(proxy) struct proxy proxy = {0};

	if ((*error)->kind == ERROR_USAGE)
		(*error)->kind = ERROR_FAILED;
	if (!may_be_of_proxy((*error)->kind) || !find(controller, environment, &proxy))
		return;
	scoped(string) char *host = text_printable(proxy.host);
	if (strchr(host, ':') != NULL)
		error_wrap(error, "through the proxy [%s]:%d of the environment", host, proxy.port);
	else
		error_wrap(error, "through the proxy %s:%d of the environment", host, proxy.port);
}
