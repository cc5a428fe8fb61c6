/* SPDX-License-Identifier: Apache-2.0 */
#include "common/juju/version.h"

#include <string.h>

/* Largest number in a version. */
#define NUMBER_MAX 999999U

/* Reads the number at `*text` and moves `*text` behind it. Returns 0, or -1 if there is none. */
static int number(const char **text, unsigned int *value)
{
	unsigned int sum = 0;
	const char *at = *text;

	for (; *at >= '0' && *at <= '9'; at++) {
		sum = sum * 10 + (unsigned int)(*at - '0');
		if (sum > NUMBER_MAX)
			return -1;
	}
	if (at == *text)
		return -1;
	*text = at;
	*value = sum;
	return 0;
}

/* Reads the "beta2" of "4.1-beta2", after the hyphen. */
static int tagged(const char **text, struct juju_version *version)
{
	size_t length = strspn(*text, "abcdefghijklmnopqrstuvwxyz");

	if (length == 0 || length > JUJU_VERSION_TAG_MAX)
		return -1;
	memcpy(version->tag, *text, length);
	*text += length;
	return number(text, &version->patch);
}

int juju_version_parse(const char *text, struct juju_version *version)
{
	struct juju_version read = {0};

	if (text == NULL || number(&text, &read.major) < 0 || *text++ != '.' || number(&text, &read.minor) < 0)
		return -1;
	char separator = *text;
	if (separator != '\0')
		text++;
	if (separator == '-' ? tagged(&text, &read) < 0 : separator != '.' || number(&text, &read.patch) < 0)
		return -1;
	if (*text == '.') {
		text++;
		if (number(&text, &read.build) < 0)
			return -1;
	}
	if (*text != '\0')
		return -1;
	*version = read;
	return 0;
}

static int numbers(unsigned int one, unsigned int other)
{
	return (one > other) - (one < other);
}

int juju_version_compare_minor(const struct juju_version *one, const struct juju_version *other)
{
	int major = numbers(one->major, other->major);

	return major != 0 ? major : numbers(one->minor, other->minor);
}

static int tags(const char *one, const char *other)
{
	if (*one == '\0' || *other == '\0')
		return (*one == '\0') - (*other == '\0');
	return strcmp(one, other);
}

int juju_version_compare(const struct juju_version *one, const struct juju_version *other)
{
	const int steps[] = {
		juju_version_compare_minor(one, other),
		tags(one->tag, other->tag),
		numbers(one->patch, other->patch),
		numbers(one->build, other->build),
	};

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		if (steps[i] != 0)
			return steps[i];
	return 0;
}
