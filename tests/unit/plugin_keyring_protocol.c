/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "plugin/keyring_protocol.h"

static void add(struct keyring_frame *frame, const char *text)
{
	assert_int_equal(keyring_frame_add(frame, text, KEYRING_SECRET_MAX, NULL), 0);
}

static void assert_field(const struct keyring_field *field, const char *text)
{
	assert_int_equal(field->length, strlen(text));
	assert_memory_equal(field->bytes, text, field->length);
}

static void what_is_put_in_comes_out(void **state)
{
	scoped(keyring_frame) struct keyring_frame frame = {.length = 0};
	struct keyring_field fields[3];

	(void)state;
	keyring_frame_begin(&frame, KEYRING_STORE, KEYRING_MAY_PROMPT);
	add(&frame, "alice");
	add(&frame, NULL);
	add(&frame, "se\xC3\xA9"
		    "cret");
	assert_int_equal(keyring_frame_wants(&frame, NULL), 0);
	assert_int_equal(keyring_frame_code(&frame), KEYRING_STORE);
	assert_int_equal(keyring_frame_flags(&frame), KEYRING_MAY_PROMPT);
	assert_int_equal(keyring_frame_take(&frame, fields, 3, NULL), 0);
	assert_field(&fields[0], "alice");
	assert_field(&fields[1], "");
	assert_field(&fields[2], "se\xC3\xA9"
				 "cret");
	assert_int_equal(keyring_frame_take(&frame, fields, 2, NULL), -1);
}

static void bytes_are_as_they_are_told(void **state)
{
	static const unsigned char bytes[] = {'K', 1, 1, 0, 0, 11, 0, 2, 'm', 'e', 0, 3, 'a', 'b', 'c', 0, 0};
	scoped(keyring_frame) struct keyring_frame frame = {.length = 0};

	(void)state;
	keyring_frame_begin(&frame, KEYRING_FOUND, 0);
	add(&frame, "me");
	add(&frame, "abc");
	add(&frame, "");
	assert_int_equal(frame.length, sizeof(bytes));
	assert_memory_equal(frame.bytes, bytes, sizeof(bytes));
}

/* However it is cut, it asks for the missing bytes, first those of the header, and never for more. */
static void every_piece_wants_the_rest(void **state)
{
	scoped(keyring_frame) struct keyring_frame frame = {.length = 0};
	struct keyring_field fields[2];

	(void)state;
	keyring_frame_begin(&frame, KEYRING_FIND, 0);
	add(&frame, "alice");
	add(&frame, "secret");
	const size_t whole = frame.length;
	for (frame.length = 0; frame.length < whole; frame.length++) {
		size_t end = frame.length < KEYRING_HEADER_SIZE ? KEYRING_HEADER_SIZE : whole;
		scoped(error) struct error *error = NULL;

		assert_int_equal(keyring_frame_wants(&frame, &error), end - frame.length);
		assert_null(error);
		assert_int_equal(keyring_frame_take(&frame, fields, 2, &error), -1);
		assert_int_equal(error->kind, ERROR_PROTOCOL);
	}
}

