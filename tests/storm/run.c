/* SPDX-License-Identifier: Apache-2.0 */
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/world_script.h"
#include "tests/sim/world_token.h"
#include "tests/storm/storm.h"

/* Our clock at the world's start. */
#define CLOCK_START (1000 * INSTANT_SECOND)
/* Far more than any run takes: who asks without a pause comes to it. */
#define STEPS_MAX 2000000UL
/* Longest that a calm run may take after the last attempt has ended, for each turn that is waited for. */
#define PATIENCE (150 * INSTANT_MINUTE)
#define CALM_LIVES 4
/* No world is longer. */
#define WORLD_LENGTH (48 * 60 * INSTANT_MINUTE)

static void begin_life(void *context);

int64_t storm_now(const struct storm *storm)
{
	return storm->world->now - storm->world->start + CLOCK_START + storm->jumped;
}

bool storm_calm(const struct storm *storm)
{
	const struct world *world = storm->world;

	return world->now - world->start >= storm->scene.faults_end && world->now >= storm->busy_until;
}

void storm_fail(struct storm *storm, enum storm_wrong wrong, const char *format, ...)
{
	va_list arguments;
	char words[STORM_VIOLATION_MAX];

	va_start(arguments, format);
	vsnprintf(words, sizeof(words), format, arguments);
	va_end(arguments);
	/* Where other people move, record or destroy the same model at the same time, nobody who looks can keep up: what is said of it
	 * then may be wrong. What is done may not: no early record, no second start, no look that deletes, no end that fails to come. */
	bool said = wrong == WRONG_NEWS || wrong == WRONG_MIGRATED || wrong == WRONG_FAILED || wrong == WRONG_CHECKS;
	bool tolerated = (storm->counts->tolerated & 1U << wrong) || (said && storm->meddled);
	storm_trace(storm, "VIOLATION %s: %s%s", storm_wrong_name(wrong), words, tolerated ? " (tolerated)" : "");
	storm->counts->excused += tolerated;
	if (storm->wrong != WRONG_NOTHING || (tolerated && wrong != WRONG_ENDLESS))
		return;
	storm->wrong = wrong;
	snprintf(storm->violation, sizeof(storm->violation), "%.400s%s", words,
		storm->meddled ? " [others meddled]" : "");
}

/* ---- the engine's listener ---- */

static void told(void *context, const struct migration *migration, enum migration_news news)
{
	struct storm *storm = context;
	size_t index = 0;

	while (index < storm->scene.moved && engine_migration(storm->process.engine, index) != migration)
		index++;
	check_told(storm, index, migration, news);
}

static void finished(void *context)
{
	struct storm *storm = context;

	storm->process.finished = true;
}

static struct engine *make_engine(struct storm *storm)
{
	scoped(memory) const char **words = memory_get(storm->scene.moved, sizeof(*words));
	struct engine_plan plan = {
		.user = SCENE_USER,
		.jimm_uuid = storm->world->uuid,
		.words = words,
		.count = storm->scene.moved,
		.parallel = storm->scene.parallel,
		.sockets = storm->scene.sockets,
		.target = SCENE_TARGET,
	};
	for (size_t i = 0; i < storm->scene.moved; i++)
		words[i] = storm->models[i].truth->name;
	struct migration_port port = port_of(storm);
	struct engine_listener listener = {storm, told, finished};

	return engine_new(&plan, &port, &listener);
}

static void unmask_again(void *context)
{
	struct storm_link *link = context;
	struct world_error error;

	if (link->session != NULL && !link->cut)
		world_unmask(link->session, &error);
}

void storm_connected(struct storm *storm, bool connected)
{
	struct storm_process *process = &storm->process;

	if (process->engine != NULL) {
		if (connected && process->unmask)
			world_after(storm->world, link_latency(storm), unmask_again, process->api);
		return;
	}
	if (!connected) {
		storm_trace(storm, "* cannot begin");
		process->finished = true;
		return;
	}
	process->engine = make_engine(storm);
	engine_begin(process->engine, storm_now(storm));
}

/* ---- lives ---- */

