/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/fuzz/macaroon.h"

#include <json-c/json.h>
#include <string.h>

static void expect_part(const struct macaroon_part *one, const struct macaroon_part *other)
{
	fuzz_expect(one->data != NULL && other->data != NULL);
	fuzz_expect(one->length <= MACAROON_PART_MAX && one->data[one->length] == '\0');
	fuzz_expect(one->length == other->length && memcmp(one->data, other->data, one->length) == 0);
}

static void expect_same(const struct macaroon *one, const struct macaroon *other)
{
	expect_part(&one->id, &other->id);
	fuzz_expect(memcmp(one->signature, other->signature, sizeof(one->signature)) == 0);
	fuzz_expect(one->caveat_count <= MACAROON_CAVEATS_MAX && one->caveat_count == other->caveat_count);
	fuzz_expect(one->location != NULL && strcmp(one->location, other->location) == 0);
	for (size_t i = 0; i < one->caveat_count; i++) {
		const struct macaroon_caveat *a = &one->caveats[i], *b = &other->caveats[i];

		expect_part(&a->id, &b->id);
		fuzz_expect(a->third_party == b->third_party && strcmp(a->location, b->location) == 0);
		if (a->third_party)
			expect_part(&a->vid, &b->vid);
	}
}

void fuzz_macaroon(struct macaroon *macaroon)
{
	const struct macaroon *const set[] = {macaroon};
	scoped(secret) struct secret *text = macaroon_set_write(set, array_length(set));
	struct json_object *list = json_tokener_parse(secret_reveal(text));

	fuzz_expect(json_object_is_type(list, json_type_array) && json_object_array_length(list) == 1);
	scoped(macaroon) struct macaroon *again = macaroon_parse_value(json_object_array_get_idx(list, 0), NULL);
	fuzz_expect(again != NULL);
	expect_same(macaroon, again);
	fuzz_expect(macaroon_set_expires(text) == macaroon_expires(macaroon));
	macaroon_bind_to(again, macaroon);
	fuzz_expect(memcmp(again->signature, macaroon->signature, sizeof(macaroon->signature)) == 0);
	again->signature[0] ^= 1;
	macaroon_bind_to(again, macaroon);
	json_object_put(list);
}
