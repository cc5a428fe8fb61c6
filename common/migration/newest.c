/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "common/migration/steps.h"

static int compare(const char *one, const char *other)
{
	return strcmp(one != NULL ? one : "", other != NULL ? other : "");
}

static int by_uuid(const void *one, const void *other)
{
	const struct model_summary *const *first = one, *const *second = other;

	return compare((*first)->uuid, (*second)->uuid);
}

/* Entries of one controller keep the order of the list. */
static int by_controller(const void *one, const void *other)
{
	const struct model_summary *const *first = one, *const *second = other;
	int order = compare((*first)->controller_uuid, (*second)->controller_uuid);

	if (order != 0)
		return order;
	return *first < *second ? -1 : *first > *second;
}

static int rows_by_uuid(const void *one, const void *other)
{
	const struct jimm_model *first = one, *second = other;

	return compare(first->uuid, second->uuid);
}

void newest_rows(struct engine *engine, struct jimm_models *rows)
{
	jimm_models_release(&engine->rows);
	engine->rows = call_take(rows);
	if (engine->rows.count > 1)
		qsort(engine->rows.list, engine->rows.count, sizeof(*engine->rows.list), rows_by_uuid);
}

void newest_summaries(struct engine *engine, struct model_summaries *summaries)
{
	struct newest *newest = &engine->newest;
	size_t count;

	newest_release(engine);
	engine->summaries = call_take(summaries);
	count = engine->summaries.count;
	newest->by_uuid = memory_get(count, sizeof(struct model_summary *));
	newest->there = memory_get(count, sizeof(struct model_summary *));
	for (size_t i = 0; i < count; i++) {
		const struct model_summary *entry = &engine->summaries.list[i];

		newest->by_uuid[i] = entry;
		if (!string_same(entry->status, "unavailable"))
			newest->there[newest->there_count++] = entry;
	}
	qsort(newest->by_uuid, count, sizeof(struct model_summary *), by_uuid);
	qsort(newest->there, newest->there_count, sizeof(struct model_summary *), by_controller);
}

void newest_release(struct engine *engine)
{
	free(engine->newest.by_uuid);
	free(engine->newest.there);
	engine->newest = (struct newest){.there_count = 0};
	model_summaries_release(&engine->summaries);
}

const struct model_summary *newest_summary(const struct engine *engine, const char *uuid)
{
	const struct model_summary key = {.uuid = (char *)(uintptr_t)uuid}, *at = &key;
	const struct model_summary *const *found =
		engine->summaries.count > 0 ? bsearch(&at, engine->newest.by_uuid, engine->summaries.count,
						      sizeof(struct model_summary *), by_uuid)
					    : NULL;

	return found != NULL ? *found : NULL;
}

const struct model_summary *newest_neighbour(const struct engine *engine, const struct model_summary *found)
{
	const struct newest *newest = &engine->newest;
	size_t low = 0, high = newest->there_count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (compare(newest->there[middle]->controller_uuid, found->controller_uuid) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < newest->there_count && newest->there[low] == found)
		low++;
	if (low == newest->there_count || !string_same(newest->there[low]->controller_uuid, found->controller_uuid))
		return NULL;
	return newest->there[low];
}

const struct jimm_model *newest_row(const struct engine *engine, const char *uuid)
{
	const struct jimm_model key = {.uuid = (char *)(uintptr_t)uuid};

	if (engine->rows.count == 0)
		return NULL;
	return bsearch(&key, engine->rows.list, engine->rows.count, sizeof(key), rows_by_uuid);
}