void storm_leave(struct storm *storm)
{
	struct storm_process *process = &storm->process;

	if (!process->alive || process->finished || process->engine == NULL)
		return;
	process->leaving = true;
	journal_left(storm);
	engine_leave(process->engine, storm_now(storm));
	check_rows(storm);
	process->leaving = false;
}

static void out_of_patience(void *context)
{
	struct storm *storm = context;

	if (storm->process.life != 1)
		return;
	storm_trace(storm, "* the deadline has come");
	storm_leave(storm);
}

void storm_kill(struct storm *storm)
{
	struct storm_process *process = &storm->process;
	unsigned int life = process->life, messages = process->messages;

	storm_trace(storm, "* our process is gone");
	for (struct storm_link *link = storm->links; link != NULL; link = link->next) {
		struct world_session *session = steal(link->session);

		link->ended = true;
		link->open = false;
		port_forget_all(link);
		world_session_close(session);
	}
	world_queue_cancel(&storm->world->queue, &process->wake);
	journal_killed(storm);
	engine_free(process->engine);
	*process = (struct storm_process){
		.life = life,
		.messages = messages,
		.opening = process->opening,
		.source = process->source,
		.arrived = process->arrived,
		.wanted = process->wanted,
		.first = process->first,
	};
	for (size_t i = 0; i < storm->scene.moved; i++) {
		process->opening[i] = process->source[i] = process->arrived[i] = NULL;
		process->wanted[i] = false;
		process->first[i] = NULL;
	}
}

void storm_restart_after(struct storm *storm, int64_t length)
{
	world_after(storm->world, length, begin_life, storm);
}

static void begin_life(void *context)
{
	struct storm *storm = context;
	struct storm_process *process = &storm->process;

	if (process->alive)
		return;
	process->life++;
	process->alive = true;
	process->calm = storm_calm(storm);
	process->began = storm_now(storm);
	storm->counts->lives++;
	storm_trace(storm, "* our process starts%s", process->calm ? ", all is calm" : "");
	check_life(storm);
	process->api = link_open(storm, MIGRATION_ALL);
	for (size_t i = 0; storm->scene.foresees && storm->scene.sockets == 0 && i < storm->scene.moved; i++)
		process->opening[i] = link_open(storm, i);
	if (process->life == 1 && storm->scene.patience > 0)
		world_after(storm->world, storm->scene.patience, out_of_patience, storm);
}

/* Our process has ended by itself: is there a reason to start it again? */
static void end_life(struct storm *storm)
{
	bool calm = storm->process.calm, begun = storm->process.engine != NULL;
	const struct world *world = storm->world;

	if (begun)
		check_left(storm);
	bool undecided = !begun || (storm->crowd != NULL ? crowd_undone(storm) : check_undecided(storm));
	storm_kill(storm);
	/* JIMM may be down by its own doing: such a life tells nothing. */
	storm->calm_lives += calm && begun;
	if (calm && begun && (!undecided || storm->calm_lives >= CALM_LIVES)) {
		storm->over = true;
		return;
	}
	if (calm || undecided) {
		storm_restart_after(storm, chance_length(&storm->chance, INSTANT_SECOND, 10 * INSTANT_MINUTE));
		return;
	}
	if (chance_of(&storm->chance, 400)) {
		storm->over = true;
		return;
	}
	int64_t end = world->start + storm->scene.faults_end;
	end = end > storm->busy_until ? end : storm->busy_until;
	storm_restart_after(storm, end > world->now ? end - world->now : 0);
}

static bool endless(const struct storm *storm)
{
	const struct storm_process *process = &storm->process;
	int64_t since = storm->ran_at > storm->busy_until ? storm->ran_at : storm->busy_until;
	int64_t end = storm->world->start + storm->scene.faults_end;
	size_t at_once = storm->scene.parallel > 0 ? storm->scene.parallel : storm->scene.moved;
	int64_t patience = (int64_t)((storm->scene.moved + at_once - 1) / at_once) * PATIENCE;

	for (size_t i = 0; i < storm->scene.moved; i++)
		if (!storm->models[i].held.idle)
			return storm->world->now - storm->world->start > WORLD_LENGTH;
	since = end > since ? end : since;
	return process->alive && storm->world->now - since > patience && storm_now(storm) - process->began > patience;
}

