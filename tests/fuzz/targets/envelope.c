/* SPDX-License-Identifier: Apache-2.0 */
/* The envelope of a reply. */
#include "common/wire/envelope.h"

#include <json-c/json.h>

#include "tests/fuzz/fuzz.h"

void fuzz_one(const char *bytes, size_t length)
{
	scoped(envelope) struct envelope envelope = {0};
	scoped(error) struct error *error = NULL;
	scoped(string) char *message = string_copy_length(length > 0 ? bytes : "", length);
	int failed = envelope_read(&envelope, message, length, &error) < 0;

	fuzz_expect_error(failed, error);
	fuzz_expect(!failed || (envelope.whole == NULL && error->kind == ERROR_PROTOCOL));
	fuzz_expect(failed || json_object_is_type(envelope.whole, json_type_object));
	fuzz_expect(envelope.response == NULL || json_object_is_type(envelope.response, json_type_object));
	fuzz_expect(envelope.info == NULL || json_object_is_type(envelope.info, json_type_object));
	if (envelope.error == NULL)
		return;
	fuzz_expect(envelope.error->kind == ERROR_REMOTE && envelope.error->code != NULL);
	fuzz_expect_error(1, envelope.error);
}
