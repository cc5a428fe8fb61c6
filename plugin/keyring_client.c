/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/keyring_client.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/environment.h"
#include "common/base/text.h"

/* Largest count of erased items that is believed. */
#define COUNT_MAX 100000

struct keyring_call {
	const struct keyring_place *place;
	const char *name; /* of the verb, for the log */
	int64_t deadline;
	pid_t pid;                   /* of the helper, 0 when there is none */
	int descriptor;              /* our end of its stdin and stdout, -1 when there is none */
	struct keyring_result early; /* a word when the end is known already */
	struct keyring_frame answer;
};

static void settle(struct keyring_result *result, enum keyring_word word, const char *text)
{
	keyring_result_release(result);
	result->word = word;
	result->text = text_printable(text);
}

/* ---- asking ---- */

static const char *kind_name(enum keyring_kind kind)
{
	static const char *const names[] = {
		[KEYRING_ANY_KIND] = "", [KEYRING_CLIENT_SECRET] = "client-secret", [KEYRING_PASSWORD] = "password"};

	return names[kind];
}

/* What a person sees in the list of their keyring. */
static char *label_of(const struct keyring_item *item)
{
	return string_format("%s of %s on %s",
		item->kind == KEYRING_CLIENT_SECRET ? "JAAS client secret" : "Juju password",
		item->user != NULL ? item->user : "", item->controller);
}

static int make_request(
	struct keyring_frame *frame, const struct keyring_item *item, const struct secret *secret, struct error **error)
{
	scoped(string) char *label = secret != NULL ? label_of(item) : NULL;

	if (keyring_frame_add(frame, item->controller_uuid, KEYRING_FIELD_MAX, error) < 0 ||
		keyring_frame_add(frame, kind_name(item->kind), KEYRING_FIELD_MAX, error) < 0 ||
		keyring_frame_add(frame, item->user, KEYRING_FIELD_MAX, error) < 0 ||
		keyring_frame_add(frame, label, KEYRING_FIELD_MAX, error) < 0)
		return -1;
	return keyring_frame_add(frame, secret != NULL ? secret_reveal(secret) : NULL, KEYRING_SECRET_MAX, error);
}

/* What the helper needs to find the session's bus, and what programs that the bus starts may need. Never more: JUJU_* holds secrets. */
static char **bare_environment(char *const *environment)
{
	static const char *const names[] = {"DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR", "DISPLAY", "WAYLAND_DISPLAY",
		"XAUTHORITY", "HOME", "LANG", "LC_ALL", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME",
		"XDG_CURRENT_DESKTOP", "XDG_SESSION_TYPE"};
	char **bare = memory_get(array_length(names) + 1, sizeof(*bare));
	size_t count = 0;

	for (size_t i = 0; i < array_length(names); i++) {
		const char *value = environment_given(environment, names[i]);

		if (value != NULL)
			bare[count++] = string_format("%s=%s", names[i], value);
	}
	return bare;
}

static void free_environment(char **environment)
{
	for (size_t i = 0; environment[i] != NULL; i++)
		free(environment[i]);
	free(environment);
}

SCOPED_DEFINE(bare, char **, free_environment)

/* The helper has a process group of its own: Ctrl-C goes to this program alone, and the helper ends when this program does. */
static void set_attributes(posix_spawnattr_t *attributes)
{
	sigset_t none, all;

	sigemptyset(&none);
	sigfillset(&all);
	posix_spawnattr_setsigmask(attributes, &none);
	posix_spawnattr_setsigdefault(attributes, &all);
	posix_spawnattr_setpgroup(attributes, 0);
	posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
}

/* Returns 0 or an errno. */
static int spawn(struct keyring_call *call, int theirs)
{
	char name[] = "keyring";
	char *const words[] = {name, NULL};
	scoped(bare) char **environment = bare_environment(call->place->environment);
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;

	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attributes);
	posix_spawn_file_actions_adddup2(&actions, theirs, STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&actions, theirs, STDOUT_FILENO);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
	set_attributes(&attributes);
	int status = posix_spawn(&call->pid, call->place->helper, &actions, &attributes, words, environment);
	if (status != 0)
		call->pid = 0;
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return status;
}

