/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "common/base/text.h"
#include "common/store/model_word.h"
#include "plugin/complete_offer.h"

/* What is being offered. */
struct offer {
	const struct complete_known *known;
	const char *jaas; /* "jaas:" as typed, or "" */
	const char *rest; /* what was typed behind it */
	const struct catalogue_model **models;
	size_t count;
	const struct catalogue_model *const *named; /* those that the line has already */
	size_t named_count;
	struct candidates *to;
};

bool offer_can_be_named(const struct catalogue_model *model)
{
	return model->name != NULL && model->owner != NULL && model_word_name(model->name) &&
	       model_word_user(model->owner);
}

static bool is_own(const struct offer *offer, const struct catalogue_model *model)
{
	return string_same(offer->known->user, model->owner);
}

static void add_part(struct text *text, const char *before, const char *part)
{
	if (string_given(part))
		text_add_format(text, "%s%s%s", text->length > 0 ? ", " : "", before, part);
}

/* Returns "WHO, cloud/region, on controller", as far as that is known, owned by the caller. */
static char *describe(const struct catalogue_model *model, const char *who)
{
	scoped(text) struct text text = {.ceiling = (size_t)4 * CANDIDATE_DESCRIPTION_MAX};
	scoped(string) char *place = model->cloud != NULL && model->region != NULL
					     ? string_format("%s/%s", model->cloud, model->region)
					     : string_copy(model->cloud);

	add_part(&text, "", who);
	add_part(&text, "", place);
	add_part(&text, "on ", model->host);
	return text_take(&text);
}

static void add(const struct offer *offer, const char *form, const char *description)
{
	scoped(string) char *value = string_format("%s%s", offer->jaas, form);

	candidates_add(offer->to, value, description);
}

static void add_model(const struct offer *offer, const struct catalogue_model *model, const char *form, const char *who)
{
	if (!string_starts(form, offer->rest))
		return;
	for (size_t i = 0; i < offer->named_count; i++)
		if (offer->named[i] == model)
			return;
	scoped(string) char *description = describe(model, who);
	add(offer, form, description);
}

/* ---- names without an owner ---- */

static int by_name(const void *one, const void *other)
{
	const struct catalogue_model *left = *(const struct catalogue_model *const *)one;
	const struct catalogue_model *right = *(const struct catalogue_model *const *)other;

	return strcmp(left->name, right->name);
}

static void add_bare(const struct offer *offer, const struct catalogue_model *model)
{
	add_model(offer, model, model->name, is_own(offer, model) ? NULL : model->owner);
}

/* A name without an owner means the user's own model, else the only one of that name. */
static void add_names(const struct offer *offer)
{
	size_t next = 0;

	if (offer->count > 1)
		qsort(offer->models, offer->count, sizeof(struct catalogue_model *), by_name);
	for (size_t first = 0; first < offer->count; first = next) {
		const struct catalogue_model *own = NULL;

		for (next = first; next < offer->count && by_name(&offer->models[first], &offer->models[next]) == 0;
			next++)
			if (is_own(offer, offer->models[next]))
				own = offer->models[next];
		if (own != NULL || next == first + 1)
			add_bare(offer, own != NULL ? own : offer->models[first]);
	}
}

/* ---- owners ---- */

static int by_owner(const void *one, const void *other)
{
	const struct catalogue_model *left = *(const struct catalogue_model *const *)one;
	const struct catalogue_model *right = *(const struct catalogue_model *const *)other;

	return strcmp(left->owner, right->owner);
}

static void add_owners(const struct offer *offer)
{
	size_t next = 0;

	if (offer->count > 1)
		qsort(offer->models, offer->count, sizeof(struct catalogue_model *), by_owner);
	for (size_t first = 0; first < offer->count; first = next) {
		for (next = first; next < offer->count && by_owner(&offer->models[first], &offer->models[next]) == 0;)
			next++;
		/* The user's own models need no owner, unless one is being typed. */
		if (is_own(offer, offer->models[first]) && offer->rest[0] == '\0')
			continue;
		scoped(string) char *form = string_format("%s/", offer->models[first]->owner);
		scoped(string) char *description =
			string_format("%zu model%s", next - first, next - first == 1 ? "" : "s");
		add(offer, form, description);
	}
}

/* ---- the other forms ---- */

static void add_full(const struct offer *offer)
{
	for (size_t i = 0; i < offer->count; i++) {
		const struct catalogue_model *model = offer->models[i];
		scoped(string) char *form = string_format("%s/%s", model->owner, model->name);

		add_model(offer, model, form, NULL);
	}
}

static void add_uuids(const struct offer *offer)
{
	for (size_t i = 0; i < offer->count; i++) {
		const struct catalogue_model *model = offer->models[i];

		scoped(string) char *who = string_format("%s/%s", model->owner, model->name);
		add_model(offer, model, model->uuid, who);
	}
}

/* Takes all models that have a name, also those that are on the line already: each decides which model a name means. */
static void collect(struct offer *offer)
{
	const struct catalogue *catalogue = offer->known->catalogue;

	offer->models = memory_get(catalogue->model_count, sizeof(struct catalogue_model *));
	for (size_t i = 0; i < catalogue->model_count; i++)
		if (offer_can_be_named(&catalogue->models[i]))
			offer->models[offer->count++] = &catalogue->models[i];
}

void offer_models(const struct complete_known *known, const struct catalogue_model *const *named, size_t count,
	struct candidates *to)
{
	const char *colon = strchr(to->typed, ':');
	scoped(string) char *jaas = string_copy_length(to->typed, colon != NULL ? (size_t)(colon - to->typed) + 1 : 0);
	struct offer offer = {.known = known,
		.jaas = jaas,
		.rest = to->typed + strlen(jaas),
		.named = named,
		.named_count = count,
		.to = to};

	if (colon != NULL &&
		(known->jaas == NULL || strlen(known->jaas) + 1 != strlen(jaas) || !string_starts(jaas, known->jaas)))
		return;
	collect(&offer);
	if (strchr(offer.rest, '/') != NULL) {
		add_full(&offer);
	} else {
		add_names(&offer);
		add_owners(&offer);
		if (strlen(offer.rest) >= OFFER_UUID_MIN)
			add_uuids(&offer);
	}
	free(offer.models);
}
