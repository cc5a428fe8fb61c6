/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/sim/world_migration.h"
#include "tests/storm/ask.h"

/* Bytes of a world with so many models. */
#define SCRIPT_MAX ((size_t)1 << 20)
#define LIVES_MAX 12
#define WINDOW (10 * INSTANT_SECOND)

/* What the target says of itself when one of a hundred models is to start. */
#define REFUSED "{\"refuse\":\"target prechecks failed: upgrade in progress\"}"

/* Why something was asked. */
enum purpose { TO_START, TO_WATCH, TO_VERIFY, PURPOSES };

struct crowd {
	size_t count, parallel;
	unsigned long asked[PURPOSES], watched[ASK_LATER];
	/* When the newest questions were asked in order to watch, a ring; and the most in ten seconds. */
	int64_t *times;
	int *kinds, recent[ASK_LATER], peak[ASK_LATER];
	size_t first, length, room, busiest;
	size_t flying;  /* at most */
	size_t open;    /* connections to models, at most */
	int64_t *ended; /* by model: when the world has decided its attempt and we do not know; the world's clock */
	int64_t slowest;
	size_t recorded;
	unsigned int lives;
};

static void windowed(struct crowd *crowd, int64_t now, int kind)
{
	if (crowd->length == crowd->room) {
		size_t room = crowd->room * 2 + 64;
		int64_t *times = memory_get(room, sizeof(*times));
		int *kinds = memory_get(room, sizeof(*kinds));

		for (size_t i = 0; i < crowd->length; i++) {
			times[i] = crowd->times[(crowd->first + i) % crowd->room];
			kinds[i] = crowd->kinds[(crowd->first + i) % crowd->room];
		}
		free(crowd->times);
		free(crowd->kinds);
		crowd->times = times;
		crowd->kinds = kinds;
		crowd->first = 0;
		crowd->room = room;
	}
	crowd->kinds[(crowd->first + crowd->length) % crowd->room] = kind;
	crowd->recent[kind]++;
	crowd->times[(crowd->first + crowd->length++) % crowd->room] = now;
	while (now - crowd->times[crowd->first] >= WINDOW) {
		crowd->recent[crowd->kinds[crowd->first]]--;
		crowd->first = (crowd->first + 1) % crowd->room;
		crowd->length--;
	}
	if (crowd->length <= crowd->busiest)
		return;
	crowd->busiest = crowd->length;
	memcpy(crowd->peak, crowd->recent, sizeof(crowd->peak));
}

/* The list is for one whose turn has just come. */
static bool baseline(const struct storm *storm)
{
	for (size_t i = 0; i < storm->crowd->count; i++) {
		const struct migration *one = engine_migration(storm->process.engine, i);

		if (one->stage == STAGE_LOCATE && one->state.list_awaited)
			return true;
	}
	return false;
}

static enum purpose purpose_of(const struct storm *storm, int what, size_t model)
{
	const struct migration *migration;
	enum migration_stage stage;

	if (storm->process.engine == NULL || what == ASK_START)
		return TO_START;
	if (model == MIGRATION_ALL)
		return (what == LOOK_SUMMARIES && !baseline(storm)) || what == LOOK_ROWS ? TO_WATCH : TO_START;
	migration = engine_migration(storm->process.engine, model);
	stage = migration->stage;
	if (what == ASK_RECORD || stage == STAGE_VERIFY || what == LOOK_ARRIVED)
		return TO_VERIFY;
	/* As long as the attempt is not in sight it belongs to the start. */
	return stage >= STAGE_WATCH && migration->state.start != INSTANT_NONE ? TO_WATCH : TO_START;
}

