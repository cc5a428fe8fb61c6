/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The display of a run on a terminal: keeps the journeys, decides when to draw, and draws.
 *
 * It draws at most ten times a second and at least once a second; nothing in the first second of a run, nor while the terminal accepts no
 * output or belongs to another job. With many models, each that is over leaves a line above the display. Lines printed through `messages`
 * stand above it as well.
 */
#ifndef PLUGIN_LIVE_H
#define PLUGIN_LIVE_H

#include <stdbool.h>

#include "common/wire/loop.h"
#include "plugin/journey.h"
#include "plugin/options.h"
#include "plugin/screen.h"
#include "plugin/surroundings.h"

/* How long a run must last before anything is shown, and the least time between two drawings. */
#define LIVE_DELAY INSTANT_SECOND
#define LIVE_PACE (INSTANT_SECOND / 10)

struct live {
	struct loop *loop; /* NULL: there is no display */
	struct surroundings *surroundings;
	struct screen screen;
	struct terminal terminal;
	struct journey *journeys;
	size_t count;
	const char *target;
	const struct engine *engine; /* borrowed, or NULL: it knows whose turn it is */
	char *paused;                /* why no further model is started, or NULL */
	int descriptor;              /* of the signals plus one, 0 without */
	bool shown;                  /* something was drawn */
	bool logged_in;
	bool over;
	int64_t begun, drawn;
	int64_t set_out; /* when the login was done */
	struct loop_timer timer;
};

/* True when a run with these options gets a display: stderr is a terminal that can draw, no option asks for lines or for silence, and the
 * run follows its moves to the end. */
bool live_wanted(const struct options *options, const struct surroundings *surroundings);

/* What is shown; all borrowed, `target` until live_release. */
struct live_models {
	const char *const *words; /* the models as they were typed */
	size_t count;
	const char *target;
};

/* Begins a display. The caller owns the zeroed storage, keeps it in place, and calls
 * live_release after the loop is gone. Returns 0, or -1 with an error. */
int live_begin(struct live *live, struct loop *loop, struct surroundings *surroundings,
	const struct live_models *models, struct error **error);

/* The login to `jaas` is done: from now on it may draw. */
void live_logged_in(struct live *live, const char *jaas);

/* Sets the engine (borrowed) whose models are shown from now on. */
void live_serve(struct live *live, const struct engine *engine);

/* Takes in news about the model `index`. */
void live_news(struct live *live, size_t index, const struct migration *migration, enum migration_news news);

/* The run is over: what was shown stays, as it is now. Nothing is drawn from now on. */
void live_end(struct live *live);

/* Releases what `live` holds; also one that was never begun. */
void live_release(struct live *live);

#endif
