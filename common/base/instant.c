/* SPDX-License-Identifier: Apache-2.0 */
#include "common/base/instant.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* Takes exactly `digits` decimal digits at `*at`; -1 when there are fewer. */
static int take_number(const char **at, int digits)
{
	int value = 0;

	for (int i = 0; i < digits; i++, (*at)++) {
		if (!isdigit((unsigned char)**at))
			return -1;
		value = value * 10 + (**at - '0');
	}
	return value;
}

static int take_character(const char **at, const char *allowed)
{
	if (**at == '\0' || strchr(allowed, **at) == NULL)
		return -1;
	return *(*at)++;
}

/* Fraction of a second in nanoseconds, 0 without one; -1 for a point with no digit or more than nine. */
static int64_t take_fraction(const char **at)
{
	int64_t value = 0;
	int digits = 0;

	if (**at != '.')
		return 0;
	for ((*at)++; isdigit((unsigned char)**at) && digits < 9; (*at)++, digits++)
		value = value * 10 + (**at - '0');
	if (digits == 0 || isdigit((unsigned char)**at))
		return -1;
	for (; digits < 9; digits++)
		value *= 10;
	return value;
}

/* Offset from UTC in seconds into `*offset`. */
static int take_zone(const char **at, int *offset)
{
	int sign = take_character(at, "Zz+-");

	*offset = 0;
	if (sign == 'Z' || sign == 'z')
		return 0;
	if (sign < 0)
		return -1;
	int hours = take_number(at, 2);
	if (hours < 0 || hours > 23 || take_character(at, ":") < 0)
		return -1;
	int minutes = take_number(at, 2);
	if (minutes < 0 || minutes > 59)
		return -1;
	*offset = (hours * 60 + minutes) * 60 * (sign == '-' ? -1 : 1);
	return 0;
}

static int take_date(const char **at, struct tm *date)
{
	int year = take_number(at, 4);
	int ok = year >= 0 && take_character(at, "-") > 0;
	int month = ok ? take_number(at, 2) : -1;
	ok = month >= 1 && month <= 12 && take_character(at, "-") > 0;
	int day = ok ? take_number(at, 2) : -1;

	*date = (struct tm){.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day};
	return day >= 1 && day <= 31 ? 0 : -1;
}

static int take_time(const char **at, struct tm *date)
{
	int hour = take_number(at, 2);
	int ok = hour >= 0 && hour <= 23 && take_character(at, ":") > 0;
	int minute = ok ? take_number(at, 2) : -1;
	ok = minute >= 0 && minute <= 59 && take_character(at, ":") > 0;
	int second = ok ? take_number(at, 2) : -1;

	date->tm_hour = hour;
	date->tm_min = minute;
	date->tm_sec = second;
	return second >= 0 && second <= 60 ? 0 : -1;
}

int64_t instant_parse(const char *text)
{
	struct tm date;
	int offset = 0;

	if (text == NULL || take_date(&text, &date) < 0 || take_character(&text, "Tt ") < 0 ||
		take_time(&text, &date) < 0)
		return INSTANT_NONE;
	int64_t fraction = take_fraction(&text);
	if (fraction < 0 || take_zone(&text, &offset) < 0 || *text != '\0')
		return INSTANT_NONE;
	/* An int64_t of nanoseconds reaches from 1677 to 2262. */
	if (date.tm_year + 1900 < 1678 || date.tm_year + 1900 > 2261)
		return INSTANT_NONE;
	return ((int64_t)timegm(&date) - offset) * INSTANT_SECOND + fraction;
}

const char *instant_format(int64_t instant, char buffer[INSTANT_TEXT_SIZE])
{
	struct tm date;

	buffer[0] = '\0';
	if (instant == INSTANT_NONE)
		return buffer;
	int64_t fraction = instant % INSTANT_SECOND;
	time_t seconds = (time_t)(instant / INSTANT_SECOND);
	if (fraction < 0) {
		fraction += INSTANT_SECOND;
		seconds--;
	}
	gmtime_r(&seconds, &date);
	size_t length = strftime(buffer, INSTANT_TEXT_SIZE, "%Y-%m-%dT%H:%M:%S", &date);
	if (fraction > 0) {
		length += (size_t)snprintf(buffer + length, INSTANT_TEXT_SIZE - length, ".%09lld", (long long)fraction);
		while (buffer[length - 1] == '0')
			length--;
	}
	snprintf(buffer + length, INSTANT_TEXT_SIZE - length, "Z");
	return buffer;
}
