/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A change as one line of JSON, for a program that follows a run.
 *
 * A promise to programs: an object with the keys time (RFC 3339, UTC), event, model, model-uuid, to, text (what a person is told) and, with
 * the event "ended", result and message; in this order; what is empty is absent. The events are "located", "started", "lost", "resumed",
 * "locked", "restarted", "stalled", "progress", "committed", "recording", "recorded", "verified", "trouble", "alarm", "ended", "paused" and
 * "continued".
 */
#ifndef PLUGIN_EVENT_H
#define PLUGIN_EVENT_H

#include "common/migration/engine.h"

/* Returns the event's word ("located"). Constant. */
const char *event_word(enum migration_news news);

/* Returns the object, without a line break, owned by the caller (free()). `text` is what a person is told, or NULL; `now` in nanoseconds
 * since 1970 UTC. */
char *event_json(const struct migration *migration, enum migration_news news, const char *text, int64_t now);

#endif
