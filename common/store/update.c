/* SPDX-License-Identifier: Apache-2.0 */
#include "common/store/update.h"

#include <stdbool.h>
#include <string.h>

#include "common/base/replace.h"
#include "common/store/accounts.h"
#include "common/store/directory.h"
#include "common/store/file.h"
#include "common/store/model_word.h"
#include "common/store/node_edit.h"
#include "common/store/yaml.h"
#include "common/store/yaml_write.h"

static const char *const controller_keys[] = {"uuid", "api-endpoints", "dns-cache", "public-hostname", "ca-cert",
	"cloud", "region", "type", "agent-version", NULL};
static const char *const account_keys[] = {"user", "password", "last-known-access", "access-token", NULL};

static struct node *entry_of(const struct document *document, const char *controller)
{
	return node_find(node_find(document->root, "controllers"), controller);
}

static bool set_hosts(struct node *entry, const struct store_update *update)
{
	struct node *cache = update->host_count > 0 ? node_enter(entry, "dns-cache", controller_keys) : NULL;
	bool changed = false;

	for (size_t i = 0; cache != NULL && i < update->host_count; i++) {
		const struct store_host *host = &update->hosts[i];

		changed |= node_set_texts(cache, host->host, host->addresses, host->address_count, NULL);
	}
	return changed;
}

/* Changes the entry in the tree. Returns whether that changed anything. */
static bool change_controller(struct node *entry, const struct store_update *update)
{
	const char *version = update->agent_version;
	bool changed = false;

	if (string_same(version, "") || string_same(version, "0.0.0"))
		changed |= node_remove(entry, "agent-version");
	else if (version != NULL)
		changed |= node_set_text(entry, "agent-version", version, controller_keys);
	if (string_given(update->public_hostname))
		changed |= node_set_text(entry, "public-hostname", update->public_hostname, controller_keys);
	if (update->endpoints != NULL)
		changed |= node_set_texts(
			entry, "api-endpoints", update->endpoints, update->endpoint_count, controller_keys);
	return set_hosts(entry, update) || changed;
}

static bool change_account(struct node *entry, const struct store_update *update)
{
	bool changed = false;

	if (string_given(update->last_known_access))
		changed |= node_set_text(entry, "last-known-access", update->last_known_access, account_keys);
	if (secret_given(update->access_token))
		changed |= node_set_text(entry, "access-token", secret_reveal(update->access_token), account_keys);
	return changed;
}

/* Sets `*known` to whether the store still has the controller that is meant. */
static int find_controller(
	const struct document *document, const struct store_update *update, bool *known, struct error **error)
{
	scoped(controllers) struct store_controllers read = {0};

	*known = false;
	if (store_controllers_parse(document, &read, error) != 0)
		return -1;
	for (size_t i = 0; i < read.count; i++)
		*known |= strcmp(read.items[i].name, update->controller) == 0 &&
			  strcmp(read.items[i].uuid, update->uuid) == 0;
	return 0;
}

/* The same for the account. */
static int find_account(
	const struct document *document, const struct store_update *update, bool *known, struct error **error)
{
	scoped(accounts) struct store_accounts read = {0};
	scoped(string) char *user = string_copy(update->user != NULL ? update->user : "");

	*known = false;
	if (store_accounts_parse(document, &read, error) != 0)
		return -1;
	model_word_cut_local(user);
	for (size_t i = 0; i < read.count; i++)
		*known |= strcmp(read.items[i].controller, update->controller) == 0 &&
			  (user[0] == '\0' || read.items[i].user[0] == '\0' || strcmp(read.items[i].user, user) == 0);
	return 0;
}

/* One file, and what becomes of it. */
struct part {
	const char *path;
	int indent;
	unsigned int flag;
	struct document *document;
	bool changed; /* the tree was changed */
};

