/* SPDX-License-Identifier: Apache-2.0 */
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

#include "common/juju/macaroon.h"

/* A hash with a key that everybody knows: it only ties two signatures together. */
static void hash(const unsigned char *bytes, size_t length, unsigned char result[MACAROON_SIGNATURE_SIZE])
{
	static const unsigned char key[MACAROON_SIGNATURE_SIZE] = {0};

	HMAC(EVP_sha256(), key, sizeof(key), bytes, length, result, NULL);
}

void macaroon_bind_to(struct macaroon *discharge, const struct macaroon *primary)
{
	unsigned char both[2 * MACAROON_SIGNATURE_SIZE];

	if (memcmp(discharge->signature, primary->signature, MACAROON_SIGNATURE_SIZE) == 0)
		return;
	hash(primary->signature, MACAROON_SIGNATURE_SIZE, both);
	hash(discharge->signature, MACAROON_SIGNATURE_SIZE, both + MACAROON_SIGNATURE_SIZE);
	hash(both, sizeof(both), discharge->signature);
	secret_erase(both, sizeof(both));
}
