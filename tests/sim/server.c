/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/server.h"

#include <errno.h>
#include <json-c/json.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "tests/sim/server_connection.h"
#include "tests/sim/server_loop.h"
#include "tests/sim/server_store.h"
#include "tests/sim/world_state.h"

int64_t server_now(const struct server *server)
{
	return world_now(server->world);
}

const char *server_uuid(const struct server *server)
{
	return server->world->uuid;
}

static int watch_signals(struct server *server, struct error **error)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	server->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	signal(SIGPIPE, SIG_IGN);
	return server->signals < 0 ? error_set(error, ERROR_FAILED, "cannot watch signals: %s", strerror(errno)) : 0;
}

static int open_doors(struct server *server, struct error **error)
{
	struct world *world = server->world;
	enum pki_kind kind = server->options->tls;

	server->doors = memory_get(world->controller_count + 1, sizeof(struct server_door));
	server->door_count = 1;
	if (server_door_open(&server->doors[0], NULL, kind, server->options->port, error) < 0)
		return -1;
	for (size_t i = 0; i < world->controller_count; i++) {
		struct world_controller *controller = &world->controllers[i];
		if (controller->door &&
			server_door_open(&server->doors[server->door_count++], controller, kind, 0, error) < 0)
			return -1;
	}
	return 0;
}

static int open_log(struct server *server, struct error **error)
{
	const char *path = server->options->wire;

	if (path && !(server->wire = fopen(path, "we")))
		return error_set(error, ERROR_FAILED, "cannot write %s: %s", path, strerror(errno));
	return 0;
}

static int write_ca(const struct server *server, struct error **error)
{
	const char *path = server->options->ca;
	FILE *file = path ? fopen(path, "we") : NULL;

	if (!path)
		return 0;
	if (!file || fputs(server->doors[0].pki.ca, file) < 0 || fclose(file) != 0)
		return error_set(error, ERROR_FAILED, "cannot write %s: %s", path, strerror(errno));
	return 0;
}

/* In real time the world begins now, unless its script says otherwise: its times are compared with real ones. */
static struct world *make_world(const struct server_options *options, struct error **error)
{
	struct json_object *script =
		options->script ? json_object_from_file(options->script) : json_object_new_object();
	char now[INSTANT_TEXT_SIZE];

	if (!json_object_is_type(script, json_type_object)) {
		json_object_put(script);
		return world_load(options->script, error);
	}
	if (!options->clock && !json_object_object_get(script, "start"))
		json_object_object_add(
			script, "start", json_object_new_string(instant_format(time(NULL) * INSTANT_SECOND, now)));
	struct world *world = world_new(script, error);
	json_object_put(script);
	return world;
}

int server_init(struct server *server, const struct server_options *options, struct error **error)
{
	*server = (struct server){.options = options, .signals = -1};
	server->clock.listening = -1;
	server->world = make_world(options, error);
	if (!server->world || open_doors(server, error) < 0 || watch_signals(server, error) < 0 ||
		open_log(server, error) < 0 || write_ca(server, error) < 0)
		return -1;
	server->world_start = world_now(server->world);
	server->real_start = server_clock_real();
	server->ends = server->real_start + options->lifetime;
	if (server_clock_init(&server->clock, options->clock, server->world_start, error) < 0)
		return -1;
	server->clock.grace = options->grace;
	if (!options->directory)
		return 0;
	return server_store_write(
		server->world, options->directory, server->doors[0].port, server->doors[0].pki.ca, error);
}

static int write_report(const struct server *server, struct error **error)
{
	const char *path = server->options->report;
	FILE *file = path ? fopen(path, "we") : NULL;

	if (!path)
		return 0;
	if (!file)
		return error_set(error, ERROR_FAILED, "cannot write %s: %s", path, strerror(errno));
	world_report(server->world, file);
	return fclose(file) == 0 ? 0 : error_set(error, ERROR_FAILED, "cannot write %s", path);
}

int server_run(struct server *server, struct error **error)
{
	while (!server->ended) {
		if (server_loop_turn(server, error) < 0)
			return -1;
	}
	return write_report(server, error);
}

void server_release(struct server *server)
{
	while (server->connections) {
		struct server_connection *connection = server->connections;
		server->connections = connection->next;
		server_connection_free(connection);
	}
	server_late_drop(&server->late, NULL);
	server_clock_release(&server->clock);
	world_free(server->world);
	for (size_t i = 0; i < server->door_count; i++)
		server_door_release(&server->doors[i]);
	free(server->doors);
	if (server->wire)
		fclose(server->wire);
	if (server->signals >= 0)
		close(server->signals);
}
