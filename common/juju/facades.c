/* SPDX-License-Identifier: Apache-2.0 */
#include "common/juju/facades.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/scoped.h"

/* The versions whose wire form we know for the calls that we make, ascending, with a 0 at the end. */
static const struct {
	const char *name;
	int versions[9];
} ours[] = {
	{"AllWatcher", {1, 2, 3}},
	{"Client", {1, 2, 3, 4, 5, 6, 7, 8}},
	{"Controller", {11, 12, 14}},
	{"JIMM", {FACADE_JIMM_VERSION}},
	{"ModelManager", {9, 10, 11}},
	{"Pinger", {1}},
};

void facades_release(struct facades *facades)
{
	for (size_t i = 0; i < facades->count; i++) {
		free(facades->list[i].name);
		free(facades->list[i].versions);
	}
	free(facades->list);
	*facades = (struct facades){0};
}

static int facade_has(const struct facade *facade, int version)
{
	for (size_t i = 0; i < facade->version_count; i++)
		if (facade->versions[i] == version)
			return 1;
	return 0;
}

int facades_serve(const struct facades *facades, const char *name, int version)
{
	for (size_t i = 0; i < facades->count; i++)
		if (strcmp(facades->list[i].name, name) == 0 && facade_has(&facades->list[i], version))
			return 1;
	return 0;
}

static const int *our_versions(const char *name)
{
	static const int none[] = {0};

	for (size_t i = 0; i < array_length(ours); i++)
		if (strcmp(ours[i].name, name) == 0)
			return ours[i].versions;
	return none;
}

int facades_best(const struct facades *facades, const char *name)
{
	int best = 0;

	for (const int *version = our_versions(name); *version != 0; version++)
		if (facades_serve(facades, name, *version))
			best = *version;
	return best;
}

int facades_are_jimm(const struct facades *facades)
{
	return facades_serve(facades, "JIMM", FACADE_JIMM_VERSION);
}