/* The request is written to the socket before the helper is started, so that a helper which ends at once cannot interrupt the writing. */
static void start(struct keyring_call *call, const struct keyring_frame *request)
{
	int ends[2];

	/* The helper may have been replaced or removed since it was found; not every system reports that when it is started. */
	if (access(call->place->helper, X_OK) < 0 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) {
		settle(&call->early, KEYRING_NO_HELPER, strerror(errno));
		return;
	}
	call->descriptor = ends[0];
	ssize_t sent = send(ends[0], request->bytes, request->length, MSG_DONTWAIT | MSG_NOSIGNAL);
	int status = sent == (ssize_t)request->length ? spawn(call, ends[1]) : EIO;
	close(ends[1]);
	if (status != 0)
		settle(&call->early, KEYRING_NO_HELPER, strerror(status));
}

struct keyring_call *keyring_begin(const struct keyring_place *place, enum keyring_verb verb,
	const struct keyring_item *item, const struct secret *secret)
{
	static const char *const names[] = {
		[KEYRING_FIND] = "find", [KEYRING_STORE] = "store", [KEYRING_ERASE] = "erase"};
	struct keyring_call *call = memory_get(1, sizeof(*call));
	scoped(keyring_frame) struct keyring_frame request = {.length = 0};
	scoped(error) struct error *error = NULL;

	call->place = place;
	call->name = names[verb];
	call->descriptor = -1;
	call->deadline = clock_now(place->clock) + (place->may_prompt ? KEYRING_PROMPT_PATIENCE : KEYRING_PATIENCE);
	keyring_frame_begin(&request, verb, place->may_prompt ? KEYRING_MAY_PROMPT : 0);
	if (place->helper == NULL)
		settle(&call->early, KEYRING_NO_HELPER, "the keyring helper is missing");
	else if (make_request(&request, item, secret, &error) < 0)
		settle(&call->early, KEYRING_FAILED, error->message);
	else
		start(call, &request);
	return call;
}

/* ---- the answer ---- */

/* Returns 0 when there is something to read, or -1 with ERROR_TIMEOUT or ERROR_CANCELLED. */
static int wait_for_more(const struct keyring_call *call, struct error **error)
{
	struct pollfd ends[] = {
		{.fd = call->descriptor, .events = POLLIN}, {.fd = call->place->leave - 1, .events = POLLIN}};
	int ready = 0;

	while (ready <= 0) {
		int64_t left = call->deadline - clock_now(call->place->clock);

		if (left <= 0)
			return error_set(error, ERROR_TIMEOUT, "it did not answer in time");
		/* One more, so that it does not wake up a little too early over and over. */
		ready = poll(ends, array_length(ends), (int)(left / INSTANT_MILLISECOND) + 1);
	}
	return ends[0].revents != 0 ? 0 : error_set(error, ERROR_CANCELLED, "it was not waited for");
}

/* Reads until the answer is whole. Returns 0, or -1 with an error: that of wait_for_more, or ERROR_PROTOCOL. */
static int read_answer(struct keyring_call *call, struct error **error)
{
	struct keyring_frame *answer = &call->answer;
	int wanted = 0;

	while ((wanted = keyring_frame_wants(answer, error)) > 0) {
		if (wait_for_more(call, error) < 0)
			return -1;
		ssize_t got = recv(call->descriptor, answer->bytes + answer->length, (size_t)wanted, MSG_DONTWAIT);
		if (got < 0 && (errno == EAGAIN || errno == EINTR))
			continue;
		if (got <= 0)
			return error_set(error, ERROR_PROTOCOL, "it broke off");
		answer->length += (size_t)got;
	}
	char more = 0;
	if (wanted == 0 && recv(call->descriptor, &more, 1, MSG_DONTWAIT) > 0)
		return error_set(error, ERROR_PROTOCOL, "it says too much");
	return wanted;
}

static char *printable(const struct keyring_field *field)
{
	return text_printable_length(field->bytes, field->length, TEXT_SHOWN_MAX);
}

static int take_count(const char *text, int *count)
{
	char *end = NULL;
	long value = strtol(text, &end, 10);

	if (end == text || *end != '\0' || value < 1 || value > COUNT_MAX)
		return -1;
	*count = (int)value;
	return 0;
}

