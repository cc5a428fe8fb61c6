/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which endpoints juju remembers of a controller after a login: those that the controller told, with the dialled one in
 * front. Pure.
 */
#ifndef COMMON_STORE_ENDPOINTS_H
#define COMMON_STORE_ENDPOINTS_H

#include <stdbool.h>
#include <stddef.h>

/* Most endpoints that are remembered; the rest of what a controller tells is left out. */
#define STORE_ENDPOINTS_MAX 256

/* One address, from the `servers` of a login. */
struct store_host_port {
	char *value; /* name or IP address, IPv6 without brackets */
	char *type;  /* "ipv4", "ipv6", "hostname" */
	char *scope; /* "public", "local-cloud", "local-fan", "local-machine", "link-local", "" */
	int port;
};

/* The addresses of one machine of the controller. */
struct store_server {
	struct store_host_port *addresses;
	size_t count;
};

/* Sets `*endpoints` and `*count` to the list for api-endpoints (node_texts_free), texts "host:port", "[v6]:port". `dialled` is
 * the store's endpoint through which we connected (perhaps with a scheme and a path), or NULL. `tunnelled`: we connected
 * through a tunnel (proxy-config); then `dialled` is not remembered.
 *
 * The machine that has the dialled address comes first, with that address first. Left out are duplicates, addresses of scope
 * local-machine or link-local, and those without a name or a port. A dialled endpoint that is not in the rest is put in
 * front. */
void store_endpoints_merge(const struct store_server *servers, size_t server_count, const char *dialled, bool tunnelled,
	char ***endpoints, size_t *count);

#endif
