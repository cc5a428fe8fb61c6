/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The display of a run on a terminal: keeps the journeys, decides when to draw, and draws.
 *
 * It draws at most ten times a second and once a second at least, nothing before the run has lasted a second, and nothing while
 * the terminal takes nothing or belongs to another job. Of many models a line stays above it for each that is over. Lines printed through `messages` stand above it.
 */
#ifndef PLUGIN_LIVE_H
#define PLUGIN_LIVE_H

#include <stdbool.h>

#include "common/wire/loop.h"
#include "plugin/journey.h"
#include "plugin/options.h"
#include "plugin/screen.h"
#include "plugin/surroundings.h"

/* A run that is over sooner shows nothing; and how far apart two drawings are. */
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
	int64_t set_out; /* the login was done */
	struct loop_timer timer;
};

/* Tells if a run with these options is followed on a display: stderr is a terminal that can draw, nobody has asked for lines or for
 * silence, and the run follows a move to its end. */
bool live_wanted(const struct options *options, const struct surroundings *surroundings);

/* What is shown; all borrowed, `target` until live_release. */
struct live_models {
	const char *const *words; /* what the models are called for now */
	size_t count;
	const char *target;
};

/* Begins a display. The caller owns the zeroed storage, keeps it in place, and calls
 * live_release after the loop is gone. Returns 0, or -1 with an error. */
int live_begin(struct live *live, struct loop *loop, struct surroundings *surroundings,
	const struct live_models *models, struct error **error);

/* The login to `jaas` is done: from now on it may draw. */
void live_logged_in(struct live *live, const char *jaas);

/* From now on it is this engine whose models are shown. */
void live_serve(struct live *live, const struct engine *engine);

/* Takes news about the model `index` in. */
void live_news(struct live *live, size_t index, const struct migration *migration, enum migration_news news);

/* The run is over: what was shown stays, as it is now. Nothing is drawn from now on. */
void live_end(struct live *live);

/* Releases what `live` holds; also one that was never begun. */
void live_release(struct live *live);

#endif
