/* SPDX-License-Identifier: Apache-2.0 */
#include "common/base/secret.h"

#include <stdlib.h>
#include <string.h>

struct secret {
	size_t length;
	char bytes[];
};

struct secret *secret_new(const char *bytes, size_t length)
{
	struct secret *secret = memory_get(1, sizeof(*secret) + length + 1);

	secret->length = length;
	memcpy(secret->bytes, bytes, length);
	return secret;
}

struct secret *secret_copy(const struct secret *from)
{
	return from != NULL ? secret_new(from->bytes, from->length) : NULL;
}

const char *secret_reveal(const struct secret *secret)
{
	return secret->bytes;
}

int secret_given(const struct secret *secret)
{
	return secret != NULL && secret->length > 0;
}

void secret_erase(void *bytes, size_t length)
{
	explicit_bzero(bytes, length);
}

void secret_free(struct secret *secret)
{
	if (secret == NULL)
		return;
	secret_erase(secret->bytes, secret->length);
	free(secret);
}
