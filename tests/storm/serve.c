/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "tests/storm/ask.h"

static char *text(const char *from)
{
	return string_copy(from != NULL ? from : "");
}

static void refuse(struct storm_ask *ask, const struct world_error *error)
{
	link_error(error, &ask->answer.error);
}

static void not_implemented(struct storm_ask *ask)
{
	error_set_remote(&ask->answer.error, "not implemented", "no such request");
}

static struct jimm_controller controller_of(const struct world_controller *from)
{
	bool starting = strcmp(from->status, "bootstrapping") == 0;

	return (struct jimm_controller){
		.name = text(from->name),
		.uuid = text(starting ? "" : from->uuid),
		.cloud = text(from->cloud),
		.region = text(from->region),
		.agent_version = text(starting ? "" : from->agent_version),
		.status = text(from->status),
		.status_info = text(""),
		.status_since = INSTANT_NONE,
		.public_address = text(from->public_address),
	};
}

static struct jimm_controller pseudo_of(const struct world *world)
{
	return (struct jimm_controller){text("jaas"), text(world->uuid), text(""), text(""), text("3.6.12"),
		text("available"), text(""), INSTANT_NONE, text("")};
}

static void put_controllers(
	struct storm_ask *ask, const struct world_controller *const *list, size_t count, bool pseudo)
{
	struct jimm_controllers *answer = &ask->answer.controllers;

	answer->list = memory_get(count + 1, sizeof(*answer->list));
	if (pseudo)
		answer->list[answer->count++] = pseudo_of(ask->storm->world);
	for (size_t i = 0; i < count; i++)
		answer->list[answer->count++] = controller_of(list[i]);
}

static void controllers(struct storm_ask *ask)
{
	const struct world_controller *list[STORM_CONTROLLERS];
	bool pseudo = false;
	size_t count = world_list_controllers(ask->link->session, list, &pseudo);

	put_controllers(ask, list, count, pseudo);
}

static void targets(struct storm_ask *ask)
{
	const struct world_controller *list[STORM_CONTROLLERS];
	struct world_error error;
	size_t count = 0;
	scoped(string) char *tag = string_format("model-%s", ask->storm->models[ask->model].truth->uuid);

	if (!ask->storm->world->era.list_targets)
		not_implemented(ask);
	else if (world_migration_targets(ask->link->session, tag, list, &count, &error))
		refuse(ask, &error);
	else
		put_controllers(ask, list, count, false);
}

static void rights(struct storm_ask *ask)
{
	struct world_error error;

	if (world_unmask(ask->link->session, &error))
		refuse(ask, &error);
}

static void models(struct storm_ask *ask)
{
	struct world_views views;
	struct controller_models *answer = &ask->answer.models;

	world_all_models(ask->link->session, &views);
	answer->list = memory_get(views.count + 1, sizeof(*answer->list));
	for (size_t i = 0; i < views.count; i++) {
		const struct world_model *model = views.items[i].model;

		answer->list[answer->count++] = (struct controller_model){
			text(model->name), text(model->uuid), text(model->owner), text("iaas")};
	}
	world_views_release(&views);
}

static struct jimm_model row_of(const struct world_model *model)
{
	return (struct jimm_model){
		.name = text(model->name),
		.uuid = text(model->uuid),
		.controller_name = text(model->recorded->name),
		.controller_uuid = text(model->recorded->uuid),
		.upgrade_state = text(model->job),
	};
}

static void rows(struct storm_ask *ask)
{
	struct world_views views;
	struct jimm_models *answer = &ask->answer.rows;

	if (!ask->storm->world->era.list_models) {
		not_implemented(ask);
		return;
	}
	world_all_models(ask->link->session, &views);
	answer->list = memory_get(views.count + 1, sizeof(*answer->list));
	for (size_t i = 0; i < views.count; i++)
		answer->list[answer->count++] = row_of(views.items[i].model);
	world_views_release(&views);
}

static void row(struct storm_ask *ask)
{
	struct world_error error;
	struct world_view view;

	if (!ask->storm->world->era.controller_info)
		not_implemented(ask);
	else if (world_model_controller_info(
			 ask->link->session, ask->storm->models[ask->model].truth->uuid, &view, &error))
		refuse(ask, &error);
	else
		ask->answer.row = row_of(view.model);
}

