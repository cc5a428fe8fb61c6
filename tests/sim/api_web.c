/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/api_web.h"

#include <stdlib.h>
#include <string.h>

#include "tests/sim/api_json.h"
#include "tests/sim/base64.h"
#include "tests/sim/world_auth.h"

#define USERPASS "juju_userpass"
#define DISCHARGE_LIFE (24 * 60 * INSTANT_MINUTE)

/* One exchange. */
struct exchange {
	struct world *world;
	struct world_controller *controller;
	const struct api_web_request *request;
	struct api_web_answer *answer;
};

static void answer_json(const struct exchange *exchange, int status, struct json_object *object)
{
	const char *text =
		json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);

	exchange->answer->status = status;
	exchange->answer->type = "application/json";
	exchange->answer->body = string_copy(text);
	json_object_put(object);
}

static void answer_error(const struct exchange *exchange, int status, const char *code, const char *message)
{
	struct json_object *object = json_object_new_object();

	if (*code)
		api_put_text(object, "Code", code);
	api_put_text(object, "Message", message);
	answer_json(exchange, status, object);
}

static int hex(char digit)
{
	const char *found = digit ? strchr("0123456789abcdef0123456789ABCDEF", digit) : NULL;

	return found ? (int)(found - "0123456789abcdef0123456789ABCDEF") % 16 : -1;
}

/* Decodes one part of a form up to `end`; it may hold any bytes, `*length` of them. */
static char *form_decode(const char *text, const char *end, size_t *length)
{
	char *plain = memory_get((size_t)(end - text) + 1, 1);
	char *at = plain;

	for (; text < end; text++) {
		if (*text == '%' && hex(text[1]) >= 0 && hex(text[2]) >= 0) {
			*at++ = (char)(hex(text[1]) * 16 + hex(text[2]));
			text += 2;
		} else {
			*at++ = *text == '+' ? ' ' : *text;
		}
	}
	*length = (size_t)(at - plain);
	return plain;
}

/* Returns a form's value of `*size` bytes, owned by the caller; NULL if it has no such key. */
static char *form_find(const char *form, const char *key, size_t *size)
{
	size_t length = strlen(key);

	while (*form) {
		const char *end = form + strcspn(form, "&");
		if (!strncmp(form, key, length) && form[length] == '=')
			return form_decode(form + length + 1, end, size);
		form = end + (*end == '&');
	}
	return NULL;
}

static char *form_value(const char *form, const char *key)
{
	size_t size;

	return form_find(form, key, &size);
}

/* Reads a value from KEY (text) or KEY64 (base64). Returns its length, -1 if it is missing or damaged. */
static long form_bytes(const char *form, const char *key, unsigned char bytes[MACAROON_BYTES_MAX + 1])
{
	scoped(string) char *key64 = string_format("%s64", key);
	size_t size = 0;
	scoped(string) char *plain = form_find(form, key, &size);
	scoped(string) char *coded = form_value(form, key64);
	long length = -1;

	if (plain && size <= MACAROON_BYTES_MAX) {
		length = (long)size;
		memcpy(bytes, plain, (size_t)length);
	} else if (coded) {
		length = base64_read(coded, bytes, MACAROON_BYTES_MAX);
	}
	bytes[length < 0 ? 0 : length] = '\0';
	return length;
}

static void ask_for_more(const struct exchange *exchange, const char *method, struct json_object *how)
{
	struct json_object *object = json_object_new_object(), *info = json_object_new_object();
	struct json_object *methods = json_object_new_object();

	api_put(methods, method, how);
	api_put(info, "InteractionMethods", methods);
	api_put_text(object, "Code", "interaction required");
	api_put_text(object, "Message", "cannot discharge: interaction required");
	api_put(object, "Info", info);
	/* Peers that are too old for that header know only 407. */
	answer_json(exchange, exchange->request->bakery ? 401 : 407, object);
	exchange->answer->challenge = true;
}

static void give_discharge(const struct exchange *exchange, const unsigned char *payload, const char *user)
{
	struct json_object *object = json_object_new_object(), *outer = json_object_new_object();
	struct macaroon discharge;

	world_auth_discharge(exchange->world, exchange->controller, payload, user, DISCHARGE_LIFE, &discharge);
	api_put(object, "m", macaroon_json(&discharge));
	api_put_number(object, "v", 3);
	api_put_text(object, "ns", "std:");
	api_put(outer, "Macaroon", object);
	answer_json(exchange, 200, outer);
}

