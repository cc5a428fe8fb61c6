/* SPDX-License-Identifier: Apache-2.0 */
#include "common/store/cookie_jar.h"

#include <ctype.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/base64.h"
#include "common/base/instant.h"
#include "common/base/json_weight.h"
#include "common/base/text.h"

#define NAME_START "macaroon-"
#define SIGNATURE_SIZE ((size_t)32)
#define DAY (INT64_C(24) * 60 * INSTANT_MINUTE)
/* How long a set that never expires is kept. */
#define NEVER_EXPIRES (36500 * DAY)

struct cookie_jar {
	struct json_object *list;
};

SCOPED_DEFINE(json, struct json_object *, json_object_put)

/* ---- reading JSON ---- */

/* Parses all of `length` bytes, which a NUL must follow. Returns the value, or NULL; sets `*broken` if they are not JSON. */
static struct json_object *parse(const char *bytes, size_t length, bool *broken)
{
	struct json_tokener *tokener = json_tokener_new_ex(COOKIES_DEPTH_MAX);
	struct json_object *value = json_tokener_parse_ex(tokener, bytes, (int)length + 1);
	size_t end = json_tokener_get_parse_end(tokener);
	enum json_tokener_error problem = json_tokener_get_error(tokener);

	json_tokener_free(tokener);
	while (end < length && isspace((unsigned char)bytes[end]))
		end++;
	*broken = problem != json_tokener_success || end < length;
	if (!*broken)
		return value;
	json_object_put(value);
	return NULL;
}

/* Returns a text of an entry, borrowed; "" when it is missing or not a text. */
static const char *get(struct json_object *entry, const char *key)
{
	struct json_object *value = NULL;

	if (!json_object_is_type(entry, json_type_object) || !json_object_object_get_ex(entry, key, &value) ||
		!json_object_is_type(value, json_type_string))
		return "";
	return json_object_get_string(value);
}

/* Returns a time of an entry: INSTANT_NEVER for a year too far in the future for an instant; INSTANT_NONE for the year 1,
 * which means no time, and for a text that is not a time. */
static int64_t get_time(struct json_object *entry, const char *key)
{
	const char *text = get(entry, key);
	int64_t instant = instant_parse(text);

	if (instant == INSTANT_NONE && strlen(text) > 4 && strspn(text, "0123456789") == 4 &&
		strncmp(text, "2261", 4) > 0)
		return INSTANT_NEVER;
	return instant;
}

static void set(struct json_object *entry, const char *key, const char *text)
{
	json_object_object_add(entry, key, json_object_new_string(text));
}

static void set_time(struct json_object *entry, const char *key, int64_t instant)
{
	char text[INSTANT_TEXT_SIZE];

	set(entry, key, instant_format(instant, text));
}

/* ---- the jar ---- */

struct cookie_jar *cookie_jar_new(void)
{
	struct cookie_jar *jar = memory_get(1, sizeof(*jar));

	jar->list = json_object_new_array();
	return jar;
}

struct cookie_jar *cookie_jar_parse(const char *file, const char *bytes, size_t length, struct error **error)
{
	scoped(cookie_jar) struct cookie_jar *jar = cookie_jar_new();
	scoped(string) char *shown = text_printable(file);
	bool broken = true;

	if (length > COOKIES_BYTES_MAX || json_weight(bytes, length) > COOKIES_MEMORY_MAX) {
		error_set(error, ERROR_STORE,
			"cannot read %s: there is more in it than juju keeps; `juju logout` and `juju login` renew it",
			shown);
		return NULL;
	}
	scoped(json) struct json_object *list = parse(bytes, length, &broken);
	if (broken) {
		error_set(error, ERROR_STORE, "cannot read %s: it is not JSON; `juju logout` and `juju login` renew it",
			shown);
		return NULL;
	}
	if (!json_object_is_type(list, json_type_array))
		return steal(jar);
	if (json_object_array_length(list) > COOKIES_COUNT_MAX) {
		error_set(error, ERROR_STORE, "cannot read %s: more than %d cookies", shown, COOKIES_COUNT_MAX);
		return NULL;
	}
	json_object_put(jar->list);
	jar->list = steal(list);
	return steal(jar);
}

