/* SPDX-License-Identifier: Apache-2.0 */
#include "common/wire/inbox.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/scoped.h"
#include "common/base/secret.h"

/* Initial room of a message, in bytes: most replies are shorter. */
#define ROOM_FIRST 2048

static void grow(struct inbox *inbox, size_t needed)
{
	size_t room = inbox->room > 0 ? inbox->room : ROOM_FIRST;

	while (room < needed)
		room *= 2;
	if (inbox->part != NULL && room == inbox->room)
		return;
	/* Not realloc, which may leave a copy of the old text behind: replies hold session tokens. */
	struct inbox_message *larger = memory_grow(NULL, sizeof(*larger) + room + 1, 1);
	*larger = (struct inbox_message){0};
	if (inbox->part != NULL) {
		larger->length = inbox->part->length;
		memcpy(larger->text, inbox->part->text, larger->length);
		inbox_message_free(inbox->part);
	}
	if (inbox->held != NULL)
		*inbox->held += room - inbox->room;
	inbox->part = larger;
	inbox->room = room;
}

int inbox_is_crowded(const struct inbox *inbox, size_t length)
{
	return inbox->held != NULL && length > inbox->room && *inbox->held + (length - inbox->room) > INBOX_HELD_MAX;
}

int inbox_is_full(const struct inbox *inbox)
{
	return inbox->waiting >= INBOX_WAITING_MAX || inbox->waiting_bytes >= INBOX_WAITING_BYTES_MAX;
}

/* The room of a complete message is no longer counted: queues are short. */
static void let_go(struct inbox *inbox)
{
	if (inbox->held != NULL)
		*inbox->held -= inbox->room;
	inbox->room = 0;
}

int inbox_add(struct inbox *inbox, const void *bytes, size_t length)
{
	size_t have = inbox->part != NULL ? inbox->part->length : 0;

	if (length > inbox->ceiling || have > inbox->ceiling - length || inbox_is_crowded(inbox, have + length))
		return -1;
	grow(inbox, have + length);
	if (length > 0)
		memcpy(inbox->part->text + have, bytes, length);
	inbox->part->length = have + length;
	return 0;
}

void inbox_complete(struct inbox *inbox)
{
	grow(inbox, 0);
	struct inbox_message *message = steal(inbox->part);
	let_go(inbox);
	inbox->waiting++;
	inbox->waiting_bytes += message->length;
	message->text[message->length] = '\0';
	if (inbox->last != NULL)
		inbox->last->next = message;
	else
		inbox->first = message;
	inbox->last = message;
}

struct inbox_message *inbox_take(struct inbox *inbox)
{
	struct inbox_message *message = inbox->first;

	if (message == NULL)
		return NULL;
	inbox->first = message->next;
	if (inbox->first == NULL)
		inbox->last = NULL;
	inbox->waiting--;
	inbox->waiting_bytes -= message->length;
	return message;
}

void inbox_message_free(struct inbox_message *message)
{
	if (message == NULL)
		return;
	secret_erase(message->text, message->length);
	free(message);
}

void inbox_release(struct inbox *inbox)
{
	for (struct inbox_message *message = inbox_take(inbox); message != NULL; message = inbox_take(inbox))
		inbox_message_free(message);
	inbox_message_free(inbox->part);
	inbox->part = NULL;
	let_go(inbox);
}
