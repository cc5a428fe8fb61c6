/* SPDX-License-Identifier: Apache-2.0 */
#include "common/wire/loop.h"

#include <errno.h>
#include <fcntl.h>
#include <libwebsockets.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/scoped.h"
#include "common/wire/loop_private.h"
#include "common/wire/timers.h"
#include "common/wire/trust.h"

/* Most sockets at a time; bounds the tables that libwebsockets allocates at the start. */
#define LOOP_SOCKETS_MAX 1024
/* Bytes read from a socket in one go. */
#define LOOP_READ_SIZE 16384
/* Longest single wait: poll does not count the time that the machine sleeps, but deadlines do. */
#define LOOP_WAIT_MAX (5 * INSTANT_SECOND)
/* The same while the clock must not be told that the program is idle (loop_busy). */
#define LOOP_BUSY_WAIT_MAX (20 * INSTANT_MILLISECOND)
/* Rounds in which sockets are served at the end, so that close frames still go out. */
#define LOOP_FAREWELL_ROUNDS 8
/* Most watches at a time. */
#define LOOP_WATCHERS_MAX 256

struct loop_watcher {
	struct loop *loop;
	struct lws *wsi; /* NULL once libwebsockets has closed it */
	void (*ready)(void *context);
	void *context;
	struct loop_timer soon;
};

struct loop {
	struct clock *clock;
	const struct log *log;
	struct lws_context *context;
	struct lws_vhost *vhost; /* of the watches */
	struct timers timers;
	struct clock_traffic traffic;
	uint64_t touched;
	size_t held; /* see loop_held */
	int busy;
	int stopped;
	lws_sorted_usec_list_t bound; /* ends a wait */
	struct loop_watcher *watchers[LOOP_WATCHERS_MAX];
	size_t watcher_count;
	void *kept;
	void (*release)(void *kept);
};

static void watcher_ready(void *context)
{
	struct loop_watcher *watcher = context;

	watcher->ready(watcher->context);
}

static int watch_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *bytes, size_t length)
{
	(void)user;
	(void)bytes;
	(void)length;
	/* With other reasons it is called for other connections too, whose user data is not ours. */
	if (reason != LWS_CALLBACK_RAW_RX_FILE && reason != LWS_CALLBACK_RAW_CLOSE_FILE)
		return 0;
	struct loop_watcher *watcher = lws_get_opaque_user_data(wsi);
	if (watcher == NULL)
		return 0;
	/* The other end has hung up: `ready` is called once, to notice it. */
	if (reason == LWS_CALLBACK_RAW_CLOSE_FILE)
		watcher->wsi = NULL;
	loop_touch(watcher->loop);
	loop_timer_set(watcher->loop, &watcher->soon, LOOP_SOON, watcher_ready, watcher);
	return 0;
}

static const struct lws_protocols watch_protocols[] = {
	{.name = "watch", .callback = watch_callback},
	{0},
};

struct lws_context *loop_context(struct loop *loop)
{
	return loop->context;
}

struct clock_traffic *loop_traffic(struct loop *loop)
{
	return &loop->traffic;
}

size_t *loop_held(struct loop *loop)
{
	return &loop->held;
}

void loop_touch(struct loop *loop)
{
	loop->touched++;
}

void loop_busy(struct loop *loop, int change)
{
	loop->busy += change;
}

void **loop_keepsake(struct loop *loop, void (*release)(void *kept))
{
	loop->release = release;
	return &loop->kept;
}

int64_t loop_now(const struct loop *loop)
{
	return clock_now(loop->clock);
}

void loop_timer_set(
	struct loop *loop, struct loop_timer *timer, int64_t at, void (*fired)(void *context), void *context)
{
	timer->at = at;
	timer->fired = fired;
	timer->context = context;
	timers_set(&loop->timers, timer);
}

void loop_timer_cancel(struct loop *loop, struct loop_timer *timer)
{
	timers_remove(&loop->timers, timer);
}

