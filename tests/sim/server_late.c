/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/server_late.h"

#include <stdlib.h>

#include "common/base/scoped.h"

void server_late_add(struct server_late **list, const struct server_late *late)
{
	struct server_late *added = memory_get(1, sizeof(*added));

	while (*list && (*list)->at <= late->at)
		list = &(*list)->next;
	*added = *late;
	added->text = string_copy_length(late->text, late->length);
	added->next = *list;
	*list = added;
}

struct server_late *server_late_take(struct server_late **list, int64_t now)
{
	struct server_late *first = *list;

	if (!first || first->at > now)
		return NULL;
	*list = first->next;
	return first;
}

void server_late_drop(struct server_late **list, const struct server_connection *connection)
{
	while (*list) {
		struct server_late *one = *list;
		if (connection && one->connection != connection) {
			list = &one->next;
			continue;
		}
		*list = one->next;
		server_late_free(one);
	}
}

void server_late_free(struct server_late *late)
{
	if (late)
		string_free(late->text);
	free(late);
}
