/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/world_era.h"

#include <json-c/json.h>
#include <stddef.h>
#include <string.h>

#include "common/base/instant.h"

static const char *const facades_2024[] = {"JIMM", "4", "ModelManager", "9", "Controller", "11", "Pinger", "1",
	"UserManager", "3", "Cloud", "7", "ModelSummaryWatcher", "1", NULL};
static const char *const facades_2026[] = {"JIMM", "4", "ModelManager", "9 10", "Controller", "11 12", "Pinger", "1",
	"UserManager", "3", "Cloud", "7", "ModelSummaryWatcher", "1", "MigrationTarget", "6", "ModelUpgrader", "1",
	"ModelConfig", "3", NULL};

/* clang-format off */
#define COMMON_2025 .lists_live = true, .idle = 180 * INSTANT_SECOND, .facades = facades_2024
#define COMMON_2026                                                                                                    \
	.lists_live = true, .idle = 180 * INSTANT_SECOND, .facades = facades_2026, .lock = true, .alias = true,        \
	.completes = true, .refusal_text = true, .list_targets = true, .controller_info = true,                        \
	.controllers_by_right = true, .model_migrating = true, .poller = true, .poller_deletes = true,                 \
	.model_info_deletes = true, .fatal_login = true, .login_cause = true
#define COMMON_E3                                                                                                      \
	COMMON_2026, .refusal_code = true, .controller_info_for_all = true, .list_models = true,                       \
	.show_controller = true, .asks_as_caller = true, .external_admin = true
/* clang-format on */

static const struct world_era eras[] = {
	{.name = "E0",
		.version = "v3.1.12",
		.facades = facades_2024,
		.idle = 90 * INSTANT_SECOND,
		.migrate_by_tag = true},
	{.name = "E1", .version = "v3.2.9", COMMON_2025},
	{.name = "E1d", .version = "v3.3.1", COMMON_2025, .poller = true, .poller_deletes = true},
	{.name = "E2",
		.version = "unknown version",
		COMMON_2026,
		.model_status_deletes = true,
		.start_gap_panics = true},
	{.name = "E3", .version = "unknown version", COMMON_E3, .model_status_deletes = true},
	{.name = "E3+", .version = "unknown version", COMMON_E3, .deletes_dying_only = true, .version_gate = true},
};

static const struct capability {
	const char *name;
	size_t offset;
} capabilities[] = {
	{"migrate-by-tag", offsetof(struct world_era, migrate_by_tag)},
	{"lock", offsetof(struct world_era, lock)},
	{"alias", offsetof(struct world_era, alias)},
	{"completes", offsetof(struct world_era, completes)},
	{"lists-live", offsetof(struct world_era, lists_live)},
	{"refusal-code", offsetof(struct world_era, refusal_code)},
	{"refusal-text", offsetof(struct world_era, refusal_text)},
	{"controller-info", offsetof(struct world_era, controller_info)},
	{"controller-info-for-all", offsetof(struct world_era, controller_info_for_all)},
	{"list-models", offsetof(struct world_era, list_models)},
	{"list-targets", offsetof(struct world_era, list_targets)},
	{"show-controller", offsetof(struct world_era, show_controller)},
	{"controllers-by-right", offsetof(struct world_era, controllers_by_right)},
	{"model-migrating", offsetof(struct world_era, model_migrating)},
	{"asks-as-caller", offsetof(struct world_era, asks_as_caller)},
	{"external-admin", offsetof(struct world_era, external_admin)},
	{"model-info-deletes", offsetof(struct world_era, model_info_deletes)},
	{"model-status-deletes", offsetof(struct world_era, model_status_deletes)},
	{"poller", offsetof(struct world_era, poller)},
	{"poller-deletes", offsetof(struct world_era, poller_deletes)},
	{"deletes-dying-only", offsetof(struct world_era, deletes_dying_only)},
	{"start-gap-panics", offsetof(struct world_era, start_gap_panics)},
	{"fatal-login", offsetof(struct world_era, fatal_login)},
	{"login-cause", offsetof(struct world_era, login_cause)},
	{"version-gate", offsetof(struct world_era, version_gate)},
};

const struct world_era *world_era_find(const char *name)
{
	if (!strcmp(name, "2024"))
		name = "E0";
	if (!strcmp(name, "2026"))
		name = "E3";
	for (size_t i = 0; i < array_length(eras); i++)
		if (!strcmp(eras[i].name, name))
			return &eras[i];
	return NULL;
}

static const struct capability *capability_find(const char *name)
{
	for (size_t i = 0; i < array_length(capabilities); i++)
		if (!strcmp(capabilities[i].name, name))
			return &capabilities[i];
	return NULL;
}

int world_era_change(struct world_era *era, struct json_object *changes, struct error **error)
{
	if (!changes)
		return 0;
	json_object_object_foreach(changes, name, value)
	{
		const struct capability *capability = capability_find(name);
		if (!capability)
			return error_set(error, ERROR_FAILED, "unknown capability \"%s\"", name);
		if (!json_object_is_type(value, json_type_boolean))
			return error_set(error, ERROR_FAILED, "capability \"%s\" is no boolean", name);
		*(bool *)((char *)era + capability->offset) = json_object_get_boolean(value);
	}
	return 0;
}
