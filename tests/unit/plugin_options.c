/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "plugin/options.h"

#define WORDS_MAX 10
#define QUIET_AND_VERBOSE "\"verbose\" and \"quiet\" flags clash, please use one or the other, not both"

static const struct {
	const char *words[WORDS_MAX];
	enum error_kind kind;
	const char *message;
} wrong_words_cases[] = {
	{{NULL}, ERROR_USAGE, "model not specified"},
	{{"", "t"}, ERROR_USAGE, "model not specified"},
	{{"a", ""}, ERROR_USAGE, "target controller not specified"},
	{{"--bogus", "a", "t"}, ERROR_USAGE, "option provided but not defined: --bogus"},
	{{"--bogus=1", "a", "t"}, ERROR_USAGE, "option provided but not defined: --bogus"},
	{{"--bogus\033[2J"}, ERROR_USAGE, "option provided but not defined: --bogus?[2J"},
	{{"---debug"}, ERROR_USAGE, "option provided but not defined: ---debug"},
	{{"--time", "5s", "a", "t"}, ERROR_USAGE, "option provided but not defined: --time"},
	{{"-x"}, ERROR_USAGE, "option provided but not defined: -x"},
	{{"-vx"}, ERROR_USAGE, "option provided but not defined: -x"},
	{{"-\xC3\xA9"}, ERROR_USAGE, "option provided but not defined: -\xC3\xA9"},
	{{"-\xFF"}, ERROR_USAGE, "option provided but not defined: -?"},
	{{"--all", "a"}, ERROR_USAGE, "option provided but not defined: --all"},
	{{"--all-from", "a"}, ERROR_USAGE, "target controller not specified"},
	{{"--all-from", "a", ""}, ERROR_USAGE, "target controller not specified"},
	{{"--all-from", "a", "a"}, ERROR_USAGE, "--all-from and the target name the same controller"},
	{{"--all-from", "a", "t", "b"}, ERROR_USAGE, "unrecognized args: [\"b\"]"},
	{{"--all-from", "a", "-m", "b", "t"}, ERROR_USAGE,
		"--all-from moves all models of a controller and takes no model"},
	{{"--all-from", "a", "--resume"}, ERROR_USAGE, "cannot mix --all-from and --resume"},
	{{"--all-from", "a", "--forget"}, ERROR_USAGE, "cannot mix --all-from and --forget"},
	{{"-v=true", "a", "t"}, ERROR_USAGE,
		"invalid value \"=true\" for option -v: strconv.ParseBool: parsing \"=true\": invalid syntax"},
	{{"-qB=", "a", "t"}, ERROR_USAGE,
		"invalid value \"=\" for option -B: strconv.ParseBool: parsing \"=\": invalid syntax"},
	{{"--=x"}, ERROR_USAGE, "empty option in argument \"--=x\""},
	{{"a", "t", "--timeout"}, ERROR_USAGE, "option needs an argument: --timeout"},
	{{"a", "t", "-o"}, ERROR_USAGE, "option needs an argument: -o"},
	{{"a", "t", "-vo"}, ERROR_USAGE, "option needs an argument: -o"},
	{{"--timeout", "abc"}, ERROR_USAGE,
		"invalid value \"abc\" for option --timeout: time: invalid duration \"abc\""},
	{{"--timeout="}, ERROR_USAGE, "invalid value \"\" for option --timeout: time: invalid duration \"\""},
	{{"--timeout", "5"}, ERROR_USAGE,
		"invalid value \"5\" for option --timeout: time: missing unit in duration \"5\""},
	{{"--timeout", "-5s"}, ERROR_USAGE,
		"invalid value \"-5s\" for option --timeout: a time to wait cannot be negative"},
	{{"--timeout", "--help"}, ERROR_USAGE,
		"invalid value \"--help\" for option --timeout: time: invalid duration \"--help\""},
	{{"--dry-run=maybe"}, ERROR_USAGE,
		"invalid value \"maybe\" for option --dry-run: strconv.ParseBool: parsing \"maybe\": invalid "
		"syntax"},
	{{"--dry-run="}, ERROR_USAGE,
		"invalid value \"\" for option --dry-run: strconv.ParseBool: parsing \"\": invalid syntax"},
	{{"--help=tRUE"}, ERROR_USAGE,
		"invalid value \"tRUE\" for option --help: strconv.ParseBool: parsing \"tRUE\": invalid "
		"syntax"},
	{{"--parallel", "x"}, ERROR_USAGE,
		"invalid value \"x\" for option --parallel: strconv.ParseInt: parsing \"x\": invalid syntax"},
	{{"--parallel", " 4"}, ERROR_USAGE,
		"invalid value \" 4\" for option --parallel: strconv.ParseInt: parsing \" 4\": invalid syntax"},
	{{"--parallel", "4x"}, ERROR_USAGE,
		"invalid value \"4x\" for option --parallel: strconv.ParseInt: parsing \"4x\": invalid syntax"},
	{{"--parallel="}, ERROR_USAGE,
		"invalid value \"\" for option --parallel: strconv.ParseInt: parsing \"\": invalid syntax"},
	{{"--parallel", "0"}, ERROR_USAGE, "invalid value \"0\" for option --parallel: it must be from 1 to 1000"},
	{{"--parallel", "-1"}, ERROR_USAGE, "invalid value \"-1\" for option --parallel: it must be from 1 to 1000"},
	{{"--parallel", "1001"}, ERROR_USAGE,
		"invalid value \"1001\" for option --parallel: it must be from 1 to 1000"},
	{{"--parallel", "99999999999999999999"}, ERROR_USAGE,
		"invalid value \"99999999999999999999\" for option --parallel: it must be from 1 to 1000"},
	{{"--format", "xml"}, ERROR_USAGE, "invalid value \"xml\" for option --format: unknown format \"xml\""},
	{{"--format", "JSON"}, ERROR_USAGE, "invalid value \"JSON\" for option --format: unknown format \"JSON\""},
	{{"--format=\"\n"}, ERROR_USAGE, "invalid value \"\\\"\\n\" for option --format: unknown format \"\\\"\\n\""},
	{{"--bogus", "--format", "xml"}, ERROR_USAGE, "option provided but not defined: --bogus"},
	{{"--bogus", "--version"}, ERROR_USAGE, "option provided but not defined: --bogus"},
	{{"a", "t", "--color", "--no-color"}, ERROR_USAGE, "cannot mix --no-color and --color"},
	{{"--forget", "a", "t"}, ERROR_USAGE, "unrecognized args: [\"a\" \"t\"]"},
	{{"--forget", "-m", "a"}, ERROR_USAGE, "--forget removes what the keyring holds and takes no model"},
	{{"--resume", "-m", "a"}, ERROR_USAGE, "--resume takes up what is unfinished and takes no model"},
	{{"--forget", "--remember"}, ERROR_USAGE, "cannot mix --forget and --remember"},
	{{"--forget", "--resume"}, ERROR_USAGE, "cannot mix --forget and --resume"},
	{{"--forget", "--dry-run"}, ERROR_USAGE, "cannot mix --forget and --dry-run"},
	{{"--remember"}, ERROR_USAGE, "model not specified"},
	{{"a", "t", "-v", "-q"}, ERROR_FAILED, QUIET_AND_VERBOSE},
	{{"a", "t", "--quiet", "--verbose"}, ERROR_FAILED, QUIET_AND_VERBOSE},
	{{"a", "-v", "-q"}, ERROR_USAGE, "target controller not specified"},
};