static struct model_summary summary_of(const struct world_session *session, const struct world_view *view)
{
	const struct world_model *model = view->model;
	bool live = view->answered != NULL || view->database;
	struct model_summary summary = {
		.uuid = text(model->uuid),
		.name = text(model->name),
		.owner = text(model->owner),
		.controller_uuid = text(session->unmasked ? view->host->uuid : session->world->uuid),
		.cloud = text(model->cloud),
		.region = text(model->region),
		.life = text(model->life),
		.agent_version = text(view->host->agent_version),
		.status = text(live ? view->status : "unavailable"),
		.status_info = text(live ? view->info : ""),
		.status_since = live ? view->since : INSTANT_NONE,
	};

	if (view->migration == NULL)
		return summary;
	summary.migration = memory_get(1, sizeof(*summary.migration));
	*summary.migration = (struct model_migration){text(view->migration), view->start, view->end};
	return summary;
}

static void summaries(struct storm_ask *ask)
{
	struct world_views views;
	struct model_summaries *answer = &ask->answer.summaries;

	world_list_summaries(ask->link->session, &views);
	answer->list = memory_get(views.count + 1, sizeof(*answer->list));
	for (size_t i = 0; i < views.count; i++)
		answer->list[answer->count++] = summary_of(ask->link->session, &views.items[i]);
	world_views_release(&views);
}

static void status(struct storm_ask *ask)
{
	struct world_error error;
	struct world_view view;
	struct client_status *answer = &ask->answer.status;

	if (world_full_status(ask->link->session, &view, &error)) {
		refuse(ask, &error);
		return;
	}
	const struct world_attempt *attempt = world_newest(view.model);
	*answer = (struct client_status){
		.name = text(view.model->name),
		.version = text(view.answered->agent_version),
		.status = text(view.status),
		.status_info = text(view.info),
		.status_since = view.since,
		.machines = view.model->machines,
		.units = view.model->application_count,
	};
	answer->away = memory_get(view.model->stranded + 1, sizeof(*answer->away));
	for (unsigned int i = 0; attempt != NULL && attempt->target == view.answered && i < view.model->stranded; i++)
		answer->away[answer->away_count++] = (struct client_agent){text("0"), text("down"), 0};
}

static void info_done(void *context, const struct world_outcome *outcome)
{
	struct storm_ask *ask = context;

	if (outcome->error != NULL)
		refuse(ask, outcome->error);
	else
		ask->answer.info = summary_of(ask->link->session, outcome->view);
	ask_answered(ask);
}

static void info(struct storm_ask *ask)
{
	const struct world *world = ask->storm->world;
	scoped(string) char *tag = string_format("model-%s", ask->storm->models[ask->model].truth->uuid);

	world_model_info(ask->link->session, tag, (struct world_reply){info_done, ask});
	check_info(ask->storm, ask->model, world->records[world->record_count - 1].flag);
}

static void record_done(void *context, const struct world_outcome *outcome)
{
	struct storm_ask *ask = context;

	if (outcome->error != NULL)
		refuse(ask, outcome->error);
	ask_answered(ask);
}

static void record(struct storm_ask *ask)
{
	scoped(string) char *tag = string_format("model-%s", ask->storm->models[ask->model].truth->uuid);

	world_update_migrated_model(ask->link->session, tag, ask->target, (struct world_reply){record_done, ask});
}

static void start(struct storm_ask *ask);

static void start_done(void *context, const struct world_outcome *outcome)
{
	struct storm_ask *ask = context;
	bool wants_tag = outcome->error != NULL && strstr(outcome->error->message, "is not a valid") != NULL;

	/* A refusal of the form has had no effect: the other one is tried. */
	if (wants_tag && !ask->tagged) {
		ask->tagged = true;
		start(ask);
		return;
	}
	if (outcome->error != NULL)
		refuse(ask, outcome->error);
	else
		ask->answer.id = text(outcome->text);
	ask_answered(ask);
}

