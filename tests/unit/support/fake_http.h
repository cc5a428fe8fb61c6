/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Posting without a connection: it records what is posted, and the test answers. Include it in one place of a test program; it defines
 * all that common/wire/http.h declares and so keeps the real one out of the program.
 */
#ifndef TESTS_UNIT_SUPPORT_FAKE_HTTP_H
#define TESTS_UNIT_SUPPORT_FAKE_HTTP_H

#include <stdlib.h>
#include <string.h>

#include "common/base/scoped.h"
#include "common/wire/http.h"

struct http {
	char *text; /* "endpoint address path type header value body" */
	http_done *done;
	void *context;
};

/* The one request that is under way, or NULL: nobody asks twice at a time. */
static struct http *fake_http;

struct http *http_post(
	struct loop *loop, const struct http_request *request, const struct log *log, http_done *done, void *context)
{
	(void)loop;
	(void)log;
	if (fake_http != NULL)
		abort();
	fake_http = memory_get(1, sizeof(*fake_http));
	fake_http->text = string_format("%s %s %s %s %s %s %s", request->endpoint, request->address, request->path,
		request->content_type, request->header, request->value, secret_reveal(request->body));
	fake_http->done = done;
	fake_http->context = context;
	return fake_http;
}

void http_cancel(struct http *http)
{
	if (http == NULL)
		return;
	if (http != fake_http)
		abort();
	fake_http = NULL;
	free(http->text);
	free(http);
}

/* Answers what is under way. */
static inline void fake_http_answer(unsigned int status, const char *body, const struct error *error)
{
	struct http *http = steal(fake_http);

	http->done(http->context, status, body, strlen(body), error);
	free(http->text);
	free(http);
}

#endif
