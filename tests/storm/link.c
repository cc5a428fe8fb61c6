/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "tests/sim/world_pending.h"
#include "tests/storm/storm.h"

#define PING_EACH (30 * INSTANT_SECOND)

int64_t link_latency(struct storm *storm)
{
	int64_t usual = storm->scene.latency;
	int64_t length = chance_between(&storm->chance, usual / 2, usual + usual / 2);

	if (!storm_calm(storm) && chance_of(&storm->chance, storm->scene.spiky))
		length += chance_length(&storm->chance, 10 * INSTANT_MILLISECOND, 20 * INSTANT_SECOND);
	return length;
}

bool link_frozen(struct storm *storm, void (*run)(void *context), void *context)
{
	if (storm->process.frozen_until <= storm->world->now)
		return false;
	world_queue_add(&storm->world->queue, storm->process.frozen_until, run, context);
	return true;
}

void link_error(const struct world_error *from, struct error **error)
{
	error_set_remote(error, from->code, from->message);
}

/* The login's error as the program makes it of what JIMM says. */
static void login_error(struct storm_link *link, const struct world_error *from)
{
	if (string_same(from->code, "session token invalid") || string_same(from->code, "fatal login error"))
		error_set(&link->error, ERROR_LOGIN, "the session token is no longer valid (%s)", from->message);
	else
		link_error(from, &link->error);
}

static bool ours(const struct storm_link *link)
{
	return link->storm->process.alive && link->life == link->storm->process.life && !link->ended;
}

static void jimm_closes(struct storm_link *link)
{
	struct world_session *session = steal(link->session);

	world_session_close(session);
}

static void tell_opened(struct storm_link *link)
{
	if (link->model == MIGRATION_ALL)
		storm_connected(link->storm, link->open);
	else
		port_opened(link);
}

static void seen_end(void *context)
{
	struct storm_link *link = context;

	if (link_frozen(link->storm, seen_end, link))
		return;
	jimm_closes(link);
	if (!ours(link))
		return;
	if (!link->open) {
		/* In the middle of the login. */
		link->ended = true;
		if (link->error == NULL)
			error_set(&link->error, ERROR_NETWORK, "the connection was closed");
		tell_opened(link);
		return;
	}
	storm_trace(
		link->storm, "  connection %s has ended", link->model == MIGRATION_ALL ? "to JIMM" : "to the model");
	link->ended = true;
	link->open = false;
	port_fail_all(link);
}

static void was_cut(void *context, int code)
{
	struct storm_link *link = context;

	(void)code;
	link->cut = true;
	world_after(link->storm->world, link_latency(link->storm), seen_end, link);
}

static void ping(void *context)
{
	struct storm_link *link = context;

	if (!ours(link) || link->session == NULL || link_frozen(link->storm, ping, link))
		return;
	world_session_ping(link->session);
	world_after(link->storm->world, PING_EACH, ping, link);
}

static void told(void *context)
{
	struct storm_link *link = context;
	struct storm *storm = link->storm;

	if (link_frozen(storm, told, link))
		return;
	if (!ours(link))
		return;
	if (link->cut && link->error == NULL)
		error_set(&link->error, ERROR_NETWORK, "the connection was closed");
	link->open = link->error == NULL;
	link->ended = link->error != NULL;
	if (link->ended)
		jimm_closes(link);
	else if (link->model == MIGRATION_ALL)
		ping(link);
	storm_trace(storm, "< login %s%s: %s", link->model == MIGRATION_ALL ? "to JIMM" : "to model ",
		link->model == MIGRATION_ALL ? "" : storm->models[link->model].truth->name,
		link->error != NULL ? link->error->message
				    : (link->controller != NULL ? link->controller->name : "done"));
	tell_opened(link);
}

static void route(struct storm_link *link, int64_t *length)
{
	struct world_error error = {.code = ""};
	struct storm *storm = link->storm;

	world_error_clear(&error);
	if (link->model != MIGRATION_ALL && world_session_route(link->session, &error)) {
		const struct world_model *model = storm->models[link->model].truth;

		*length += model->recorded != NULL ? world_dial_length(storm->world, model->recorded) : 0;
		link_error(&error, &link->error);
		return;
	}
	if (world_login_token(link->session, storm->token, &error))
		login_error(link, &error);
	else
		link->controller = link->model == MIGRATION_ALL ? NULL : link->session->controller;
}

static void arrives(void *context)
{
	struct storm_link *link = context;
	struct storm *storm = link->storm;
	int64_t length = link_latency(storm);
	const char *uuid = link->model == MIGRATION_ALL ? NULL : storm->models[link->model].truth->uuid;

	if (!ours(link))
		return;
	if (storm->world->down) {
		error_set(&link->error, ERROR_NETWORK, "cannot connect to JIMM: connection refused");
	} else if (!storm_calm(storm) && chance_of(&storm->chance, storm->scene.lost)) {
		error_set(&link->error, ERROR_TIMEOUT, "the login was not answered in time");
		length += 30 * INSTANT_SECOND;
	} else {
		link->session = world_session_open(storm->world, uuid, STORM_CLIENT, was_cut, link);
		route(link, &length);
	}
	world_after(storm->world, length, told, link);
}

struct storm_link *link_open(struct storm *storm, size_t model)
{
	struct storm_link *link = memory_get(1, sizeof(*link));

	link->storm = storm;
	link->life = storm->process.life;
	link->model = model;
	link->began = storm_now(storm);
	link->next = storm->links;
	storm->links = link;
	storm_trace(storm, "> login %s%s", model == MIGRATION_ALL ? "to JIMM" : "to model ",
		model == MIGRATION_ALL ? "" : storm->models[model].truth->name);
	crowd_asked(storm, LOOK_LOGIN, model);
	check_haste(storm);
	world_after(storm->world, link_latency(storm), arrives, link);
	return link;
}

static void close_later(void *context)
{
	jimm_closes(context);
}

void link_close(struct storm_link *link)
{
	if (link == NULL)
		return;
	link->ended = true;
	link->open = false;
	port_forget_all(link);
	if (link->session != NULL)
		world_after(link->storm->world, link_latency(link->storm), close_later, link);
}

void link_break(struct storm_link *link)
{
	struct storm *storm = link->storm;

	if (link->ended || !link->open || link->life != storm->process.life)
		return;
	storm_trace(storm, "! the connection %s breaks", link->model == MIGRATION_ALL ? "to JIMM" : "to the model");
	/* JIMM notices at once, or a good deal later. */
	if (link->session != NULL && chance_of(&storm->chance, 500))
		world_after(storm->world, chance_length(&storm->chance, INSTANT_MILLISECOND, 3 * INSTANT_MINUTE),
			close_later, link);
	else
		jimm_closes(link);
	link->cut = true;
	link->ended = true;
	link->open = false;
	port_fail_all(link);
}

void link_free_all(struct storm *storm)
{
	while (storm->links != NULL) {
		struct storm_link *link = storm->links;

		storm->links = link->next;
		world_session_close(link->session);
		error_free(link->error);
		free(link);
	}
}
