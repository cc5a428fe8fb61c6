/* SPDX-License-Identifier: Apache-2.0 */
/*
 * controllers.yaml: the controllers that juju knows, JAAS among them, and which one is current.
 */
#ifndef COMMON_STORE_CONTROLLERS_H
#define COMMON_STORE_CONTROLLERS_H

#include <stddef.h>

#include "common/base/error.h"
#include "common/store/yaml.h"

/* The result of an earlier look-up of a host: only a hint. */
struct store_host {
	char *host;
	char **addresses; /* IP addresses as text */
	size_t address_count;
};

/* One entry. Texts are never NULL; what the file lacks is "". */
struct store_controller {
	char *name;
	char *uuid;
	char **endpoints; /* "host:port", "[v6]:port", since 3.6.3 perhaps with a path; perhaps with a scheme */
	size_t endpoint_count;
	struct store_host *hosts; /* dns-cache */
	size_t host_count;
	char *public_hostname; /* may carry a port */
	char *ca_certificate;  /* PEM */
	char *cloud;
	char *region;
	char *type;
	char *agent_version;
	int oidc_login;
	int proxied;       /* can be reached only through a tunnel that juju opens (proxy-config) */
	char *proxy_type;  /* of that tunnel, "kubernetes-port-forward" */
	unsigned int line; /* of the entry in the file */
};

struct store_controllers {
	char *file;                     /* path, printable */
	struct store_controller *items; /* in the order of the file */
	size_t count;
	char *current;             /* current-controller, or "" */
	unsigned int current_line; /* its line in the file, or 0 */
};

/* Fills `*out` from a document; the caller releases it. Returns 0, or -1 with ERROR_STORE and `*out` empty. */
int store_controllers_parse(const struct document *document, struct store_controllers *out, struct error **error);

/* Frees what `*controllers` holds and leaves it empty. */
void store_controllers_release(struct store_controllers *controllers);

SCOPED_DEFINE_STRUCT(controllers, struct store_controllers, store_controllers_release)

#endif
