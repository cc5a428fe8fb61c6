/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/trip.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "common/base/instant.h"
#include "tests/bench/notes.h"
#include "tests/bench/relay.h"
#include "tests/bench/scene.h"

#define TRIP_WORDS_MAX 60

static const struct trip nothing = {
	.status = -1, .start_trips = -1, .verify_trips = -1, .record_waited = -1, .record_waiting = -1};

struct run {
	struct trip *trip;
	const struct trip_plan *plan;
	struct scene scene;
	struct relay relay;
	struct notes notes;
	uint64_t lists;   /* bytes of answers that are as long as there is something to tell */
	int64_t first;    /* world's time of the first note */
	int64_t searched; /* and of the first at the plan's door, 0: none so far */
	size_t models;    /* connections to models now */
	int64_t pushed;   /* world's time of the newest answer of a watcher */
	int64_t recorded; /* world's time at which UpdateMigratedModel came */
	int seen;         /* depth at which the end could be seen */
	int answered;     /* JIMM has been told */
	int running;      /* descriptor of the program */
	clockid_t clock;  /* of its processor time */
	int64_t started;  /* what that was when MigrateModel was answered, 0: it was not */
	int64_t verified; /* and when the model had answered on the target, 0: it has not */
	int64_t cleaning; /* and how much more it was at the newest sign of the source after that */
	struct pollfd *polls;
	size_t poll_room;
};

static int is_list(const char *method)
{
	static const char *const lists[] = {"Controller.AllModels", "JIMM.ListModels", "JIMM.ListControllers",
		"JIMM.ListMigrationTargets", "ModelManager.ListModelSummaries", "Client.FullStatus"};

	for (size_t i = 0; i < array_length(lists); i++)
		if (strcmp(method, lists[i]) == 0)
			return 1;
	return 0;
}

/* Nanoseconds of processor time that the program has taken so far. */
static int64_t spent(const struct run *run)
{
	struct timespec time = {0};

	clock_gettime(run->clock, &time);
	return time.tv_sec * INSTANT_SECOND + time.tv_nsec;
}

static void take_request(struct run *run, const struct note *note, int depth)
{
	struct trip *trip = run->trip;

	trip->requests++;
	if (strcmp(note->method, "JIMM.MigrateModel") == 0 && trip->start_trips < 0) {
		trip->start_trips = depth - 1;
		trip->start_bytes = relay_carried(&run->relay) - run->lists;
	}
	if (strcmp(note->method, "JIMM.UpdateMigratedModel") == 0 && trip->record_waited < 0) {
		run->seen = depth - 1;
		trip->watched = run->started != 0 ? spent(run) - run->started : 0;
		run->recorded = instant_parse(note->at);
		trip->record_waited = run->recorded - run->pushed;
	}
	if (run->answered && trip->verify_trips < 0 &&
		(strcmp(note->method, "JIMM.ModelControllerInfo") == 0 ||
			strcmp(note->method, "ModelManager.ListModelSummaries") == 0))
		trip->verify_trips = depth - run->seen;
}

static void take_answer(struct run *run, const struct note *note)
{
	int status = strcmp(note->method, "Client.FullStatus") == 0;

	if (is_list(note->method))
		run->lists += note->size;
	if (strcmp(note->method, "JIMM.MigrateModel") == 0 && !note->failed)
		run->started = spent(run);
	if (run->trip->verify_trips >= 0 && run->verified == 0 && status)
		run->verified = spent(run);
	else if (run->verified != 0 && (status || strcmp(note->method, "AllWatcher.Next") == 0))
		run->cleaning = spent(run) - run->verified;
	if (strcmp(note->method, "AllWatcher.Next") == 0)
		run->pushed = instant_parse(note->at);
	if (strcmp(note->method, "JIMM.UpdateMigratedModel") == 0 && !note->failed && !run->answered) {
		run->answered = 1;
		run->trip->record_waiting = instant_parse(note->at) - run->recorded + run->trip->record_waited;
	}
}

static void take_event(struct run *run, const struct note *note)
{
	struct trip *trip = run->trip;
	int opened = strcmp(note->event, "opened") == 0, ended = strcmp(note->event, "ended") == 0;

	trip->connections += strcmp(note->event, "accepted") == 0;
	trip->api += opened && note->door[0] == '\0' && strcmp(note->path, "/api") == 0;
	if (!string_starts(note->path, "/model/"))
		return;
	run->models += (size_t)opened;
	run->models -= (size_t)(ended && run->models > 0);
	if (run->models > trip->models)
		trip->models = run->models;
}

static double seconds(int64_t length)
{
	return (double)length / (double)INSTANT_SECOND;
}

static void take_time(struct run *run, const struct note *note)
{
	int64_t at = instant_parse(note->at);

	if (run->first == 0)
		run->first = at;
	if (run->searched == 0 && run->plan->door != NULL && strcmp(note->door, run->plan->door) == 0)
		run->searched = at;
	run->trip->simulated = seconds(at - run->first);
	run->trip->searched = run->searched != 0 ? seconds(at - run->searched) : 0;
}

static void take_note(void *context, const struct note *note)
{
	struct run *run = context;
	int known = note->connection < run->relay.link_count;

	take_time(run, note);
	if (note->event[0] != '\0')
		take_event(run, note);
	else if (note->from_program)
		take_request(run, note, known ? run->relay.links[note->connection].depth : 0);
	else
		take_answer(run, note);
}

