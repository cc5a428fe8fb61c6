/* SPDX-License-Identifier: Apache-2.0 */
/* Peers that ask anything at any time, while everything fails: the world stays upright and answers whoever stays. */
#include "tests/sim/world_deed.h"
#include "tests/sim/world_poller.h"
#include "tests/unit/sim_peer.h"

#define RUNS 300
#define STEPS 150
#define PEERS 4
#define NEWER                                                                                             \
	"{\"era\":\"E3+\",\"controllers\":[{\"name\":\"prod-a\",\"agent-version\":\"4.0.14\"},{\"name\":" \
	"\"my-controller\",\"agent-version\":\"4.1.0\"}]}"

static const char *const scripts[] = {
	"{\"era\":\"E0\"}",
	"{\"era\":\"E1d\",\"models\":[{},{\"name\":\"other\",\"controller\":\"my-controller\"}]}",
	"{\"era\":\"E2\",\"latency\":{\"jitter\":\"5s\"}}",
	"{\"era\":\"E3\",\"migration\":{\"each\":\"3s\"},\"jimm\":{\"idle\":\"1h\"}}",
	"{\"era\":\"E3\",\"migration\":{\"each\":\"1s\",\"abort\":{\"phase\":\"VALIDATION\",\"copy\":\"active\"}}}",
	"{\"era\":\"E3\",\"migration\":{\"each\":\"1s\",\"reap-failed\":\"no\"}}",
	NEWER,
};

static const struct request {
	const char *type;
	int version;
	const char *method, *more;
} requests[] = {
	{"JIMM", 4, "MigrateModel", "\"params\":" MIGRATE},
	{"JIMM", 4, "MigrateModel", "\"params\":{\"specs\":[" UPDATE ",null,7]}"},
	{"JIMM", 4, "UpdateMigratedModel", "\"params\":" UPDATE},
	{"JIMM", 4, "UpdateMigratedModel", "\"params\":{\"model-tag\":\"" TAG "\",\"target-controller\":\"prod-a\"}"},
	{"ModelManager", 9, "ModelInfo", "\"params\":{\"entities\":[{\"tag\":\"" TAG "\"},{\"tag\":\"x\"},null]}"},
	{"ModelManager", 9, "ModelStatus", "\"params\":" ENTITY},
	{"ModelManager", 9, "ListModelSummaries", "\"params\":{}"},
	{"ModelManager", 9, "ListModels", "\"params\":null"},
	{"Controller", 11, "AllModels", "\"id\":4"},
	{"JIMM", 4, "ListControllers", "\"params\":{}"},
	{"JIMM", 4, "ListModels", "\"params\":{}"},
	{"JIMM", 4, "ModelControllerInfo", "\"params\":{\"model\":\"" UUID "\"}"},
	{"JIMM", 4, "FullModelStatus", "\"params\":{\"ModelTag\":\"" TAG "\"}"},
	{"JIMM", 4, "ListMigrationTargets", "\"params\":{\"model-tag\":\"" TAG "\"}"},
	{"Client", 8, "FullStatus", "\"params\":{}"},
	{"Client", 8, "WatchAll", "\"params\":{}"},
	{"AllWatcher", 3, "Next", "\"id\":\"1\""},
	{"AllWatcher", 3, "Stop", "\"id\":\"1\""},
	{"Pinger", 1, "Ping", "\"params\":[]"},
	{"Admin", 4, "LoginDevice", "\"params\":{}"},
	{"Admin", 4, "GetDeviceSessionToken", "\"params\":{}"},
};

static unsigned pick(struct world *world, size_t count)
{
	return (unsigned)(world_random(world) % count);
}

static void begin(struct peer *peer, struct world *world)
{
	if (world->down) {
		*peer = (struct peer){.closed = 1};
		return;
	}
	peer_open(peer, world, pick(world, 2) ? "/api" : "/model/" UUID "/api");
	tell(peer, "Admin", 4, "LoginWithSessionToken",
		"\"params\":{\"session-token\":\"dG9rZW4tYWxpY2VAY2Fub25pY2FsLmNvbQ==\"}");
}

static void disturb(struct world *world)
{
	struct world_model *model = &world->models[0];
	struct world_controller *controller = &world->controllers[pick(world, 2)];
	switch (pick(world, 8)) {
	case 0:
		world_reach(world, controller, (enum world_reach)pick(world, 3));
		break;
	case 1:
		world_jimm_restart(world, INSTANT_SECOND);
		break;
	case 2:
		world_cut_all(world);
		break;
	case 3:
		world_migrate_other(world, model, controller);
		break;
	case 4:
		if (!pick(world, 8))
			world_destroy(world, model);
		break;
	default:
		world_reach(world, controller, WORLD_UP);
	}
}

static void step(struct world *world, struct peer *peers)
{
	struct peer *peer = &peers[pick(world, PEERS)];
	if (peer->closed || !pick(world, 20)) {
		if (peer->conversation)
			peer_close(peer);
		begin(peer, world);
	} else {
		const struct request *request = &requests[pick(world, array_length(requests))];
		tell(peer, request->type, request->version, request->method, request->more);
	}
	if (!pick(world, 10))
		disturb(world);
	world_advance(world, world->now + (int64_t)pick(world, 8000) * INSTANT_MILLISECOND);
}

/* What must be true of any world at any time. */
static void check(const struct world *world)
{
	for (size_t i = 0; i < world->model_count; i++) {
		const struct world_model *model = &world->models[i];
		unsigned running = 0;
		for (size_t j = 0; j < model->attempt_count; j++)
			running += model->attempts[j]->end == INSTANT_NONE;
		assert_true(running <= 2);
		assert_true(world->era.lock || !*model->mode);
	}
	for (size_t i = 0; i < world->record_count; i++)
		assert_true(world->records[i].at <= world->now);
}

static void stays_upright(void **state)
{
	(void)state;
	for (int run = 0; run < RUNS; run++) {
		struct world *world = make(scripts[(size_t)run % array_length(scripts)]);
		struct peer peers[PEERS];
		world->random = (uint64_t)run;
		for (size_t i = 0; i < PEERS; i++)
			begin(&peers[i], world);
		for (int i = 0; i < STEPS; i++) {
			step(world, peers);
			check(world);
		}
		for (size_t i = 0; i < PEERS; i++)
			if (peers[i].conversation)
				peer_close(&peers[i]);
		world_free(world);
	}
}

/* Every question on a connection that lasts is answered, but for those that block until something happens. */
static void answers_everything(void **state)
{
	(void)state;
	for (size_t i = 0; i < array_length(scripts); i++) {
		struct world *world = make(scripts[i]);
		struct peer peer;
		open_as(&peer, world, "/api", alice);
		for (size_t j = 0; j < array_length(requests); j++)
			tell(&peer, requests[j].type, requests[j].version, requests[j].method, requests[j].more);
		advance(world, 60);
		assert_int_equal(json_object_array_length(peer.replies), array_length(requests) + 1);
		peer_close(&peer);
		world_free(world);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stays_upright),
		cmocka_unit_test(answers_everything),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
