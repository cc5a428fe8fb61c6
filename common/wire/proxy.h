/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether a connection goes through a proxy, by the variables that juju and other Go programs obey.
 *
 * https_proxy, or http_proxy when that is empty, in upper or lower case; not for what no_proxy lists: "*", a name (with
 * its subdomains), ".domain" or "*.domain" (the subdomains only), an address, an address range; names and addresses may
 * have a port. Loopback addresses and "localhost" are never reached through a proxy.
 */
#ifndef COMMON_WIRE_PROXY_H
#define COMMON_WIRE_PROXY_H

#include "common/base/error.h"
#include "common/base/secret.h"

struct proxy {
	char *host; /* NULL: no proxy, connect directly; name or address without brackets, owned */
	int port;
	struct secret *user; /* "user:password" as written, or NULL; owned */
};

/* Decides how to reach `host` (name or address without brackets) at `port`. `encrypted` is 0 for ws://, to which only
 * http_proxy applies. Returns 0 and fills `*proxy` (proxy_release), or -1 with ERROR_USAGE when the variable names an
 * unusable proxy. The message holds no password. */
int proxy_find(
	struct proxy *proxy, char *const *environment, const char *host, int port, int encrypted, struct error **error);

/* Frees what `proxy` holds; it may be all zero. */
void proxy_release(struct proxy *proxy);

SCOPED_DEFINE_STRUCT(proxy, struct proxy, proxy_release)

#endif
