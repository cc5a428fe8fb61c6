/* SPDX-License-Identifier: Apache-2.0 */
#include "common/login/log_reader.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/base64.h"
#include "common/wire/transport.h"

struct log_reader {
	struct loop *loop;
	log_reader_record *record;
	log_reader_over *over;
	void *context;
	struct dial *dial;
	struct transport *transport;
	struct loop_timer end, quiet;
	bool begun; /* the first message has come */
	size_t records, bytes;
};

static void finish(struct log_reader *reader, const struct error *error)
{
	loop_timer_cancel(reader->loop, &reader->end);
	loop_timer_cancel(reader->loop, &reader->quiet);
	dial_cancel(steal(reader->dial));
	transport_free(steal(reader->transport));
	reader->over(reader->context, error);
}

static void late(void *context)
{
	struct log_reader *reader = context;
	scoped(error) struct error *error = NULL;

	if (!reader->begun)
		error_set(&error, ERROR_TIMEOUT, "the log does not come");
	finish(reader, error);
}

static void wait_on(struct log_reader *reader)
{
	loop_timer_set(reader->loop, &reader->quiet, loop_now(reader->loop) + LOG_READER_QUIET, late, reader);
}

static void opened(void *context)
{
	(void)context;
}

static void message(void *context, const char *text, size_t length)
{
	struct log_reader *reader = context;
	scoped(log_record) struct log_record record = {.time = INSTANT_NONE};
	scoped(error) struct error *error = NULL;

	wait_on(reader);
	if (!reader->begun) {
		reader->begun = log_record_begin(text, length, &error) == 0;
		if (!reader->begun)
			finish(reader, error);
		return;
	}
	reader->bytes += length;
	if (++reader->records > LOG_READER_RECORDS_MAX || reader->bytes > LOG_READER_BYTES_MAX)
		finish(reader, NULL);
	/* An unreadable record is left out: others may help. */
	else if (log_record_read(text, length, &record, &error) == 0)
		reader->record(reader->context, &record);
}

static void ended(void *context, const struct error *error)
{
	struct log_reader *reader = context;

	finish(reader, reader->begun ? NULL : error);
}

static void dialled(void *context, struct transport *transport, const char *endpoint, const char *address,
	const struct error *error)
{
	static const struct transport_events events = {.opened = opened, .message = message, .ended = ended};
	struct log_reader *reader = context;

	(void)endpoint;
	(void)address;
	reader->dial = NULL;
	if (error != NULL) {
		finish(reader, error);
		return;
	}
	reader->transport = transport;
	transport_listen(transport, &events, reader);
	wait_on(reader);
}

static struct secret *basic(const char *user, const struct secret *password)
{
	size_t length = strlen(user) + 1 + strlen(secret_reveal(password));
	scoped(string) char *plain = string_format("%s:%s", user, secret_reveal(password));
	scoped(string) char *encoded = base64_encode(plain, length);
	scoped(string) char *value = string_format("Basic %s", encoded);
	struct secret *secret = secret_new(value, strlen(value));

	secret_erase(plain, length);
	secret_erase(encoded, strlen(encoded));
	secret_erase(value, strlen(value));
	return secret;
}

static char *path_of(const struct log_reader_plan *plan)
{
	char since[INSTANT_TEXT_SIZE];
	const char *start = instant_format(plan->since, since);

	return string_format("/model/%s/log?noTail=true&backlog=%d&maxLines=%d&level=%s%s%s%s%s", plan->model_uuid,
		LOG_READER_RECORDS_MAX, LOG_READER_RECORDS_MAX, plan->level,
		plan->module != NULL ? "&includeModule=" : "", plan->module != NULL ? plan->module : "",
		start[0] != '\0' ? "&startTime=" : "", start);
}

struct log_reader *log_reader_new(const struct log_reader_plan *plan)
{
	struct log_reader *reader = memory_get(1, sizeof(*reader));
	struct dial_target target = plan->place->target;
	scoped(secret) struct secret *authorization = basic(plan->user, plan->password);
	scoped(string) char *path = path_of(plan);

	reader->loop = plan->place->loop;
	reader->record = plan->record;
	reader->over = plan->over;
	reader->context = plan->context;
	target.path = path;
	target.strangers = &plan->place->account.keys->strangers;
	target.timeout = LOG_READER_TIMEOUT;
	target.authorization = authorization;
	loop_timer_set(reader->loop, &reader->end, loop_now(reader->loop) + LOG_READER_TIMEOUT, late, reader);
	reader->dial = dial_start(reader->loop, &target, plan->place->log, dialled, reader);
	return reader;
}

void log_reader_free(struct log_reader *reader)
{
	if (reader == NULL)
		return;
	loop_timer_cancel(reader->loop, &reader->end);
	loop_timer_cancel(reader->loop, &reader->quiet);
	dial_cancel(reader->dial);
	transport_free(reader->transport);
	free(reader);
}
