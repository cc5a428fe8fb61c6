/* SPDX-License-Identifier: Apache-2.0 */
#include "common/juju/discharge.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/base64.h"
#include "common/base/scoped.h"
#include "common/base/text.h"
#include "common/juju/secret_json.h"

#define FORM_MAX (4 * MACAROON_PART_MAX)

/* The method by which local users prove who they are. */
static const char way_of_password[] = "juju_userpass";

/* ---- what is sent ---- */

static void add_escaped(struct text *form, const char *bytes, size_t length)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

	for (size_t i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)bytes[i];

		if (byte != '\0' && strchr(plain, byte) != NULL)
			text_add(form, bytes + i, 1);
		else
			text_add_format(form, "%%%02X", byte);
	}
}

/* Adds "key=bytes", or "key64=<base64>" for bytes that are not text. */
static void add_field(struct text *form, const char *key, const struct macaroon_part *part)
{
	scoped(string) char *encoded = NULL;

	if (form->length > 0)
		text_add_string(form, "&");
	text_add_string(form, key);
	if (macaroon_is_text(part)) {
		text_add_string(form, "=");
		add_escaped(form, part->data, part->length);
		return;
	}
	encoded = macaroon_base64(part->data, part->length);
	text_add_string(form, "64=");
	add_escaped(form, encoded, strlen(encoded));
	secret_erase(encoded, strlen(encoded));
}

struct secret *discharge_write(const struct macaroon_caveat *caveat, const struct discharge_token *token)
{
	struct text form;

	text_init(&form, FORM_MAX);
	add_field(&form, "id", &caveat->id);
	if (string_given(caveat->payload)) {
		text_add_string(&form, "&caveat64=");
		add_escaped(&form, caveat->payload, strlen(caveat->payload));
	}
	if (token != NULL) {
		const struct macaroon_part value = {(char *)(uintptr_t)secret_reveal(token->value), token->length};

		add_field(&form, "token", &value);
		text_add_string(&form, "&token-kind=");
		add_escaped(&form, token->kind, strlen(token->kind));
	}
	size_t length = form.length;
	char *text = text_take(&form);
	struct secret *written = secret_new(text, length);
	secret_erase(text, length);
	free(text);
	return written;
}

struct secret *discharge_write_password(const char *user, const struct secret *password)
{
	struct json_object *whole = json_object_new_object();
	struct json_object *form = json_object_new_object();

	json_object_object_add(form, "user", json_object_new_string(user));
	json_object_object_add(form, "password", secret_json(password));
	json_object_object_add(whole, "form", form);
	struct secret *written = secret_json_write(whole);
	json_object_put(whole);
	return written;
}

/* ---- what comes back ---- */

/* The keys of an error begin with capitals. */
static void read_refusal(struct reply *reply, struct json_object *object, struct discharge_answer *answer)
{
	struct json_object *info = reply_object(reply, object, "Info");
	struct json_object *methods = reply_object(reply, info, "InteractionMethods");
	struct json_object *method = reply_object(reply, methods, way_of_password);
	scoped(string) char *code = reply_text(reply, object, "Code");

	answer->outcome = strcmp(code, "interaction required") == 0 ? DISCHARGE_ASKS : DISCHARGE_REFUSED;
	answer->message = reply_text(reply, object, "Message");
	answer->door = reply_exact(reply, method, "url", DISCHARGE_TEXT_MAX);
}

static void read_macaroon(struct reply *reply, struct json_object *object, struct discharge_answer *answer)
{
	struct json_object *macaroon = NULL;

	if (!json_object_object_get_ex(object, "Macaroon", &macaroon))
		json_object_object_get_ex(object, "macaroon", &macaroon);
	answer->outcome = DISCHARGE_DONE;
	answer->macaroon = macaroon_parse_value(macaroon, reply->failed ? NULL : reply->error);
	reply->failed |= answer->macaroon == NULL;
}

static void read_token(struct reply *reply, struct json_object *object, struct discharge_answer *answer)
{
	struct json_object *token = reply_object(reply, object, "token");
	struct secret *encoded = secret_of_reply(reply, token, "value", DISCHARGE_TEXT_MAX);
	char *bytes = encoded != NULL ? base64_decode(secret_reveal(encoded), strlen(secret_reveal(encoded)),
						&answer->token.length)
				      : NULL;

	answer->outcome = DISCHARGE_PROVED;
	answer->token.kind = reply_require(reply, reply_exact(reply, token, "kind", DISCHARGE_TEXT_MAX), "kind");
	if (bytes == NULL)
		reply_fail(reply, "value", "is missing or no base64");
	else
		answer->token.value = secret_new(bytes, answer->token.length);
	if (bytes != NULL)
		secret_erase(bytes, answer->token.length);
	free(bytes);
	secret_free(encoded);
}

/* A page that is not JSON comes from a proxy in front of the controller. */
static int refuse_status(unsigned int status, const char *method, struct error **error)
{
	return error_set(
		error, ERROR_PROTOCOL, "cannot make sense of the answer to %s: HTTP status %u", method, status);
}

typedef void read_success(struct reply *reply, struct json_object *object, struct discharge_answer *answer);

static int read_answer(const char *method, unsigned int status, const char *body, size_t length, read_success *success,
	struct discharge_answer *answer, struct error **error)
{
	struct reply reply = {.method = method, .error = error};
	scoped(secret) struct secret *text = secret_new(body, length);
	struct json_object *object = secret_json_parse(text);

	*answer = (struct discharge_answer){0};
	if (!json_object_is_type(object, json_type_object)) {
		json_object_put(object);
		return refuse_status(status, method, error);
	}
	if (status == 200)
		success(&reply, object, answer);
	else
		read_refusal(&reply, object, answer);
	json_object_put(object);
	if (!reply.failed)
		return 0;
	discharge_answer_release(answer);
	return -1;
}

int discharge_read(
	unsigned int status, const char *body, size_t length, struct discharge_answer *answer, struct error **error)
{
	return read_answer("/auth/discharge", status, body, length, read_macaroon, answer, error);
}

int discharge_read_proof(
	unsigned int status, const char *body, size_t length, struct discharge_answer *answer, struct error **error)
{
	return read_answer("/auth/form", status, body, length, read_token, answer, error);
}

void discharge_answer_release(struct discharge_answer *answer)
{
	macaroon_free(answer->macaroon);
	free(answer->door);
	free(answer->token.kind);
	secret_free(answer->token.value);
	free(answer->message);
	*answer = (struct discharge_answer){0};
}
