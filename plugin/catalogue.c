/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/catalogue.h"

#include <stdlib.h>
#include <string.h>

#include "common/juju/names.h"

void catalogue_init(struct catalogue *catalogue)
{
	memset(catalogue, 0, sizeof(*catalogue));
	catalogue->models_at = INSTANT_NONE;
	catalogue->controllers_at = INSTANT_NONE;
}

static void release_model(struct catalogue_model *model)
{
	char *const owned[] = {
		model->uuid, model->owner, model->name, model->host_uuid, model->host, model->cloud, model->region};

	for (size_t i = 0; i < array_length(owned); i++)
		free(owned[i]);
}

static void clear_controllers(struct catalogue *catalogue)
{
	for (size_t i = 0; i < catalogue->controller_count; i++) {
		struct catalogue_controller *controller = &catalogue->controllers[i];
		char *const owned[] = {controller->name, controller->uuid, controller->cloud, controller->region,
			controller->version, controller->status};

		for (size_t k = 0; k < array_length(owned); k++)
			free(owned[k]);
	}
	catalogue->controller_count = 0;
}

void catalogue_release(struct catalogue *catalogue)
{
	for (size_t i = 0; i < catalogue->model_count; i++)
		release_model(&catalogue->models[i]);
	clear_controllers(catalogue);
	free(catalogue->models);
	free(catalogue->controllers);
	free(catalogue->user);
	catalogue_init(catalogue);
}

/* ---- models ---- */

static char *given(const char *text)
{
	return string_given(text) ? string_copy(text) : NULL;
}

void catalogue_add_model(struct catalogue *catalogue, const struct catalogue_model *model)
{
	/* Twice the ceiling: each model that is known already may be told once more. */
	if (!names_is_uuid(model->uuid) || catalogue->model_count >= (size_t)2 * CATALOGUE_MODELS_MAX)
		return;
	catalogue->models = memory_room(
		catalogue->models, catalogue->model_count, &catalogue->model_capacity, sizeof(*catalogue->models));
	catalogue->models[catalogue->model_count] = (struct catalogue_model){
		.uuid = string_copy(model->uuid),
		.owner = given(model->owner),
		.name = given(model->name),
		.host_uuid = given(model->host_uuid),
		.host = given(model->host),
		.host_at = string_given(model->host_uuid) || string_given(model->host) ? model->host_at : 0,
		.cloud = given(model->cloud),
		.region = given(model->region),
		.order = catalogue->model_count,
	};
	catalogue->model_count++;
}

static int by_uuid(const void *one, const void *other)
{
	const struct catalogue_model *left = one;
	const struct catalogue_model *right = other;
	int order = strcmp(left->uuid, right->uuid);

	if (order == 0)
		return left->order < right->order ? -1 : 1;
	return order;
}

static void take_over(char **known, char **told)
{
	if (*told == NULL)
		return;
	free(*known);
	*known = steal(*told);
}

/* Moves what `told` has into `known`. */
static void merge(struct catalogue_model *known, struct catalogue_model *told)
{
	bool has_host = told->host != NULL || told->host_uuid != NULL;
	bool same_host = told->host_uuid != NULL && string_same(told->host_uuid, known->host_uuid);

	if (has_host && told->host_at >= known->host_at) {
		/* The UUID of the old host beside the name of the new one, or the reverse, would be wrong. */
		if (!same_host)
			string_replace(&known->host, NULL);
		string_replace(&known->host_uuid, NULL);
		take_over(&known->host_uuid, &told->host_uuid);
		take_over(&known->host, &told->host);
		known->host_at = told->host_at;
	}
	take_over(&known->owner, &told->owner);
	take_over(&known->name, &told->name);
	take_over(&known->cloud, &told->cloud);
	take_over(&known->region, &told->region);
	release_model(told);
}

