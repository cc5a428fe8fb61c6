/* SPDX-License-Identifier: Apache-2.0 */
#include "common/juju/macaroon.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/base64.h"
#include "common/base/instant.h"
#include "common/base/scoped.h"
#include "common/base/text.h"
#include "common/juju/secret_json.h"

static const char time_before[] = "time-before ";

/* ---- pieces ---- */

static void part_release(struct macaroon_part *part)
{
	if (part->data != NULL)
		secret_erase(part->data, part->length);
	free(part->data);
}

void macaroon_free(struct macaroon *macaroon)
{
	if (macaroon == NULL)
		return;
	for (size_t i = 0; i < macaroon->caveat_count; i++) {
		part_release(&macaroon->caveats[i].id);
		part_release(&macaroon->caveats[i].vid);
		free(macaroon->caveats[i].location);
		free(macaroon->caveats[i].payload);
	}
	part_release(&macaroon->id);
	secret_erase(macaroon->signature, sizeof(macaroon->signature));
	free(macaroon->caveats);
	free(macaroon->location);
	free(macaroon);
}

struct macaroon_caveat *macaroon_add_caveat(struct macaroon *macaroon)
{
	if (macaroon->caveat_count == MACAROON_CAVEATS_MAX)
		return NULL;
	if (macaroon->caveats == NULL)
		macaroon->caveats = memory_get(MACAROON_CAVEATS_MAX, sizeof(*macaroon->caveats));
	return &macaroon->caveats[macaroon->caveat_count++];
}

bool macaroon_is_text(const struct macaroon_part *part)
{
	for (size_t at = 0; at < part->length;) {
		unsigned int character = 0;
		size_t length = text_utf8(part->data + at, part->length - at, &character);

		if (length == 0 || character < 0x20 || (character >= 0x7f && character < 0xa0))
			return false;
		at += length;
	}
	return true;
}

char *macaroon_base64(const void *bytes, size_t length)
{
	char *text = base64_encode(bytes, length);

	for (char *at = text; *at != '\0'; at++) {
		if (*at == '+')
			*at = '-';
		else if (*at == '/')
			*at = '_';
		else if (*at == '=')
			*at = '\0';
	}
	return text;
}

int64_t macaroon_expires(const struct macaroon *macaroon)
{
	int64_t earliest = INSTANT_NONE;

	for (size_t i = 0; i < macaroon->caveat_count; i++) {
		const struct macaroon_caveat *caveat = &macaroon->caveats[i];

		if (caveat->third_party || !string_starts(caveat->id.data, time_before))
			continue;
		int64_t end = instant_parse(caveat->id.data + strlen(time_before));
		if (end != INSTANT_NONE && (earliest == INSTANT_NONE || end < earliest))
			earliest = end;
	}
	return earliest;
}

/* ---- reading ---- */

/* The JSON keys of one version; NULL: that version has no such form. */
struct spelling {
	const char *caveats, *location, *id, *id64, *signature, *signature64, *caveat_id, *caveat_id64, *vid, *vid64,
		*caveat_location;
};

static const struct spelling newer = {"c", "l", "i", "i64", "s", "s64", "i", "i64", "v", "v64", "l"};
static const struct spelling older = {
	"caveats", "location", "identifier", NULL, NULL, NULL, "cid", NULL, NULL, "vid", "cl"};

static struct json_object *text_at(struct json_object *from, const char *key)
{
	struct json_object *value = NULL;

	if (key == NULL || !json_object_object_get_ex(from, key, &value) ||
		!json_object_is_type(value, json_type_string))
		return NULL;
	return value;
}

/* Fills `part` from the text at `key` or from the base64 at `key64`. Returns 1; 0 if neither is there; -1 if both are, or it is
 * malformed. */
static int read_part(struct json_object *from, const char *key, const char *key64, struct macaroon_part *part)
{
	struct json_object *plain = text_at(from, key);
	struct json_object *encoded = text_at(from, key64);
	struct json_object *value = plain != NULL ? plain : encoded;

	if (value == NULL)
		return 0;
	size_t length = (size_t)json_object_get_string_len(value);
	if ((plain != NULL && encoded != NULL) || length > MACAROON_PART_MAX)
		return -1;
	if (plain != NULL)
		*part = (struct macaroon_part){string_copy_length(json_object_get_string(value), length), length};
	else
		part->data = base64_decode(json_object_get_string(value), length, &part->length);
	return part->data != NULL ? 1 : -1;
}

