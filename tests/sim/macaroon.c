/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/macaroon.h"

#include <json-c/json.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <string.h>

#include "common/base/scoped.h"
#include "common/base/text.h"
#include "tests/sim/base64.h"

static const unsigned char zero_key[MACAROON_KEY];

void macaroon_hash(
	const unsigned char key[MACAROON_KEY], const void *bytes, size_t length, unsigned char hash[MACAROON_KEY])
{
	unsigned int size = MACAROON_KEY;

	HMAC(EVP_sha256(), key, MACAROON_KEY, bytes, length, hash, &size);
}

static void hash_both(const unsigned char key[MACAROON_KEY], const void *one, size_t one_length, const void *other,
	size_t other_length, unsigned char hash[MACAROON_KEY])
{
	unsigned char both[2 * MACAROON_KEY];

	macaroon_hash(key, one, one_length, both);
	macaroon_hash(key, other, other_length, both + MACAROON_KEY);
	macaroon_hash(key, both, sizeof(both), hash);
}

static void keep(struct macaroon_bytes *to, const void *bytes, size_t length)
{
	to->length = length < MACAROON_BYTES_MAX ? length : MACAROON_BYTES_MAX;
	memcpy(to->data, bytes, to->length);
	to->data[to->length] = '\0';
}

static void sign_begin(struct macaroon *macaroon, const unsigned char key[MACAROON_KEY])
{
	static const unsigned char generator[MACAROON_KEY] = "macaroons-key-generator";
	unsigned char derived[MACAROON_KEY];

	macaroon_hash(generator, key, MACAROON_KEY, derived);
	macaroon_hash(derived, macaroon->id.data, macaroon->id.length, macaroon->signature);
}

static void sign_caveat(struct macaroon *macaroon, const struct macaroon_caveat *caveat)
{
	unsigned char before[MACAROON_KEY];

	memcpy(before, macaroon->signature, sizeof(before));
	if (caveat->hidden.length)
		hash_both(before, caveat->hidden.data, caveat->hidden.length, caveat->id.data, caveat->id.length,
			macaroon->signature);
	else
		macaroon_hash(before, caveat->id.data, caveat->id.length, macaroon->signature);
}

void macaroon_init(struct macaroon *macaroon, const unsigned char key[MACAROON_KEY], const void *id, size_t length,
	const char *location)
{
	*macaroon = (struct macaroon){0};
	keep(&macaroon->id, id, length);
	snprintf(macaroon->location, sizeof(macaroon->location), "%s", location);
	sign_begin(macaroon, key);
}

void macaroon_refer(struct macaroon *macaroon, const void *id, size_t length, const void *hidden, size_t hidden_length,
	const char *location)
{
	struct macaroon_caveat *caveat = &macaroon->caveats[macaroon->caveat_count++];

	keep(&caveat->id, id, length);
	keep(&caveat->hidden, hidden, hidden_length);
	snprintf(caveat->location, sizeof(caveat->location), "%s", location);
	sign_caveat(macaroon, caveat);
}

void macaroon_restrict(struct macaroon *macaroon, const char *condition)
{
	macaroon_refer(macaroon, condition, strlen(condition), "", 0, "");
}

void macaroon_bind(const struct macaroon *primary, struct macaroon *discharge)
{
	unsigned char bound[MACAROON_KEY];

	if (!memcmp(primary->signature, discharge->signature, MACAROON_KEY))
		return;
	hash_both(zero_key, primary->signature, MACAROON_KEY, discharge->signature, MACAROON_KEY, bound);
	memcpy(discharge->signature, bound, sizeof(bound));
}

bool macaroon_signed(
	const struct macaroon *macaroon, const unsigned char key[MACAROON_KEY], const struct macaroon *primary)
{
	struct macaroon again = *macaroon;

	sign_begin(&again, key);
	for (size_t i = 0; i < macaroon->caveat_count; i++)
		sign_caveat(&again, &macaroon->caveats[i]);
	if (primary)
		macaroon_bind(primary, &again);
	return !CRYPTO_memcmp(again.signature, macaroon->signature, MACAROON_KEY);
}

static bool printable(const struct macaroon_bytes *bytes)
{
	for (size_t i = 0; i < bytes->length; i++)
		if (bytes->data[i] < ' ' || bytes->data[i] > '~')
			return false;
	return true;
}

