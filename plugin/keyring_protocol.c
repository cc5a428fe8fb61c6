/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/keyring_protocol.h"

#include <string.h>

#include "common/base/secret.h"

#define MARK 'K'
#define LENGTH_SIZE 2

/* Offsets in a header. */
enum { AT_MARK, AT_VERSION, AT_CODE, AT_FLAGS, AT_LENGTH };

static size_t get_length(const unsigned char *from)
{
	return (size_t)from[0] << 8 | from[1];
}

static void put_length(unsigned char *to, size_t length)
{
	to[0] = (unsigned char)(length >> 8);
	to[1] = (unsigned char)length;
}

void keyring_frame_begin(struct keyring_frame *frame, int code, int flags)
{
	frame->bytes[AT_MARK] = MARK;
	frame->bytes[AT_VERSION] = KEYRING_VERSION;
	frame->bytes[AT_CODE] = (unsigned char)code;
	frame->bytes[AT_FLAGS] = (unsigned char)flags;
	put_length(frame->bytes + AT_LENGTH, 0);
	frame->length = KEYRING_HEADER_SIZE;
}

int keyring_frame_add(struct keyring_frame *frame, const char *text, size_t most, struct error **error)
{
	size_t length = text != NULL ? strlen(text) : 0;

	if (length > most || length > KEYRING_SECRET_MAX || frame->length + LENGTH_SIZE + length > KEYRING_FRAME_MAX)
		return error_set(error, ERROR_FAILED, "%zu bytes are too many for the keyring", length);
	put_length(frame->bytes + frame->length, length);
	if (length > 0)
		memcpy(frame->bytes + frame->length + LENGTH_SIZE, text, length);
	frame->length += LENGTH_SIZE + length;
	put_length(frame->bytes + AT_LENGTH, frame->length - KEYRING_HEADER_SIZE);
	return 0;
}

int keyring_frame_wants(const struct keyring_frame *frame, struct error **error)
{
	const unsigned char *bytes = frame->bytes;

	if ((frame->length > AT_MARK && bytes[AT_MARK] != MARK) ||
		(frame->length > AT_VERSION && bytes[AT_VERSION] != KEYRING_VERSION))
		return error_set(error, ERROR_PROTOCOL, "it does not fit this version of the program");
	if (frame->length < KEYRING_HEADER_SIZE)
		return (int)(KEYRING_HEADER_SIZE - frame->length);
	size_t whole = KEYRING_HEADER_SIZE + get_length(bytes + AT_LENGTH);
	if (whole > KEYRING_FRAME_MAX || frame->length > whole)
		return error_set(error, ERROR_PROTOCOL, "it says too much");
	return (int)(whole - frame->length);
}

int keyring_frame_take(
	const struct keyring_frame *frame, struct keyring_field *fields, size_t count, struct error **error)
{
	size_t at = KEYRING_HEADER_SIZE;

	if (keyring_frame_wants(frame, NULL) != 0)
		return error_set(error, ERROR_PROTOCOL, "it broke off");
	for (size_t i = 0; i < count; i++) {
		size_t left = frame->length - at;
		size_t length = left >= LENGTH_SIZE ? get_length(frame->bytes + at) : 0;

		if (left < LENGTH_SIZE || length > left - LENGTH_SIZE || length > KEYRING_SECRET_MAX ||
			memchr(frame->bytes + at + LENGTH_SIZE, '\0', length) != NULL)
			return error_set(error, ERROR_PROTOCOL, "it makes no sense");
		fields[i] = (struct keyring_field){(const char *)frame->bytes + at + LENGTH_SIZE, length};
		at += LENGTH_SIZE + length;
	}
	if (at != frame->length)
		return error_set(error, ERROR_PROTOCOL, "it makes no sense");
	return 0;
}

int keyring_frame_code(const struct keyring_frame *frame)
{
	return frame->bytes[AT_CODE];
}

int keyring_frame_flags(const struct keyring_frame *frame)
{
	return frame->bytes[AT_FLAGS];
}

void keyring_frame_release(struct keyring_frame *frame)
{
	secret_erase(frame->bytes, sizeof(frame->bytes));
	frame->length = 0;
}
