/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the targets for files of the client store share: a document read within its ceilings, and the same written and read again.
 */
#ifndef TESTS_FUZZ_STORE_H
#define TESTS_FUZZ_STORE_H

#include "common/store/yaml_write.h"
#include "tests/fuzz/fuzz.h"

/* Reads a document, and expects a sound tree or an error. Returns it, owned by the caller (document_free), or NULL. */
struct document *fuzz_document(const char *bytes, size_t length);

/* Writes `document` and reads that again, and expects both to say the same. Returns the second, owned by the caller; NULL when there is
 * none, or it cannot be written. */
struct document *fuzz_written(const struct document *document, int indent);

#endif
