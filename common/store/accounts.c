/* SPDX-License-Identifier: Apache-2.0 */
#include "common/store/accounts.h"

#include <stdlib.h>
#include <string.h>

#include "common/store/model_word.h"

static void account_release(struct store_account *account)
{
	free(account->controller);
	free(account->user);
	secret_free(account->password);
	secret_free(account->access_token);
	free(account->last_known_access);
	free(account->type);
}

static int read_account(const char *file, const struct node *key, const struct node *entry, struct store_account *to,
	struct error **error)
{
	to->controller = string_copy(key->text);
	to->line = key->line;
	if (node_get_text(file, entry, "user", &to->user, error) != 0 ||
		node_get_secret(file, entry, "password", &to->password, error) != 0 ||
		node_get_secret(file, entry, "access-token", &to->access_token, error) != 0 ||
		node_get_text(file, entry, "last-known-access", &to->last_known_access, error) != 0 ||
		node_get_text(file, entry, "type", &to->type, error) != 0)
		return -1;
	model_word_cut_local(to->user);
	return 0;
}

static int read_entries(const struct document *document, struct store_accounts *to, struct error **error)
{
	const struct node *entries;

	if (document_entries(document, &entries, error) != 0)
		return -1;
	to->items = memory_get(entries->count, sizeof(*to->items));
	for (size_t i = 0; i < entries->count; i++) {
		const struct node *key = entries->keys[i];
		const struct node *entry;
		if (node_expect(document->file, entries->items[i], NODE_MAPPING, key->text, &entry, error) != 0)
			return -1;
		if (entry != NULL && read_account(document->file, key, entry, &to->items[to->count++], error) != 0)
			return -1;
	}
	return 0;
}

int store_accounts_parse(const struct document *document, struct store_accounts *out, struct error **error)
{
	*out = (struct store_accounts){.file = string_copy(document->file)};
	if (read_entries(document, out, error) == 0)
		return 0;
	store_accounts_release(out);
	return -1;
}

void store_accounts_release(struct store_accounts *accounts)
{
	for (size_t i = 0; i < accounts->count; i++)
		account_release(&accounts->items[i]);
	free(accounts->items);
	free(accounts->file);
	*accounts = (struct store_accounts){0};
}
