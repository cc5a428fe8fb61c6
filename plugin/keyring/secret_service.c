/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/keyring/secret_service.h"

#include <gio/gio.h>
#include <libsecret/secret.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/text.h"

#define SCHEMA_NAME "io.juju.JaasMigrate"
#define APPLICATION "juju-jaas-migrate"

static const SecretSchema schema = {
	.name = SCHEMA_NAME,
	.flags = SECRET_SCHEMA_NONE,
	.attributes =
		{
			{"application", SECRET_SCHEMA_ATTRIBUTE_STRING},
			{"controller-uuid", SECRET_SCHEMA_ATTRIBUTE_STRING},
			{"kind", SECRET_SCHEMA_ATTRIBUTE_STRING},
			{"user", SECRET_SCHEMA_ATTRIBUTE_STRING},
			{NULL, SECRET_SCHEMA_ATTRIBUTE_STRING},
		},
};

static void free_list(GList *list)
{
	g_list_free_full(list, g_object_unref);
}

static void free_error(GError *error)
{
	if (error != NULL)
		g_error_free(error);
}

static void free_value(SecretValue *value)
{
	if (value != NULL)
		secret_value_unref(value);
}

static void free_table(GHashTable *table)
{
	if (table != NULL)
		g_hash_table_unref(table);
}

static void free_collection(SecretCollection *collection)
{
	if (collection != NULL)
		g_object_unref(collection);
}

static void free_service(SecretService *service)
{
	if (service != NULL)
		g_object_unref(service);
}

SCOPED_DEFINE(list, GList *, free_list)
SCOPED_DEFINE(gerror, GError *, free_error)
SCOPED_DEFINE(value, SecretValue *, free_value)
SCOPED_DEFINE(table, GHashTable *, free_table)
SCOPED_DEFINE(collection, SecretCollection *, free_collection)
SCOPED_DEFINE(service, SecretService *, free_service)

/* A request on its way. */
struct question {
	SecretService *service;
	GHashTable *attributes; /* of what is looked for or stored */
	const char *label;
	const struct keyring_field *secret;
	int may_prompt;
	struct keyring_frame *answer;
};

/* ---- answers ---- */

/* Makes the whole answer; one that does not fit becomes a failure. */
static void say(
	struct keyring_frame *answer, enum keyring_word word, const char *user, const char *secret, const char *text)
{
	scoped(string) char *printable = text_printable_length(text, strlen(text), KEYRING_FIELD_MAX);

	keyring_frame_begin(answer, word, 0);
	if (keyring_frame_add(answer, user, KEYRING_FIELD_MAX, NULL) == 0 &&
		keyring_frame_add(answer, secret, KEYRING_SECRET_MAX, NULL) == 0 &&
		keyring_frame_add(answer, printable, KEYRING_FIELD_MAX, NULL) == 0)
		return;
	keyring_frame_release(answer);
	say(answer, KEYRING_FAILED, "", "", "what it holds is too long");
}

static void say_word(const struct question *question, enum keyring_word word)
{
	say(question->answer, word, "", "", "");
}