/* Under KEY if the bytes are text, else under KEY64. */
static void put_bytes(struct json_object *object, const char *key, const struct macaroon_bytes *bytes)
{
	scoped(string) char *key64 = string_format("%s64", key);
	scoped(string) char *text = base64_url(bytes->data, bytes->length);

	if (printable(bytes))
		json_object_object_add(object, key, json_object_new_string((const char *)bytes->data));
	else
		json_object_object_add(object, key64, json_object_new_string(text));
}

static void put_location(struct json_object *object, const char *location)
{
	if (*location)
		json_object_object_add(object, "l", json_object_new_string(location));
}

struct json_object *macaroon_json(const struct macaroon *macaroon)
{
	struct json_object *object = json_object_new_object(), *caveats = json_object_new_array();
	scoped(string) char *signature = base64_url(macaroon->signature, MACAROON_KEY);

	for (size_t i = 0; i < macaroon->caveat_count; i++) {
		struct json_object *caveat = json_object_new_object();
		put_bytes(caveat, "i", &macaroon->caveats[i].id);
		if (macaroon->caveats[i].hidden.length) {
			const struct macaroon_bytes *hidden = &macaroon->caveats[i].hidden;
			scoped(string) char *text = base64_url(hidden->data, hidden->length);
			json_object_object_add(caveat, "v64", json_object_new_string(text));
		}
		put_location(caveat, macaroon->caveats[i].location);
		json_object_array_add(caveats, caveat);
	}
	json_object_object_add(object, "c", caveats);
	put_location(object, macaroon->location);
	put_bytes(object, "i", &macaroon->id);
	json_object_object_add(object, "s64", json_object_new_string(signature));
	return object;
}

static const char *text_of(struct json_object *object, const char *key)
{
	struct json_object *value = NULL;

	json_object_object_get_ex(object, key, &value);
	return json_object_is_type(value, json_type_string) ? json_object_get_string(value) : NULL;
}

/* Exactly one of KEY and KEY64 must be there; if `optional`, perhaps neither. */
static int get_bytes(struct json_object *object, const char *key, bool optional, struct macaroon_bytes *bytes)
{
	scoped(string) char *key64 = string_format("%s64", key);
	const char *plain = text_of(object, key), *coded = text_of(object, key64);

	if (plain && !coded) {
		/* Some writers put all valid UTF-8 there as text, even with a NUL in it. */
		size_t size = (size_t)json_object_get_string_len(json_object_object_get(object, key));
		keep(bytes, plain, size);
		return size <= MACAROON_BYTES_MAX ? 0 : -1;
	}
	if (!plain && coded) {
		long length = base64_read(coded, bytes->data, MACAROON_BYTES_MAX);
		bytes->length = length > 0 ? (size_t)length : 0;
		bytes->data[bytes->length] = '\0';
		return length < 0 ? -1 : 0;
	}
	return plain || coded || !optional ? -1 : 0;
}

static void get_location(struct json_object *object, char location[MACAROON_BYTES_MAX + 1])
{
	const char *text = text_of(object, "l");

	snprintf(location, MACAROON_BYTES_MAX + 1, "%s", text ? text : "");
}

int macaroon_read(struct macaroon *macaroon, struct json_object *object)
{
	struct json_object *caveats = NULL;
	struct macaroon_bytes signature = {0};

	*macaroon = (struct macaroon){0};
	if (!json_object_is_type(object, json_type_object) || get_bytes(object, "i", false, &macaroon->id) < 0 ||
		get_bytes(object, "s", false, &signature) < 0 || signature.length != MACAROON_KEY)
		return -1;
	memcpy(macaroon->signature, signature.data, MACAROON_KEY);
	get_location(object, macaroon->location);
	json_object_object_get_ex(object, "c", &caveats);
	size_t count = json_object_is_type(caveats, json_type_array) ? json_object_array_length(caveats) : 0;
	if (count > MACAROON_CAVEATS_MAX)
		return -1;
	for (macaroon->caveat_count = 0; macaroon->caveat_count < count; macaroon->caveat_count++) {
		struct macaroon_caveat *caveat = &macaroon->caveats[macaroon->caveat_count];
		struct json_object *entry = json_object_array_get_idx(caveats, macaroon->caveat_count);
		if (get_bytes(entry, "i", false, &caveat->id) < 0 || get_bytes(entry, "v", true, &caveat->hidden) < 0)
			return -1;
		get_location(entry, caveat->location);
	}
	return 0;
}
