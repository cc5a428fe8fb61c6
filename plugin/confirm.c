/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/confirm.h"

#include <strings.h>

#include "common/base/text.h"

/* Most bytes of all lines. */
#define CONFIRM_BYTES_MAX ((size_t)(CONFIRM_LISTED_MAX + 8) * TEXT_SHOWN_MAX)

bool confirm_possible(const struct surroundings *surroundings)
{
	return surroundings->in_is_terminal && surroundings->err_terminal.is_terminal;
}

static void add_models(struct text *text, const struct hosted *hosted)
{
	size_t shown = hosted->count > CONFIRM_LISTED_MAX ? CONFIRM_LISTED_MAX : hosted->count;

	for (size_t i = 0; i < shown; i++) {
		const struct hosted_model *model = &hosted->list[i];

		text_add_format(text, "\n  %s%s%s", model->owner, *model->owner != '\0' ? "/" : "", model->name);
	}
	if (shown < hosted->count)
		text_add_format(text, "\n  and %zu more (--dry-run shows all of them)", hosted->count - shown);
}

char *confirm_text(const struct hosted *hosted, const char *target)
{
	scoped(string) char *to = text_printable(target);
	scoped(text) struct text text;
	bool one = hosted->count == 1;

	text_init(&text, CONFIRM_BYTES_MAX);
	text_add_format(&text, "%s hosts %zu model%s that would go to %s:", hosted->controller, hosted->count,
		one ? "" : "s", to);
	add_models(&text, hosted);
	if (hosted->partly)
		text_add_format(&text, "\nModels on %s that you may not see stay there.", hosted->controller);
	return text_take(&text);
}

static void end_line(struct confirm *confirm)
{
	fputc('\n', confirm->prompt.stream);
	fflush(confirm->prompt.stream);
}

static void told(void *waiter, const struct secret *line, const struct error *error)
{
	struct confirm *confirm = waiter;

	/* Nobody has typed the end of the line. */
	if (error != NULL)
		end_line(confirm);
	const char *answer = error == NULL ? secret_reveal(line) : "";

	confirm->done(confirm->context, strcasecmp(answer, "y") == 0 || strcasecmp(answer, "yes") == 0);
}

void confirm_ask(struct confirm *confirm, struct loop *loop, const struct surroundings *surroundings,
	confirm_done *done, void *context)
{
	confirm->done = done;
	confirm->context = context;
	prompt_init(&confirm->prompt, loop, surroundings->in, surroundings->err);
	prompt_line(&confirm->prompt, "\nContinue [y/N]? ", told, confirm);
}

void confirm_release(struct confirm *confirm)
{
	if (confirm->prompt.watcher != NULL)
		end_line(confirm);
	prompt_forget(&confirm->prompt);
}
