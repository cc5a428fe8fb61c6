/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which endpoints juju remembers of a controller after a login: those that the controller told of, the one that was dialled
 * in front. Pure.
 */
#ifndef COMMON_STORE_ENDPOINTS_H
#define COMMON_STORE_ENDPOINTS_H

#include <stdbool.h>
#include <stddef.h>

/* Most endpoints that are remembered; what a controller tells beyond that is left out. */
#define STORE_ENDPOINTS_MAX 256

/* One address, as a login's `servers` tells of it. */
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
 * the endpoint of the store's entry through which we came (perhaps with a scheme and a path), or NULL; `tunnelled` says
 * that we came through a tunnel (proxy-config), and `dialled` is then not remembered.
 *
 * The machine that has the dialled address comes first, and in it that address; addresses of scope local-machine and
 * link-local, addresses without a name or a port, and doubles are left out; a dialled endpoint that is not among the rest is
 * put in front. */
void store_endpoints_merge(const struct store_server *servers, size_t server_count, const char *dialled, bool tunnelled,
	char ***endpoints, size_t *count);

#endif