static void wrong_words_are_refused_as_juju_does(void **state)
{
	(void)state;
	for (size_t i = 0; i < array_length(wrong_words_cases); i++) {
		scoped(error) struct error *error = NULL;
		struct options *options = options_parse((char *const *)wrong_words_cases[i].words, &error);

		assert_null(options);
		assert_non_null(error);
		assert_string_equal(error->message, wrong_words_cases[i].message);
		assert_int_equal(error->kind, wrong_words_cases[i].kind);
	}
}

static struct options *parse(const char *const *words)
{
	scoped(error) struct error *error = NULL;
	struct options *options = options_parse((char *const *)words, &error);

	if (error != NULL)
		print_error("%s\n", error->message);
	assert_non_null(options);
	return options;
}

static void what_is_asked_for(void **state)
{
	static const struct {
		const char *words[WORDS_MAX];
		enum options_request request;
	} cases[] = {
		{{"a", "t"}, OPTIONS_RUN},
		{{"--help"}, OPTIONS_HELP},
		{{"-h"}, OPTIONS_HELP},
		{{"-vh"}, OPTIONS_HELP},
		{{"a", "t", "--help"}, OPTIONS_HELP},
		{{"--help", "commands"}, OPTIONS_HELP},
		{{"--help", "a", "b", "c"}, OPTIONS_HELP},
		{{"--help", "--bogus"}, OPTIONS_HELP},
		{{"--bogus", "--help"}, OPTIONS_HELP},
		{{"--format", "xml", "--help"}, OPTIONS_HELP},
		{{"--help", "--timeout"}, OPTIONS_HELP},
		{{"--help", "--version", "--description"}, OPTIONS_HELP},
		{{"-v", "-q", "--help"}, OPTIONS_HELP},
		{{"--help=true"}, OPTIONS_HELP},
		{{"--help=false", "a", "t"}, OPTIONS_RUN},
		{{"--", "--help", "t"}, OPTIONS_RUN},
		{{"--version"}, OPTIONS_VERSION},
		{{"--version", "a"}, OPTIONS_VERSION},
		{{"--description"}, OPTIONS_DESCRIPTION},
		{{"a", "--description"}, OPTIONS_DESCRIPTION},
		{{"help", "t"}, OPTIONS_RUN},
	};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		scoped(options) struct options *options = parse(cases[i].words);

		assert_int_equal(options->request, cases[i].request);
	}
}