static char *read_location(struct json_object *from, const char *key)
{
	struct json_object *value = text_at(from, key);

	return string_copy(value != NULL ? json_object_get_string(value) : "");
}

static int take_signature(struct macaroon *macaroon, const struct macaroon_part *part)
{
	if (part->length != MACAROON_SIGNATURE_SIZE)
		return -1;
	memcpy(macaroon->signature, part->data, MACAROON_SIGNATURE_SIZE);
	return 0;
}

static int read_hex(struct macaroon *macaroon, const char *text)
{
	static const char digits[] = "0123456789abcdef";

	if (strlen(text) != (size_t)2 * MACAROON_SIGNATURE_SIZE)
		return -1;
	for (size_t i = 0; text[i] != '\0'; i++) {
		const char *digit = strchr(digits, text[i] >= 'A' && text[i] <= 'F' ? text[i] - 'A' + 'a' : text[i]);

		if (digit == NULL)
			return -1;
		macaroon->signature[i / 2] = (unsigned char)(macaroon->signature[i / 2] << 4 | (digit - digits));
	}
	return 0;
}

static int read_signature(struct json_object *from, const struct spelling *spelling, struct macaroon *macaroon)
{
	struct macaroon_part part = {0};

	if (spelling == &older)
		return text_at(from, "signature") != NULL
			       ? read_hex(macaroon, json_object_get_string(text_at(from, "signature")))
			       : -1;
	int result = read_part(from, spelling->signature, spelling->signature64, &part);
	result = result == 1 ? take_signature(macaroon, &part) : -1;
	part_release(&part);
	return result;
}

static int read_caveat(struct json_object *from, const struct spelling *spelling, struct macaroon *macaroon)
{
	struct macaroon_caveat *caveat =
		json_object_is_type(from, json_type_object) ? macaroon_add_caveat(macaroon) : NULL;

	if (caveat == NULL)
		return -1;
	caveat->location = read_location(from, spelling->caveat_location);
	caveat->payload = string_copy("");
	int there = read_part(from, spelling->vid, spelling->vid64, &caveat->vid);
	caveat->third_party = there == 1 && caveat->vid.length > 0;
	return there >= 0 && read_part(from, spelling->caveat_id, spelling->caveat_id64, &caveat->id) == 1 ? 0 : -1;
}

static int read_object(struct json_object *from, struct macaroon *macaroon)
{
	const struct spelling *spelling = text_at(from, "signature") != NULL ? &older : &newer;
	struct json_object *list = NULL;

	macaroon->location = read_location(from, spelling->location);
	if (read_part(from, spelling->id, spelling->id64, &macaroon->id) != 1 ||
		read_signature(from, spelling, macaroon) != 0)
		return -1;
	if (!json_object_object_get_ex(from, spelling->caveats, &list) || list == NULL)
		return 0;
	if (!json_object_is_type(list, json_type_array))
		return -1;
	for (size_t i = 0; i < json_object_array_length(list); i++)
		if (read_caveat(json_object_array_get_idx(list, i), spelling, macaroon) != 0)
			return -1;
	return 0;
}

static int read_encoded(struct json_object *text, struct macaroon *macaroon)
{
	size_t length = 0;
	char *bytes = base64_decode(json_object_get_string(text), (size_t)json_object_get_string_len(text), &length);
	int result = bytes != NULL ? macaroon_parse_binary(macaroon, bytes, length) : -1;

	if (bytes != NULL)
		secret_erase(bytes, length);
	free(bytes);
	return result;
}

/* Beside the macaroon, the bakery's "cdata" has what to tell the dischargers, keyed by the base64 of the caveats' ids. */
static void take_payloads(struct json_object *around, struct macaroon *macaroon)
{
	struct json_object *payloads = NULL;

	if (!json_object_object_get_ex(around, "cdata", &payloads) || !json_object_is_type(payloads, json_type_object))
		return;
	for (size_t i = 0; i < macaroon->caveat_count; i++) {
		struct macaroon_caveat *caveat = &macaroon->caveats[i];
		scoped(string) char *key = macaroon_base64(caveat->id.data, caveat->id.length);
		struct json_object *payload = text_at(payloads, key);

		if (payload != NULL && (size_t)json_object_get_string_len(payload) <= MACAROON_PART_MAX)
			string_replace(&caveat->payload, json_object_get_string(payload));
	}
}

