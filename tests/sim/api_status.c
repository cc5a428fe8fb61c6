/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "tests/sim/api_json.h"

static struct json_object *detailed_status(const char *status, const char *info, int64_t since)
{
	struct json_object *object = api_status(status, info, since);
	api_put_text(object, "kind", "");
	api_put_text(object, "version", "");
	api_put_text(object, "life", "");
	return object;
}

/* Agents that stayed with the source are not seen on the target: they are those of the last machines. */
static const char *agent_status(const struct world_view *view, unsigned machine)
{
	unsigned away = world_juju_away(view->model, view->answered);
	return machine >= view->model->machines - away ? "down" : "started";
}

static struct json_object *base(void)
{
	struct json_object *object = json_object_new_object();
	api_put_text(object, "name", "ubuntu");
	api_put_text(object, "channel", "22.04");
	return object;
}

static struct json_object *machine_status(const struct world_view *view, unsigned index, int64_t since)
{
	struct json_object *object = json_object_new_object(), *addresses = json_object_new_array();
	struct json_object *jobs = json_object_new_array();
	char id[16], address[32];
	snprintf(id, sizeof(id), "%u", index);
	snprintf(address, sizeof(address), "10.1.%u.%u", index / 250, index % 250 + 1);
	json_object_array_add(addresses, json_object_new_string(address));
	json_object_array_add(jobs, json_object_new_string("JobHostUnits"));
	api_put(object, "agent-status", detailed_status(agent_status(view, index), "", since));
	api_put(object, "instance-status", detailed_status("running", "Deployed", since));
	api_put(object, "modification-status", detailed_status("idle", "", since));
	api_put_text(object, "hostname", address);
	api_put_text(object, "dns-name", address);
	api_put(object, "ip-addresses", addresses);
	api_put_text(object, "instance-id", id);
	api_put_text(object, "display-name", "");
	api_put(object, "base", base());
	api_put_text(object, "id", id);
	api_put(object, "network-interfaces", NULL);
	api_put(object, "containers", json_object_new_object());
	api_put_text(object, "constraints", "");
	api_put_text(object, "hardware", "arch=amd64");
	api_put(object, "jobs", jobs);
	api_put_flag(object, "has-vote", false);
	api_put_flag(object, "wants-vote", false);
	return object;
}

static struct json_object *unit_status(const struct world_view *view, size_t index, int64_t since)
{
	struct json_object *object = json_object_new_object();
	unsigned machine = view->model->machines ? (unsigned)index % view->model->machines : 0;
	bool lost = view->model->machines && *agent_status(view, machine) == 'd';
	char id[16];
	snprintf(id, sizeof(id), "%u", machine);
	api_put(object, "agent-status", detailed_status(lost ? "lost" : "idle", "", since));
	api_put(object, "workload-status", detailed_status("active", "", since));
	api_put_text(object, "workload-version", "");
	api_put_text(object, "machine", id);
	api_put(object, "opened-ports", NULL);
	api_put_text(object, "public-address", "");
	api_put_text(object, "charm", "");
	api_put(object, "subordinates", NULL);
	api_put_flag(object, "leader", true);
	return object;
}

static struct json_object *application_status(const struct world_view *view, size_t index, int64_t since)
{
	struct json_object *object = json_object_new_object(), *units = json_object_new_object();
	const char *name = view->model->applications[index];
	scoped(string) char *charm = string_format("ch:amd64/%s-24", name);
	scoped(string) char *unit = string_format("%s/0", name);
	api_put(units, unit, unit_status(view, index, since));
	api_put_text(object, "charm", charm);
	api_put_text(object, "charm-version", "");
	api_put_text(object, "charm-profile", "");
	api_put_text(object, "charm-channel", "latest/stable");
	api_put(object, "base", base());
	api_put_flag(object, "exposed", false);
	api_put_text(object, "life", "");
	api_put(object, "relations", json_object_new_object());
	api_put_text(object, "can-upgrade-to", "");
	api_put(object, "subordinate-to", json_object_new_array());
	api_put(object, "units", units);
	api_put(object, "meter-statuses", NULL);
	api_put(object, "status", detailed_status("active", "", since));
	api_put_text(object, "workload-version", "");
	api_put(object, "endpoint-bindings", json_object_new_object());
	api_put_text(object, "public-address", "");
	return object;
}

static struct json_object *model_status(const struct world_view *view)
{
	const struct world_model *model = view->model;
	struct json_object *object = json_object_new_object();
	api_put_text(object, "name", model->name);
	api_put_text(object, "type", "iaas");
	api_put_tag(object, "cloud-tag", "cloud", model->cloud);
	api_put_text(object, "region", model->region);
	api_put_text(object, "version", world_juju_version(model, view->answered));
	api_put_text(object, "available-version", "");
	api_put(object, "model-status", detailed_status(view->status, view->info, view->since));
	api_put_text(object, "sla", "unsupported");
	return object;
}