void catalogue_settle(struct catalogue *catalogue)
{
	size_t count = 0;

	if (catalogue->model_count > 1)
		qsort(catalogue->models, catalogue->model_count, sizeof(*catalogue->models), by_uuid);
	for (size_t i = 0; i < catalogue->model_count; i++) {
		struct catalogue_model *model = &catalogue->models[i];

		if (count > 0 && strcmp(catalogue->models[count - 1].uuid, model->uuid) == 0)
			merge(&catalogue->models[count - 1], model);
		else if (count >= CATALOGUE_MODELS_MAX)
			release_model(model);
		else
			catalogue->models[count++] = *model;
	}
	catalogue->model_count = count;
	for (size_t i = 0; i < count; i++)
		catalogue->models[i].order = i;
}

static int has_uuid(const void *uuid, const void *model)
{
	return strcmp(uuid, ((const struct catalogue_model *)model)->uuid);
}

const struct catalogue_model *catalogue_find(const struct catalogue *catalogue, const char *uuid)
{
	if (uuid == NULL || catalogue->model_count == 0)
		return NULL;
	return bsearch(uuid, catalogue->models, catalogue->model_count, sizeof(*catalogue->models), has_uuid);
}

/* ---- controllers ---- */

void catalogue_add_controller(struct catalogue *catalogue, const struct catalogue_controller *controller)
{
	if (!string_given(controller->name) || catalogue->controller_count >= CATALOGUE_CONTROLLERS_MAX)
		return;
	catalogue->controllers = memory_room(catalogue->controllers, catalogue->controller_count,
		&catalogue->controller_capacity, sizeof(*catalogue->controllers));
	catalogue->controllers[catalogue->controller_count++] = (struct catalogue_controller){
		.name = string_copy(controller->name),
		.uuid = given(controller->uuid),
		.cloud = given(controller->cloud),
		.region = given(controller->region),
		.version = given(controller->version),
		.status = given(controller->status),
	};
}

/* ---- what JIMM answers ---- */

static void learn_models(struct catalogue *catalogue, const struct controller_models *models, int64_t now)
{
	/* A model that is not in this list any more is not offered. */
	for (size_t i = 0; i < catalogue->model_count; i++) {
		string_replace(&catalogue->models[i].owner, NULL);
		string_replace(&catalogue->models[i].name, NULL);
	}
	for (size_t i = 0; i < models->count; i++) {
		const struct controller_model *model = &models->list[i];

		catalogue_add_model(catalogue,
			&(struct catalogue_model){.uuid = model->uuid, .owner = model->owner, .name = model->name});
	}
	catalogue->models_at = now;
}

static void learn_rows(struct catalogue *catalogue, const struct jimm_models *rows, int64_t now)
{
	for (size_t i = 0; i < rows->count; i++) {
		const struct jimm_model *row = &rows->list[i];

		catalogue_add_model(catalogue, &(struct catalogue_model){.uuid = row->uuid,
						       .host_uuid = row->controller_uuid,
						       .host = row->controller_name,
						       .host_at = now});
	}
}

static void learn_summaries(
	struct catalogue *catalogue, const struct model_summaries *summaries, const char *jaas_uuid, int64_t now)
{
	for (size_t i = 0; i < summaries->count; i++) {
		const struct model_summary *summary = &summaries->list[i];
		bool masked = string_same(summary->controller_uuid, jaas_uuid);

		catalogue_add_model(catalogue, &(struct catalogue_model){.uuid = summary->uuid,
						       .host_uuid = masked ? NULL : summary->controller_uuid,
						       .host_at = now,
						       .cloud = summary->cloud,
						       .region = summary->region});
	}
}

static void learn_controllers(
	struct catalogue *catalogue, const struct jimm_controllers *controllers, const char *jaas_uuid, int64_t now)
{
	clear_controllers(catalogue);
	for (size_t i = 0; i < controllers->count; i++) {
		const struct jimm_controller *told = &controllers->list[i];

		/* Callers without rights get one entry that stands for JIMM itself. */
		if (string_same(told->uuid, jaas_uuid))
			continue;
		catalogue_add_controller(catalogue, &(struct catalogue_controller){told->name, told->uuid, told->cloud,
							    told->region, told->agent_version, told->status});
	}
	catalogue->controllers_at = now;
}

