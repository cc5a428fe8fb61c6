/* SPDX-License-Identifier: Apache-2.0 */
#include "common/store/resolve.h"

#include <string.h>

#include "common/base/nearest.h"
#include "common/base/shell.h"
#include "common/base/text.h"

/* Longest list of matches in a message, in bytes. */
#define MATCHES_MAX ((size_t)64 * 1024)
/* Longest owner, name or UUID in that list. */
#define SHOWN_MAX 256

/* One way to match a word with a model; `user` is who is logged in, never NULL. */
typedef int matcher(const struct model_word *word, const char *user, const struct resolve_model *model);

static int is_full_name(const struct model_word *word, const char *user, const struct resolve_model *model)
{
	(void)user;
	return strcmp(model->owner, word->owner) == 0 && strcmp(model->name, word->name) == 0;
}

static int is_own_name(const struct model_word *word, const char *user, const struct resolve_model *model)
{
	return user[0] != '\0' && strcmp(model->owner, user) == 0 && strcmp(model->name, word->name) == 0;
}

static int is_bare_name(const struct model_word *word, const char *user, const struct resolve_model *model)
{
	(void)user;
	return strcmp(model->name, word->name) == 0;
}

static int is_uuid(const struct model_word *word, const char *user, const struct resolve_model *model)
{
	(void)user;
	return word->whole && strcmp(model->uuid, word->name) == 0;
}

static int is_prefix(const struct model_word *word, const char *user, const struct resolve_model *model)
{
	(void)user;
	return word->prefix && string_starts(model->uuid, word->name);
}

static int same_model(const struct resolve_model *one, const struct resolve_model *other)
{
	if (strcmp(one->uuid, other->uuid) != 0)
		return 0;
	return one->uuid[0] != '\0' || (strcmp(one->owner, other->owner) == 0 && strcmp(one->name, other->name) == 0);
}

/* What one way of matching found: the first match, and whether different models match. */
struct found {
	size_t index;
	int any;
	int several;
};

static struct found look(matcher *matches, const struct model_word *word, const char *user,
	const struct resolve_model *models, size_t count)
{
	struct found found = {0, 0, 0};

	for (size_t i = 0; i < count; i++) {
		if (!matches(word, user, &models[i]))
			continue;
		if (!found.any)
			found.index = i;
		else if (!same_model(&models[found.index], &models[i]))
			found.several = 1;
		found.any = 1;
	}
	return found;
}

static void add_shown(struct text *text, const char *foreign)
{
	scoped(string) char *shown = text_printable_length(foreign, strlen(foreign), SHOWN_MAX);

	text_add_string(text, shown);
}

/* Adds "owner/name (uuid)". */
static void add_model(struct text *text, const struct resolve_model *model)
{
	add_shown(text, model->owner);
	text_add_string(text, "/");
	add_shown(text, model->name);
	text_add_string(text, " (");
	add_shown(text, model->uuid);
	text_add_string(text, ")");
}

static int refuse_several(matcher *matches, const struct model_word *word, const char *controller, const char *user,
	const struct resolve_model *models, size_t count, struct error **error)
{
	scoped(text) struct text list;
	scoped(string) char *where = text_printable_length(controller, strlen(controller), SHOWN_MAX);
	scoped(string) char *owner = text_printable_length(word->owner, strlen(word->owner), SHOWN_MAX);
	scoped(string) char *name = text_printable_length(word->name, strlen(word->name), SHOWN_MAX);

	text_init(&list, MATCHES_MAX);
	for (size_t i = 0; i < count; i++) {
		if (!matches(word, user, &models[i]))
			continue;
		text_add_string(&list, list.length > 0 ? ", " : "");
		add_model(&list, &models[i]);
	}
	return error_set(error, ERROR_FAILED, "model %s:%s%s%s is ambiguous: %s%s; give %s", where, owner,
		owner[0] != '\0' ? "/" : "", name, list.data != NULL ? list.data : "", list.full ? " and more" : "",
		matches == is_prefix ? "more of the UUID" : "the owner or the UUID");
}

