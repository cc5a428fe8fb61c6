/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "common/base/scoped.h"
#include "common/juju/macaroon.h"

/* The fields of version 2. */
enum { FIELD_END = 0, FIELD_LOCATION = 1, FIELD_ID = 2, FIELD_VID = 4, FIELD_SIGNATURE = 6 };

/* Bytes of the length before a packet of version 1; the length includes them. */
#define PACKET_HEAD 4

struct bytes {
	const char *at;
	size_t left;
};

static char *copy_text(const char *bytes, size_t length)
{
	return string_copy_length(bytes, strnlen(bytes, length));
}

static int set_part(struct macaroon_part *part, const char *bytes, size_t length)
{
	if (part->data != NULL || length > MACAROON_PART_MAX)
		return -1;
	part->data = memory_get(length + 1, 1);
	memcpy(part->data, bytes, length);
	part->length = length;
	return 0;
}

static void finish_caveat(struct macaroon_caveat *caveat)
{
	caveat->third_party = caveat->vid.length > 0;
	if (caveat->location == NULL)
		caveat->location = string_copy("");
	if (caveat->payload == NULL)
		caveat->payload = string_copy("");
}

static int finish(struct macaroon *macaroon)
{
	for (size_t i = 0; i < macaroon->caveat_count; i++) {
		finish_caveat(&macaroon->caveats[i]);
		if (macaroon->caveats[i].id.data == NULL)
			return -1;
	}
	if (macaroon->location == NULL)
		macaroon->location = string_copy("");
	return macaroon->id.data != NULL ? 0 : -1;
}

/* ---- version 2: fields of type, length and bytes, in sections that end with a zero ---- */

static int take_number(struct bytes *bytes, size_t *number)
{
	*number = 0;
	for (unsigned int shift = 0; bytes->left > 0 && shift < 28; shift += 7) {
		unsigned char byte = (unsigned char)*bytes->at++;

		bytes->left--;
		*number |= (size_t)(byte & 0x7f) << shift;
		if ((byte & 0x80) == 0)
			return 0;
	}
	return -1;
}

/* Takes one field; `*type` is FIELD_END at the end of a section. */
static int take_field(struct bytes *bytes, size_t *type, struct bytes *field)
{
	*field = (struct bytes){.at = ""};
	if (take_number(bytes, type) != 0)
		return -1;
	if (*type == FIELD_END)
		return 0;
	if (take_number(bytes, &field->left) != 0 || field->left > bytes->left)
		return -1;
	field->at = bytes->at;
	bytes->at += field->left;
	bytes->left -= field->left;
	return 0;
}

/* Takes the fields of a section, to its end. */
static int take_section(struct bytes *bytes, char **location, struct macaroon_part *id, struct macaroon_part *vid)
{
	for (;;) {
		size_t type = 0;
		struct bytes field;

		if (take_field(bytes, &type, &field) != 0)
			return -1;
		if (type == FIELD_END)
			return 0;
		if (type == FIELD_LOCATION && *location == NULL)
			*location = copy_text(field.at, field.left);
		else if (type == FIELD_ID
				 ? set_part(id, field.at, field.left) != 0
				 : vid == NULL || type != FIELD_VID || set_part(vid, field.at, field.left) != 0)
			return -1;
	}
}

static int take_caveats(struct bytes *bytes, struct macaroon *macaroon)
{
	/* An empty section ends the caveats. */
	while (bytes->left > 0 && *bytes->at != FIELD_END) {
		struct macaroon_caveat *caveat = macaroon_add_caveat(macaroon);

		if (caveat == NULL || take_section(bytes, &caveat->location, &caveat->id, &caveat->vid) != 0)
			return -1;
	}
	if (bytes->left == 0)
		return -1;
	bytes->at++;
	bytes->left--;
	return 0;
}

static int read_fields(struct macaroon *macaroon, struct bytes bytes)
{
	size_t type = 0;
	struct bytes signature;

	if (take_section(&bytes, &macaroon->location, &macaroon->id, NULL) != 0 ||
		take_caveats(&bytes, macaroon) != 0 || take_field(&bytes, &type, &signature) != 0 ||
		type != FIELD_SIGNATURE || signature.left != MACAROON_SIGNATURE_SIZE || bytes.left != 0)
		return -1;
	memcpy(macaroon->signature, signature.at, MACAROON_SIGNATURE_SIZE);
	return 0;
}

/* ---- version 1: packets of a length in hexadecimal, a name, a blank, bytes and a line end ---- */

static int take_packet(struct bytes *bytes, struct bytes *name, struct bytes *value)
{
	char head[PACKET_HEAD + 1] = "";
	char *end = NULL;

	if (bytes->left < PACKET_HEAD)
		return -1;
	memcpy(head, bytes->at, PACKET_HEAD);
	size_t length = strtoul(head, &end, 16);
	if (end != head + PACKET_HEAD || length <= PACKET_HEAD || length > bytes->left || bytes->at[length - 1] != '\n')
		return -1;
	const char *start = bytes->at + PACKET_HEAD;
	const char *blank = memchr(start, ' ', length - PACKET_HEAD);
	if (blank == NULL)
		return -1;
	*name = (struct bytes){start, (size_t)(blank - start)};
	*value = (struct bytes){blank + 1, (size_t)(bytes->at + length - 1 - (blank + 1))};
	bytes->at += length;
	bytes->left -= length;
	return 0;
}

static int is(const struct bytes *name, const char *word)
{
	return name->left == strlen(word) && memcmp(name->at, word, name->left) == 0;
}

/* Stores one packet. Returns 1 if it was the last one, 0 if not, -1 if it is malformed. */
static int place_packet(struct macaroon *macaroon, const struct bytes *name, const struct bytes *value)
{
	struct macaroon_caveat *last =
		macaroon->caveat_count > 0 ? &macaroon->caveats[macaroon->caveat_count - 1] : NULL;

	if (is(name, "signature")) {
		if (value->left != MACAROON_SIGNATURE_SIZE)
			return -1;
		memcpy(macaroon->signature, value->at, MACAROON_SIGNATURE_SIZE);
		return 1;
	}
	if (is(name, "location") && macaroon->location == NULL)
		macaroon->location = copy_text(value->at, value->left);
	else if (is(name, "identifier"))
		return set_part(&macaroon->id, value->at, value->left);
	else if (is(name, "cid"))
		return (last = macaroon_add_caveat(macaroon)) != NULL ? set_part(&last->id, value->at, value->left)
								      : -1;
	else if (is(name, "vid") && last != NULL)
		return set_part(&last->vid, value->at, value->left);
	else if (is(name, "cl") && last != NULL && last->location == NULL)
		last->location = copy_text(value->at, value->left);
	else
		return -1;
	return 0;
}

static int read_packets(struct macaroon *macaroon, struct bytes bytes)
{
	int result = 0;

	while (result == 0) {
		struct bytes name, value;

		result = take_packet(&bytes, &name, &value) == 0 ? place_packet(macaroon, &name, &value) : -1;
	}
	return result == 1 && bytes.left == 0 ? 0 : -1;
}

int macaroon_parse_binary(struct macaroon *macaroon, const char *bytes, size_t length)
{
	int result = length > 0 && bytes[0] == 2 ? read_fields(macaroon, (struct bytes){bytes + 1, length - 1})
						 : read_packets(macaroon, (struct bytes){bytes, length});

	return result == 0 ? finish(macaroon) : -1;
}
