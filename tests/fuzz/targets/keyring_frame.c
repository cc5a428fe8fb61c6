/* SPDX-License-Identifier: Apache-2.0 */
/* A frame as the keyring helper gets it. */
#include <string.h>

#include "plugin/keyring_protocol.h"
#include "tests/fuzz/fuzz.h"

static void write_again(const struct keyring_frame *frame, const struct keyring_field *fields, size_t count)
{
	scoped(keyring_frame) struct keyring_frame again = {.length = 0};

	keyring_frame_begin(&again, keyring_frame_code(frame), keyring_frame_flags(frame));
	for (size_t i = 0; i < count; i++) {
		scoped(string) char *text = string_copy_length(fields[i].bytes, fields[i].length);

		fuzz_expect(strlen(text) == fields[i].length && fields[i].length <= KEYRING_SECRET_MAX);
		fuzz_expect(keyring_frame_add(&again, text, KEYRING_SECRET_MAX, NULL) == 0);
	}
	fuzz_expect(again.length == frame->length && memcmp(again.bytes, frame->bytes, frame->length) == 0);
}

void fuzz_one(const char *bytes, size_t length)
{
	scoped(keyring_frame) struct keyring_frame frame = {.length = 0};
	struct keyring_field fields[REQUEST_FIELDS];
	scoped(error) struct error *error = NULL, *other = NULL;
	int wanted = 0;

	/* As it comes in: never more than is wanted. */
	while ((wanted = keyring_frame_wants(&frame, &error)) > 0 && length > 0) {
		size_t piece = (size_t)wanted < length ? (size_t)wanted : length;

		fuzz_expect(frame.length + (size_t)wanted <= KEYRING_FRAME_MAX);
		memcpy(frame.bytes + frame.length, bytes, piece);
		frame.length += piece;
		bytes += piece;
		length -= piece;
	}
	fuzz_expect_error(wanted < 0, error);
	if (wanted != 0)
		return;
	for (size_t count = 1; count <= REQUEST_FIELDS; count++)
		if (keyring_frame_take(&frame, fields, count, NULL) == 0)
			write_again(&frame, fields, count);
	int failed = keyring_frame_take(&frame, fields, REQUEST_FIELDS, &other) < 0;
	fuzz_expect_error(failed, other);
}
