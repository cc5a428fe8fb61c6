/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/live.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "plugin/display_many.h"

static void signals_of_display(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGWINCH);
	sigaddset(set, SIGTSTP);
}

static int descriptor_of(const struct live *live)
{
	return fileno(live->surroundings->err);
}

static struct display_shape shape_of(struct live *live)
{
	terminal_measure(&live->terminal, descriptor_of(live));
	return (struct display_shape){
		.columns = live->terminal.columns,
		.rows = live->terminal.rows,
		.unicode = live->terminal.unicode,
		.colour = live->terminal.colour,
	};
}

static struct display_many many_of(const struct live *live)
{
	return (struct display_many){
		.journeys = live->journeys,
		.count = live->count,
		.begun = live->set_out,
		.target = live->target,
		.paused = live->paused,
		.over = live->over,
	};
}

/* The engine sends no news when a model gets its turn. */
static void look_whose_turn(struct live *live, int64_t now)
{
	for (size_t i = 0; live->engine != NULL && i < live->count; i++) {
		enum migration_stage stage = engine_migration(live->engine, i)->stage;

		if (stage != STAGE_SURVEY && stage != STAGE_QUEUED && stage != STAGE_ENDED)
			journey_set_out(&live->journeys[i], now);
	}
}

static char *page(struct live *live, int64_t now)
{
	const struct display_shape shape = shape_of(live);

	if (live->count == 1)
		return display_format(live->journeys, &shape, now);
	look_whose_turn(live, now);
	const struct display_many many = many_of(live);
	return display_many(&many, &shape, now);
}

/* Returns the next full second of the run, when the times that are shown change. */
static int64_t next_second(const struct live *live, int64_t now)
{
	return now + INSTANT_SECOND - (now - live->begun) % INSTANT_SECOND;
}

static void draw(void *context)
{
	struct live *live = context;
	int64_t now = loop_now(live->loop);

	if (terminal_is_ours(descriptor_of(live)) && terminal_takes_more(descriptor_of(live))) {
		scoped(string) char *lines = page(live, now);

		screen_draw(&live->screen, lines);
		live->shown = true;
	}
	live->drawn = now;
	loop_timer_set(live->loop, &live->timer, next_second(live, now), draw, live);
}

static void change(struct live *live)
{
	int64_t first = live->begun + LIVE_DELAY, next = live->drawn + LIVE_PACE;
	int64_t at = first > next ? first : next;

	if (!live->logged_in || (live->timer.place != 0 && live->timer.at <= at))
		return;
	loop_timer_set(live->loop, &live->timer, at, draw, live);
}

/* The shell may have taken the terminal back: juju does not outlive Ctrl-C, and leaves this program behind. */
static void take_away(struct live *live)
{
	if (terminal_is_ours(descriptor_of(live)))
		screen_clear(&live->screen);
	else
		screen_abandon(&live->screen);
}

/* Stops as if the signal had not been caught, and leaves the terminal to the shell meanwhile. */
static void pause_run(struct live *live)
{
	sigset_t stop;

	sigemptyset(&stop);
	sigaddset(&stop, SIGTSTP);
	take_away(live);
	sigprocmask(SIG_UNBLOCK, &stop, NULL);
	raise(SIGTSTP);
	sigprocmask(SIG_BLOCK, &stop, NULL);
}

static void signalled(void *context)
{
	struct live *live = context;
	struct signalfd_siginfo info;

	while (read(live->descriptor - 1, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		if (info.ssi_signo == SIGTSTP)
			pause_run(live);
		change(live);
	}
}

static void make_room(void *context)
{
	struct live *live = context;

	take_away(live);
	change(live);
}

bool live_wanted(const struct options *options, const struct surroundings *surroundings)
{
	return surroundings->err_terminal.redraws && !options->quiet && !options->verbose && !options->debug &&
	       !options->show_log && !options->no_wait && !options->dry_run;
}

static int listen_to_signals(struct live *live, struct error **error)
{
	sigset_t set;

	signals_of_display(&set);
	sigprocmask(SIG_BLOCK, &set, NULL);
	int descriptor = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	if (descriptor < 0)
		return error_set(error, ERROR_FAILED, "cannot listen for signals: %s", strerror(errno));
	live->descriptor = descriptor + 1;
	return loop_watch(live->loop, descriptor, signalled, live, error);
}

int live_begin(struct live *live, struct loop *loop, struct surroundings *surroundings,
	const struct live_models *models, struct error **error)
{
	live->loop = loop;
	live->surroundings = surroundings;
	live->terminal = surroundings->err_terminal;
	live->screen = (struct screen){.stream = surroundings->err};
	live->begun = live->drawn = live->set_out = loop_now(loop);
	live->target = models->target;
	live->journeys = memory_get(models->count, sizeof(*live->journeys));
	for (; live->count < models->count; live->count++)
		journey_init(&live->journeys[live->count], models->words[live->count], live->begun);
	for (size_t i = 0; live->count > 1 && i < live->count; i++)
		journey_wait(&live->journeys[i]);
	surroundings->messages.make_room = make_room;
	surroundings->messages.room_context = live;
	return listen_to_signals(live, error);
}

void live_logged_in(struct live *live, const char *jaas)
{
	if (live->loop == NULL)
		return;
	for (size_t i = 0; i < live->count; i++)
		journey_logged_in(&live->journeys[i], jaas, loop_now(live->loop));
	live->logged_in = true;
	live->set_out = loop_now(live->loop);
	change(live);
}

void live_serve(struct live *live, const struct engine *engine)
{
	live->engine = engine;
}

/* Prints the line of a model that is over; it stays above what is drawn. */
static void say_ended(struct live *live, size_t index)
{
	const struct display_shape shape = shape_of(live);
	const struct display_many many = many_of(live);
	scoped(string) char *line = display_ended(&many, index, &shape);

	message_drawn(&live->surroundings->messages, line);
}

void live_news(struct live *live, size_t index, const struct migration *migration, enum migration_news news)
{
	int64_t now = loop_now(live->loop);

	if (news == NEWS_PAUSED || news == NEWS_CONTINUED)
		string_replace(&live->paused, news == NEWS_PAUSED ? migration->trouble : NULL);
	/* It may have had its turn and ended between two drawings. */
	if (migration->cause != CAUSE_NOT_STARTED && migration->cause != CAUSE_PAUSED)
		journey_set_out(&live->journeys[index], now);
	journey_news(&live->journeys[index], migration, news, now);
	if (live->count > 1 && news == NEWS_ENDED && live->journeys[index].place == JOURNEY_OVER)
		say_ended(live, index);
	change(live);
}

void live_end(struct live *live)
{
	if (live->loop == NULL || !live->logged_in)
		return;
	live->logged_in = false;
	live->over = true;
	loop_timer_cancel(live->loop, &live->timer);
	if (live->shown && terminal_is_ours(descriptor_of(live))) {
		scoped(string) char *lines = page(live, loop_now(live->loop));

		screen_finish(&live->screen, lines);
	} else {
		take_away(live);
	}
}

void live_release(struct live *live)
{
	sigset_t set;

	for (size_t i = 0; i < live->count; i++)
		journey_release(&live->journeys[i]);
	free(live->journeys);
	free(live->paused);
	if (live->surroundings != NULL)
		live->surroundings->messages.make_room = NULL;
	if (live->descriptor > 0) {
		close(live->descriptor - 1);
		signals_of_display(&set);
		sigprocmask(SIG_UNBLOCK, &set, NULL);
	}
	*live = (struct live){0};
}
