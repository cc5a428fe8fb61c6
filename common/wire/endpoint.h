/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Endpoints as the client store and the environment write them: "host:port", "[v6]:port", "wss://name:port/path".
 */
#ifndef COMMON_WIRE_ENDPOINT_H
#define COMMON_WIRE_ENDPOINT_H

#include "common/base/error.h"

/* Longest host name or address, in bytes: libwebsockets cuts the whole Host line off at 127. */
#define ENDPOINT_HOST_MAX 110
/* Longest path that an endpoint may have of its own, in bytes. */
#define ENDPOINT_PATH_MAX 512

/* A place to connect to. All texts are owned. */
struct endpoint {
	char *text;      /* as it was written, printable; for messages */
	char *host;      /* name or address, without brackets; lower case */
	char *authority; /* "host:port" or "[v6]:port", always with the port: the Host header */
	char *path;      /* "" or begins with "/", does not end with one */
	int port;
	int encrypted; /* 0 only for what is spelled out as ws://, which is for loopback addresses */
	int numeric;   /* `host` is an IP address, not a name */
};

/* Reads `text` into `*endpoint`: a scheme (wss, ws; none is wss), a host, perhaps a port (443 and 80 without one)
 * and a path. Returns 0, the endpoint then holds memory (endpoint_release), or -1 with ERROR_STORE. */
int endpoint_parse(struct endpoint *endpoint, const char *text, struct error **error);

/* Frees what an endpoint holds; it may be all zero. */
void endpoint_release(struct endpoint *endpoint);

/* Returns the name in `hostname` ("name", "name:port", "[v6]:port"), without port and brackets, owned by the caller
 * (free()). "" stays "". */
char *endpoint_name(const char *hostname);

/* Splits "host", "host:port", "[v6]" or "[v6]:port" into a new host without brackets (owned by the caller) and a
 * port, 0 when there is none; a bare IPv6 address counts as a host. Returns 0, or -1 when it has another shape,
 * `*host` is NULL then. */
int endpoint_split(const char *authority, char **host, int *port);

/* Returns 4 or 6 when `host` is an IPv4 or IPv6 address, 0 when it is a name. */
int endpoint_family(const char *host);

/* True when `host` is an address of this machine that nobody else can reach it by; a name never is. */
int endpoint_is_loopback(const char *host);

SCOPED_DEFINE_STRUCT(endpoint, struct endpoint, endpoint_release)

#endif
