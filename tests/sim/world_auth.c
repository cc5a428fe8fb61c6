/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/world_auth.h"

#include <stdlib.h>
#include <string.h>

#define NONCE 16
/* A payload is: version, nonce, a proof that we made it, the user. */
#define PAYLOAD_HEAD (1 + NONCE + MACAROON_KEY)
#define HIDDEN (NONCE + 3 * MACAROON_KEY / 2)
#define SETS_MOST 64

static const unsigned char caveat_id[] = {3, 0};

/* Derives the controller's key for `purpose` and `bytes`. */
static void key_for(const struct world_controller *controller, const char *purpose, const void *bytes, size_t length,
	unsigned char key[MACAROON_KEY])
{
	static const unsigned char seed[MACAROON_KEY] = "simulated controller";
	unsigned char own[MACAROON_KEY], secret[MACAROON_KEY];

	macaroon_hash(seed, controller->uuid, strlen(controller->uuid), own);
	macaroon_hash(own, purpose, strlen(purpose), secret);
	macaroon_hash(secret, bytes, length, key);
}

static void nonce_new(struct world_controller *controller, unsigned char nonce[NONCE])
{
	unsigned char hash[MACAROON_KEY];
	unsigned number = ++controller->door->nonces;

	key_for(controller, "nonce", &number, sizeof(number), hash);
	memcpy(nonce, hash, NONCE);
}

static void restrict_time(const struct world *world, struct macaroon *macaroon, int64_t life)
{
	char when[INSTANT_TEXT_SIZE];
	scoped(string) char *condition = string_format("time-before %s", instant_format(world->now + life, when));

	macaroon_restrict(macaroon, condition);
}

static void make_payload(const struct world_controller *controller, const unsigned char nonce[NONCE], const char *user,
	struct macaroon_bytes *payload)
{
	unsigned char hash[MACAROON_KEY];
	size_t length = strlen(user) > MACAROON_BYTES_MAX - PAYLOAD_HEAD ? 0 : strlen(user);

	payload->data[0] = 3;
	memcpy(payload->data + 1, nonce, NONCE);
	memcpy(payload->data + PAYLOAD_HEAD, user, length);
	payload->length = PAYLOAD_HEAD + length;
	key_for(controller, "payload", payload->data + PAYLOAD_HEAD, length, hash);
	macaroon_hash(hash, nonce, NONCE, payload->data + 1 + NONCE);
}

int world_auth_payload(const struct world_controller *controller, const void *payload, size_t length,
	char user[MACAROON_BYTES_MAX + 1])
{
	struct macaroon_bytes again = {0};
	const unsigned char *bytes = payload;

	if (length < PAYLOAD_HEAD || length > MACAROON_BYTES_MAX)
		return -1;
	memcpy(user, bytes + PAYLOAD_HEAD, length - PAYLOAD_HEAD);
	user[length - PAYLOAD_HEAD] = '\0';
	make_payload(controller, bytes + 1, user, &again);
	return again.length == length && !memcmp(again.data, bytes, length) ? 0 : -1;
}

static void demand_make(const struct world *world, struct world_controller *controller, const char *user,
	const char *location, int64_t life, struct world_demand *demand)
{
	unsigned char id[1 + NONCE] = {3}, nonce[NONCE], key[MACAROON_KEY], hidden[HIDDEN] = {0};

	nonce_new(controller, id + 1);
	nonce_new(controller, nonce);
	key_for(controller, "login", id, sizeof(id), key);
	scoped(string) char *name = string_format("juju controller %s", controller->uuid);
	macaroon_init(&demand->macaroon, key, id, sizeof(id), name);
	restrict_time(world, &demand->macaroon, life);
	memcpy(hidden, nonce, NONCE);
	for (size_t i = NONCE; i + MACAROON_KEY <= HIDDEN; i += MACAROON_KEY / 2)
		macaroon_hash(key, hidden, i, hidden + i);
	macaroon_refer(&demand->macaroon, caveat_id, sizeof(caveat_id), hidden, sizeof(hidden), location);
	memcpy(demand->caveat.data, caveat_id, sizeof(caveat_id));
	demand->caveat.length = sizeof(caveat_id);
	make_payload(controller, nonce, user ? user : "", &demand->payload);
}

void world_auth_demand(const struct world *world, struct world_controller *controller, const char *user,
	const char *host, struct world_demand *demand)
{
	scoped(string) char *location = string_format("https://%s/%s", host, user ? "auth" : "identity");

	*demand = (struct world_demand){0};
	/* An external identity must be proved again each hour. */
	demand_make(world, controller, user, location, user ? controller->door->macaroon_life : 60 * INSTANT_MINUTE,
		demand);
}

void world_auth_discharge(const struct world *world, const struct world_controller *controller, const void *payload,
	const char *user, int64_t life, struct macaroon *discharge)
{
	unsigned char key[MACAROON_KEY];
	scoped(string) char *declared = string_format("declared username %s", user);

	key_for(controller, "caveat", (const unsigned char *)payload + 1, NONCE, key);
	macaroon_init(discharge, key, caveat_id, sizeof(caveat_id), "");
	macaroon_restrict(discharge, declared);
	restrict_time(world, discharge, life);
}

