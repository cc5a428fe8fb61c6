/* SPDX-License-Identifier: Apache-2.0 */
/*
 * YAML: reads one file of the store as a node tree. With yaml_write.c the only door to libyaml.
 *
 * Refused, with file and line: what is not YAML, more than one document, a key that is there twice, a key that is not a
 * scalar, anchors, aliases and merge keys (juju writes none, and they can make a small file enormous), tags that YAML itself
 * does not define, NUL characters, and everything over the ceilings.
 */
#ifndef COMMON_STORE_YAML_H
#define COMMON_STORE_YAML_H

#include <stddef.h>

#include "common/base/error.h"
#include "common/store/node.h"

#define DOCUMENT_BYTES_MAX ((size_t)16 * 1024 * 1024)
#define DOCUMENT_DEPTH_MAX 64
/* Two documents are in memory while the store is written. */
#define DOCUMENT_NODES_MAX 400000

struct document {
	char *file;        /* its path, made printable for messages */
	struct node *root; /* NULL if the file is missing or without content */
};

/* Reads the file at `path`. Returns the document, owned by the caller (document_free); a missing file is an empty document.
 * Returns NULL with an error of file_read, or with ERROR_STORE. */
struct document *document_read(const char *path, struct error **error);

/* Reads `length` bytes as the content of a file that is called `file` in messages. Returns as document_read. */
struct document *document_parse(const char *file, const char *bytes, size_t length, struct error **error);

/* Sets `*entries` to the mapping at "controllers", which all three of juju's files have, borrowed from the document; an empty
 * one if there is none. Returns 0, or -1 with ERROR_STORE. */
int document_entries(const struct document *document, const struct node **entries, struct error **error);

/* Erases and releases a document; NULL is allowed. */
void document_free(struct document *document);

SCOPED_DEFINE(document, struct document *, document_free)

#endif
