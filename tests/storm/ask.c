/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "tests/storm/ask.h"

#define TIMEOUT (90 * INSTANT_SECOND)
#define TIMEOUT_START (5 * INSTANT_MINUTE)

bool ask_ours(const struct storm_ask *ask)
{
	const struct storm_process *process = &ask->storm->process;

	/* After a mistake it hears nothing any more: it could go on and on at one instant. */
	return process->alive && !process->finished && ask->life == process->life && !ask->answered &&
	       ask->storm->wrong == WRONG_NOTHING;
}

static void unlink_ask(struct storm_ask *ask)
{
	if (ask->link == NULL)
		return;
	for (struct storm_ask **at = &ask->link->asks; *at != NULL; at = &(*at)->link_next)
		if (*at == ask) {
			*at = ask->link_next;
			return;
		}
}

struct storm_ask *ask_new(struct storm *storm, struct storm_link *link, int what, size_t model)
{
	struct storm_ask *ask = memory_get(1, sizeof(*ask));

	ask->storm = storm;
	ask->link = link;
	ask->life = storm->process.life;
	ask->what = ask->look = what;
	ask->model = model;
	ask->asked = storm_now(storm);
	ask->next = storm->asks;
	storm->asks = ask;
	if (link != NULL) {
		ask->link_next = link->asks;
		link->asks = ask;
	}
	return ask;
}

/* ---- answers ---- */

static void next_push(struct storm_link *link, struct world_watcher *watcher);

static void tell_watch_end(struct storm_ask *ask)
{
	struct storm *storm = ask->storm;

	if (!ask->link->watched)
		return;
	ask->link->watched = false;
	engine_watch_ended(storm->process.engine, ask->model, ask->answer.error, storm_now(storm));
}

static void tell_push(struct storm_ask *ask)
{
	struct storm *storm = ask->storm;
	struct engine *engine = storm->process.engine;
	struct migration_push push = {0, ask->answer.word, ask->answer.words, ask->asked};

	if (ask->answer.error != NULL) {
		tell_watch_end(ask);
		return;
	}
	for (int i = 0; ask->answer.changed && i <= (int)ask->doubled; i++)
		engine_pushed(engine, ask->model, &push, storm_now(storm));
	push = (struct migration_push){1, NULL, NULL, ask->asked};
	for (int i = 0; ask->answer.removed && i <= (int)ask->doubled; i++)
		engine_pushed(engine, ask->model, &push, storm_now(storm));
	if (ask->answer.removed)
		tell_watch_end(ask);
	else
		next_push(ask->link, ask->watcher);
}

static void tell_look(struct storm_ask *ask)
{
	struct ask_answer *from = &ask->answer;
	struct login_result login = {0};
	struct migration_answer answer = {
		.what = (enum migration_look)ask->look,
		.model = ask->model,
		.asked = ask->asked,
		.error = from->error,
		.controllers = &from->controllers,
		.models = &from->models,
		.rows = &from->rows,
		.summaries = &from->summaries,
		.row = &from->row,
		.status = &from->status,
		.info = &from->info,
		.witness = &from->witness,
		.search = &from->search,
	};

	if (ask->look == LOOK_LOGIN && ask->link != NULL && from->error == NULL) {
		login.controller_uuid = ask->link->controller->uuid;
		login.server_version = ask->link->controller->agent_version;
		login.model_uuid = ask->storm->models[ask->model].truth->uuid;
		login.identity = (char *)(uintptr_t)SCENE_USER;
		answer.login = &login;
	}
	if (ask->look == LOOK_NEIGHBOUR && from->error == NULL) {
		login.controller_uuid = ask->controller->uuid;
		login.server_version = ask->controller->agent_version;
		login.identity = (char *)(uintptr_t)SCENE_USER;
		answer.login = &login;
	}
	if (ask->look == LOOK_SOURCE && ask->controller != NULL) {
		login.server_version = ask->controller->agent_version;
		answer.login = &login;
	}
	if (ask->look == LOOK_RIGHTS)
		ask->storm->process.unmask = from->error == NULL;
	engine_answered(ask->storm->process.engine, &answer, storm_now(ask->storm));
}