static void one_word_asks_for_the_targets_of_a_model(void **state)
{
	static char *const cases[][4] = {{"a"}, {"-m", "a"}, {"-m", "", "a"}, {"a", "--dry-run"}};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		scoped(options) struct options *options = options_parse(cases[i], NULL);

		assert_non_null(options);
		assert_int_equal(options->request, OPTIONS_TARGETS);
		assert_int_equal(options->model_count, 1);
		assert_string_equal(options->models[0], "a");
		assert_null(options->target);
	}
}

static void words_become_models_and_a_target(void **state)
{
	static const struct {
		const char *words[WORDS_MAX];
		const char *models[4];
		const char *target;
		const char *model;
	} cases[] = {
		{{"a", "t"}, {"a"}, "t", NULL},
		{{"a", "b", "c", "t"}, {"a", "b", "c"}, "t", NULL},
		{{"-q", "a", "--dry-run", "t", "-B"}, {"a"}, "t", NULL},
		{{"-m", "a", "t"}, {"a"}, "t", "a"},
		{{"t", "-m", "a"}, {"a"}, "t", "a"},
		{{"-ma", "t"}, {"a"}, "t", "a"},
		{{"--model=a", "t"}, {"a"}, "t", "a"},
		{{"-m", "x", "-m", "a", "t"}, {"a"}, "t", "a"},
		{{"-m", "-q", "t"}, {"-q"}, "t", "-q"},
		{{"b", "-m", "a", "t"}, {"a", "b"}, "t", "a"},
		{{"-m", "", "a", "t"}, {"a"}, "t", NULL},
		{{"--", "-a", "--t"}, {"-a"}, "--t", NULL},
		{{"a", "--", "t"}, {"a"}, "t", NULL},
		{{"-", "t"}, {"-"}, "t", NULL},
		{{"a", "--", "--", "t"}, {"a", "--"}, "t", NULL},
		{{"jaas:alice@canonical.com/a", "t"}, {"jaas:alice@canonical.com/a"}, "t", NULL},
	};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		scoped(options) struct options *options = parse(cases[i].words);
		size_t count = 0;

		for (; cases[i].models[count] != NULL; count++)
			assert_true(count < options->model_count);
		assert_int_equal(options->model_count, count);
		for (size_t m = 0; m < count; m++)
			assert_string_equal(options->models[m], cases[i].models[m]);
		assert_string_equal(options->target, cases[i].target);
		assert_true(string_same(options->model, cases[i].model));
	}
}

static void a_whole_controller_takes_a_target_only(void **state)
{
	scoped(options) struct options *options = parse((const char *const[]){"--all-from", "a", "t", NULL});
	scoped(options) struct options *without = parse((const char *const[]){"--all-from=", "a", "t", NULL});

	(void)state;
	assert_int_equal(options->request, OPTIONS_RUN);
	assert_int_equal(options->model_count, 0);
	assert_string_equal(options->all_from, "a");
	assert_string_equal(options->target, "t");
	assert_null(without->all_from);
	assert_int_equal(without->model_count, 1);
}

/* Every option in every form, seen in the member that it sets. */
static void options_set_their_members(void **state)
{
#define FLAG(word, member)                                  \
	{                                                   \
		{word}, offsetof(struct options, member), 1 \
	}
	static const struct {
		const char *words[3];
		size_t place;
		int value;
	} cases[] = {
		FLAG("--dry-run", dry_run),
		FLAG("--dry-run=true", dry_run),
		FLAG("--dry-run=1", dry_run),
		FLAG("--dry-run=T", dry_run),
		{{"--dry-run", "--dry-run=F"}, offsetof(struct options, dry_run), 0},
		{{"--dry-run=1", "--dry-run=False"}, offsetof(struct options, dry_run), 0},
		FLAG("--no-wait", no_wait),
		FLAG("--no-prompt", no_prompt),
		FLAG("-y", no_prompt),
		FLAG("--remember", remember),
		FLAG("-B", no_browser),
		FLAG("--no-browser-login", no_browser),
		FLAG("-vB", no_browser),
		FLAG("-vB", verbose),
		FLAG("--color", color),
		FLAG("--no-color", no_color),
		FLAG("-q", quiet),
		FLAG("--quiet", quiet),
		FLAG("-v", verbose),
		FLAG("--verbose", verbose),
		FLAG("--debug", debug),
		FLAG("--show-log", show_log),
		{{"--", "--parallel"}, offsetof(struct options, parallel), OPTIONS_PARALLEL},
		{{"--parallel", "1"}, offsetof(struct options, parallel), 1},
		{{"--parallel=0x10"}, offsetof(struct options, parallel), 16},
		{{"--parallel=010"}, offsetof(struct options, parallel), 8},
		{{"--parallel=100"}, offsetof(struct options, parallel), 100},
		{{"--format", "json"}, offsetof(struct options, format), FORMAT_JSON},
		{{"--format=yaml"}, offsetof(struct options, format), FORMAT_YAML},
		{{"--format=yaml", "--format=tabular"}, offsetof(struct options, format), FORMAT_TABULAR},
	};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		const char *words[WORDS_MAX] = {"a", "t", cases[i].words[0], cases[i].words[1]};
		scoped(options) struct options *options = parse(words);

		assert_int_equal(*(const int *)(const void *)((const char *)options + cases[i].place), cases[i].value);
	}
}

