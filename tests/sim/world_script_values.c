/* SPDX-License-Identifier: Apache-2.0 */
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/world_script.h"

static struct json_object *value_of(struct json_object *script, const char *key)
{
	struct json_object *value = NULL;
	if (script)
		json_object_object_get_ex(script, key, &value);
	return value;
}

int world_script_text(
	struct json_object *script, const char *key, const char *otherwise, const char **text, struct error **error)
{
	struct json_object *value = value_of(script, key);
	*text = otherwise;
	if (!value)
		return 0;
	if (!json_object_is_type(value, json_type_string))
		return error_set(error, ERROR_FAILED, "\"%s\" is no text", key);
	*text = json_object_get_string(value);
	return 0;
}

int world_script_flag(struct json_object *script, const char *key, bool otherwise, bool *flag, struct error **error)
{
	struct json_object *value = value_of(script, key);
	*flag = otherwise;
	if (!value)
		return 0;
	if (!json_object_is_type(value, json_type_boolean))
		return error_set(error, ERROR_FAILED, "\"%s\" is no boolean", key);
	*flag = json_object_get_boolean(value);
	return 0;
}

static int length_parse(const char *text, int64_t *length)
{
	static const struct unit {
		const char *name;
		int64_t length;
	} units[] = {{"ms", INSTANT_MILLISECOND}, {"us", 1000}, {"s", INSTANT_SECOND}, {"m", INSTANT_MINUTE},
		{"h", 60 * INSTANT_MINUTE}};
	double sum = 0;
	if (!*text)
		return -1;
	while (*text) {
		char *end;
		double number = strtod(text, &end);
		size_t unit = 0;
		while (unit < array_length(units) && !string_starts(end, units[unit].name))
			unit++;
		if (end == text || number < 0 || unit == array_length(units))
			return -1;
		sum += number * (double)units[unit].length;
		text = end + strlen(units[unit].name);
	}
	*length = (int64_t)sum;
	return 0;
}

int world_script_length(
	struct json_object *script, const char *key, int64_t otherwise, int64_t *length, struct error **error)
{
	struct json_object *value = value_of(script, key);
	*length = otherwise;
	if (!value)
		return 0;
	if (json_object_is_type(value, json_type_int) || json_object_is_type(value, json_type_double)) {
		*length = (int64_t)(json_object_get_double(value) * (double)INSTANT_SECOND);
		return *length < 0 ? error_set(error, ERROR_FAILED, "\"%s\" is negative", key) : 0;
	}
	if (!json_object_is_type(value, json_type_string) || length_parse(json_object_get_string(value), length))
		return error_set(error, ERROR_FAILED, "\"%s\" is no length of time", key);
	return 0;
}

int world_script_member(
	struct json_object *script, const char *key, int type, struct json_object **member, struct error **error)
{
	*member = value_of(script, key);
	if (*member && !json_object_is_type(*member, (enum json_type)type))
		return error_set(error, ERROR_FAILED, "\"%s\" is no %s", key, json_type_to_name((enum json_type)type));
	return 0;
}

int world_script_names(struct json_object *script, const char *key, char ***names, size_t *count, struct error **error)
{
	struct json_object *list;
	*names = NULL;
	*count = 0;
	if (world_script_member(script, key, json_type_array, &list, error))
		return -1;
	if (!list)
		return 0;
	size_t length = json_object_array_length(list);
	for (size_t i = 0; i < length; i++)
		if (!json_object_is_type(json_object_array_get_idx(list, i), json_type_string))
			return error_set(error, ERROR_FAILED, "\"%s\" holds what is no text", key);
	*names = memory_get(length, sizeof(char *));
	for (size_t i = 0; i < length; i++)
		(*names)[i] = string_copy(json_object_get_string(json_object_array_get_idx(list, i)));
	*count = length;
	return 0;
}

int world_script_controller(const struct world *world, struct json_object *script, const char *key,
	struct world_controller **controller, struct error **error)
{
	const char *name;
	*controller = NULL;
	if (world_script_text(script, key, "", &name, error))
		return -1;
	if (!*name)
		return 0;
	*controller = world_controller_find(world, name);
	return *controller ? 0 : error_set(error, ERROR_FAILED, "\"%s\": no controller \"%s\"", key, name);
}
