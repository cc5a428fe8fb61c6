/* SPDX-License-Identifier: Apache-2.0 */
/* Replies to the calls of a model connection, facades Client and AllWatcher: a line with the call, then the message. */
#include "common/juju/all_watcher.h"
#include "common/juju/client.h"

#include <string.h>

#include "tests/fuzz/reply.h"

static void status(void *context, struct client_status *answer, const struct call_result *result)
{
	(void)context;
	fuzz_told(answer != NULL, result);
	if (answer == NULL)
		return;
	const char *const texts[] = {answer->name, answer->version, answer->status, answer->status_info};
	for (size_t i = 0; i < array_length(texts); i++)
		fuzz_expect_text(texts[i]);
	fuzz_expect(answer->away_count <= answer->machines + answer->units);
	for (size_t i = 0; i < answer->away_count; i++) {
		fuzz_expect_text(answer->away[i].name);
		fuzz_expect_text(answer->away[i].status);
	}
	scoped(string) char *away = client_status_away(answer);
	fuzz_expect((away != NULL) == (answer->away_count > 0));
	fuzz_expect_printable(away);
	fuzz_expect(away == NULL || strlen(away) <= CLIENT_AWAY_MAX + 64);
}

static void watcher(void *context, const char *id, const struct call_result *result)
{
	(void)context;
	fuzz_told(id != NULL, result);
	fuzz_expect(id == NULL || strlen(id) <= CLIENT_WATCHER_ID_MAX);
}

static void deltas(void *context, struct all_watcher_deltas *answer, const struct call_result *result)
{
	(void)context;
	fuzz_told(answer != NULL, result);
	fuzz_expect(answer == NULL || answer->count <= ALL_WATCHER_DELTAS_MAX);
	for (size_t i = 0; answer != NULL && i < answer->count; i++) {
		const struct all_watcher_delta *one = &answer->list[i];
		const char *const texts[] = {one->uuid, one->name, one->life, one->status, one->status_info};

		for (size_t k = 0; k < array_length(texts); k++)
			fuzz_expect_text(texts[k]);
		fuzz_expect_uuid(one->uuid);
	}
}

static void full_status(struct rpc *rpc)
{
	client_full_status(rpc, 6, status, NULL);
}

static void watch(struct rpc *rpc)
{
	client_watch_all(rpc, 6, watcher, NULL);
}

static void next(struct rpc *rpc)
{
	all_watcher_next(rpc, 3, "1", deltas, NULL);
}

void fuzz_one(const char *bytes, size_t length)
{
	static const struct fuzz_call calls[] = {
		{"Client.FullStatus", full_status}, {"Client.WatchAll", watch}, {"AllWatcher.Next", next}};

	fuzz_reply(calls, array_length(calls), (struct fuzz_input){bytes, length});
}