void catalogue_learn(struct catalogue *catalogue, const struct migration_answer *answer, const char *user,
	const char *jaas_uuid, int64_t now)
{
	if (!string_same(catalogue->user, user)) {
		catalogue_release(catalogue);
		catalogue->user = string_copy(user);
	}
	if (answer->what == LOOK_MODELS && answer->models != NULL)
		learn_models(catalogue, answer->models, now);
	if (answer->what == LOOK_ROWS && answer->rows != NULL)
		learn_rows(catalogue, answer->rows, now);
	if (answer->what == LOOK_SUMMARIES && answer->summaries != NULL)
		learn_summaries(catalogue, answer->summaries, jaas_uuid, now);
	if (answer->what == LOOK_CONTROLLERS && answer->controllers != NULL)
		learn_controllers(catalogue, answer->controllers, jaas_uuid, now);
	catalogue_settle(catalogue);
}

void catalogue_moved(
	struct catalogue *catalogue, const char *uuid, const char *host_uuid, const char *host, int64_t now)
{
	catalogue_add_model(catalogue, &(struct catalogue_model){.uuid = (char *)(uintptr_t)uuid,
					       .host_uuid = (char *)(uintptr_t)host_uuid,
					       .host = (char *)(uintptr_t)host,
					       .host_at = now});
	catalogue_settle(catalogue);
}

/* ---- from elsewhere ---- */

void catalogue_add_remembered(struct catalogue *catalogue, const struct store_model_list *models)
{
	size_t known = catalogue->model_count;

	for (size_t i = 0; i < models->count; i++) {
		const struct store_model *model = &models->items[i];
		struct catalogue sorted = *catalogue;

		/* Some releases of juju spell owners differently: JIMM's spelling counts. */
		sorted.model_count = known;
		const struct catalogue_model *found = catalogue_find(&sorted, model->uuid);
		if (found == NULL || found->name == NULL)
			catalogue_add_model(
				catalogue, &(struct catalogue_model){
						   .uuid = model->uuid, .owner = model->owner, .name = model->name});
	}
	catalogue_settle(catalogue);
}

/* Adds the models of `from`: all that is known of them, or without `named` all but their names. */
static void add_models(struct catalogue *to, const struct catalogue *from, bool named)
{
	for (size_t i = 0; i < from->model_count; i++) {
		struct catalogue_model model = from->models[i];

		if (!named)
			model.owner = model.name = NULL;
		catalogue_add_model(to, &model);
	}
}

static void merge_models(struct catalogue *catalogue, const struct catalogue *other)
{
	scoped(catalogue) struct catalogue whole;
	struct catalogue before = *catalogue;
	bool other_is_newer = other->models_at > catalogue->models_at;

	catalogue_init(&whole);
	add_models(&whole, other, other_is_newer);
	add_models(&whole, catalogue, !other_is_newer);
	catalogue_settle(&whole);
	catalogue->models = whole.models;
	catalogue->model_count = whole.model_count;
	catalogue->model_capacity = whole.model_capacity;
	whole.models = before.models;
	whole.model_count = before.model_count;
	if (other_is_newer)
		catalogue->models_at = other->models_at;
}

void catalogue_merge(struct catalogue *catalogue, const struct catalogue *other)
{
	if (!string_same(catalogue->user, other->user))
		return;
	merge_models(catalogue, other);
	if (other->controllers_at <= catalogue->controllers_at)
		return;
	clear_controllers(catalogue);
	for (size_t i = 0; i < other->controller_count; i++)
		catalogue_add_controller(catalogue, &other->controllers[i]);
	catalogue->controllers_at = other->controllers_at;
}
