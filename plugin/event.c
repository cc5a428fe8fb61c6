/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/event.h"

#include "common/base/instant.h"
#include "common/base/text.h"
#include "plugin/json_text.h"
#include "plugin/report.h"
#include "plugin/words.h"

/* Longest line, in bytes. */
#define EVENT_MAX ((size_t)64 * TEXT_SHOWN_MAX)

const char *event_word(enum migration_news news)
{
	static const char *const words[] = {
		[NEWS_LOCATED] = "located",
		[NEWS_STARTED] = "started",
		[NEWS_LOST] = "lost",
		[NEWS_RESUMED] = "resumed",
		[NEWS_LOCKED] = "locked",
		[NEWS_RESTARTED] = "restarted",
		[NEWS_STALLED] = "stalled",
		[NEWS_TEXT] = "progress",
		[NEWS_COMMITTED] = "committed",
		[NEWS_RECORDING] = "recording",
		[NEWS_RECORDED] = "recorded",
		[NEWS_VERIFIED] = "verified",
		[NEWS_TROUBLE] = "trouble",
		[NEWS_ALARM] = "alarm",
		[NEWS_ENDED] = "ended",
		[NEWS_PAUSED] = "paused",
		[NEWS_CONTINUED] = "continued",
	};

	return words[news];
}

static void add(struct text *text, const char *key, const char *value)
{
	if (!string_given(value))
		return;
	text_add_format(text, "%s\"%s\":", text->length > 1 ? "," : "", key);
	json_text_add(text, value);
}

char *event_json(const struct migration *migration, enum migration_news news, const char *text, int64_t now)
{
	const struct words_about about = {"", NULL};
	scoped(string) char *model = words_model(migration);
	char time[INSTANT_TEXT_SIZE];
	scoped(text) struct text line;

	text_init(&line, EVENT_MAX);
	text_add_string(&line, "{");
	add(&line, "time", instant_format(now, time));
	add(&line, "event", event_word(news));
	add(&line, "model", model);
	add(&line, "model-uuid", migration->uuid);
	add(&line, "to", migration->target_name);
	add(&line, "text", text);
	if (news == NEWS_ENDED) {
		scoped(words) struct words words;

		words_outcome(migration, &about, &words);
		add(&line, "result", report_result_word(migration->result));
		add(&line, "message", words.message);
	}
	text_add_string(&line, "}");
	return text_take(&line);
}
