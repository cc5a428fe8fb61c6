/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/duration.h"

#include <ctype.h>
#include <string.h>

#include "common/base/instant.h"
#include "common/base/text.h"
#include "plugin/quote.h"

/* One more than the largest duration; the smallest is its negative. */
#define DURATION_LIMIT (UINT64_C(1) << 63)

static const struct {
	const char *name;
	uint64_t nanoseconds;
} units[] = {
	{"ns", 1},
	{"us", 1000},
	{"\xC2\xB5s", 1000}, /* micro sign */
	{"\xCE\xBCs", 1000}, /* Greek mu */
	{"ms", INSTANT_MILLISECOND},
	{"s", INSTANT_SECOND},
	{"m", INSTANT_MINUTE},
	{"h", 60 * INSTANT_MINUTE},
};

/* What is wrong: the whole text is no duration, or a unit in it is. */
enum fault { FAULT_NONE, FAULT_INVALID, FAULT_NO_UNIT, FAULT_UNKNOWN_UNIT };

struct number {
	uint64_t whole;
	uint64_t fraction; /* after the point, in units of 1/scale */
	double scale;
	int digits; /* before and after the point */
};

static int is_digit(char character)
{
	return isdigit((unsigned char)character) != 0;
}

/* Reads the digits after the point; those that do not fit any more are too small to matter. */
static void take_fraction(const char **at, struct number *number)
{
	int full = 0;

	for (; is_digit(**at); (*at)++, number->digits++) {
		full = full || number->fraction > (DURATION_LIMIT - 1) / 10 - 1;
		if (full)
			continue;
		number->fraction = number->fraction * 10 + (uint64_t)(**at - '0');
		number->scale *= 10;
	}
}

static int take_number(const char **at, struct number *number)
{
	*number = (struct number){.scale = 1};
	for (; is_digit(**at); (*at)++, number->digits++) {
		if (number->whole > DURATION_LIMIT / 10)
			return -1;
		number->whole = number->whole * 10 + (uint64_t)(**at - '0');
		if (number->whole > DURATION_LIMIT)
			return -1;
	}
	if (**at == '.') {
		(*at)++;
		take_fraction(at, number);
	}
	return number->digits > 0 ? 0 : -1;
}

/* Nanoseconds of a unit, or 0. */
static uint64_t find_unit(const char *name, size_t length)
{
	for (size_t i = 0; i < array_length(units); i++)
		if (strlen(units[i].name) == length && memcmp(units[i].name, name, length) == 0)
			return units[i].nanoseconds;
	return 0;
}

/* Adds one number with its unit to `*sum`; `*unit` is the unit as written. */
static enum fault take_part(const char **at, uint64_t *sum, const char **unit, size_t *length)
{
	struct number number;

	if (take_number(at, &number) < 0)
		return FAULT_INVALID;
	*unit = *at;
	*length = strcspn(*at, ".0123456789");
	*at += *length;
	if (*length == 0)
		return FAULT_NO_UNIT;
	uint64_t nanoseconds = find_unit(*unit, *length);
	if (nanoseconds == 0)
		return FAULT_UNKNOWN_UNIT;
	if (number.whole > DURATION_LIMIT / nanoseconds)
		return FAULT_INVALID;
	uint64_t part = number.whole * nanoseconds;
	part += (uint64_t)((double)number.fraction * ((double)nanoseconds / number.scale));
	if (part > DURATION_LIMIT - *sum)
		return FAULT_INVALID;
	*sum += part;
	return FAULT_NONE;
}

static int refuse(const char *text, enum fault fault, const char *unit, size_t length, struct error **error)
{
	scoped(string) char *shown = quote_bytes(text);

	if (fault == FAULT_NO_UNIT)
		return error_set(error, ERROR_USAGE, "time: missing unit in duration %s", shown);
	if (fault == FAULT_UNKNOWN_UNIT) {
		scoped(string) char *name = string_copy_length(unit, length);
		scoped(string) char *shown_unit = quote_bytes(name);
		return error_set(error, ERROR_USAGE, "time: unknown unit %s in duration %s", shown_unit, shown);
	}
	return error_set(error, ERROR_USAGE, "time: invalid duration %s", shown);
}

int duration_parse(const char *text, int64_t *duration, struct error **error)
{
	const char *at = text, *unit = text;
	size_t length = 0;
	uint64_t sum = 0;
	int negative = *at == '-';

	if (*at == '-' || *at == '+')
		at++;
	if (strcmp(at, "0") == 0) {
		*duration = 0;
		return 0;
	}
	enum fault fault = *at == '\0' ? FAULT_INVALID : FAULT_NONE;
	while (fault == FAULT_NONE && *at != '\0')
		fault = take_part(&at, &sum, &unit, &length);
	if (fault == FAULT_NONE && sum == DURATION_LIMIT && !negative)
		fault = FAULT_INVALID;
	if (fault != FAULT_NONE)
		return refuse(text, fault, unit, length, error);
	*duration = negative ? (int64_t)(0 - sum) : (int64_t)sum;
	return 0;
}

/* Adds value/unit with as many decimals as needed. */
static void add_decimal(struct text *text, uint64_t value, uint64_t unit, const char *name)
{
	text_add_format(text, "%llu", (unsigned long long)(value / unit));
	uint64_t rest = value % unit;
	if (rest > 0)
		text_add_string(text, ".");
	for (; rest > 0; rest = rest * 10 % unit)
		text_add_format(text, "%d", (int)(rest * 10 / unit));
	text_add_string(text, name);
}

static void add_small(struct text *text, uint64_t value)
{
	if (value < 1000)
		add_decimal(text, value, 1, "ns");
	else if (value < (uint64_t)INSTANT_MILLISECOND)
		add_decimal(text, value, 1000, "\xC2\xB5s");
	else
		add_decimal(text, value, INSTANT_MILLISECOND, "ms");
}

char *duration_format(int64_t duration)
{
	uint64_t value = duration < 0 ? 0 - (uint64_t)duration : (uint64_t)duration;
	uint64_t minutes = value / INSTANT_MINUTE;

	if (value == 0)
		return string_copy("0s");
	scoped(text) struct text text;
	text_init(&text, 64);
	if (duration < 0)
		text_add_string(&text, "-");
	if (value < (uint64_t)INSTANT_SECOND) {
		add_small(&text, value);
		return text_take(&text);
	}
	if (minutes >= 60)
		text_add_format(&text, "%lluh", (unsigned long long)(minutes / 60));
	if (minutes > 0)
		text_add_format(&text, "%llum", (unsigned long long)(minutes % 60));
	add_decimal(&text, value % INSTANT_MINUTE, INSTANT_SECOND, "s");
	return text_take(&text);
}