static void run(struct storm *storm)
{
	unsigned long most = storm->counts->steps + STEPS_MAX;

	while (!storm->over && storm->wrong == WRONG_NOTHING) {
		int64_t next = world_next(storm->world);

		if (next == INT64_MAX) {
			storm_fail(storm, WRONG_ENDLESS, "nothing will ever happen any more");
			break;
		}
		world_advance(storm->world, next);
		storm->counts->steps++;
		check_step(storm);
		if (storm->process.alive && storm->process.finished)
			end_life(storm);
		else if (endless(storm) || storm->counts->steps > most)
			storm_fail(storm, WRONG_ENDLESS, "a run goes on and on");
	}
	if (storm->wrong == WRONG_NOTHING)
		check_finish(storm);
}

static void make_room(struct storm *storm)
{
	struct storm_process *process = &storm->process;
	size_t count = storm->scene.moved;

	storm->models = memory_get(count, sizeof(*storm->models));
	process->opening = memory_get(count, sizeof(*process->opening));
	process->source = memory_get(count, sizeof(*process->source));
	process->arrived = memory_get(count, sizeof(*process->arrived));
	process->wanted = memory_get(count, sizeof(*process->wanted));
	process->first = memory_get(count, sizeof(*process->first));
}

static void free_room(struct storm *storm)
{
	const struct storm_process *process = &storm->process;

	free(storm->models);
	free(process->opening);
	free(process->source);
	free(process->arrived);
	free(process->wanted);
	free(process->first);
}

static void begin(struct storm *storm)
{
	scoped(error) struct error *error = NULL;
	scoped(json) struct json_object *script = json_tokener_parse(storm->scene.script.data);

	storm->world = world_new(script, &error);
	if (storm->world == NULL) {
		fprintf(stderr, "storm: seed %llu: %s\n%s\n", (unsigned long long)storm->scene.seed, error->message,
			storm->scene.script.data);
		abort();
	}
	make_room(storm);
	storm->world->dial = storm->scene.latency / 4;
	storm->user = world_user_find(storm->world, SCENE_USER);
	storm->token = world_token_encode("token-" SCENE_USER);
	for (size_t i = 0; i < storm->scene.moved; i++)
		storm->models[i].truth = &storm->world->models[i];
	storm->ran_at = storm->world->start;
	weather_begin(storm);
	check_begin(storm);
	storm_restart_after(storm, storm->scene.begins);
}

static void end(struct storm *storm)
{
	if (storm->process.alive)
		storm_kill(storm);
	link_free_all(storm);
	world_free(storm->world);
	port_free_all(storm);
	journal_release_all(storm);
	free_room(storm);
	free(storm->token);
	scene_release(&storm->scene);
}

enum storm_wrong storm_play(struct scene *scene, struct crowd *crowd, FILE *trace, struct storm_counts *counts,
	char violation[STORM_VIOLATION_MAX])
{
	struct storm storm = {.trace = trace, .counts = counts, .crowd = crowd, .scene = *scene};

	storm.chance.state = scene->seed ^ UINT64_C(0x5bf03635f0a31b29);
	begin(&storm);
	if (trace != NULL)
		fprintf(trace, "seed %llu, %s\n%s\n", (unsigned long long)scene->seed,
			scene->administrator ? "administrator" : "not an administrator", scene->script.data);
	run(&storm);
	memcpy(violation, storm.violation, sizeof(storm.violation));
	counts->runs++;
	counts->batches += storm.scene.moved > 1;
	counts->wrongs[storm.wrong]++;
	end(&storm);
	return storm.wrong;
}

enum storm_wrong storm_run(uint64_t seed, FILE *trace, struct storm_counts *counts, char violation[STORM_VIOLATION_MAX])
{
	struct scene scene;

	scene_draw(&scene, seed);
	return storm_play(&scene, NULL, trace, counts, violation);
}
