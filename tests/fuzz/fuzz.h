/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the fuzz targets share. A target is one file below targets/ that defines fuzz_one; libFuzzer calls it with bytes of its making, and
 * ends with a finding at anything that a sanitizer sees, at a leak, and where fuzz_expect does not hold.
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/base/scoped.h"

/* Most lines that an input is taken apart into. */
#define FUZZ_LINES_MAX 64

/* Takes the bytes in where the program would take them in; borrowed, nothing stands behind them. */
void fuzz_one(const char *bytes, size_t length);

/* Whatever the bytes are, this is so. */
#define fuzz_expect(condition) ((condition) ? (void)0 : fuzz_broken(__FILE__, __LINE__, #condition))

/* Says what does not hold, and ends as libFuzzer wants it. */
_Noreturn void fuzz_broken(const char *file, int line, const char *condition);

/* Expects `text` (may be NULL) to be fit for a terminal and to be one line: UTF-8 without control characters, line breaks, invisible and
 * bidirectional controls. It goes by a table of its own, not by that of the program. */
void fuzz_expect_printable(const char *text);

/* Expects a failure to have an error with a printable message, and a success to have none. */
void fuzz_expect_error(int failed, const struct error *error);

/* A piece of the input, borrowed from it. */
struct fuzz_input {
	const char *bytes;
	size_t length;
};

/* Takes the first line off, without its end; the rest stays. Owned by the caller (free()), ends at the first NUL. */
char *fuzz_line(struct fuzz_input *input);

/* Takes off what stands before a line "%%", or all. The bytes are borrowed from the input. */
struct fuzz_input fuzz_part(struct fuzz_input *input);

/* Returns a copy that ends at the first NUL; owned by the caller (free()). */
char *fuzz_text(const struct fuzz_input *input);

/* The lines of an input, at most FUZZ_LINES_MAX, NULL at the end: words of a command line, or an environment. */
struct fuzz_lines {
	char *list[FUZZ_LINES_MAX + 1];
	size_t count;
};

/* Takes an input apart; the caller owns the storage (fuzz_lines_release). */
void fuzz_lines_read(struct fuzz_lines *lines, struct fuzz_input input);
void fuzz_lines_release(struct fuzz_lines *lines);

SCOPED_DEFINE_STRUCT(fuzz_lines, struct fuzz_lines, fuzz_lines_release)

/* Returns a folder for what has to be a file, the same for the whole run, empty at first; borrowed. */
const char *fuzz_folder(void);

/* Writes a file; `path` stands in fuzz_folder. */
void fuzz_write(const char *path, const char *bytes, size_t length);

#endif