struct json_object *world_auth_set(
	const struct world *world, struct world_controller *controller, const char *user, int64_t life)
{
	struct world_demand demand = {0};
	struct macaroon discharge;
	bool local = world_account_local(user);
	scoped(string) char *location =
		string_format("https://127.0.0.1:%d/%s", controller->door->port, local ? "auth" : "identity");
	struct json_object *set = json_object_new_array();

	demand_make(world, controller, local ? user : "", location, life, &demand);
	world_auth_discharge(world, controller, demand.payload.data, user, life, &discharge);
	macaroon_bind(&demand.macaroon, &discharge);
	json_object_array_add(set, macaroon_json(&demand.macaroon));
	json_object_array_add(set, macaroon_json(&discharge));
	return set;
}

/* Returns whether a condition holds; if not, `*why` says so. Keeps a name that it declares. */
static int condition_holds(
	const struct world *world, const struct macaroon_caveat *caveat, const char **declared, const char **why)
{
	const char *condition = (const char *)caveat->id.data;

	if (string_starts(condition, "declared username ")) {
		*declared = condition + strlen("declared username ");
		return 0;
	}
	if (!string_starts(condition, "time-before ")) {
		*why = "caveat not recognized";
		return -1;
	}
	int64_t end = instant_parse(condition + strlen("time-before "));
	if (end != INSTANT_NONE && world->now < end)
		return 0;
	*why = "macaroon has expired";
	return -1;
}

static int conditions_hold(
	const struct world *world, const struct macaroon *macaroon, const char **declared, const char **why)
{
	for (size_t i = 0; i < macaroon->caveat_count; i++)
		if (!macaroon->caveats[i].hidden.length &&
			condition_holds(world, &macaroon->caveats[i], declared, why) < 0)
			return -1;
	return 0;
}

static int discharged(const struct world *world, const struct world_controller *controller,
	const struct macaroon *primary, struct macaroon *discharge, const char **declared, const char **why)
{
	unsigned char key[MACAROON_KEY];

	for (size_t i = 0; i < primary->caveat_count; i++) {
		const struct macaroon_caveat *caveat = &primary->caveats[i];
		if (caveat->hidden.length < NONCE)
			continue;
		key_for(controller, "caveat", caveat->hidden.data, NONCE, key);
		*why = "cannot find discharge macaroon for caveat";
		if (discharge->id.length != caveat->id.length ||
			memcmp(discharge->id.data, caveat->id.data, caveat->id.length))
			return -1;
		*why = "signature mismatch after caveat verification";
		if (!macaroon_signed(discharge, key, primary))
			return -1;
		return conditions_hold(world, discharge, declared, why);
	}
	*why = "no caveat names a user";
	return -1;
}

static const struct world_account *check_set(const struct world *world, const struct world_controller *controller,
	struct json_object *set, const char *user, const char **why)
{
	unsigned char key[MACAROON_KEY];
	struct macaroon primary, discharge;
	const char *ignored = NULL, *declared = NULL;

	*why = "cannot read macaroons";
	if (!json_object_is_type(set, json_type_array) || json_object_array_length(set) != 2 ||
		macaroon_read(&primary, json_object_array_get_idx(set, 0)) < 0 ||
		macaroon_read(&discharge, json_object_array_get_idx(set, 1)) < 0)
		return NULL;
	*why = "macaroon not found in storage";
	if (primary.id.length != 1 + NONCE)
		return NULL;
	key_for(controller, "login", primary.id.data, primary.id.length, key);
	if (!macaroon_signed(&primary, key, NULL) || conditions_hold(world, &primary, &ignored, why) < 0 ||
		discharged(world, controller, &primary, &discharge, &declared, why) < 0)
		return NULL;
	*why = "no user is declared, or another one";
	if (!declared || (user ? strcmp(user, declared) != 0 : world_account_local(declared)))
		return NULL;
	return world_account_find(controller, declared);
}

const struct world_account *world_auth_check(const struct world *world, const struct world_controller *controller,
	struct json_object *sets, const char *user, const char **why)
{
	const struct world_account *account = NULL;
	size_t count = json_object_is_type(sets, json_type_array) ? json_object_array_length(sets) : 0;

	*why = "no macaroons";
	for (size_t i = 0; i < count && i < SETS_MOST && !account; i++)
		account = check_set(world, controller, json_object_array_get_idx(sets, i), user, why);
	return account;
}

const char *world_auth_prove(
	struct world *world, struct world_controller *controller, const char *user, const char *password)
{
	struct world_door *door = controller->door;
	const struct world_account *account = world_account_find(controller, user);

	if (!account || !account->password || strcmp(account->password, password) != 0)
		return NULL;
	door->proofs = memory_room(door->proofs, door->proof_count, &door->proof_capacity, sizeof(struct world_proof));
	struct world_proof *proof = &door->proofs[door->proof_count++];
	unsigned char nonce[NONCE];
	nonce_new(controller, nonce);
	*proof = (struct world_proof){.account = account, .expires = world->now + WORLD_PROOF_LIFE};
	proof->value = memory_get(1, 24 + 1);
	for (size_t i = 0; i < 12; i++) {
		proof->value[2 * i] = "0123456789abcdef"[nonce[i] >> 4];
		proof->value[2 * i + 1] = "0123456789abcdef"[nonce[i] & 15];
	}
	return proof->value;
}

int world_auth_use(struct world *world, struct world_controller *controller, const char *proof, const char *user)
{
	struct world_door *door = controller->door;

	for (size_t i = 0; i < door->proof_count; i++) {
		struct world_proof *one = &door->proofs[i];
		if (strcmp(one->value, proof) != 0)
			continue;
		int good = world->now < one->expires && !strcmp(one->account->name, user);
		free(one->value);
		*one = door->proofs[--door->proof_count];
		return good ? 0 : -1;
	}
	return -1;
}
