/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whole logins, a line an answer: to a request the message, to a POST its status and its body, to a question the password. The first line
 * says to whom: "jaas", "jaas token", "plain", "plain password" or "plain cookie". Whatever is answered, the login ends once, or waits
 * for more; who gets in is who was meant; and nothing is posted but to the doors of the controller.
 */
#include <json-c/json.h>
#include <string.h>

#include "common/wire/envelope.h"
#include "tests/fuzz/fuzz.h"
#include "tests/unit/support/fake_http.h"
#include "tests/unit/support/login_scene.h"

#define UUID "1c9f0000-0d0e-4e55-8f0b-6f2a6f6f0002"
#define PLACE "10.1.2.3:17070 10.1.2.3 "
#define SET "[{\"i\":\"old\",\"s64\":\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\"}]"

static struct clock *clock_of_all;
static struct loop *loop_of_all;

static void init(struct login_scene *scene)
{
	static char *const nothing[] = {NULL};

	if (loop_of_all == NULL) {
		clock_of_all = clock_new(nothing, NULL);
		loop_of_all = loop_new(clock_of_all, NULL, NULL);
	}
	*scene = (struct login_scene){.clock = clock_of_all, .loop = loop_of_all, .rpc = fake_rpc()};
	scene->person = (struct login_person){.present = true,
		.show_device = login_scene_show_device,
		.ask_password = login_scene_ask,
		.forget = login_scene_forget,
		.context = scene};
	text_init(&scene->said, 1 << 16);
}

static void release(struct login_scene *scene)
{
	rpc_free(scene->rpc);
	login_cancel(scene->login);
	login_keys_release(&scene->keys);
	loop_timer_cancel(scene->loop, &scene->stop);
	text_release(&scene->said);
	free(scene->outcome.text);
	fuzz_expect(fake_http == NULL);
}

static void ended(void *context, struct login_result *answer, const struct call_result *result)
{
	struct login_scene *scene = context;

	scene->login = NULL;
	fuzz_expect(scene->outcome.calls++ == 0);
	fuzz_expect((answer != NULL) == (result->error == NULL));
	fuzz_expect_error(result->error != NULL, result->error);
	if (answer == NULL)
		return;
	fuzz_expect(answer->demand == NULL);
	fuzz_expect(string_same(answer->controller_uuid, UUID));
	fuzz_expect(string_same(answer->identity, "alice@canonical.com") || string_same(answer->identity, "bob"));
}

static void begin(struct login_scene *scene, const char *whom)
{
	static const struct dial_target target = {.endpoint_count = 0};
	const struct login_connection connection = {scene->loop, scene->rpc, &target, "10.1.2.3:17070", "10.1.2.3"};
	bool jaas = string_starts(whom, "jaas");
	struct login_account account = {.controller = "lab",
		.controller_uuid = UUID,
		.user = jaas ? "alice@canonical.com" : "bob",
		.peer = jaas ? LOGIN_JAAS : LOGIN_PLAIN,
		.keys = &scene->keys,
		.person = &scene->person};
	scoped(secret) struct secret *set = login_scene_secret(SET);

	if (strcmp(whom, "jaas token") == 0)
		scene->keys.token = login_scene_secret("s3cret");
	if (strcmp(whom, "plain password") == 0)
		scene->keys.password = login_scene_secret("s3cret");
	if (strcmp(whom, "plain cookie") == 0)
		login_keys_add_macaroons(&scene->keys, set, false);
	scene->login = login_start(&connection, &account, NULL, ended, scene);
	login_scene_run(scene);
}

static void answer_post(const char *line)
{
	char *body = NULL;
	unsigned int status = (unsigned int)strtoul(line, &body, 10) % 600;

	const char *path = fake_http->text + strlen(PLACE), *end = strstr(path, " application/");
	fuzz_expect(string_starts(fake_http->text, PLACE) && path[0] == '/' && end != NULL);
	/* It goes into the head of a request. */
	for (const char *at = path; at < end; at++)
		fuzz_expect(*at > ' ' && *at < 0x7F);
	fake_http_answer(status, body + (*body == ' '), NULL);
}

static void answer_request(struct login_scene *scene, size_t index, const char *line)
{
	scoped(envelope) struct envelope envelope = {0};

	if (envelope_read(&envelope, line, strlen(line), NULL) < 0) {
		fake_fail(scene->rpc, index, ERROR_NETWORK, "broke");
		return;
	}
	fake_reply(scene->rpc, index,
		&(struct rpc_reply){.response = envelope.response,
			.error = envelope.error,
			.info = envelope.error != NULL ? envelope.info : NULL});
}

/* Returns whether anybody has waited for this answer. */
static bool go_on(struct login_scene *scene, const char *line)
{
	size_t last = scene->rpc->count;

	if (scene->login == NULL)
		return false;
	if (fake_http != NULL)
		answer_post(line);
	else if (scene->told != NULL)
		login_scene_type(scene, line[0] != '\0' ? line : NULL);
	else if (last > 0 && scene->rpc->requests[last - 1].pending)
		answer_request(scene, last - 1, line);
	else
		return false;
	login_scene_run(scene);
	return true;
}

void fuzz_one(const char *bytes, size_t length)
{
	struct fuzz_input input = {bytes, length};
	scoped(string) char *whom = fuzz_line(&input);
	struct login_scene scene;
	bool waits = true;

	init(&scene);
	begin(&scene, whom);
	while (waits && input.length > 0) {
		scoped(string) char *line = fuzz_line(&input);

		waits = go_on(&scene, line);
	}
	/* Something is always waited for. */
	fuzz_expect(scene.login == NULL || fake_http != NULL || scene.told != NULL ||
		    scene.rpc->requests[scene.rpc->count - 1].pending);
	fuzz_expect((scene.login == NULL) == (scene.outcome.calls == 1));
	for (char *rest = scene.said.data, *line = NULL; (line = strsep(&rest, "\n")) != NULL;)
		fuzz_expect_printable(line);
	release(&scene);
}