struct loop_watcher *loop_watch_begin(
	struct loop *loop, int descriptor, void (*ready)(void *context), void *context, struct error **error)
{
	if (loop->watcher_count == LOOP_WATCHERS_MAX) {
		error_set(error, ERROR_FAILED, "cannot watch more than %d descriptors", LOOP_WATCHERS_MAX);
		return NULL;
	}
	/* libwebsockets gets a copy, since it closes what it is given. It also sets O_NONBLOCK, for all users of the
	 * same terminal; the old flags are restored. */
	int copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
	int flags = fcntl(descriptor, F_GETFL);
	if (copy < 0) {
		error_set(error, ERROR_FAILED, "cannot watch a descriptor: %s", strerror(errno));
		return NULL;
	}
	struct loop_watcher *watcher = memory_get(1, sizeof(*watcher));
	lws_adopt_desc_t adopt = {
		.vh = loop->vhost,
		.type = LWS_ADOPT_RAW_FILE_DESC,
		.fd.filefd = copy,
		.vh_prot_name = watch_protocols[0].name,
		.opaque = watcher,
	};
	*watcher = (struct loop_watcher){.loop = loop, .ready = ready, .context = context};
	watcher->wsi = lws_adopt_descriptor_vhost_via_info(&adopt);
	if (flags >= 0)
		fcntl(descriptor, F_SETFL, flags);
	if (watcher->wsi == NULL) {
		free(watcher);
		error_set(error, ERROR_FAILED, "cannot watch a descriptor");
		return NULL;
	}
	loop->watchers[loop->watcher_count++] = watcher;
	return watcher;
}

static void watcher_free(struct loop *loop, struct loop_watcher *watcher)
{
	loop_timer_cancel(loop, &watcher->soon);
	if (watcher->wsi != NULL) {
		lws_set_opaque_user_data(watcher->wsi, NULL);
		lws_set_timeout(watcher->wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_SYNC);
	}
	free(watcher);
}

void loop_unwatch(struct loop *loop, struct loop_watcher *watcher)
{
	if (watcher == NULL)
		return;
	for (size_t i = 0; i < loop->watcher_count; i++) {
		if (loop->watchers[i] != watcher)
			continue;
		loop->watchers[i] = loop->watchers[--loop->watcher_count];
		break;
	}
	watcher_free(loop, watcher);
}

int loop_watch(struct loop *loop, int descriptor, void (*ready)(void *context), void *context, struct error **error)
{
	return loop_watch_begin(loop, descriptor, ready, context, error) != NULL ? 0 : -1;
}

static void clock_ready(void *context)
{
	struct loop *loop = context;

	clock_arrived(loop->clock);
}

static int watch_clock(struct loop *loop, struct error **error)
{
	int descriptor = clock_descriptor(loop->clock);

	return descriptor < 0 ? 0 : loop_watch(loop, descriptor, clock_ready, loop, error);
}

static int make_context(struct loop *loop, struct error **error)
{
	struct lws_context_creation_info info = {
		.port = CONTEXT_PORT_NO_LISTEN,
		.protocols = watch_protocols,
		.options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS | LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT |
			   LWS_SERVER_OPTION_DISABLE_OS_CA_CERTS,
		.fd_limit_per_thread = LOOP_SOCKETS_MAX,
		.pt_serv_buf_size = LOOP_READ_SIZE,
		.timeout_secs = LOOP_SOCKET_SECONDS,
		.gid = -1,
		.uid = -1,
	};
	/* By default libwebsockets prints to the terminal. */
	lws_set_log_level(0, NULL);
	trust_prepare();
	loop->context = lws_create_context(&info);
	if (loop->context == NULL)
		return error_set(error, ERROR_FAILED, "cannot start libwebsockets");
	info.options = LWS_SERVER_OPTION_DISABLE_OS_CA_CERTS;
	info.vhost_name = "watch";
	/* Empty, not NULL: else libwebsockets takes http_proxy from the environment. */
	info.http_proxy_address = "";
	loop->vhost = lws_create_vhost(loop->context, &info);
	return loop->vhost != NULL ? 0 : error_set(error, ERROR_FAILED, "cannot start libwebsockets");
}