struct macaroon *macaroon_parse_value(struct json_object *value, struct error **error)
{
	scoped(macaroon) struct macaroon *macaroon = memory_get(1, sizeof(*macaroon));
	struct json_object *inner = value;
	int result = -1;

	if (json_object_is_type(value, json_type_object) && !json_object_object_get_ex(value, "m", &inner))
		inner = value;
	if (json_object_is_type(inner, json_type_object))
		result = read_object(inner, macaroon);
	else if (json_object_is_type(inner, json_type_string))
		result = read_encoded(inner, macaroon);
	if (result != 0) {
		error_set(error, ERROR_PROTOCOL, "cannot make sense of a macaroon");
		return NULL;
	}
	if (inner != value)
		take_payloads(value, macaroon);
	return steal(macaroon);
}

struct macaroon *macaroon_parse(const struct secret *json, struct error **error)
{
	struct json_object *value = secret_json_parse(json);
	struct macaroon *macaroon = macaroon_parse_value(value, error);

	json_object_put(value);
	return macaroon;
}

int64_t macaroon_set_expires(const struct secret *set)
{
	struct json_object *list = secret_json_parse(set);
	size_t count = json_object_is_type(list, json_type_array) ? json_object_array_length(list) : 0;
	int64_t earliest = INSTANT_NONE;

	for (size_t i = 0; i < count; i++) {
		scoped(macaroon) struct macaroon *macaroon =
			macaroon_parse_value(json_object_array_get_idx(list, i), NULL);
		int64_t end = macaroon != NULL ? macaroon_expires(macaroon) : INSTANT_NONE;

		if (end != INSTANT_NONE && (earliest == INSTANT_NONE || end < earliest))
			earliest = end;
	}
	json_object_put(list);
	return earliest;
}

/* ---- writing ---- */

static struct json_object *json_text(const char *text, size_t length)
{
	struct json_object *value = json_object_new_string_len(text, (int)length);

	secret_json_guard(value);
	return value;
}

static void add_part(struct json_object *to, const char *key, const char *key64, const struct macaroon_part *part)
{
	if (key != NULL && macaroon_is_text(part)) {
		json_object_object_add(to, key, json_text(part->data, part->length));
		return;
	}
	char *encoded = macaroon_base64(part->data, part->length);
	json_object_object_add(to, key64, json_text(encoded, strlen(encoded)));
	secret_erase(encoded, strlen(encoded));
	free(encoded);
}

static struct json_object *write_caveat(const struct macaroon_caveat *caveat)
{
	struct json_object *object = json_object_new_object();

	add_part(object, newer.caveat_id, newer.caveat_id64, &caveat->id);
	if (caveat->third_party)
		add_part(object, NULL, newer.vid64, &caveat->vid);
	if (string_given(caveat->location))
		json_object_object_add(object, newer.caveat_location, json_object_new_string(caveat->location));
	return object;
}

static struct json_object *write_one(const struct macaroon *macaroon)
{
	struct json_object *object = json_object_new_object();
	const struct macaroon_part signature = {(char *)(uintptr_t)macaroon->signature, MACAROON_SIGNATURE_SIZE};

	if (macaroon->caveat_count > 0) {
		struct json_object *caveats = json_object_new_array();

		for (size_t i = 0; i < macaroon->caveat_count; i++)
			json_object_array_add(caveats, write_caveat(&macaroon->caveats[i]));
		json_object_object_add(object, newer.caveats, caveats);
	}
	if (string_given(macaroon->location))
		json_object_object_add(object, newer.location, json_object_new_string(macaroon->location));
	add_part(object, newer.id, newer.id64, &macaroon->id);
	add_part(object, NULL, newer.signature64, &signature);
	return object;
}

struct secret *macaroon_set_write(const struct macaroon *const *set, size_t count)
{
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < count; i++)
		json_object_array_add(list, write_one(set[i]));
	struct secret *written = secret_json_write(list);
	json_object_put(list);
	return written;
}
