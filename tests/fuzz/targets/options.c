/* SPDX-License-Identifier: Apache-2.0 */
/* The command line: a word a line. */
#include "plugin/options.h"

#include <stdbool.h>

#include "tests/fuzz/fuzz.h"

static void expect_sound(const struct options *options)
{
	fuzz_expect(options->request >= OPTIONS_RUN && options->request <= OPTIONS_TARGETS);
	if (options->request != OPTIONS_RUN)
		return;
	fuzz_expect(options->timeout >= 0);
	fuzz_expect(!options->color || !options->no_color);
	fuzz_expect(!options->quiet || !options->verbose);
	bool names_none = options->resume || options->forget;
	fuzz_expect(names_none ? options->target == NULL : string_given(options->target));
	fuzz_expect((options->model_count == 0) == (names_none || options->all_from != NULL));
	fuzz_expect(options->parallel >= 1 && options->parallel <= OPTIONS_PARALLEL_MAX);
	fuzz_expect(options->format <= FORMAT_JSON && options_format_name(options->format) != NULL);
	for (size_t i = 0; i < options->model_count; i++)
		fuzz_expect(string_given(options->models[i]));
}

void fuzz_one(const char *bytes, size_t length)
{
	scoped(fuzz_lines) struct fuzz_lines lines;
	scoped(error) struct error *error = NULL;

	fuzz_lines_read(&lines, (struct fuzz_input){bytes, length});
	scoped(options) struct options *options = options_parse(lines.list, &error);
	fuzz_expect_error(options == NULL, error);
	fuzz_expect(error == NULL || error->kind == ERROR_USAGE || error->kind == ERROR_FAILED);
	if (options != NULL)
		expect_sound(options);
}
