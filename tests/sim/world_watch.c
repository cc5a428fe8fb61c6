/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/world_watch.h"

#include <stdlib.h>

static bool has_news(const struct world_watcher *watcher)
{
	return watcher->delta.first || watcher->delta.changed || watcher->delta.removed;
}

static void tell_now(void *context)
{
	struct world_watcher *watcher = context;
	void (*tell)(void *, struct world_watcher *, const struct world_error *) = watcher->tell;
	struct world_error error;
	watcher->event = NULL;
	watcher->tell = NULL;
	if (watcher->gone) {
		world_fail(&error, "stopped", "watcher was stopped");
		tell(watcher->context, watcher, &error);
		return;
	}
	watcher->gone = watcher->delta.removed;
	tell(watcher->context, watcher, NULL);
}

static void wake(struct world_watcher *watcher)
{
	if (watcher->tell && !watcher->event && (has_news(watcher) || watcher->gone))
		watcher->event = world_after(watcher->session->world, 0, tell_now, watcher);
}

struct world_watcher *world_watch_open(struct world_session *session, struct world_error *error)
{
	if (world_at(session->model, session->controller)->presence == WORLD_ABSENT) {
		world_fail(error, "model not found", "model not found");
		return NULL;
	}
	struct world_watcher *watcher = memory_get(1, sizeof(*watcher));
	watcher->session = session;
	watcher->id = ++session->watcher_count;
	watcher->delta.first = true;
	watcher->next = session->watchers;
	session->watchers = watcher;
	return watcher;
}

struct world_watcher *world_watch_find(const struct world_session *session, unsigned id)
{
	struct world_watcher *watcher = session->watchers;
	while (watcher && watcher->id != id)
		watcher = watcher->next;
	return watcher;
}

int world_watch_next(struct world_watcher *watcher,
	void (*tell)(void *context, struct world_watcher *watcher, const struct world_error *error), void *context,
	struct world_error *error)
{
	if (watcher->tell)
		return world_fail(error, "", "another Next is waiting");
	watcher->tell = tell;
	watcher->context = context;
	wake(watcher);
	return 0;
}

static void watcher_free(struct world_watcher *watcher)
{
	world_queue_cancel(&watcher->session->world->queue, &watcher->event);
	free(watcher);
}

void world_watch_stop(struct world_watcher *watcher)
{
	struct world_watcher **link = &watcher->session->watchers;
	struct world_error error;
	while (*link != watcher)
		link = &(*link)->next;
	*link = watcher->next;
	world_fail(&error, "stopped", "watcher was stopped");
	if (watcher->tell)
		watcher->tell(watcher->context, watcher, &error);
	watcher_free(watcher);
}

void world_watch_close(struct world_session *session)
{
	while (session->watchers) {
		struct world_watcher *watcher = session->watchers;
		session->watchers = watcher->next;
		watcher_free(watcher);
	}
}

static void note(
	struct world *world, const struct world_model *model, const struct world_controller *controller, bool removed)
{
	for (struct world_session *session = world->sessions; session; session = session->next) {
		if (session->model != model || session->controller != controller)
			continue;
		for (struct world_watcher *watcher = session->watchers; watcher; watcher = watcher->next) {
			watcher->delta.changed |= !removed;
			watcher->delta.removed |= removed;
			wake(watcher);
		}
	}
}

void world_watch_changed(
	struct world *world, const struct world_model *model, const struct world_controller *controller)
{
	note(world, model, controller, false);
}

void world_watch_removed(
	struct world *world, const struct world_model *model, const struct world_controller *controller)
{
	note(world, model, controller, true);
}