/* Reads what the caveat is about. Returns -1 if the request was refused. */
static int read_caveat(const struct exchange *exchange, unsigned char payload[MACAROON_BYTES_MAX + 1],
	char user[MACAROON_BYTES_MAX + 1])
{
	unsigned char id[MACAROON_BYTES_MAX + 1], plain[MACAROON_BYTES_MAX + 1];
	scoped(string) char *coded = form_value(exchange->request->body, "caveat64");
	long length = coded ? base64_read(coded, plain, MACAROON_BYTES_MAX) : -1;
	bool named = form_bytes(exchange->request->body, "id", id) == 2 && id[0] == 3 && id[1] == 0;

	if (named && length > 0 && !world_auth_payload(exchange->controller, plain, (size_t)length, user)) {
		memcpy(payload, plain, (size_t)length);
		return 0;
	}
	answer_error(exchange, 400, "bad request", "cannot discharge: cannot decode caveat id");
	return -1;
}

static void discharge(const struct exchange *exchange)
{
	unsigned char payload[MACAROON_BYTES_MAX + 1], token[MACAROON_BYTES_MAX + 1];
	char user[MACAROON_BYTES_MAX + 1];
	scoped(string) char *kind = form_value(exchange->request->body, "token-kind");

	if (read_caveat(exchange, payload, user))
		return;
	if (form_bytes(exchange->request->body, "token", token) < 0) {
		struct json_object *how = json_object_new_object();
		api_put_text(how, "url", "/auth/form");
		ask_for_more(exchange, USERPASS, how);
	} else if (!string_same(kind, USERPASS) || !*user ||
		   world_auth_use(exchange->world, exchange->controller, (const char *)token, user)) {
		answer_error(exchange, 500, "", "cannot discharge: invalid token");
	} else {
		give_discharge(exchange, payload, user);
	}
}

/* Answers as the identity provider, where only a browser could go on. */
static void identity(const struct exchange *exchange)
{
	unsigned char payload[MACAROON_BYTES_MAX + 1];
	char user[MACAROON_BYTES_MAX + 1];
	struct json_object *how = json_object_new_object();
	scoped(string) char *visit = string_format("https://%s/identity/login", exchange->request->host);
	scoped(string) char *wait = string_format("https://%s/identity/wait-token", exchange->request->host);

	api_put_text(how, "VisitURL", visit);
	api_put_text(how, "WaitTokenURL", wait);
	if (read_caveat(exchange, payload, user))
		json_object_put(how);
	else
		ask_for_more(exchange, "browser-window", how);
}

static void form(const struct exchange *exchange)
{
	struct json_object *object = json_tokener_parse(exchange->request->body), *fields = NULL;
	const char *proof = NULL;

	if (json_object_is_type(object, json_type_object) && json_object_object_get_ex(object, "form", &fields))
		proof = world_auth_prove(exchange->world, exchange->controller, api_get_text(fields, "user"),
			api_get_text(fields, "password"));
	json_object_put(object);
	if (!proof) {
		answer_error(exchange, 500, "", "invalid entity name or password");
		return;
	}
	scoped(string) char *value = base64_standard(proof, strlen(proof));
	struct json_object *answer = json_object_new_object(), *token = json_object_new_object();
	api_put_text(token, "kind", USERPASS);
	api_put_text(token, "value", value);
	api_put(answer, "token", token);
	answer_json(exchange, 200, answer);
}

static void public_key(const struct exchange *exchange)
{
	unsigned char key[MACAROON_KEY], seed[MACAROON_KEY] = "public key";
	struct json_object *object = json_object_new_object();

	macaroon_hash(seed, exchange->controller->uuid, strlen(exchange->controller->uuid), key);
	scoped(string) char *text = base64_standard(key, sizeof(key));
	api_put_text(object, "PublicKey", text);
	answer_json(exchange, 200, object);
}

static void health(const struct exchange *exchange)
{
	const struct world_door *door = exchange->controller->door;

	exchange->answer->status = strcmp(door->health, "running") ? 503 : 200;
	exchange->answer->type = "text/plain";
	exchange->answer->body = string_format("%s\n", door->health);
}

void api_web(struct world *world, struct world_controller *controller, const struct api_web_request *request,
	struct api_web_answer *answer)
{
	static const struct {
		const char *method, *path;
		void (*run)(const struct exchange *exchange);
	} pages[] = {
		{"POST", "/auth/discharge", discharge},
		{"POST", "/auth/form", form},
		{"GET", "/auth/publickey", public_key},
		{"GET", "/auth/discharge/info", public_key},
		{"POST", "/identity/discharge", identity},
		{"GET", "/identity/discharge/info", public_key},
		{"GET", "/health", health},
	};
	struct exchange exchange = {world, controller, request, answer};
	bool known = false;

	*answer = (struct api_web_answer){0};
	for (size_t i = 0; i < array_length(pages); i++) {
		if (strcmp(pages[i].path, request->path) != 0)
			continue;
		known = true;
		if (!strcmp(pages[i].method, request->method)) {
			pages[i].run(&exchange);
			return;
		}
	}
	answer_error(&exchange, known ? 405 : 404, known ? "method not allowed" : "not found",
		known ? "unsupported method" : "no such page");
}

void api_web_answer_release(struct api_web_answer *answer)
{
	string_free(answer->body);
	*answer = (struct api_web_answer){0};
}
