/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/timestamp.h"

#include <time.h>

#include "common/base/instant.h"

const char *timestamp_format(int64_t wall, char buffer[TIMESTAMP_SIZE])
{
	time_t seconds = (time_t)(wall / INSTANT_SECOND);
	struct tm local = {0};

	localtime_r(&seconds, &local);
	if (strftime(buffer, TIMESTAMP_SIZE, "%H:%M:%S", &local) == 0)
		buffer[0] = '\0';
	return buffer;
}
