/* SPDX-License-Identifier: Apache-2.0 */
#include "common/store/store.h"

#include <stdlib.h>
#include <string.h>

#include "common/store/directory.h"

static struct document *read_named(const struct store *store, const char *name, struct error **error)
{
	scoped(string) char *path = directory_join(store->directory, name);

	return document_read(path, error);
}

static int read_controllers(struct store *store, struct error **error)
{
	scoped(document) struct document *document = read_named(store, "controllers.yaml", error);

	return document != NULL ? store_controllers_parse(document, &store->controllers, error) : -1;
}

static int read_accounts(struct store *store, struct error **error)
{
	scoped(document) struct document *document = read_named(store, "accounts.yaml", error);

	return document != NULL ? store_accounts_parse(document, &store->accounts, error) : -1;
}

int store_read_models(struct store *store, struct error **error)
{
	scoped(document) struct document *document = read_named(store, "models.yaml", error);

	return document != NULL ? store_models_parse(document, &store->models, error) : -1;
}

struct store *store_read_briefly(char *const *environment, struct error **error)
{
	scoped(store) struct store *store = memory_get(1, sizeof(*store));

	store->directory = directory_find(environment, error);
	if (store->directory == NULL)
		return NULL;
	if (read_controllers(store, error) != 0 || read_accounts(store, error) != 0)
		return NULL;
	return steal(store);
}

struct store *store_read(char *const *environment, struct error **error)
{
	scoped(store) struct store *store = store_read_briefly(environment, error);

	return store != NULL && store_read_models(store, error) == 0 ? steal(store) : NULL;
}

void store_free(struct store *store)
{
	if (store == NULL)
		return;
	free(store->directory);
	store_controllers_release(&store->controllers);
	store_accounts_release(&store->accounts);
	store_models_release(&store->models);
	free(store);
}

const struct store_controller *store_controller(const struct store *store, const char *name)
{
	for (size_t i = 0; i < store->controllers.count; i++)
		if (strcmp(store->controllers.items[i].name, name) == 0)
			return &store->controllers.items[i];
	return NULL;
}

const struct store_account *store_account(const struct store *store, const char *controller)
{
	for (size_t i = 0; i < store->accounts.count; i++)
		if (strcmp(store->accounts.items[i].controller, controller) == 0)
			return &store->accounts.items[i];
	return NULL;
}

const struct store_model_list *store_model_list(const struct store *store, const char *controller)
{
	for (size_t i = 0; i < store->models.count; i++)
		if (strcmp(store->models.items[i].controller, controller) == 0)
			return &store->models.items[i];
	return NULL;
}

int store_is_jaas(const struct store *store, const struct store_controller *controller)
{
	const struct store_account *account = store_account(store, controller->name);

	if (controller->oidc_login)
		return 1;
	return account != NULL && (strcmp(account->type, "oauth2-device") == 0 || secret_given(account->access_token));
}