bool cookie_jar_too_large(const char *bytes, size_t length)
{
	bool broken = true;

	if (length > COOKIES_BYTES_MAX || json_weight(bytes, length) > COOKIES_MEMORY_MAX)
		return true;
	scoped(json) struct json_object *list = parse(bytes, length, &broken);
	return !broken && json_object_is_type(list, json_type_array) &&
	       json_object_array_length(list) > COOKIES_COUNT_MAX;
}

void cookie_jar_free(struct cookie_jar *jar)
{
	if (jar == NULL)
		return;
	for (size_t i = 0; i < json_object_array_length(jar->list); i++) {
		const char *value = get(json_object_array_get_idx(jar->list, i), "Value");

		/* json-c returns const, but the text belongs to the object and may be erased. */
		if (value[0] != '\0')
			secret_erase((void *)(uintptr_t)value, strlen(value));
	}
	json_object_put(jar->list);
	free(jar);
}

char *cookie_jar_host(const char *text)
{
	const char *mark = strstr(text, "://");
	const char *start = mark != NULL ? mark + strlen("://") : text;
	size_t length = strcspn(start, "/");
	const char *colon = memchr(start, ':', length);
	const char *bracket = memchr(start, ']', length);

	if (start[0] == '[' && bracket != NULL) {
		start++;
		length = (size_t)(bracket - start);
	} else if (colon != NULL && memchr(colon + 1, ':', length - (size_t)(colon + 1 - start)) == NULL) {
		length = (size_t)(colon - start);
	}
	if (length > 0 && start[length - 1] == '.')
		length--;
	char *host = string_copy_length(start, length);
	for (char *at = host; *at != '\0'; at++)
		*at = (char)tolower((unsigned char)*at);
	return host;
}

/* ---- macaroons ---- */

/* True if `value` can be a macaroon: an object with a signature, or the binary form in a text. */
static bool is_macaroon(struct json_object *value)
{
	if (json_object_is_type(value, json_type_string))
		return json_object_get_string_len(value) > 0;
	return get(value, "signature")[0] != '\0' || get(value, "s64")[0] != '\0' || get(value, "s")[0] != '\0';
}

/* Returns the list in `text`, owned by the caller, if it is a list of macaroons and not empty; else NULL. */
static struct json_object *macaroons_of(const char *text, size_t length)
{
	bool broken = false;
	bool bearable = length <= COOKIES_VALUE_MAX && json_weight(text, length) <= COOKIES_MEMORY_MAX;
	struct json_object *list = bearable ? parse(text, length, &broken) : NULL;
	size_t count = json_object_is_type(list, json_type_array) ? json_object_array_length(list) : 0;
	bool all = count > 0;

	for (size_t i = 0; i < count && all; i++)
		all = is_macaroon(json_object_array_get_idx(list, i));
	if (all)
		return list;
	json_object_put(list);
	return NULL;
}

/* Returns a signature as hexadecimal digits, owned by the caller; NULL if it has not the right size. */
static char *digits_of(const char *bytes, size_t size)
{
	char *digits = memory_get(2 * SIGNATURE_SIZE + 1, 1);

	for (size_t i = 0; i < SIGNATURE_SIZE && size == SIGNATURE_SIZE; i++) {
		digits[2 * i] = "0123456789abcdef"[(unsigned char)bytes[i] >> 4];
		digits[2 * i + 1] = "0123456789abcdef"[bytes[i] & 15];
	}
	if (size != SIGNATURE_SIZE)
		free(steal(digits));
	return digits;
}