static void trace_answer(struct storm_ask *ask)
{
	const struct ask_answer *answer = &ask->answer;
	const char *said = answer->error != NULL ? answer->error->message : "";

	if (ask->storm->trace == NULL)
		return;
	if (ask->look == LOOK_STATUS && answer->error == NULL)
		said = answer->status.status_info;
	else if (ask->look == LOOK_ROW && answer->error == NULL)
		said = answer->row.controller_name;
	else if (ask->what == ASK_NEXT && answer->changed)
		said = answer->words;
	storm_trace(ask->storm, "< %s%s%s %s%s%s", ask_name(ask->look), ask->model != MIGRATION_ALL ? " " : "",
		ask->model != MIGRATION_ALL ? ask->storm->models[ask->model].truth->name : "",
		answer->removed ? "(removed) " : "", answer->error != NULL ? "ERROR " : "", said);
	for (size_t i = 0; ask->look == LOOK_SUMMARIES && i < answer->summaries.count; i++) {
		const struct model_summary *entry = &answer->summaries.list[i];

		if (i >= ask->storm->scene.moved)
			break;
		storm_trace(ask->storm, "    %s: %s, %s%s", entry->name, entry->status,
			entry->migration != NULL ? entry->migration->status : "no migration",
			entry->migration != NULL && entry->migration->end != INSTANT_NONE ? " (ended)" : "");
	}
}

void ask_tell(struct storm_ask *ask)
{
	struct storm *storm = ask->storm;
	struct engine *engine = storm->process.engine;

	ask->answered = true;
	unlink_ask(ask);
	trace_answer(ask);
	if (ask->look == ASK_START) {
		check_started(storm, ask->model, ask->answer.error);
		engine_started(engine, ask->model, ask->answer.id, ask->answer.error, storm_now(storm));
	} else if (ask->look == ASK_RECORD) {
		engine_recorded(engine, ask->model, ask->answer.error, storm_now(storm));
	} else if (ask->look == ASK_WATCH && ask->link != NULL && ask->answer.error == NULL) {
		next_push(ask->link, ask->watcher);
	} else if (ask->look == ASK_WATCH) {
		if (ask->link != NULL)
			ask->link->watched = false;
		engine_watch_ended(engine, ask->model, ask->answer.error, storm_now(storm));
	} else if (ask->look == ASK_NEXT) {
		tell_push(ask);
	} else {
		tell_look(ask);
	}
	check_rows(storm);
	ask_release(&ask->answer);
}

static void comes_back(void *context)
{
	struct storm_ask *ask = context;

	if (!ask_ours(ask) || link_frozen(ask->storm, comes_back, ask))
		return;
	ask_tell(ask);
}

void ask_answered(struct storm_ask *ask)
{
	struct storm *storm = ask->storm;
	int64_t length = link_latency(storm);

	if (ask->lost)
		return;
	if (!storm_calm(storm) && chance_of(&storm->chance, storm->scene.late))
		length += chance_length(&storm->chance, INSTANT_SECOND, 10 * INSTANT_MINUTE);
	world_after(storm->world, length, comes_back, ask);
}

/* ---- questions ---- */

static void arrives(void *context)
{
	struct storm_ask *ask = context;
	const struct storm_link *link = ask->link;

	if (ask->answered || link->session == NULL || link->cut || link->session->user == NULL ||
		ask->storm->world->down)
		return;
	if (ask->answer.error != NULL)
		ask_answered(ask);
	else
		ask_serve(ask);
}

static void too_late(void *context)
{
	struct storm_ask *ask = context;

	if (!ask_ours(ask) || link_frozen(ask->storm, too_late, ask))
		return;
	ask_release(&ask->answer);
	error_set(&ask->answer.error, ERROR_TIMEOUT, "%s was not answered in time", ask_name(ask->what));
	ask_tell(ask);
}

/* What a peer may say to anything at all, without having done anything. */
static void draw_refusal(struct storm_ask *ask)
{
	static const char *const words[][2] = {{"", "connection is shut down"},
		{"upgrade in progress", "upgrade in progress"}, {"try again", "try again"},
		{"failed request to OpenFGA", "cannot check the permission"}};
	size_t drawn = chance_below(&ask->storm->chance, array_length(words) + 1);

	if (drawn < array_length(words))
		error_set_remote(&ask->answer.error, words[drawn][0], words[drawn][1]);
	else if (ask->what == ASK_START || ask->what == ASK_RECORD)
		error_set_remote(&ask->answer.error, words[0][0], words[0][1]);
	else
		error_set(&ask->answer.error, ERROR_PROTOCOL, "%s: the answer makes no sense", ask_name(ask->what));
}