struct loop *loop_new(struct clock *clock, const struct log *log, struct error **error)
{
	scoped(loop) struct loop *loop = memory_get(1, sizeof(*loop));

	loop->clock = clock;
	loop->log = log;
	if (make_context(loop, error) != 0 || watch_clock(loop, error) != 0)
		return NULL;
	return steal(loop);
}

/* Serves the sockets that are ready, without waiting. */
static int serve(struct loop *loop)
{
	return lws_service(loop->context, -1) < 0 ? -1 : 0;
}

static void bound_reached(lws_sorted_usec_list_t *bound)
{
	(void)bound;
}

/* Serves the sockets as soon as one is ready, or after `wait` (nanoseconds; -1: no limit). */
static int serve_within(struct loop *loop, int64_t wait)
{
	/* lws_service ignores the time it is given; only its own timers bound its wait, cut down to whole milliseconds.
	 * The extra 0.9 ms make up for what passes until then. */
	if (wait >= 0) {
		lws_usec_t millis = (lws_usec_t)((wait + INSTANT_MILLISECOND - 1) / INSTANT_MILLISECOND);
		lws_sul_schedule(
			loop->context, 0, &loop->bound, bound_reached, millis * LWS_US_PER_MS + LWS_US_PER_MS * 9 / 10);
	}
	int result = lws_service(loop->context, 0);
	lws_sul_cancel(&loop->bound);
	return result < 0 ? -1 : 0;
}

static int fire_due(struct loop *loop)
{
	int64_t now = loop_now(loop);
	int fired = 0;

	/* No more than were set at the start, so that a timer that sets itself again cannot starve the sockets. */
	for (size_t left = loop->timers.count; left > 0 && !loop->stopped; left--) {
		struct loop_timer *timer = timers_due(&loop->timers, now);

		if (timer == NULL)
			break;
		timer->fired(timer->context);
		fired = 1;
	}
	return fired;
}

static int64_t shorter(int64_t one, int64_t other)
{
	return one < other ? one : other;
}

/* Waits until a socket is ready or a timer is due. */
static int rest(struct loop *loop)
{
	int64_t until = timers_next(&loop->timers);

	if (loop->busy > 0) {
		int64_t left = until == INSTANT_NEVER ? LOOP_BUSY_WAIT_MAX : until - loop_now(loop);

		return left <= 0 ? serve(loop) : serve_within(loop, shorter(left, LOOP_BUSY_WAIT_MAX));
	}
	int64_t wait = clock_sleep(loop->clock, until, &loop->traffic);
	if (wait == 0)
		return serve(loop);
	return serve_within(loop, wait < 0 ? -1 : shorter(wait, LOOP_WAIT_MAX));
}

int loop_run(struct loop *loop, struct error **error)
{
	loop->stopped = 0;
	while (!loop->stopped) {
		int fired = fire_due(loop);
		uint64_t touched = loop->touched;

		if (loop->stopped)
			break;
		if (serve(loop) != 0)
			return error_set(error, ERROR_FAILED, "cannot wait for the network: %s", strerror(errno));
		if (fired || loop->touched != touched || timers_next(&loop->timers) == LOOP_SOON)
			continue;
		if (rest(loop) != 0)
			return error_set(error, ERROR_FAILED, "cannot wait for the network: %s", strerror(errno));
	}
	return 0;
}

void loop_stop(struct loop *loop)
{
	loop->stopped = 1;
}

/* Sends the close frames of connections that were freed: requested in one round, written in the next. */
static void say_farewell(struct loop *loop)
{
	for (int i = 0; loop->busy > 0 && i < LOOP_FAREWELL_ROUNDS; i++)
		serve(loop);
	serve(loop);
}

void loop_free(struct loop *loop)
{
	if (loop == NULL)
		return;
	if (loop->context != NULL)
		say_farewell(loop);
	while (loop->watcher_count > 0)
		watcher_free(loop, loop->watchers[--loop->watcher_count]);
	lws_context_destroy(loop->context);
	if (loop->release != NULL)
		loop->release(loop->kept);
	timers_release(&loop->timers);
	free(loop);
}
