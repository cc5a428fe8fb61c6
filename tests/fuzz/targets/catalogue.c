/* SPDX-License-Identifier: Apache-2.0 */
/* The kept lists of a JAAS, and the same written again. */
#include <string.h>
#include <unistd.h>

#include "plugin/catalogue_file.h"
#include "tests/fuzz/fuzz.h"

#define JAAS "1c9f0000-0d0e-4e55-8f0b-6f2a6f6f0002"
#define NOW (INT64_C(1790000000) * INSTANT_SECOND)

static void expect_sound(const struct catalogue *catalogue)
{
	fuzz_expect(catalogue->model_count <= CATALOGUE_MODELS_MAX);
	fuzz_expect(catalogue->controller_count <= CATALOGUE_CONTROLLERS_MAX);
	fuzz_expect(catalogue->models_at <= NOW && catalogue->controllers_at <= NOW);
	fuzz_expect(catalogue->user != NULL || (catalogue->model_count == 0 && catalogue->controller_count == 0));
	for (size_t i = 0; i < catalogue->model_count; i++) {
		const struct catalogue_model *one = &catalogue->models[i];

		fuzz_expect(i == 0 || strcmp(catalogue->models[i - 1].uuid, one->uuid) < 0);
		fuzz_expect(catalogue_find(catalogue, one->uuid) == one);
	}
	for (size_t i = 0; i < catalogue->controller_count; i++)
		fuzz_expect(catalogue->controllers[i].name != NULL);
}

static void write_again(const struct catalogue_place *place, const struct catalogue *catalogue)
{
	scoped(catalogue) struct catalogue again;
	size_t named = 0;

	catalogue_init(&again);
	unlink(place->file);
	if (catalogue_write(place, catalogue, NOW, NULL) < 0)
		return;
	catalogue_read(place, catalogue->user, NOW, &again);
	expect_sound(&again);
	if (catalogue->user == NULL)
		return;
	for (size_t i = 0; i < catalogue->model_count; i++)
		named += catalogue->models[i].name != NULL;
	fuzz_expect(string_same(again.user, catalogue->user));
	if (catalogue->models_at != INSTANT_NONE)
		fuzz_expect(again.model_count == named);
	if (catalogue->controllers_at != INSTANT_NONE)
		fuzz_expect(again.controller_count == catalogue->controller_count);
}

void fuzz_one(const char *bytes, size_t length)
{
	scoped(string) char *cache = string_format("XDG_CACHE_HOME=%s", fuzz_folder());
	char *const environment[] = {cache, NULL};
	scoped(catalogue_place) struct catalogue_place place;
	scoped(catalogue) struct catalogue catalogue;
	scoped(catalogue) struct catalogue nobody;

	catalogue_place_init(&place, environment, "/nowhere", JAAS);
	catalogue_init(&nobody);
	nobody.user = string_copy("alice@canonical.com");
	/* Makes the folder. */
	if (access(place.folder, W_OK) != 0)
		fuzz_expect(catalogue_write(&place, &nobody, NOW, NULL) == 0);
	catalogue_init(&catalogue);
	fuzz_write(place.file, bytes, length);
	catalogue_read(&place, NULL, NOW, &catalogue);
	expect_sound(&catalogue);
	write_again(&place, &catalogue);
}