static void options_take_their_values(void **state)
{
	static const struct {
		const char *words[WORDS_MAX];
		size_t place;
		const char *value;
	} cases[] = {
		{{"a", "t", "-c", "x"}, offsetof(struct options, controller), "x"},
		{{"a", "t", "-cx"}, offsetof(struct options, controller), "x"},
		{{"a", "t", "-c=x"}, offsetof(struct options, controller), "=x"},
		{{"a", "t", "-Bcx"}, offsetof(struct options, controller), "x"},
		{{"a", "t", "--controller", "-x"}, offsetof(struct options, controller), "-x"},
		{{"a", "t", "--controller=x=y"}, offsetof(struct options, controller), "x=y"},
		{{"a", "t", "--controller=x", "-c", ""}, offsetof(struct options, controller), NULL},
		{{"a", "t", "--controller="}, offsetof(struct options, controller), NULL},
		{{"a", "t"}, offsetof(struct options, controller), NULL},
		{{"a", "t", "-o", "~/f"}, offsetof(struct options, output), "~/f"},
		{{"a", "t", "--output", "--"}, offsetof(struct options, output), "--"},
		{{"a", "t", "--log-file", "l"}, offsetof(struct options, log_file), "l"},
		{{"a", "t", "--logging-config", "<root>=INFO"}, offsetof(struct options, logging_config),
			"<root>=INFO"},
	};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		scoped(options) struct options *options = parse(cases[i].words);
		char *const *place = (char *const *)(const void *)((const char *)options + cases[i].place);

		if (!string_same(*place, cases[i].value))
			fail_msg("case %zu: %s", i, *place != NULL ? *place : "(none)");
	}
}

static void timeouts_are_nanoseconds(void **state)
{
	static const struct {
		const char *text;
		int64_t timeout;
	} cases[] = {{"90s", INT64_C(90000000000)}, {"0", 0}, {"-0s", 0}, {"+1h30m", INT64_C(5400000000000)}};

	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		const char *words[] = {"--timeout", cases[i].text, "a", "t", NULL};
		scoped(options) struct options *options = parse(words);

		assert_int_equal(options->timeout, cases[i].timeout);
	}
}

static const char *sort_key(const struct option_row *row, char letter[2])
{
	if (row->letter == 0 || row->listing == LISTED_LONG)
		return row->name;
	letter[0] = row->letter;
	letter[1] = '\0';
	return letter;
}

static void the_table_is_sorted_and_unambiguous(void **state)
{
	size_t count = 0;
	const struct option_row *table = options_table(&count);

	(void)state;
	assert_true(count > 15);
	for (size_t i = 0; i < count; i++) {
		char one[2], other[2];

		if (i > 0)
			assert_true(strcmp(sort_key(&table[i - 1], one), sort_key(&table[i], other)) < 0);
		for (size_t k = i + 1; k < count; k++) {
			assert_string_not_equal(table[i].name, table[k].name);
			assert_true(table[i].letter == 0 || table[i].letter != table[k].letter);
			assert_int_not_equal(table[i].place, table[k].place);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wrong_words_are_refused_as_juju_does),
		cmocka_unit_test(what_is_asked_for),
		cmocka_unit_test(one_word_asks_for_the_targets_of_a_model),
		cmocka_unit_test(words_become_models_and_a_target),
		cmocka_unit_test(a_whole_controller_takes_a_target_only),
		cmocka_unit_test(options_set_their_members),
		cmocka_unit_test(options_take_their_values),
		cmocka_unit_test(timeouts_are_nanoseconds),
		cmocka_unit_test(the_table_is_sorted_and_unambiguous),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