static int write_part(const struct part *part, unsigned int *written, struct error **error)
{
	scoped(file) struct file file = {NULL, 0};

	if (!part->changed)
		return 0;
	if (yaml_write(part->document, part->indent, &file, error) != 0 ||
		replace_shared_file(part->path, file.bytes, file.length, error) != 0)
		return -1;
	*written |= part->flag;
	return 0;
}

static int read_controllers(struct part *part, const struct store_update *update, bool *known, struct error **error)
{
	*known = false;
	part->document = document_read(part->path, error);
	if (part->document == NULL || find_controller(part->document, update, known, error) != 0)
		return -1;
	struct node *entry = *known ? entry_of(part->document, update->controller) : NULL;
	part->changed = entry != NULL && entry->kind == NODE_MAPPING && change_controller(entry, update);
	return 0;
}

static int read_accounts(struct part *part, const struct store_update *update, struct error **error)
{
	bool known = false;

	part->document = document_read(part->path, error);
	if (part->document == NULL || find_account(part->document, update, &known, error) != 0)
		return -1;
	struct node *entry = known ? entry_of(part->document, update->controller) : NULL;
	part->changed = entry != NULL && entry->kind == NODE_MAPPING && change_account(entry, update);
	return 0;
}

/* Both files, after a fresh read. */
struct plan {
	struct part controllers;
	struct part accounts;
	struct error *first; /* the first error, or NULL */
};

static inline void scoped_plan_release(struct plan *plan)
{
	document_free(plan->controllers.document);
	document_free(plan->accounts.document);
	error_free(plan->first);
}

/* Takes over `error`, and keeps it if it is the first. */
static void note(struct plan *plan, struct error *error)
{
	if (plan->first == NULL)
		plan->first = error;
	else
		error_free(error);
}

static void make_plan(struct plan *plan, const struct store_update *update)
{
	struct error *error = NULL;
	bool known = false;

	/* Unless it is known to be still the same controller, its account is not touched either. */
	if (read_controllers(&plan->controllers, update, &known, &error) == 0 && known)
		read_accounts(&plan->accounts, update, &error);
	if (error != NULL)
		note(plan, error);
}

static void carry_out(struct plan *plan, unsigned int *written)
{
	struct error *error = NULL;

	if (write_part(&plan->controllers, written, &error) != 0)
		note(plan, steal(error));
	if (write_part(&plan->accounts, written, &error) != 0)
		note(plan, error);
}

/* Reads the files; if `locked`, writes those that change. Sets `*due` to whether there is something to write. */
static int pass(const char *directory, const struct store_update *update, bool locked, bool *due, unsigned int *written,
	struct error **error)
{
	scoped(string) char *controllers = directory_join(directory, "controllers.yaml");
	scoped(string) char *accounts = directory_join(directory, "accounts.yaml");
	scoped(plan) struct plan plan = {
		.controllers = {controllers, YAML_INDENT_CONTROLLERS, STORE_WROTE_CONTROLLERS, NULL, false},
		.accounts = {accounts, YAML_INDENT, STORE_WROTE_ACCOUNTS, NULL, false},
	};

	make_plan(&plan, update);
	*due = plan.controllers.changed || plan.accounts.changed;
	if (locked)
		carry_out(&plan, written);
	else if (*due)
		return 0;
	return plan.first != NULL ? error_move(error, steal(plan.first)) : 0;
}

enum store_attempt store_update_try(const char *directory, char *const *environment, const struct store_update *update,
	unsigned int *written, struct error **error)
{
	scoped(store_unlock) int lock = -1;
	unsigned int nobody_asks = 0;
	bool due = false;

	written = written != NULL ? written : &nobody_asks;
	*written = 0;
	/* juju replaces its files as a whole, so they can be read without the lock. */
	if (pass(directory, update, false, &due, written, error) != 0)
		return STORE_FAILED;
	if (!due)
		return STORE_DONE;
	enum store_attempt attempt = store_lock_try(directory, environment, &lock, error);
	if (attempt != STORE_DONE)
		return attempt;
	return pass(directory, update, true, &due, written, error) == 0 ? STORE_DONE : STORE_FAILED;
}
