/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/catalogue_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/environment.h"
#include "common/base/folder.h"
#include "common/base/lock_file.h"
#include "common/base/replace.h"
#include "common/base/snap.h"
#include "common/base/text.h"
#include "common/juju/names.h"
#include "common/store/file.h"

#define FIRST_LINE "juju-jaas-migrate catalogue 1"
#define LAST_LINE "end"
#define FIELDS_MAX 9

/* ---- where ---- */

static char *folder_of(char *const *environment, const char *beside)
{
	const char *cache = environment_given(environment, "XDG_CACHE_HOME");
	const char *home = environment_get(environment, "SNAP_REAL_HOME");

	if (snap_look(environment) != SNAP_NONE)
		return string_format("%s/jaas-migrate/cache", beside);
	/* A relative path would name another folder for each working directory. */
	if (cache != NULL && cache[0] == '/')
		return string_format("%s/juju-jaas-migrate", cache);
	home = home != NULL ? home : environment_get(environment, "HOME");
	return string_given(home) ? string_format("%s/.cache/juju-jaas-migrate", home) : NULL;
}

void catalogue_place_init(
	struct catalogue_place *place, char *const *environment, const char *beside, const char *jaas_uuid)
{
	*place = (struct catalogue_place){0};
	if (!names_is_uuid(jaas_uuid))
		return;
	place->folder = folder_of(environment, beside);
	if (place->folder == NULL)
		return;
	/* Names that others have put there would be offered as JAAS's own. */
	if (folder_check(place->folder, NULL) < 0) {
		free(steal(place->folder));
		return;
	}
	place->file = string_format("%s/%s", place->folder, jaas_uuid);
	place->lock = string_format("%s.lock", place->file);
	place->tried = string_format("%s.tried", place->file);
}

void catalogue_place_release(struct catalogue_place *place)
{
	free(place->folder);
	free(place->file);
	free(place->lock);
	free(place->tried);
	*place = (struct catalogue_place){0};
}

/* ---- reading ---- */

/* Splits a line in place; missing fields are "". */
static void split(char *line, char *fields[FIELDS_MAX])
{
	for (size_t i = 0; i < FIELDS_MAX; i++) {
		fields[i] = line;
		line += strcspn(line, "\t");
		if (*line == '\t')
			*line++ = '\0';
	}
}

/* The time beside each model: plain seconds, since it is parsed often and seldom looked at. */
static int64_t seconds(const char *text)
{
	long long number = strtoll(text, NULL, 10);

	return number > 0 && number < INT64_MAX / INSTANT_SECOND ? number * INSTANT_SECOND : 0;
}

static void take_line(struct catalogue *catalogue, char *fields[FIELDS_MAX])
{
	if (strcmp(fields[0], "user") == 0) {
		string_replace(&catalogue->user, fields[1]);
	} else if (strcmp(fields[0], "told") == 0) {
		catalogue->models_at = instant_parse(fields[1]);
		catalogue->controllers_at = instant_parse(fields[2]);
	} else if (strcmp(fields[0], "model") == 0) {
		catalogue_add_model(catalogue, &(struct catalogue_model){.uuid = fields[1],
						       .owner = fields[2],
						       .name = fields[3],
						       .host_uuid = fields[4],
						       .host = fields[5],
						       .host_at = seconds(fields[6]),
						       .cloud = fields[7],
						       .region = fields[8]});
	} else if (strcmp(fields[0], "controller") == 0) {
		catalogue_add_controller(catalogue, &(struct catalogue_controller){fields[1], fields[2], fields[3],
							    fields[4], fields[5], fields[6]});
	}
}

/* Parses the whole text. Returns whether it is a catalogue, complete to its last line. */
static bool take_text(struct catalogue *catalogue, char *text)
{
	bool first = true;
	char *rest = NULL;

	for (char *line = strtok_r(text, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest)) {
		char *fields[FIELDS_MAX];

		if (first && strcmp(line, FIRST_LINE) != 0)
			return false;
		if (strcmp(line, LAST_LINE) == 0)
			return strtok_r(NULL, "\n", &rest) == NULL && string_given(catalogue->user);
		split(line, fields);
		take_line(catalogue, fields);
		first = false;
	}
	return false;
}

void catalogue_read(const struct catalogue_place *place, const char *user, int64_t now, struct catalogue *catalogue)
{
	scoped(file) struct file file = {NULL, 0};

	if (place->folder == NULL || file_read(place->file, CATALOGUE_FILE_MAX, &file, NULL) < 0 || file.bytes == NULL)
		return;
	bool good = strlen(file.bytes) == file.length && take_text(catalogue, file.bytes);
	bool other_user = string_given(user) && !string_same(catalogue->user, user);
	/* Lists that a wrong clock has dated in the future would win for ever. */
	bool ahead = catalogue->models_at > now || catalogue->controllers_at > now;
	if (!good || other_user || ahead)
		catalogue_release(catalogue);
	catalogue_settle(catalogue);
}

