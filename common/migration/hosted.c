/* SPDX-License-Identifier: Apache-2.0 */
#include "common/migration/hosted.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/nearest.h"
#include "common/base/text.h"

/* Longest list of names in one message, in bytes. */
#define NAMES_MAX 600

/* Returns the controller's entry, borrowed, or NULL. Callers without rights get one entry that stands for JIMM itself. */
static const struct jimm_controller *find_controller(const struct lists *lists, const char *jimm_uuid, const char *name)
{
	for (size_t i = 0; i < lists->controllers.count; i++) {
		const struct jimm_controller *controller = &lists->controllers.list[i];

		if (string_same(controller->uuid, jimm_uuid))
			continue;
		if (string_same(controller->name, name) ||
			(string_given(controller->uuid) && string_same(controller->uuid, name)))
			return controller;
	}
	return NULL;
}

static int unknown(const struct lists *lists, const char *name, struct error **error)
{
	scoped(string) char *shown = text_printable(name);
	scoped(text) struct text names;
	struct nearest nearest;

	text_init(&names, NAMES_MAX);
	nearest_init(&nearest, name);
	for (size_t i = 0; i < lists->controllers.count; i++) {
		nearest_take(&nearest, lists->controllers.list[i].name);
		text_add_format(&names, "%s%s", i > 0 ? ", " : "", lists->controllers.list[i].name);
	}
	scoped(string) char *near = nearest_text(&nearest);
	if (near != NULL)
		return error_set(error, ERROR_FAILED, "JIMM knows no controller \"%s\"; did you mean %s?", shown, near);
	return error_set(error, ERROR_FAILED, "JIMM knows no controller \"%s\"; it knows: %s%s", shown,
		names.data != NULL ? names.data : "none", names.full ? ", ..." : "");
}

int hosted_known(const struct lists *lists, const char *jimm_uuid, const char *name, struct error **error)
{
	/* Only an administrator is shown every controller. */
	bool all = lists->administrator && lists->controllers.count > 0;

	return all && find_controller(lists, jimm_uuid, name) == NULL ? unknown(lists, name, error) : 0;
}

/* ---- the models ---- */

/* What identifies the controller in the lists of models. */
struct wanted {
	const char *name, *uuid; /* either may be NULL */
};

/* JIMM may know one controller under two names: either its UUID or the name matches. */
static bool is_there(const struct wanted *wanted, const char *name, const char *uuid)
{
	return (string_given(wanted->uuid) && string_same(wanted->uuid, uuid)) ||
	       (string_given(wanted->name) && string_same(wanted->name, name));
}

static const char *owner_of(const struct lists *lists, const char *uuid)
{
	for (size_t i = 0; i < lists->models.count; i++)
		if (string_same(lists->models.list[i].uuid, uuid))
			return lists->models.list[i].owner;
	return "";
}

static void add(struct hosted *hosted, size_t *capacity, const char *uuid, const char *name, const char *owner)
{
	if (string_same(name, HOSTED_CONTROLLER_MODEL)) {
		hosted->left_out++;
		return;
	}
	hosted->list = memory_room(hosted->list, hosted->count, capacity, sizeof(*hosted->list));
	hosted->list[hosted->count++] = (struct hosted_model){string_copy(uuid), string_copy(name), string_copy(owner)};
}

static void take_rows(const struct lists *lists, const struct wanted *wanted, struct hosted *hosted)
{
	size_t capacity = 0;

	for (size_t i = 0; i < lists->rows.count; i++) {
		const struct jimm_model *row = &lists->rows.list[i];

		if (!string_given(row->uuid) || !is_there(wanted, row->controller_name, row->controller_uuid))
			continue;
		if (!string_given(hosted->controller) && string_given(row->controller_name))
			string_replace(&hosted->controller, row->controller_name);
		add(hosted, &capacity, row->uuid, row->name, owner_of(lists, row->uuid));
	}
}

/* Returns 0, or -1 with an error if the summaries hide where a model is. */
static int take_summaries(const struct lists *lists, const char *jimm_uuid, const struct wanted *wanted,
	struct hosted *hosted, struct error **error)
{
	size_t capacity = 0;

	if (lists->summaries.refused > 0)
		return error_set(error, ERROR_FAILED, "JIMM does not tell where %zu of the models are: %s",
			lists->summaries.refused, lists->summaries.error->message);
	for (size_t i = 0; i < lists->summaries.count; i++) {
		const struct model_summary *summary = &lists->summaries.list[i];

		if (string_same(summary->controller_uuid, jimm_uuid))
			return error_set(error, ERROR_FAILED, "JIMM hides which controller hosts %s/%s; try again",
				summary->owner, summary->name);
		if (string_given(summary->uuid) && is_there(wanted, NULL, summary->controller_uuid))
			add(hosted, &capacity, summary->uuid, summary->name, summary->owner);
	}
	return 0;
}

static int by_owner_and_name(const void *one, const void *other)
{
	const struct hosted_model *a = one, *b = other;
	int owners = strcmp(a->owner, b->owner);
	int names = strcmp(a->name, b->name);

	if (owners != 0)
		return owners;
	return names != 0 ? names : strcmp(a->uuid, b->uuid);
}

/* An empty list is an answer only if the controller is known to exist. Returns 0, or -1 with an error. */
static int doubt(const struct lists *lists, bool listed, const char *controller, const struct hosted *hosted,
	struct error **error)
{
	scoped(string) char *shown = text_printable(controller);

	if (lists->administrator || listed || hosted->count + hosted->left_out > 0)
		return 0;
	return error_set(error, ERROR_FAILED,
		"none of the models that you may see is on \"%s\"; whether JIMM has a controller of that name is told "
		"to its "
		"administrators only",
		shown);
}

int hosted_find(const struct lists *lists, const char *jimm_uuid, const char *controller, struct hosted *hosted,
	struct error **error)
{
	const struct jimm_controller *entry = find_controller(lists, jimm_uuid, controller);
	const struct wanted wanted = {
		entry != NULL ? entry->name : controller, entry != NULL ? entry->uuid : controller};

	*hosted = (struct hosted){.partly = !lists->administrator};
	if (hosted_known(lists, jimm_uuid, controller, error) < 0)
		return -1;
	if (!lists->rows_told && !lists->administrator)
		return error_set(error, ERROR_FAILED,
			"this JIMM tells only its administrators which controller hosts a model; name the models "
			"instead");
	hosted->controller = entry != NULL ? string_copy(entry->name) : NULL;
	int status = 0;
	if (lists->rows_told)
		take_rows(lists, &wanted, hosted);
	else
		status = take_summaries(lists, jimm_uuid, &wanted, hosted, error);
	if (status == 0)
		status = doubt(lists, entry != NULL, controller, hosted, error);
	if (hosted->controller == NULL)
		hosted->controller = text_printable(controller);
	if (hosted->count > 0)
		qsort(hosted->list, hosted->count, sizeof(*hosted->list), by_owner_and_name);
	if (status < 0)
		hosted_release(hosted);
	return status;
}

void hosted_release(struct hosted *hosted)
{
	for (size_t i = 0; i < hosted->count; i++) {
		free(hosted->list[i].uuid);
		free(hosted->list[i].name);
		free(hosted->list[i].owner);
	}
	free(hosted->list);
	free(hosted->controller);
	*hosted = (struct hosted){.controller = NULL};
}
