/* SPDX-License-Identifier: Apache-2.0 */
/* The lock of a cookie jar that names its maker. */
#include <unistd.h>

#include "common/store/cookie_lock.h"
#include "tests/fuzz/fuzz.h"

void fuzz_one(const char *bytes, size_t length)
{
	scoped(string) char *path = string_format("%s/jar.lock", fuzz_folder());
	scoped(error) struct error *error = NULL, *other = NULL;
	int descriptor = -1;

	fuzz_write(path, bytes, length);
	enum store_attempt attempt = cookie_lock_owner.take(path, &descriptor, &error);
	fuzz_expect_error(attempt == STORE_FAILED, error);
	fuzz_expect((attempt == STORE_DONE) == (descriptor >= 0));
	if (attempt == STORE_DONE)
		cookie_lock_owner.release(path, &descriptor);
	else
		unlink(path);
	fuzz_write(path, bytes, length);
	attempt = cookie_lock_range.take(path, &descriptor, &other);
	fuzz_expect_error(attempt == STORE_FAILED, other);
	fuzz_expect(attempt == (length > 0 ? STORE_BUSY : STORE_DONE));
	if (attempt == STORE_DONE)
		cookie_lock_range.release(path, &descriptor);
	unlink(path);
}