/* Returns the signature of a macaroon in one of the JSON forms as hexadecimal digits, owned by the caller, or NULL. */
static char *signature_of(struct json_object *macaroon)
{
	scoped(string) char *digits = string_copy(get(macaroon, "signature"));
	const char *encoded = get(macaroon, "s64");
	const char *plain = get(macaroon, "s");
	size_t size = 0;

	for (char *at = digits; *at != '\0'; at++)
		*at = (char)tolower((unsigned char)*at);
	if (digits[0] != '\0')
		return strlen(digits) == 2 * SIGNATURE_SIZE && digits[strspn(digits, "0123456789abcdef")] == '\0'
			       ? steal(digits)
			       : NULL;
	if (encoded[0] == '\0')
		return digits_of(plain, strlen(plain));
	scoped(string) char *bytes = base64_decode(encoded, strlen(encoded), &size);
	return bytes != NULL ? digits_of(bytes, size) : NULL;
}

char *cookie_jar_name(const struct secret *macaroons)
{
	const char *text = secret_reveal(macaroons);
	scoped(json) struct json_object *list = macaroons_of(text, strlen(text));
	scoped(string) char *signature = list != NULL ? signature_of(json_object_array_get_idx(list, 0)) : NULL;

	return signature != NULL ? string_format(NAME_START "%s", signature) : NULL;
}

/* ---- taking out ---- */

static bool for_one_of(struct json_object *entry, const char *const *hosts, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		scoped(string) char *host = cookie_jar_host(hosts[i]);

		if (host[0] != '\0' && strcmp(get(entry, "Domain"), host) == 0)
			return true;
	}
	return false;
}

static bool usable(struct json_object *entry, int64_t now)
{
	const char *value = get(entry, "Value");

	return string_starts(get(entry, "Name"), NAME_START) && strcmp(get(entry, "Path"), "/") == 0 &&
	       get(entry, "CanonicalHost")[0] != '\0' && value[0] != '\0' && strlen(value) <= COOKIES_VALUE_MAX &&
	       get_time(entry, "Expires") > now;
}

/* Returns the set that a cookie's value holds, owned by the caller, or NULL. */
static struct secret *set_of(const char *value)
{
	size_t size = 0;
	char *text = base64_decode(value, strlen(value), &size);
	struct json_object *list = text != NULL && strlen(text) == size ? macaroons_of(text, size) : NULL;
	struct secret *macaroons = list != NULL ? secret_new(text, size) : NULL;

	json_object_put(list);
	if (text != NULL)
		secret_erase(text, size);
	free(text);
	return macaroons;
}

void cookie_jar_select(const struct cookie_jar *jar, const char *const *hosts, size_t host_count, int64_t now,
	struct cookie_sets *sets)
{
	size_t count = json_object_array_length(jar->list);

	sets->items = memory_grow(sets->items, sets->count + count, sizeof(struct secret *));
	for (size_t i = 0; i < count; i++) {
		struct json_object *entry = json_object_array_get_idx(jar->list, i);
		struct secret *found = NULL;

		if (usable(entry, now) && for_one_of(entry, hosts, host_count))
			found = set_of(get(entry, "Value"));
		if (found != NULL)
			sets->items[sets->count++] = found;
	}
}

/* ---- putting in ---- */

static struct json_object *find(const struct cookie_jar *jar, const char *host, const char *name)
{
	for (size_t i = 0; i < json_object_array_length(jar->list); i++) {
		struct json_object *entry = json_object_array_get_idx(jar->list, i);

		if (strcmp(get(entry, "Domain"), host) == 0 && strcmp(get(entry, "Path"), "/") == 0 &&
			strcmp(get(entry, "Name"), name) == 0)
			return entry;
	}
	return NULL;
}

static struct json_object *add(struct cookie_jar *jar, const char *host, const char *name, int64_t now)
{
	struct json_object *entry = json_object_new_object();

	set(entry, "Name", name);
	set(entry, "Value", "");
	set(entry, "Domain", host);
	set(entry, "Path", "/");
	json_object_object_add(entry, "Secure", json_object_new_boolean(0));
	json_object_object_add(entry, "HttpOnly", json_object_new_boolean(0));
	json_object_object_add(entry, "Persistent", json_object_new_boolean(1));
	json_object_object_add(entry, "HostOnly", json_object_new_boolean(1));
	set(entry, "Expires", "");
	set_time(entry, "Creation", now);
	json_object_array_add(jar->list, entry);
	return entry;
}