/* True if the bus or the keyring service is not there, or does not let us in. */
static int is_absence(const GError *error)
{
	static const int codes[] = {G_DBUS_ERROR_SERVICE_UNKNOWN, G_DBUS_ERROR_NAME_HAS_NO_OWNER, G_DBUS_ERROR_NO_REPLY,
		G_DBUS_ERROR_ACCESS_DENIED, G_DBUS_ERROR_AUTH_FAILED, G_DBUS_ERROR_NO_SERVER, G_DBUS_ERROR_TIMEOUT,
		G_DBUS_ERROR_TIMED_OUT, G_DBUS_ERROR_DISCONNECTED, G_DBUS_ERROR_SPAWN_FAILED};

	for (size_t i = 0; i < array_length(codes); i++)
		if (g_error_matches(error, G_DBUS_ERROR, codes[i]))
			return 1;
	return g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

static void say_error(struct keyring_frame *answer, enum keyring_word word, GError *error)
{
	g_dbus_error_strip_remote_error(error);
	say(answer, word, "", "", error->message);
}

/* The one place where a GError becomes a word of the answer; NULL: libsecret failed and did not say why. */
static void say_failure(const struct question *question, GError *error)
{
	if (error == NULL)
		say(question->answer, KEYRING_FAILED, "", "", "the keyring gave no reason");
	else if (g_error_matches(error, SECRET_ERROR, SECRET_ERROR_IS_LOCKED))
		say_word(question, KEYRING_LOCKED);
	else if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
		say_word(question, KEYRING_REFUSED);
	else
		say_error(question->answer, is_absence(error) ? KEYRING_NO_SERVICE : KEYRING_FAILED, error);
}

/* ---- what is there ---- */

/* Unlocks items or collections, if that is allowed; `*opened` gets those that are open now. Returns 0, or -1 after
 * it has made the answer. */
static int unlock(const struct question *question, GList *locked, GList **opened)
{
	scoped(gerror) GError *error = NULL;

	if (!question->may_prompt) {
		say_word(question, KEYRING_LOCKED);
		return -1;
	}
	int count = secret_service_unlock_sync(question->service, locked, NULL, opened, &error);
	if (error != NULL)
		say_failure(question, error);
	else if (count <= 0)
		say_word(question, KEYRING_REFUSED);
	return error == NULL && count > 0 ? 0 : -1;
}

/* Splits the found items into open and locked ones; the lists borrow from `items`. */
static void sort_out(GList *items, GList **open, GList **locked)
{
	for (GList *at = items; at != NULL; at = at->next) {
		GList **to = secret_item_get_locked(at->data) ? locked : open;
		*to = g_list_prepend(*to, g_object_ref(at->data));
	}
}

/* Looks for matching items. Returns 0 and fills the two lists, or -1 after it has made the answer. */
static int search(const struct question *question, GList **open, GList **locked)
{
	scoped(gerror) GError *error = NULL;
	scoped(list) GList *items = secret_service_search_sync(
		question->service, &schema, question->attributes, SECRET_SEARCH_ALL, NULL, &error);

	if (error != NULL) {
		say_failure(question, error);
		return -1;
	}
	sort_out(items, open, locked);
	return 0;
}

/* ---- find ---- */

static SecretItem *latest(GList *items)
{
	SecretItem *best = NULL;

	for (GList *at = items; at != NULL; at = at->next)
		if (best == NULL || secret_item_get_modified(at->data) > secret_item_get_modified(best))
			best = at->data;
	return best;
}

static void tell(const struct question *question, SecretItem *item)
{
	scoped(gerror) GError *error = NULL;
	size_t length = 0;

	if (!secret_item_load_secret_sync(item, NULL, &error)) {
		say_failure(question, error);
		return;
	}
	scoped(value) SecretValue *value = secret_item_get_secret(item);
	scoped(table) GHashTable *attributes = secret_item_get_attributes(item);
	const char *user = g_hash_table_lookup(attributes, "user");
	const char *secret = value != NULL ? secret_value_get(value, &length) : NULL;
	if (secret == NULL || strlen(secret) != length)
		say(question->answer, KEYRING_FAILED, "", "", "what it holds is no text");
	else
		say(question->answer, KEYRING_FOUND, user, secret, "");
}

static void find(const struct question *question)
{
	scoped(list) GList *open = NULL;
	scoped(list) GList *locked = NULL;

	if (search(question, &open, &locked) < 0)
		return;
	if (open == NULL && locked == NULL) {
		say_word(question, KEYRING_NOTHING);
		return;
	}
	if (open == NULL) {
		/* `open` then has items of `locked`. */
		if (unlock(question, locked, &open) < 0)
			return;
	}
	tell(question, latest(open));
}

/* ---- store ---- */

/* Makes sure that there is an open collection, or will be one. Returns 0, or -1 after it has made the answer. */
static int open_collection(const struct question *question)
{
	scoped(gerror) GError *error = NULL;
	scoped(list) GList *opened = NULL;
	scoped(collection) SecretCollection *collection = secret_collection_for_alias_sync(
		question->service, SECRET_COLLECTION_DEFAULT, SECRET_COLLECTION_NONE, NULL, &error);

	if (error != NULL) {
		say_failure(question, error);
		return -1;
	}
	if (collection == NULL) {
		/* Storing makes one, for which a person has to choose a password. */
		if (!question->may_prompt)
			say(question->answer, KEYRING_FAILED, "", "", "there is no default keyring");
		return question->may_prompt ? 0 : -1;
	}
	if (!secret_collection_get_locked(collection))
		return 0;
	GList only = {.data = collection};
	return unlock(question, &only, &opened);
}

static void store(const struct question *question)
{
	scoped(gerror) GError *error = NULL;
	scoped(value) SecretValue *value =
		secret_value_new(question->secret->bytes, (gssize)question->secret->length, "text/plain");

	if (open_collection(question) < 0)
		return;
	if (secret_service_store_sync(question->service, &schema, question->attributes, SECRET_COLLECTION_DEFAULT,
		    question->label, value, NULL, &error))
		say_word(question, KEYRING_STORED);
	else
		say_failure(question, error);
}

/* ---- erase ---- */

/* Returns how many were erased, or -1 after it has made the answer. */
static int erase_each(const struct question *question, GList *items)
{
	int count = 0;

	for (GList *at = items; at != NULL; at = at->next, count++) {
		scoped(gerror) GError *error = NULL;

		if (!secret_item_delete_sync(at->data, NULL, &error)) {
			say_failure(question, error);
			return -1;
		}
	}
	return count;
}

static void erase(const struct question *question)
{
	scoped(list) GList *open = NULL;
	scoped(list) GList *locked = NULL;
	scoped(list) GList *opened = NULL;

	if (search(question, &open, &locked) < 0)
		return;
	int count = erase_each(question, open);
	if (count < 0 || (locked != NULL && unlock(question, locked, &opened) < 0))
		return;
	int more = erase_each(question, opened);
	if (more < 0)
		return;
	scoped(string) char *text = string_format("%d", count + more);
	say(question->answer, count + more > 0 ? KEYRING_ERASED : KEYRING_NOTHING, "", "", text);
}

/* ---- the question ---- */

/* GLib would start a bus of its own where there is none. */
static int has_bus(void)
{
	const char *address = g_getenv("DBUS_SESSION_BUS_ADDRESS");
	const char *runtime = g_getenv("XDG_RUNTIME_DIR");

	if (string_given(address))
		return !string_starts(address, "autolaunch:");
	if (!string_given(runtime))
		return 0;
	scoped(string) char *socket = string_format("%s/bus", runtime);
	return access(socket, F_OK) == 0;
}

static void ask(struct question *question, int verb)
{
	scoped(gerror) GError *error = NULL;

	if (!has_bus()) {
		say(question->answer, KEYRING_NO_SERVICE, "", "", "there is no session bus");
		return;
	}
	scoped(service) SecretService *service = secret_service_get_sync(SECRET_SERVICE_OPEN_SESSION, NULL, &error);
	if (service == NULL) {
		say_error(question->answer, KEYRING_NO_SERVICE, error);
		return;
	}
	question->service = service;
	if (verb == KEYRING_FIND)
		find(question);
	else if (verb == KEYRING_STORE)
		store(question);
	else
		erase(question);
	secret_service_disconnect();
}

static void add_attribute(GHashTable *table, const char *name, const char *value)
{
	/* The table never changes a name, whatever its type says. */
	if (string_given(value))
		g_hash_table_insert(table, (void *)(uintptr_t)name, (void *)(uintptr_t)value);
}

/* What goes over the bus as text must be UTF-8. */
static int is_text(const struct keyring_field *fields)
{
	for (size_t i = 0; i < REQUEST_SECRET; i++)
		if (!g_utf8_validate(fields[i].bytes, (gssize)fields[i].length, NULL))
			return 0;
	return fields[REQUEST_CONTROLLER].length > 0;
}

static char *copied(const struct keyring_field *field)
{
	return string_copy_length(field->bytes, field->length);
}

void secret_service_serve(const struct keyring_frame *request, struct keyring_frame *answer)
{
	struct keyring_field fields[REQUEST_FIELDS];
	int verb = keyring_frame_code(request);

	if (keyring_frame_take(request, fields, array_length(fields), NULL) < 0 || !is_text(fields) ||
		verb < KEYRING_FIND || verb > KEYRING_ERASE) {
		say(answer, KEYRING_FAILED, "", "", "the request makes no sense");
		return;
	}
	scoped(string) char *controller = copied(&fields[REQUEST_CONTROLLER]);
	scoped(string) char *kind = copied(&fields[REQUEST_KIND]);
	scoped(string) char *user = copied(&fields[REQUEST_USER]);
	scoped(string) char *label = copied(&fields[REQUEST_LABEL]);
	scoped(table) GHashTable *attributes = g_hash_table_new(g_str_hash, g_str_equal);
	add_attribute(attributes, "application", APPLICATION);
	add_attribute(attributes, "controller-uuid", controller);
	add_attribute(attributes, "kind", kind);
	add_attribute(attributes, "user", user);
	struct question question = {
		.attributes = attributes,
		.label = label,
		.secret = &fields[REQUEST_SECRET],
		.may_prompt = keyring_frame_flags(request) & KEYRING_MAY_PROMPT,
		.answer = answer,
	};
	ask(&question, verb);
}