void ask_send(struct storm_ask *ask)
{
	struct storm *storm = ask->storm;
	struct world *world = storm->world;
	bool calm = storm_calm(storm), next = ask->what == ASK_NEXT, dropped = false;

	storm_trace(storm, "> %s%s%s%s%s", ask_name(ask->what), ask->model != MIGRATION_ALL ? " " : "",
		ask->model != MIGRATION_ALL ? storm->models[ask->model].truth->name : "",
		ask->target != NULL ? " -> " : "", ask->target != NULL ? ask->target : "");
	storm->process.messages++;
	/* The next change comes when there is one. */
	if (!next)
		check_haste(storm);
	crowd_asked(storm, ask->what, ask->model);
	ask->doubled = chance_of(&storm->chance, storm->scene.doubled);
	if (!calm && !next && chance_of(&storm->chance, storm->scene.refused))
		draw_refusal(ask);
	if (!calm && !next && chance_of(&storm->chance, storm->scene.lost)) {
		bool before = chance_of(&storm->chance, 500);

		storm_trace(storm, "! %s is lost", before ? "it" : "its answer");
		ask->lost = true;
		dropped = before;
	}
	/* What JIMM itself answers at once cannot be late on good wires. */
	if (ask->lost || ask->what == LOOK_INFO || ask->what >= ASK_START || storm->scene.late > 0)
		if (!next)
			world_after(world, ask->what == ASK_START ? TIMEOUT_START : TIMEOUT, too_late, ask);
	if (dropped)
		return;
	world_after(world, link_latency(storm), arrives, ask);
	weather_trigger(storm, TRIGGER_MESSAGE, storm->process.messages);
	if (ask->what == ASK_START)
		weather_trigger(storm, TRIGGER_START, 0);
	if (ask->what == ASK_RECORD)
		weather_trigger(storm, TRIGGER_RECORD, 0);
}

static void send_next(void *context)
{
	struct storm_ask *ask = context;

	if (ask_ours(ask))
		ask_send(ask);
}

static void next_push(struct storm_link *link, struct world_watcher *watcher)
{
	if (link->ended)
		return;
	struct storm *storm = link->storm;
	int64_t slot = engine_watch_slot(storm->process.engine, storm_now(storm));
	struct storm_ask *ask = ask_new(storm, link, ASK_NEXT, link->model);

	ask->watcher = watcher;
	if (slot > storm_now(storm))
		world_after(storm->world, slot - storm_now(storm), send_next, ask);
	else
		ask_send(ask);
}

/* Answers from the loop what was not asked at all. `error` is taken over. */
void ask_later(struct storm *storm, int look, size_t model, struct error *error)
{
	struct storm_ask *ask = ask_new(storm, NULL, ASK_LATER, model);

	ask->look = look;
	ask->answer.error = error;
	check_haste(storm);
	world_after(storm->world, 0, comes_back, ask);
}

struct error *ask_no_connection(void)
{
	struct error *error = NULL;

	error_set(&error, ERROR_NETWORK, "the connection has ended");
	return error;
}

void port_fail_all(struct storm_link *link)
{
	while (link->asks != NULL) {
		struct storm_ask *ask = link->asks;

		link->asks = ask->link_next;
		if (!ask_ours(ask))
			continue;
		ask_release(&ask->answer);
		ask->answer.error = ask_no_connection();
		ask_tell(ask);
	}
}

void port_forget_all(struct storm_link *link)
{
	while (link->asks != NULL) {
		link->asks->answered = true;
		link->asks = link->asks->link_next;
	}
}

void port_free_all(struct storm *storm)
{
	while (storm->asks != NULL) {
		struct storm_ask *ask = storm->asks;

		storm->asks = ask->next;
		ask_release(&ask->answer);
		free(ask->target);
		free(ask);
	}
}
