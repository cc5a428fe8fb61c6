/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Endpoints as the client store and the environment write them: "host:port", "[v6]:port", "wss://name:port/path".
 */
#ifndef COMMON_WIRE_ENDPOINT_H
#define COMMON_WIRE_ENDPOINT_H

#include "common/base/error.h"

/* Longest host name or address, in bytes: libwebsockets truncates the whole Host line at 127. */
#define ENDPOINT_HOST_MAX 110
/* Longest path in an endpoint, in bytes. */
#define ENDPOINT_PATH_MAX 512

/* A place to connect to. All strings are owned. */
struct endpoint {
	char *text;      /* as it was written, printable; for messages */
	char *host;      /* name or address, without brackets; lower case */
	char *authority; /* "host:port" or "[v6]:port", always with the port: the Host header */
	char *path;      /* "", or begins with "/" and does not end with one */
	int port;
	int encrypted; /* 0 for ws://, which is for loopback addresses only */
	int numeric;   /* `host` is an IP address, not a name */
};

/* Parses `text`: an optional scheme (wss or ws, wss without one), a host, and optionally a port (443 without one, 80
 * for ws) and a path. Returns 0 with `*endpoint` filled (endpoint_release), or -1 with ERROR_STORE. */
int endpoint_parse(struct endpoint *endpoint, const char *text, struct error **error);

/* Frees what an endpoint holds; it may be all zero. */
void endpoint_release(struct endpoint *endpoint);

/* Returns the host in `hostname` ("name", "name:port", "[v6]:port") without port and brackets, or a copy of any other
 * text; owned by the caller (free()). */
char *endpoint_name(const char *hostname);

/* Splits "host", "host:port", "[v6]" or "[v6]:port" into `*host` without brackets (owned by the caller) and `*port`, 0
 * when absent; an IPv6 address without brackets counts as a host. Returns 0, or -1 for any other form, with `*host`
 * NULL. */
int endpoint_split(const char *authority, char **host, int *port);

/* Returns 4 or 6 when `host` is an IPv4 or IPv6 address, 0 when it is a name. */
int endpoint_family(const char *host);

/* True when `host` is a loopback address; a name never is. */
int endpoint_is_loopback(const char *host);

SCOPED_DEFINE_STRUCT(endpoint, struct endpoint, endpoint_release)

#endif
