/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/pick.h"

#include <stdlib.h>

#include "common/base/scoped.h"
#include "plugin/run.h"

static void answered(void *context, bool yes)
{
	struct pick *pick = context;
	struct error *error = NULL;

	if (!yes)
		error_set(&error, ERROR_FAILED, "aborted");
	pick->done(pick->run, error);
}

/* Resolved later by its UUID; a person is shown its name. */
static int take_model(struct run *run, const struct hosted_model *model, struct error **error)
{
	scoped(string) char *name = string_format("%s/%s", model->owner, model->name);
	struct subject *subject = run_add(run, *model->owner != '\0' ? name : model->uuid);

	return model_word_parse(model->uuid, &subject->word, error);
}

/* A run that moves nothing, or that need not ask, only tells. */
static void tell_or_ask(struct pick *pick, const struct hosted *hosted)
{
	const struct options *options = pick->run->options;
	struct surroundings *surroundings = pick->run->surroundings;
	scoped(string) char *text = confirm_text(hosted, pick->run->target);

	if (options->dry_run || options->no_prompt) {
		message_notice(&surroundings->messages, "%s", text);
		pick->done(pick->run, NULL);
		return;
	}
	message_request(&surroundings->messages, "%s", text);
	confirm_ask(&pick->confirm, pick->run->loop, surroundings, answered, pick);
}

/* Returns 0 when there is something to move, 1 when there is not, -1 with an error. */
static int take_hosted(struct run *run, const struct lists *lists, struct hosted *hosted, struct error **error)
{
	const char *jimm = remote_login(run->remote)->controller_uuid;

	if (hosted_known(lists, jimm, run->target, error) < 0 ||
		hosted_find(lists, jimm, run->options->all_from, hosted, error) < 0)
		return -1;
	for (size_t i = 0; i < hosted->count; i++)
		if (take_model(run, &hosted->list[i], error) < 0)
			return -1;
	if (hosted->count > 0)
		return 0;
	message_notice(&run->surroundings->messages, "%s hosts no model%s%s", hosted->controller,
		hosted->partly ? " that you may see" : "", hosted->left_out > 0 ? " but its own" : "");
	return 1;
}

static void empty_controller(struct pick *pick, const struct lists *lists)
{
	scoped(hosted) struct hosted hosted = {.controller = NULL};
	struct error *error = NULL;

	if (take_hosted(pick->run, lists, &hosted, &error) == 0)
		tell_or_ask(pick, &hosted);
	else
		pick->done(pick->run, error);
}

static void listed(void *context, struct lists *lists, const struct error *error)
{
	struct pick *pick = context;

	if (error == NULL)
		empty_controller(pick, lists);
	else
		pick->done(pick->run, error_copy(error));
}

void pick_begin(struct pick *pick, struct run *run, pick_done *done)
{
	struct rpc *rpc = remote_api(run->remote);
	struct error *error = NULL;

	pick->run = run;
	pick->done = done;
	if (rpc == NULL) {
		error_set(&error, ERROR_NETWORK, "the connection to JIMM has ended");
		done(run, error);
		return;
	}
	pick->asking = lists_ask(rpc, remote_login(run->remote), listed, pick);
}

void pick_end(struct pick *pick)
{
	confirm_release(&pick->confirm);
}

void pick_release(struct pick *pick)
{
	pick_end(pick);
	lists_forget(pick->asking);
	*pick = (struct pick){.run = NULL};
}
