/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a person is told of a move: the words for its end, and the lines on a terminal. A line of five numbers (cause, result, columns,
 * rows, news), then texts as JIMM and juju may have them, a line each.
 */
#include <stdlib.h>
#include <string.h>

#include "common/base/text.h"
#include "plugin/columns.h"
#include "plugin/display_many.h"
#include "plugin/words.h"
#include "tests/fuzz/fuzz.h"

enum { AT_WORD, AT_OWNER, AT_NAME, AT_SOURCE, AT_TARGET, AT_DETAIL, AT_TEXT, AT_AGENTS, AT_TROUBLE, AT_VERSION, TEXTS };
enum { AT_CAUSE, AT_RESULT, AT_COLUMNS, AT_ROWS, AT_NEWS, NUMBERS };

/* Longer ones come out of servers, too, and take longer. */
#define TEXT_MOST 120
#define START (INT64_C(1000) * INSTANT_SECOND)

struct move {
	struct migration migration;
	unsigned int numbers[NUMBERS];
	char *texts[TEXTS];
};

/* Made printable, as all that comes into a migration. */
static void read_move(struct move *move, struct fuzz_input input)
{
	scoped(string) char *line = fuzz_line(&input);
	char *rest = line;

	*move = (struct move){.texts = {NULL}};
	for (size_t i = 0; i < NUMBERS; i++)
		move->numbers[i] = (unsigned int)strtoul(rest, &rest, 10);
	for (size_t i = 0; i < TEXTS; i++) {
		scoped(string) char *text = fuzz_line(&input);
		scoped(string) char *shown = text_printable_length(text, strlen(text), TEXT_MOST);
		/* None that matters to the words is ever empty. */
		move->texts[i] = string_copy(shown[0] != '\0' ? shown : "x");
	}
	char **texts = move->texts;
	move->migration = (struct migration){.word = texts[AT_WORD],
		.owner = texts[AT_OWNER],
		.name = texts[AT_NAME],
		.uuid = texts[AT_WORD],
		.source_name = texts[AT_SOURCE],
		.source_uuid = texts[AT_SOURCE],
		.source_version = texts[AT_VERSION],
		.target_name = texts[AT_TARGET],
		.target_version = texts[AT_VERSION],
		.detail = texts[AT_DETAIL],
		.text = texts[AT_TEXT],
		.agents_named = texts[AT_AGENTS],
		.agents_away = 2,
		.agents = 14,
		.trouble = texts[AT_TROUBLE],
		.located_by = "JIMM.ListModels",
		.cause = (enum migration_cause)(move->numbers[AT_CAUSE] % (CAUSE_DUPLICATE + 1)),
		.result = (enum migration_result)(RESULT_PLANNED + move->numbers[AT_RESULT] % RESULT_CONTRADICTION)};
	move->migration.state.base_text = texts[AT_TEXT];
}

static void release(struct move *move)
{
	for (size_t i = 0; i < TEXTS; i++)
		free(move->texts[i]);
}

static void expect_lines(char *text)
{
	for (char *rest = text, *line = NULL; (line = strsep(&rest, "\n")) != NULL;)
		fuzz_expect_printable(line);
}

static void words(const struct migration *migration)
{
	static const struct words_about about = {"jaas", NULL};
	scoped(words) struct words words;
	scoped(string) char *model = words_model(migration);

	words_outcome(migration, &about, &words);
	fuzz_expect_printable(model);
	fuzz_expect(string_given(words.message) && words.part != NULL);
	expect_lines(words.message);
	fuzz_expect_printable(words.state);
	fuzz_expect_printable(words.reason);
	fuzz_expect_printable(words.remedy);
}

/* No line reaches the last column, and no block the last row. */
static void expect_fits(char *text, const struct display_shape *shape)
{
	int rows = 0;

	for (char *rest = text, *line = NULL; (line = strsep(&rest, "\n")) != NULL && *line != '\0'; rows++) {
		fuzz_expect_printable(line);
		fuzz_expect(columns_count(line) < (size_t)shape->columns);
		for (const char *at = line; *at != '\0' && !shape->unicode; at++)
			fuzz_expect(*at >= ' ' && *at <= '~');
	}
	fuzz_expect(rows < shape->rows || shape->rows == 1);
}

static void draw(const struct move *move)
{
	struct journey journey = {0};
	struct display_shape shape = {
		.columns = 1 + (int)(move->numbers[AT_COLUMNS] % 200), .rows = 1 + (int)(move->numbers[AT_ROWS] % 60)};

	journey_init(&journey, move->texts[AT_WORD], START);
	journey_logged_in(&journey, move->texts[AT_SOURCE], START + 1);
	for (int i = 0; i < 3; i++) {
		enum migration_news news = (enum migration_news)((move->numbers[AT_NEWS] >> 5 * i) % (NEWS_ENDED + 1));
		scoped(string) char *line = words_news(&move->migration, news);

		fuzz_expect_printable(line);
		journey_news(&journey, &move->migration, news, START + (i + 2) * INSTANT_SECOND);
		shape.unicode = i % 2 == 0;
		scoped(string) char *text = display_format(&journey, &shape, START + INSTANT_MINUTE);
		expect_fits(text, &shape);
		const struct display_many many = {&journey, 1, START, move->texts[AT_WORD], line, i == 2};
		scoped(string) char *lines = display_many(&many, &shape, START + INSTANT_MINUTE);
		expect_fits(lines, &shape);
	}
	journey_release(&journey);
}

void fuzz_one(const char *bytes, size_t length)
{
	struct move move;

	read_move(&move, (struct fuzz_input){bytes, length});
	words(&move.migration);
	draw(&move);
	release(&move);
}
