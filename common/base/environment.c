/* SPDX-License-Identifier: Apache-2.0 */
#include "common/base/environment.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "common/base/secret.h"

const char *environment_get(char *const *environment, const char *name)
{
	size_t length = strlen(name);

	for (; *environment != NULL; environment++)
		if (strncmp(*environment, name, length) == 0 && (*environment)[length] == '=')
			return *environment + length + 1;
	return NULL;
}

const char *environment_given(char *const *environment, const char *name)
{
	const char *value = environment_get(environment, name);

	return value != NULL && value[0] != '\0' ? value : NULL;
}

void environment_erase(char *const *environment, const char *name)
{
	const char *value = environment_get(environment, name);

	if (value != NULL)
		secret_erase((char *)(uintptr_t)value, strlen(value));
}