static void take_stock(struct storm *storm)
{
	struct crowd *crowd = storm->crowd;
	size_t flying = 0, open = 0;

	for (size_t i = 0; storm->process.engine != NULL && i < crowd->count; i++) {
		enum migration_stage stage = engine_migration(storm->process.engine, i)->stage;
		const struct storm_link *links[] = {
			storm->process.opening[i], storm->process.source[i], storm->process.arrived[i]};

		flying += stage > STAGE_QUEUED && stage < STAGE_ENDED;
		for (size_t j = 0; j < array_length(links); j++)
			open += links[j] != NULL && !links[j]->ended;
	}
	crowd->flying = flying > crowd->flying ? flying : crowd->flying;
	crowd->open = open > crowd->open ? open : crowd->open;
}

void crowd_asked(struct storm *storm, int what, size_t model)
{
	struct crowd *crowd = storm->crowd;

	if (crowd == NULL || what >= (int)LOOK_TARGET)
		if (crowd == NULL || what < ASK_START)
			return;
	enum purpose purpose = purpose_of(storm, what, model);
	crowd->asked[purpose]++;
	crowd->watched[what] += purpose == TO_WATCH;
	if (purpose == TO_WATCH)
		windowed(crowd, storm->world->now, what);
	if (what == LOOK_LOGIN)
		take_stock(storm);
}

void crowd_told(struct storm *storm, size_t model, enum migration_news news)
{
	struct crowd *crowd = storm->crowd;

	if (crowd == NULL || (news != NEWS_COMMITTED && news != NEWS_ENDED && news != NEWS_RECORDED))
		return;
	crowd->recorded += news == NEWS_RECORDED;
	if (crowd->ended[model] == 0)
		return;
	int64_t length = storm->world->now - crowd->ended[model];
	crowd->slowest = length > crowd->slowest ? length : crowd->slowest;
	crowd->ended[model] = 0;
}

void crowd_phase(struct storm *storm, size_t model)
{
	const struct world_attempt *attempt = world_newest(storm->models[model].truth);
	bool decided = attempt != NULL && (attempt->phase == WORLD_SUCCESS || attempt->phase == WORLD_ABORTDONE);

	if (storm->crowd != NULL && decided && storm->process.alive)
		storm->crowd->ended[model] = storm->world->now;
}

static bool arrived(const struct storm *storm, size_t model)
{
	const struct world_model *truth = storm->models[model].truth;

	return truth->places[storm->target].presence == WORLD_ACTIVE && truth->recorded != NULL &&
	       truth->recorded->index == storm->target;
}

bool crowd_undone(const struct storm *storm)
{
	struct crowd *crowd = storm->crowd;
	size_t there = 0;

	for (size_t i = 0; i < crowd->count; i++)
		there += arrived(storm, i);
	crowd->lives = storm->process.life;
	crowd->recorded = there;
	/* What this run could not tell of one that has arrived the next one can. */
	return (there < crowd->count || check_undecided(storm)) && crowd->lives < LIVES_MAX;
}

/* ---- the world ---- */

static struct scene_fault *add(struct scene *scene, enum scene_fault_kind kind, int64_t at, int64_t length)
{
	struct scene_fault *fault = &scene->faults[scene->fault_count++];

	*fault = (struct scene_fault){.kind = kind, .trigger = TRIGGER_TIME, .at = at, .length = length};
	return fault;
}

static void go_wrong(struct scene *scene)
{
	scene->lost = 3;
	scene->late = 3;
	scene->refused = 3;
	scene->doubled = 100;
	scene->spiky = 20;
	add(scene, FAULT_CUT, 2 * INSTANT_MINUTE, 0);
	add(scene, FAULT_JIMM, 4 * INSTANT_MINUTE, 40 * INSTANT_SECOND);
	add(scene, FAULT_KILL, 15 * INSTANT_MINUTE, INSTANT_MINUTE);
	add(scene, FAULT_JIMM, 19 * INSTANT_MINUTE, 2 * INSTANT_MINUTE);
	add(scene, FAULT_TOKEN, 23 * INSTANT_MINUTE, 3 * INSTANT_MINUTE);
	add(scene, FAULT_FREEZE, 28 * INSTANT_MINUTE, INSTANT_MINUTE);
	add(scene, FAULT_CUT, 32 * INSTANT_MINUTE, 0)->choice = 1;
	scene->faults_end = 40 * INSTANT_MINUTE;
}

