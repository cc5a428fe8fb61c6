/* SPDX-License-Identifier: Apache-2.0 */
/* What a controller answers to a POST, over a real socket, from the status line on. It always comes to an end. */
#include <string.h>

#include "common/wire/transport_http.h"
#include "tests/fuzz/peer.h"

static void done(void *context, unsigned int status, const char *body, size_t length, const struct error *error)
{
	int *told = context;

	fuzz_expect((*told)++ == 0);
	fuzz_expect_error(error != NULL, error);
	fuzz_expect((error != NULL) == (status == 0));
	fuzz_expect(length <= EXCHANGE_BODY_MAX && body[length] == '\0');
	fuzz_expect(error == NULL || length == 0);
	/* Redirects are not followed. */
	fuzz_expect(status < 300 || (status >= 400 && status < 600));
	loop_stop(fuzz_loop());
}

void fuzz_one(const char *bytes, size_t length)
{
	scoped(secret) struct secret *body = secret_new("{}", 2);
	const struct exchange_request request = {"application/json", body, "Bakery-Protocol-Version:", "3"};
	int told = 0;
	struct exchange *exchange = exchange_open(
		fuzz_loop(), fuzz_peer((struct fuzz_input){bytes, length}, false), &request, NULL, done, &told);

	fuzz_peer_run();
	fuzz_expect(told == 1);
	exchange_free(exchange);
}