static int timeout_of(const struct run *run)
{
	int64_t next = relay_next(&run->relay);
	int64_t left = next == INSTANT_NEVER ? INSTANT_SECOND : next - relay_now();

	return left <= 0 ? 0 : (int)((left + INSTANT_MILLISECOND - 1) / INSTANT_MILLISECOND);
}

/* Returns 1 while the program runs, 0 after its end, -1 on failure. */
static int turn(struct run *run, struct error **error)
{
	size_t room = 2 * run->relay.link_count + 3;

	if (room > run->poll_room) {
		run->poll_room = room * 2;
		run->polls = memory_grow(run->polls, run->poll_room, sizeof(*run->polls));
	}
	run->polls[0] = (struct pollfd){.fd = run->running, .events = POLLIN};
	run->polls[1] = (struct pollfd){.fd = run->scene.wire, .events = POLLIN};
	nfds_t count = 2 + (run->plan->direct ? 0 : relay_fill(&run->relay, run->polls + 2));
	if (poll(run->polls, count, timeout_of(run)) < 0 && errno != EINTR)
		return error_set(error, ERROR_FAILED, "cannot wait: %s", strerror(errno));
	if (notes_read(&run->notes, take_note, run) < 0)
		return error_set(error, ERROR_FAILED, "the simulated JAAS has ended");
	if (!run->plan->direct && relay_serve(&run->relay, error) < 0)
		return -1;
	return (run->polls[0].revents & POLLIN) == 0;
}

static const char **command_of(const struct trip_plan *plan, const char *program)
{
	const char **words = memory_get(TRIP_WORDS_MAX + 1, sizeof(*words));
	size_t count = 0;

	for (const char *const *word = plan->under; word != NULL && *word != NULL && count < TRIP_WORDS_MAX; word++)
		words[count++] = *word;
	words[count++] = program;
	for (const char *const *word = plan->words; *word != NULL && count < TRIP_WORDS_MAX; word++)
		words[count++] = *word;
	return words;
}

static int watch(struct run *run, pid_t program, struct error **error)
{
	int64_t began = relay_now();
	int status = 0, going = 1;

	run->running = (int)syscall(SYS_pidfd_open, program, 0);
	if (run->running < 0 || clock_getcpuclockid(program, &run->clock) != 0)
		going = error_set(error, ERROR_FAILED, "cannot wait for a program: %s", strerror(errno));
	while (going > 0 && relay_now() - began < TRIP_LIMIT * INSTANT_SECOND)
		going = turn(run, error);
	if (going != 0)
		kill(program, SIGKILL);
	wait4(program, &status, 0, &run->trip->usage);
	run->trip->wall = relay_now() - began;
	run->trip->watched += run->cleaning;
	run->trip->status = going == 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	if (run->running >= 0)
		close(run->running);
	return going < 0 ? -1 : 0;
}

static int go(struct run *run, const char **words, struct error **error)
{
	pid_t process = scene_start(&run->scene, words, error);

	return process > 0 ? watch(run, process, error) : -1;
}

/* One run that brings the store up to date. */
static int settle(struct run *run, const char *program, struct error **error)
{
	const char *words[] = {program, "--dry-run", "my-model", "my-controller", NULL};

	if (go(run, words, error) < 0)
		return -1;
	if (run->trip->status != 0)
		return error_set(error, ERROR_FAILED, "the run before the measured one has failed");
	*run->trip = nothing;
	return 0;
}

static int perform(struct run *run, struct error **error)
{
	const struct trip_plan *plan = run->plan;
	scoped(string) char *program =
		string_format("%s/%sjuju-jaas-migrate", plan->build, plan->simulated ? "test/" : "");
	scoped(memory) const char **words = command_of(plan, program);

	if (scene_begin(&run->scene, plan->build, plan->world, plan->remembered, plan->simulated, error) < 0)
		return -1;
	run->notes.descriptor = run->scene.wire;
	if (!plan->direct && (relay_init(&run->relay, run->scene.port, plan->round_trip, error) < 0 ||
				     scene_redirect(&run->scene, run->relay.port, error) < 0))
		return -1;
	if (plan->settled && settle(run, program, error) < 0)
		return -1;
	return go(run, words, error);
}

int trip_make(struct trip *trip, const struct trip_plan *plan, struct error **error)
{
	struct run run = {.trip = trip, .plan = plan, .relay.listening = -1, .scene.wire = -1};

	*trip = nothing;
	int result = perform(&run, error);
	if (result == 0)
		trip->said = scene_said(&run.scene);
	trip->bytes = relay_carried(&run.relay);
	relay_release(&run.relay);
	notes_release(&run.notes);
	scene_end(&run.scene);
	free(run.polls);
	return result;
}

void trip_release(struct trip *trip)
{
	free(trip->said);
	*trip = (struct trip){0};
}

static double milliseconds(struct timeval time)
{
	return (double)time.tv_sec * 1e3 + (double)time.tv_usec / 1e3;
}

double trip_processor(const struct trip *trip)
{
	return milliseconds(trip->usage.ru_utime) + milliseconds(trip->usage.ru_stime);
}