/* ---- writing ---- */

static void add_line(struct text *text, const char *const *fields, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *field = fields[i] != NULL ? fields[i] : "";

		text_add_string(text, i > 0 ? "\t" : "");
		/* JIMM's texts were made printable; a tab or line break from elsewhere would forge a field or a line. */
		text_add_string(text, field[strcspn(field, "\t\n")] == '\0' ? field : "");
	}
	text_add_string(text, "\n");
}

static void add_head(struct text *text, const struct catalogue *catalogue)
{
	char models[INSTANT_TEXT_SIZE];
	char controllers[INSTANT_TEXT_SIZE];
	const char *const user[] = {"user", catalogue->user};
	const char *const told[] = {"told", instant_format(catalogue->models_at, models),
		instant_format(catalogue->controllers_at, controllers)};

	text_add_string(text, FIRST_LINE "\n");
	add_line(text, user, array_length(user));
	add_line(text, told, array_length(told));
}

static char *text_of(const struct catalogue *catalogue)
{
	scoped(text) struct text text = {.ceiling = CATALOGUE_FILE_MAX};

	add_head(&text, catalogue);
	for (size_t i = 0; i < catalogue->controller_count; i++) {
		const struct catalogue_controller *one = &catalogue->controllers[i];
		const char *const fields[] = {
			"controller", one->name, one->uuid, one->cloud, one->region, one->version, one->status};

		add_line(&text, fields, array_length(fields));
	}
	for (size_t i = 0; i < catalogue->model_count; i++) {
		const struct catalogue_model *one = &catalogue->models[i];
		char host_at[24];
		const char *const fields[] = {"model", one->uuid, one->owner, one->name, one->host_uuid, one->host,
			host_at, one->cloud, one->region};

		snprintf(host_at, sizeof(host_at), "%lld", (long long)(one->host_at / INSTANT_SECOND));
		if (one->name != NULL)
			add_line(&text, fields, array_length(fields));
	}
	text_add_string(&text, LAST_LINE "\n");
	return text.full ? NULL : text_take(&text);
}

static int write_locked(
	const struct catalogue_place *place, const struct catalogue *catalogue, int64_t now, struct error **error)
{
	scoped(catalogue) struct catalogue whole;
	scoped(catalogue) struct catalogue older;

	catalogue_init(&whole);
	catalogue_init(&older);
	whole.user = string_copy(catalogue->user);
	catalogue_read(place, catalogue->user, now, &older);
	catalogue_merge(&whole, &older);
	catalogue_merge(&whole, catalogue);
	scoped(string) char *text = text_of(&whole);
	if (text == NULL)
		return error_set(error, ERROR_FAILED, "cannot keep the lists of JAAS: they are too long");
	return replace_cached_file(place->file, text, strlen(text), error);
}

int catalogue_write(
	const struct catalogue_place *place, const struct catalogue *catalogue, int64_t now, struct error **error)
{
	if (place->folder == NULL || catalogue->user == NULL)
		return 0;
	if (folder_ensure(place->folder, error) < 0)
		return -1;
	int lock = lock_file_open(place->lock, error);
	if (lock < 0)
		return -1;
	int status = flock(lock, LOCK_EX | LOCK_NB) == 0 ? write_locked(place, catalogue, now, error) : 0;
	close(lock);
	return status;
}

void catalogue_keep(const struct catalogue *catalogue, char *const *environment, const char *beside,
	const char *jaas_uuid, int64_t now)
{
	scoped(catalogue_place) struct catalogue_place place = {0};

	catalogue_place_init(&place, environment, beside, jaas_uuid);
	catalogue_write(&place, catalogue, now, NULL);
}

/* ---- failed looks ---- */

void catalogue_mark_tried(const struct catalogue_place *place, int64_t now)
{
	const struct timespec at = {.tv_sec = now / INSTANT_SECOND, .tv_nsec = now % INSTANT_SECOND};

	if (place->folder == NULL || folder_ensure(place->folder, NULL) < 0)
		return;
	int descriptor = lock_file_open(place->tried, NULL);
	if (descriptor < 0)
		return;
	futimens(descriptor, (const struct timespec[]){at, at});
	close(descriptor);
}

int64_t catalogue_changed(const char *path)
{
	struct stat status;

	if (path == NULL || stat(path, &status) < 0)
		return INSTANT_NONE;
	return (int64_t)status.st_mtim.tv_sec * INSTANT_SECOND + status.st_mtim.tv_nsec;
}

int64_t catalogue_tried(const struct catalogue_place *place)
{
	return catalogue_changed(place->tried);
}