static void nonsense_is_refused(void **state)
{
	static const struct {
		unsigned char bytes[16];
		size_t length;
		int wants; /* what keyring_frame_wants says */
	} cases[] = {
		{"hello\n", 6, -1}, {"h", 1, -1}, {"K\2", 2, -1},
		{{'K', 1, 1, 0, 0xFF, 0xFF}, 6, -1},                 /* longer than any frame */
		{{'K', 1, 1, 0, 0x27, 0xFB}, 6, -1},                 /* by one byte */
		{{'K', 1, 1, 0, 0, 2, 0, 0, 0}, 9, -1},              /* more than was announced */
		{{'K', 1, 1, 0, 0, 0}, 6, 0},                        /* no field */
		{{'K', 1, 1, 0, 0, 1, 0}, 7, 0},                     /* half a length */
		{{'K', 1, 1, 0, 0, 3, 0, 2, 'a'}, 9, 0},             /* a field that goes over the end */
		{{'K', 1, 1, 0, 0, 5, 0, 1, 'a', 0, 0}, 11, 0},      /* a field too many */
		{{'K', 1, 1, 0, 0, 4, 0, 2, 'a', 0}, 10, 0},         /* a NUL */
		{{'K', 1, 1, 0, 0, 4, 0xFF, 0xFF, 'a', 'b'}, 10, 0}, /* a length out of all bounds */
	};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		scoped(keyring_frame) struct keyring_frame frame = {.length = cases[i].length};
		scoped(error) struct error *error = NULL;
		struct keyring_field field;

		memcpy(frame.bytes, cases[i].bytes, cases[i].length);
		assert_int_equal(keyring_frame_wants(&frame, NULL), cases[i].wants);
		assert_int_equal(keyring_frame_take(&frame, &field, 1, &error), -1);
		assert_int_equal(error->kind, ERROR_PROTOCOL);
	}
}

static void lengths_are_held_to_their_ceilings(void **state)
{
	scoped(keyring_frame) struct keyring_frame frame = {.length = 0};
	scoped(error) struct error *error = NULL;
	char text[KEYRING_SECRET_MAX + 2] = {0};
	struct keyring_field fields[2];

	(void)state;
	memset(text, 'x', KEYRING_SECRET_MAX + 1);
	keyring_frame_begin(&frame, KEYRING_STORE, 0);
	assert_int_equal(keyring_frame_add(&frame, text, KEYRING_SECRET_MAX + 10, &error), -1);
	assert_string_equal(error->message, "4097 bytes are too many for the keyring");
	assert_int_equal(keyring_frame_add(&frame, "12345", 4, NULL), -1);
	text[KEYRING_SECRET_MAX] = '\0';
	add(&frame, text);
	add(&frame, text);
	/* There is no room for a third. */
	const size_t before = frame.length;
	assert_int_equal(keyring_frame_add(&frame, text, KEYRING_SECRET_MAX, NULL), -1);
	assert_int_equal(frame.length, before);
	assert_int_equal(keyring_frame_take(&frame, fields, 2, NULL), 0);
	assert_int_equal(fields[1].length, KEYRING_SECRET_MAX);
}

/* What can be asked and answered at most, fits. */
static void the_longest_request_and_answer_fit(void **state)
{
	scoped(keyring_frame) struct keyring_frame frame = {.length = 0};
	char text[KEYRING_SECRET_MAX + 1] = {0};

	(void)state;
	memset(text, 'x', KEYRING_SECRET_MAX);
	keyring_frame_begin(&frame, KEYRING_STORE, 0);
	for (int i = 0; i < REQUEST_FIELDS - 1; i++)
		add(&frame, text + KEYRING_SECRET_MAX - KEYRING_FIELD_MAX);
	add(&frame, text);
	assert_int_equal(keyring_frame_wants(&frame, NULL), 0);
}

static void a_released_frame_holds_nothing(void **state)
{
	static const unsigned char nothing[KEYRING_FRAME_MAX];
	struct keyring_frame frame = {.length = 0};

	(void)state;
	keyring_frame_begin(&frame, KEYRING_STORE, 0);
	add(&frame, "secret");
	keyring_frame_release(&frame);
	assert_int_equal(frame.length, 0);
	assert_memory_equal(frame.bytes, nothing, sizeof(nothing));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_put_in_comes_out),
		cmocka_unit_test(bytes_are_as_they_are_told),
		cmocka_unit_test(every_piece_wants_the_rest),
		cmocka_unit_test(nonsense_is_refused),
		cmocka_unit_test(lengths_are_held_to_their_ceilings),
		cmocka_unit_test(the_longest_request_and_answer_fit),
		cmocka_unit_test(a_released_frame_holds_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
