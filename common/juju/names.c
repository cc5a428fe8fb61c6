/* SPDX-License-Identifier: Apache-2.0 */
#include "common/juju/names.h"

#include <string.h>

#include "common/base/scoped.h"

const char *names_id(const char *tag, const char *kind)
{
	size_t length = strlen(kind);

	if (tag == NULL || strncmp(tag, kind, length) != 0 || tag[length] != '-' || tag[length + 1] == '\0')
		return NULL;
	return tag + length + 1;
}

char *names_tag(const char *kind, const char *id)
{
	return string_format("%s-%s", kind, id);
}

int names_is_uuid(const char *text)
{
	if (text == NULL || strnlen(text, NAMES_UUID_LENGTH + 1) != NAMES_UUID_LENGTH)
		return 0;
	for (size_t i = 0; i < NAMES_UUID_LENGTH; i++) {
		int dash = i == 8 || i == 13 || i == 18 || i == 23;
		int hexadecimal = (text[i] >= '0' && text[i] <= '9') || (text[i] >= 'a' && text[i] <= 'f');

		if (dash ? text[i] != '-' : !hexadecimal)
			return 0;
	}
	return 1;
}

char *names_user(const char *text)
{
	static const char tag[] = "user-";
	static const char local[] = "@local";

	if (text == NULL)
		return string_copy("");
	if (string_starts(text, tag))
		text += strlen(tag);
	size_t length = strlen(text);
	if (length > strlen(local) && strcmp(text + length - strlen(local), local) == 0)
		length -= strlen(local);
	return string_copy_length(text, length);
}

char *names_owner(const char *owner_tag, const char *qualifier)
{
	scoped(string) char *owner = names_user(owner_tag);

	return *owner != '\0' ? steal(owner) : names_user(qualifier);
}