static int is_of(const char *owner, const struct resolve_model *model)
{
	return owner[0] == '\0' || strcmp(model->owner, owner) == 0;
}

/* As guess, among the models of `owner`, "" for all. Who has typed an owner is shown one: the user's own may be another model. */
static char *guess_of(const char *owner, const struct model_word *word, const char *user,
	const struct resolve_model *models, size_t count)
{
	struct nearest nearest;
	scoped(text) struct text list;

	nearest_init(&nearest, word->name);
	for (size_t i = 0; i < count; i++)
		if (is_of(owner, &models[i]))
			nearest_take(&nearest, models[i].name);
	text_init(&list, MATCHES_MAX);
	for (size_t i = 0; i < nearest.count; i++)
		for (size_t j = 0; j < count; j++) {
			if (strcmp(models[j].name, nearest.names[i]) != 0 || !is_of(owner, &models[j]))
				continue;
			int own = word->owner[0] == '\0' && strcmp(models[j].owner, user) == 0;
			scoped(string) char *shown =
				text_printable_length(models[j].owner, strlen(models[j].owner), SHOWN_MAX);
			scoped(string) char *name =
				text_printable_length(models[j].name, strlen(models[j].name), SHOWN_MAX);

			text_add_format(&list, "%s%s%s%s", list.length > 0 ? " or " : "", own ? "" : shown,
				own ? "" : "/", name);
			break;
		}
	return list.length > 0 ? text_take(&list) : NULL;
}

/* Returns the names that may have been meant, as they must be typed, owned by the caller; NULL if none is near. */
static char *guess(const struct model_word *word, const char *user, const struct resolve_model *models, size_t count)
{
	char *meant = guess_of(word->owner, word, user, models, count);

	return meant != NULL || word->owner[0] == '\0' ? meant : guess_of("", word, user, models, count);
}

static int refuse_unknown(const struct model_word *word, const char *controller, const char *user,
	const struct resolve_model *models, size_t count, struct error **error)
{
	scoped(string) char *where = text_printable_length(controller, strlen(controller), SHOWN_MAX);
	/* A name without an owner is shown as the person's own, unless it can be a UUID. */
	const char *owner = word->owner[0] != '\0' || word->prefix ? word->owner : user;
	scoped(string) char *shown = text_printable_length(owner, strlen(owner), SHOWN_MAX);

	scoped(string) char *named = text_printable_length(word->name, strlen(word->name), SHOWN_MAX);
	scoped(string) char *meant = guess(word, user, models, count);

	if (meant != NULL)
		return error_set(error, ERROR_FAILED, "model %s:%s%s%s not found; did you mean %s?", where, shown,
			owner[0] != '\0' ? "/" : "", named, meant);
	scoped(string) char *option = shell_word(controller);
	return error_set(error, ERROR_FAILED, "model %s:%s%s%s not found; \"juju models -c %s\" lists what you can see",
		where, shown, owner[0] != '\0' ? "/" : "", named, option);
}

int resolve_model(const struct model_word *word, const char *controller, const char *user,
	const struct resolve_model *models, size_t count, size_t *index, struct error **error)
{
	static matcher *const ways[] = {is_own_name, is_bare_name, is_uuid, is_prefix};
	static matcher *const owned_ways[] = {is_full_name};
	int owned = word->owner[0] != '\0';
	matcher *const *tried = owned ? owned_ways : ways;
	const char *self = user != NULL ? user : "";

	for (size_t i = 0; i < (owned ? array_length(owned_ways) : array_length(ways)); i++) {
		struct found found = look(tried[i], word, self, models, count);
		if (found.several)
			return refuse_several(tried[i], word, controller, self, models, count, error);
		if (found.any) {
			*index = found.index;
			return 0;
		}
	}
	return refuse_unknown(word, controller, self, models, count, error);
}