static int take_answer(const struct keyring_frame *answer, struct keyring_result *result, struct error **error)
{
	struct keyring_field fields[ANSWER_FIELDS];
	int word = keyring_frame_code(answer);

	if (keyring_frame_take(answer, fields, array_length(fields), error) < 0)
		return -1;
	if (word < KEYRING_FOUND || word > KEYRING_FAILED)
		return error_set(error, ERROR_PROTOCOL, "it makes no sense");
	scoped(string) char *text = printable(&fields[ANSWER_TEXT]);
	if (word == KEYRING_ERASED && take_count(text, &result->count) < 0)
		return error_set(error, ERROR_PROTOCOL, "it makes no sense");
	result->word = (enum keyring_word)word;
	result->text = string_copy(word == KEYRING_ERASED ? "" : text);
	if (word != KEYRING_FOUND)
		return 0;
	result->user = string_copy_length(fields[ANSWER_USER].bytes, fields[ANSWER_USER].length);
	result->secret = secret_new(fields[ANSWER_SECRET].bytes, fields[ANSWER_SECRET].length);
	return 0;
}

int keyring_answered(const struct keyring_call *call)
{
	struct pollfd end = {.fd = call->descriptor, .events = POLLIN};

	return call->early.word != 0 || poll(&end, 1, 0) != 0;
}

void keyring_finish(struct keyring_call *call, struct keyring_result *result)
{
	scoped(error) struct error *error = NULL;

	*result = (struct keyring_result){.word = KEYRING_FAILED};
	if (call->early.word != 0) {
		*result = call->early;
		call->early = (struct keyring_result){.word = 0};
	} else if (read_answer(call, &error) < 0 || take_answer(&call->answer, result, &error) < 0) {
		scoped(string) char *text = string_format("the keyring helper cannot be used: %s", error->message);
		settle(result,
			error->kind == ERROR_CANCELLED ? KEYRING_NOTHING
			: error->kind == ERROR_TIMEOUT ? KEYRING_TOO_LATE
						       : KEYRING_FAILED,
			text);
	}
	scoped(string) char *complaint = keyring_complaint(result);
	log_debug(call->place->log, "keyring", "%s: %s", call->name,
		complaint != NULL                 ? complaint
		: result->word == KEYRING_NOTHING ? "nothing there"
						  : "done");
	keyring_cancel(call);
}

/* A process that is not our child any more must not be killed: its number may belong to another one by now. */
static void end_helper(pid_t pid)
{
	if (pid <= 0 || waitpid(pid, NULL, WNOHANG) != 0)
		return;
	kill(pid, SIGKILL);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		continue;
}

void keyring_cancel(struct keyring_call *call)
{
	if (call == NULL)
		return;
	if (call->descriptor >= 0)
		close(call->descriptor);
	end_helper(call->pid);
	keyring_result_release(&call->early);
	keyring_frame_release(&call->answer);
	free(call);
}

void keyring_ask(const struct keyring_place *place, enum keyring_verb verb, const struct keyring_item *item,
	const struct secret *secret, struct keyring_result *result)
{
	keyring_finish(keyring_begin(place, verb, item, secret), result);
}

/* ---- results ---- */

char *keyring_complaint(const struct keyring_result *result)
{
	switch (result->word) {
	case KEYRING_FOUND:
	case KEYRING_STORED:
	case KEYRING_ERASED:
	case KEYRING_NOTHING:
		return NULL;
	case KEYRING_NO_SERVICE:
		return string_format("there is no Secret Service to be used here%s%s",
			string_given(result->text) ? ": " : "", string_given(result->text) ? result->text : "");
	case KEYRING_LOCKED:
		return string_copy("the keyring is locked");
	case KEYRING_REFUSED:
		return string_copy("the keyring was not unlocked");
	case KEYRING_TOO_LATE:
		return string_copy("the keyring did not answer in time");
	case KEYRING_NO_HELPER:
	case KEYRING_FAILED:
		break;
	}
	return string_copy(string_given(result->text) ? result->text : "the keyring gave no reason");
}

void keyring_result_release(struct keyring_result *result)
{
	free(result->user);
	secret_free(result->secret);
	free(result->text);
	*result = (struct keyring_result){.word = 0};
}
