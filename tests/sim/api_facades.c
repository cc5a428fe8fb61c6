/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "tests/sim/api_json.h"

/* The facades that a login lists, by the first release that has them and by the kind of connection. */
static const char *const model_2_9[] = {
	"AllWatcher", "1", "Client", "1 2 3 4 5", "ModelConfig", "1 2", "Pinger", "1", "Storage", "3 4 5 6", NULL};
static const char *const model_3_0[] = {
	"AllWatcher", "3", "Client", "6", "ModelConfig", "3", "Pinger", "1", "Storage", "6", NULL};
static const char *const model_3_4[] = {
	"AllWatcher", "3", "Client", "6 7", "ModelConfig", "3", "Pinger", "1", "Storage", "6", NULL};
static const char *const model_3_6[] = {
	"AllWatcher", "3", "Client", "6 7 8", "ModelConfig", "3", "Pinger", "1", "Storage", "6", NULL};
static const char *const model_4_0[] = {"Client", "8", "ModelConfig", "3 4", "Pinger", "1", "Storage", "6", NULL};
static const char *const controller_2_9[] = {"Cloud", "1 2 3 4 5 6 7", "Controller", "3 4 5 6 7 8 9 10 11",
	"ModelConfig", "1 2", "ModelManager", "2 3 4 5 6 7 8 9", "Pinger", "1", "UserManager", "1 2", NULL};
static const char *const controller_3_0[] = {"Cloud", "7", "Controller", "11", "ModelConfig", "3", "ModelManager", "9",
	"Pinger", "1", "UserManager", "3", NULL};
static const char *const controller_3_6[] = {"Cloud", "7", "Controller", "11 12", "ModelConfig", "3", "ModelManager",
	"9 10", "Pinger", "1", "UserManager", "3", NULL};
static const char *const controller_4_0[] = {"Cloud", "7", "Controller", "12 13 14", "ModelConfig", "3 4",
	"ModelManager", "10 11", "Pinger", "1", "UserManager", "3", NULL};

static const struct {
	int major, minor;
	const char *const *model, *const *controller;
} releases[] = {
	{4, 0, model_4_0, controller_4_0},
	{3, 6, model_3_6, controller_3_6},
	{3, 4, model_3_4, controller_3_0},
	{3, 0, model_3_0, controller_3_0},
	{0, 0, model_2_9, controller_2_9},
};

static size_t release_of(const struct world_controller *controller)
{
	char *rest;
	long major = strtol(controller->agent_version, &rest, 10), minor = *rest ? strtol(rest + 1, NULL, 10) : 0;
	size_t i = 0;
	while (major < releases[i].major || (major == releases[i].major && minor < releases[i].minor))
		i++;
	return i;
}

const char *const *api_model_facades(const struct world_controller *controller)
{
	return releases[release_of(controller)].model;
}

const char *const *api_controller_facades(const struct world_controller *controller)
{
	return releases[release_of(controller)].controller;
}