static void start(struct storm_ask *ask)
{
	const char *uuid = ask->storm->models[ask->model].truth->uuid;
	scoped(string) char *value = string_format("%s%s", ask->tagged ? "model-" : "", uuid);

	world_migrate_model(ask->link->session, value, ask->target, (struct world_reply){start_done, ask});
}

static void watch(struct storm_ask *ask)
{
	struct world_error error;

	ask->watcher = world_watch_open(ask->link->session, &error);
	if (ask->watcher == NULL)
		refuse(ask, &error);
}

static void pushed(void *context, struct world_watcher *watcher, const struct world_error *error)
{
	struct storm_ask *ask = context;
	struct world_error absent;
	struct world_view view;

	if (error != NULL) {
		refuse(ask, error);
		ask_answered(ask);
		return;
	}
	ask->answer.removed = watcher->delta.removed;
	if (!world_full_status(watcher->session, &view, &absent) && (watcher->delta.first || watcher->delta.changed)) {
		ask->answer.changed = true;
		ask->answer.word = text(view.status);
		ask->answer.words = text(view.info);
	}
	watcher->delta = (struct world_delta){0};
	ask_answered(ask);
}

static void next(struct storm_ask *ask)
{
	struct world_error error;

	if (world_watch_next(ask->watcher, pushed, ask, &error)) {
		refuse(ask, &error);
		ask_answered(ask);
	}
}

static void neighbour(struct storm_ask *ask)
{
	struct storm *storm = ask->storm;
	struct world_error error = {.code = ""};
	struct world_session *session = world_session_open(storm->world, ask->target, STORM_CLIENT, NULL, NULL);

	world_error_clear(&error);
	if (world_session_route(session, &error) || world_login_token(session, storm->token, &error))
		refuse(ask, &error);
	else
		ask->controller = session->controller;
	world_session_close(session);
}

static const struct service {
	const char *name;
	void (*serve)(struct storm_ask *ask);
	bool waits; /* answers by itself, later */
} services[] = {
	[LOOK_RIGHTS] = {"DisableControllerUUIDMasking", rights, false},
	[LOOK_CONTROLLERS] = {"ListControllers", controllers, false},
	[LOOK_MODELS] = {"AllModels", models, false},
	[LOOK_ROWS] = {"JIMM.ListModels", rows, false},
	[LOOK_SUMMARIES] = {"ListModelSummaries", summaries, false},
	[LOOK_ROW] = {"ModelControllerInfo", row, false},
	[LOOK_TARGETS] = {"ListMigrationTargets", targets, false},
	[LOOK_LOGIN] = {"login", NULL, false},
	[LOOK_STATUS] = {"FullStatus", status, false},
	[LOOK_ARRIVED] = {"FullStatus (target)", status, false},
	[LOOK_INFO] = {"ModelInfo", info, true},
	[LOOK_NEIGHBOUR] = {"login of a neighbour", neighbour, false},
	[LOOK_TARGET] = {"the target itself", NULL, false},
	[LOOK_SOURCE] = {"the source itself", NULL, false},
	[LOOK_SEARCH] = {"all controllers", NULL, false},
	[ASK_START] = {"MigrateModel", start, true},
	[ASK_RECORD] = {"UpdateMigratedModel", record, true},
	[ASK_WATCH] = {"WatchAll", watch, false},
	[ASK_NEXT] = {"Next", next, true},
	[ASK_LATER] = {"(at once)", NULL, false},
};

const char *ask_name(int what)
{
	return services[what].name;
}

void ask_serve(struct storm_ask *ask)
{
	services[ask->what].serve(ask);
	if (!services[ask->what].waits)
		ask_answered(ask);
}

void ask_release(struct ask_answer *answer)
{
	error_free(answer->error);
	jimm_controllers_release(&answer->controllers);
	controller_models_release(&answer->models);
	jimm_models_release(&answer->rows);
	model_summaries_release(&answer->summaries);
	jimm_model_release(&answer->row);
	client_status_release(&answer->status);
	model_summary_release(&answer->info);
	free(answer->id);
	free(answer->word);
	free(answer->words);
	*answer = (struct ask_answer){0};
}