struct json_object *api_full_status(const struct world *world, const struct world_view *view)
{
	struct json_object *object = json_object_new_object(), *machines = NULL, *applications = NULL;
	if (view->model->machines)
		machines = json_object_new_object();
	for (unsigned i = 0; i < view->model->machines; i++) {
		char id[16];
		snprintf(id, sizeof(id), "%u", i);
		api_put(machines, id, machine_status(view, i, world->start));
	}
	if (view->model->application_count)
		applications = json_object_new_object();
	for (size_t i = 0; i < view->model->application_count; i++)
		api_put(applications, view->model->applications[i], application_status(view, i, world->start));
	api_put(object, "model", model_status(view));
	api_put(object, "machines", machines);
	api_put(object, "applications", applications);
	api_put(object, "remote-applications", NULL);
	api_put(object, "offers", NULL);
	api_put(object, "relations", NULL);
	api_put_time(object, "controller-timestamp", world->now);
	api_put(object, "branches", NULL);
	return object;
}

static struct json_object *delta(const char *kind, const char *what, struct json_object *entity)
{
	struct json_object *list = json_object_new_array();
	json_object_array_add(list, json_object_new_string(kind));
	json_object_array_add(list, json_object_new_string(what));
	json_object_array_add(list, entity);
	return list;
}

static struct json_object *current(const char *status, const char *message, int64_t since)
{
	struct json_object *object = json_object_new_object();
	api_put_text(object, "current", status);
	api_put_text(object, "message", message);
	api_put_time(object, "since", since);
	api_put_text(object, "version", "");
	return object;
}

static struct json_object *config_of(const struct world_view *view)
{
	struct json_object *object = json_object_new_object();
	api_put_text(object, "agent-version", world_juju_version(view->model, view->answered));
	api_put_text(object, "name", view->model->name);
	api_put_text(object, "type", view->model->cloud);
	api_put_text(object, "uuid", view->model->uuid);
	return object;
}

struct json_object *api_model_delta(const struct world *world, const struct world_view *view)
{
	struct json_object *object = json_object_new_object();
	(void)world;
	api_put_text(object, "model-uuid", view->model->uuid);
	api_put_text(object, "name", view->model->name);
	api_put_text(object, "life", view->model->life);
	api_put_text(object, "owner", view->model->owner);
	api_put_text(object, "controller-uuid", view->answered->uuid);
	api_put_flag(object, "is-controller", false);
	api_put(object, "config", config_of(view));
	api_put(object, "status", current(view->status, view->info, view->since));
	api_put(object, "constraints", json_object_new_object());
	api_put_text(object, "type", "iaas");
	return delta("model", "change", object);
}

struct json_object *api_removed_delta(const struct world_model *model)
{
	struct json_object *object = json_object_new_object();
	api_put_text(object, "model-uuid", model->uuid);
	api_put_text(object, "name", "");
	api_put_text(object, "life", "");
	return delta("model", "remove", object);
}

static struct json_object *machine_delta(const struct world *world, const struct world_view *view, unsigned index)
{
	struct json_object *object = json_object_new_object();
	char id[16];
	snprintf(id, sizeof(id), "%u", index);
	api_put_text(object, "model-uuid", view->model->uuid);
	api_put_text(object, "id", id);
	api_put_text(object, "life", "alive");
	api_put(object, "agent-status", current(agent_status(view, index), "", world->start));
	return delta("machine", "change", object);
}

static struct json_object *named_delta(
	const struct world *world, const struct world_view *view, const char *kind, const char *name)
{
	struct json_object *object = json_object_new_object();
	api_put_text(object, "model-uuid", view->model->uuid);
	api_put_text(object, "name", name);
	api_put_text(object, "life", "alive");
	api_put(object, *kind == 'u' ? "workload-status" : "status", current("active", "", world->start));
	return delta(kind, "change", object);
}

struct json_object *api_first_deltas(const struct world *world, const struct world_view *view)
{
	struct json_object *list = json_object_new_array();
	for (size_t i = 0; i < view->model->application_count; i++) {
		const char *name = view->model->applications[i];
		scoped(string) char *unit = string_format("%s/0", name);
		json_object_array_add(list, named_delta(world, view, "application", name));
		json_object_array_add(list, named_delta(world, view, "unit", unit));
	}
	for (unsigned i = 0; i < view->model->machines; i++)
		json_object_array_add(list, machine_delta(world, view, i));
	json_object_array_add(list, api_model_delta(world, view));
	return list;
}
