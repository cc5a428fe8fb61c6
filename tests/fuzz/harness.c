/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/text.h"

#define PART_END "%%\n"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	fuzz_one((const char *)bytes, length);
	return 0;
}

void fuzz_broken(const char *file, int line, const char *condition)
{
	fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, condition);
	abort();
}

/* ---- what may be shown ---- */

static const struct {
	unsigned int first, last;
} unfit[] = {
	{0x00, 0x1F},       /* C0 */
	{0x7F, 0x9F},       /* DEL and C1 */
	{0xAD, 0xAD},       /* soft hyphen */
	{0x061C, 0x061C},   /* Arabic letter mark */
	{0x200B, 0x200F},   /* zero widths, left and right marks */
	{0x2028, 0x202E},   /* separators, embeddings, overrides */
	{0x2060, 0x206F},   /* joiner, isolates */
	{0xFEFF, 0xFEFF},   /* byte order mark */
	{0xFFF9, 0xFFFB},   /* interlinear */
	{0xE0000, 0xE007F}, /* tags */
};

/* Returns how many bytes the character takes, 0 when it is none. Written apart from text_utf8, to be held against it. */
static size_t decode(const unsigned char *at, unsigned int *character)
{
	static const unsigned int least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t size = at[0] < 0x80 ? 1 : at[0] >= 0xF0 ? 4 : at[0] >= 0xE0 ? 3 : at[0] >= 0xC0 ? 2 : 0;

	if (size == 0 || at[0] > 0xF4)
		return 0;
	*character = size == 1 ? at[0] : at[0] & (0x7FU >> size);
	for (size_t i = 1; i < size; i++) {
		if ((at[i] & 0xC0) != 0x80)
			return 0;
		*character = *character << 6 | (at[i] & 0x3F);
	}
	if (*character < least[size] || *character > 0x10FFFF || (*character >= 0xD800 && *character <= 0xDFFF))
		return 0;
	return size;
}

void fuzz_expect_printable(const char *text)
{
	for (const unsigned char *at = (const unsigned char *)text; at != NULL && *at != '\0';) {
		unsigned int character = 0;
		size_t size = decode(at, &character);

		fuzz_expect(size > 0);
		for (size_t i = 0; i < array_length(unfit); i++)
			fuzz_expect(character < unfit[i].first || character > unfit[i].last);
		at += size;
	}
}

/* Several lines are allowed in a message that lists something. */
static void expect_message(const char *message)
{
	scoped(string) char *copy = string_copy(message);

	for (char *rest = copy, *line = strsep(&rest, "\n"); line != NULL; line = strsep(&rest, "\n"))
		fuzz_expect_printable(line);
}

void fuzz_expect_error(int failed, const struct error *error)
{
	fuzz_expect(failed == (error != NULL));
	if (error == NULL)
		return;
	fuzz_expect(string_given(error->message));
	expect_message(error->message);
	fuzz_expect_printable(error->code);
}

/* ---- inputs ---- */

static char *copy_text(const char *bytes, size_t length)
{
	return string_copy_length(length > 0 ? bytes : "", strnlen(length > 0 ? bytes : "", length));
}

char *fuzz_line(struct fuzz_input *input)
{
	const char *end = input->length > 0 ? memchr(input->bytes, '\n', input->length) : NULL;
	size_t length = end != NULL ? (size_t)(end - input->bytes) : input->length;
	char *line = copy_text(input->bytes, length);

	length += end != NULL;
	input->bytes += length;
	input->length -= length;
	return line;
}

struct fuzz_input fuzz_part(struct fuzz_input *input)
{
	struct fuzz_input part = *input;
	size_t size = strlen(PART_END);

	for (size_t at = 0; at + size <= input->length; at++) {
		if ((at > 0 && input->bytes[at - 1] != '\n') || memcmp(input->bytes + at, PART_END, size) != 0)
			continue;
		part.length = at;
		input->bytes += at + size;
		input->length -= at + size;
		return part;
	}
	input->bytes += input->length;
	input->length = 0;
	return part;
}

char *fuzz_text(const struct fuzz_input *input)
{
	return copy_text(input->bytes, input->length);
}

void fuzz_lines_read(struct fuzz_lines *lines, struct fuzz_input input)
{
	*lines = (struct fuzz_lines){.count = 0};
	while (input.length > 0 && lines->count < FUZZ_LINES_MAX)
		lines->list[lines->count++] = fuzz_line(&input);
}

void fuzz_lines_release(struct fuzz_lines *lines)
{
	for (size_t i = 0; i < lines->count; i++)
		free(lines->list[i]);
	*lines = (struct fuzz_lines){.count = 0};
}

/* ---- files ---- */

const char *fuzz_folder(void)
{
	static char folder[4096];
	const char *above = getenv("TMPDIR");

	if (folder[0] != '\0')
		return folder;
	snprintf(folder, sizeof(folder), "%s/fuzz.XXXXXX", string_given(above) ? above : "/tmp");
	fuzz_expect(mkdtemp(folder) != NULL);
	return folder;
}

void fuzz_write(const char *path, const char *bytes, size_t length)
{
	FILE *file = fopen(path, "we");

	fuzz_expect(file != NULL);
	fuzz_expect(length == 0 || fwrite(bytes, 1, length, file) == length);
	fuzz_expect(fclose(file) == 0);
}