/* One in ten is ten times as large as the others. */
static void draw(struct scene *scene, size_t count, size_t parallel, bool faults)
{
	*scene = (struct scene){
		.seed = count * 1000 + parallel,
		.era = "E3",
		.administrator = true,
		.source_major = 3,
		.target_major = 3,
		.moved = count,
		.models = count,
		.parallel = parallel,
		.latency = 20 * INSTANT_MILLISECOND,
	};
	text_init(&scene->script, SCRIPT_MAX);
	text_add_string(&scene->script,
		"{\"era\":\"E3\",\"seed\":1,\"users\":[{\"name\":\"" SCENE_USER "\",\"admin\":true}],\"controllers\":["
		"{\"name\":\"" SCENE_SOURCE "\",\"agent-version\":\"3.6.12\"},{\"name\":\"" SCENE_TARGET
		"\",\"agent-version\":\"3.6.12\"},{\"name\":\"" SCENE_THIRD
		"\",\"agent-version\":\"3.6.12\"}],\"models\":[");
	for (size_t i = 0; i < count; i++)
		text_add_format(&scene->script,
			"%s{\"name\":\"model-%zu\",\"owner\":\"" SCENE_USER "\",\"migrations\":[%s{\"each\":%s}]}",
			i > 0 ? "," : "", i, faults && i % 100 == 50 ? REFUSED "," : "", i % 10 == 0 ? "20" : "2");
	text_add_string(&scene->script, "]}");
	if (faults)
		go_wrong(scene);
}

static double processor_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void report(const struct crowd *crowd, double began, bool faults)
{
	double count = (double)crowd->count;

	printf("%zu models, %zu at once%s: %zu on the target and in JIMM after %u %s\n", crowd->count, crowd->parallel,
		faults ? ", with faults" : "", crowd->recorded, crowd->lives, crowd->lives == 1 ? "run" : "runs");
	printf("requests a model: %.1f to start, %.1f to watch, %.1f to record and verify\n",
		(double)crowd->asked[TO_START] / count, (double)crowd->asked[TO_WATCH] / count,
		(double)crowd->asked[TO_VERIFY] / count);
	for (int i = 0; i < ASK_LATER; i++)
		if (crowd->watched[i] > 0)
			printf("  %s %.2f, at the peak %d\n", ask_name(i), (double)crowd->watched[i] / count,
				crowd->peak[i]);
	printf("at most: %zu in flight, %zu connections to models, %zu requests to watch in 10 s, an end seen after "
	       "%.1f s\n",
		crowd->flying, crowd->open, crowd->busiest, (double)crowd->slowest / (double)INSTANT_SECOND);
	printf("%.2f ms of processor time a model\n", (processor_seconds() - began) * 1000 / count);
}

bool crowd_run(size_t count, size_t parallel, bool faults)
{
	struct crowd crowd = {.count = count, .parallel = parallel};
	struct storm_counts *counts = memory_get(1, sizeof(*counts));
	char violation[STORM_VIOLATION_MAX];
	struct scene scene;
	double began = processor_seconds();

	crowd.ended = memory_get(count, sizeof(*crowd.ended));
	draw(&scene, count, parallel, faults);
	enum storm_wrong wrong = storm_play(&scene, &crowd, NULL, counts, violation);
	report(&crowd, began, faults);
	if (wrong != WRONG_NOTHING)
		printf("%s: %s\n", storm_wrong_name(wrong), violation);
	bool well = wrong == WRONG_NOTHING && crowd.recorded == count;
	free(crowd.ended);
	free(crowd.times);
	free(crowd.kinds);
	free(counts);
	return well;
}