/* True if the entry holds this value already, or was written by somebody else later than `now`. */
static bool holds(struct json_object *entry, const char *value, int64_t expires, bool never, int64_t now)
{
	int64_t lasts = get_time(entry, "Expires");
	int64_t updated = get_time(entry, "Updated");

	if (updated != INSTANT_NONE && updated > now)
		return true;
	return strcmp(get(entry, "Value"), value) == 0 && (lasts == expires || (never && lasts > now + DAY));
}

static void write_entry(struct json_object *entry, const char *host, const char *value, int64_t expires, int64_t now)
{
	set(entry, "Value", value);
	json_object_object_add(entry, "Persistent", json_object_new_boolean(1));
	set_time(entry, "Expires", expires);
	set_time(entry, "LastAccess", now);
	set_time(entry, "Updated", now);
	set(entry, "CanonicalHost", host);
}

int cookie_jar_put(
	struct cookie_jar *jar, const struct cookie_set *from, int64_t now, bool *changed, struct error **error)
{
	const char *text = secret_reveal(from->macaroons);
	scoped(string) char *name = cookie_jar_name(from->macaroons);
	scoped(string) char *host = cookie_jar_host(from->host);
	bool never = from->expires == INSTANT_NONE;
	int64_t expires = never ? now + NEVER_EXPIRES : from->expires;

	*changed = false;
	if (name == NULL || strlen(text) > COOKIES_VALUE_MAX / 4 * 3) {
		scoped(string) char *shown = text_printable(host);
		return error_set(
			error, ERROR_PROTOCOL, "cannot keep the macaroons of %s: they have an unknown form", shown);
	}
	if (expires < now + INSTANT_MINUTE)
		return 0;
	char *value = base64_encode(text, strlen(text));
	struct json_object *entry = find(jar, host, name);
	*changed = entry == NULL || !holds(entry, value, expires, never, now);
	if (*changed)
		write_entry(entry != NULL ? entry : add(jar, host, name, now), host, value, expires, now);
	secret_erase(value, strlen(value));
	free(value);
	return 0;
}

/* ---- writing ---- */

static int by_text(struct json_object *one, struct json_object *other, const char *key)
{
	return strcmp(get(one, key), get(other, key));
}

static int in_order(const void *left, const void *right)
{
	struct json_object *one = *(struct json_object *const *)left;
	struct json_object *other = *(struct json_object *const *)right;
	size_t path = strlen(get(one, "Path"));
	size_t other_path = strlen(get(other, "Path"));
	int64_t creation = get_time(one, "Creation");
	int64_t other_creation = get_time(other, "Creation");
	int order = by_text(one, other, "CanonicalHost");

	if (order != 0)
		return order;
	if (path != other_path)
		return path > other_path ? -1 : 1;
	if (creation != other_creation)
		return creation < other_creation ? -1 : 1;
	order = by_text(one, other, "Name");
	return order != 0 ? order : by_text(one, other, "Value");
}

/* True if the entry can go: expired ones stay for a day, so that another program does not bring them back. */
static bool outlived(struct json_object *entry, int64_t now)
{
	int64_t updated = get_time(entry, "Updated");

	return get_time(entry, "Expires") <= now && updated < now - DAY;
}

struct secret *cookie_jar_format(struct cookie_jar *jar, int64_t now)
{
	for (size_t i = json_object_array_length(jar->list); i > 0; i--)
		if (outlived(json_object_array_get_idx(jar->list, i - 1), now))
			json_object_array_del_idx(jar->list, i - 1, 1);
	json_object_array_sort(jar->list, in_order);
	const char *text = json_object_array_length(jar->list) > 0
				   ? json_object_to_json_string_ext(
					     jar->list, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE)
				   : "null";
	char *line = string_format("%s\n", text);
	struct secret *file = secret_new(line, strlen(line));
	secret_erase(line, strlen(line));
	free(line);
	return file;
}
