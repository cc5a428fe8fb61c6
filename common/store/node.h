/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tree that a YAML file of the store is read into: mappings, sequences and scalars in the order and style of the file,
 * with their lines. It has all that is needed to write the same file again with a few values changed.
 *
 * The node_get functions read one key of a mapping by juju's rules: an absent or null value is the type's empty value, any
 * scalar can be a text, unknown keys are ignored. A value of the wrong kind is an ERROR_STORE that names file, line and
 * key.
 */
#ifndef COMMON_STORE_NODE_H
#define COMMON_STORE_NODE_H

#include <stddef.h>

#include "common/base/error.h"
#include "common/base/secret.h"

enum node_kind { NODE_SCALAR, NODE_SEQUENCE, NODE_MAPPING };

enum node_style {
	NODE_PLAIN, /* scalars */
	NODE_SINGLE_QUOTED,
	NODE_DOUBLE_QUOTED,
	NODE_LITERAL,
	NODE_FOLDED,
	NODE_BLOCK, /* sequences and mappings */
	NODE_FLOW,
};

struct node {
	enum node_kind kind;
	enum node_style style;
	unsigned int line;   /* in the file, from 1 */
	char *tag;           /* the tag written in the file, in full form, or NULL */
	char *text;          /* scalar: UTF-8 without a NUL in it; else NULL */
	struct node **keys;  /* mapping: scalars with different texts; else NULL */
	struct node **items; /* mapping: the values, as `keys`; sequence: its elements; else NULL */
	size_t count;
	size_t capacity;
};

/* Returns a new node without content; owned by the caller (node_free). */
struct node *node_new(enum node_kind kind, enum node_style style, unsigned int line);

/* Adds `item` to a sequence (`key` NULL) or to a mapping; takes over both. */
void node_add(struct node *node, struct node *key, struct node *item);

/* Erases and releases a node and all below it; NULL is allowed. */
void node_free(struct node *node);

/* True for NULL, and for a plain scalar that YAML reads as null (empty, ~, null). */
int node_null(const struct node *node);

/* Returns the value of `key` in a mapping, borrowed, or NULL; also NULL when `mapping` is NULL. */
struct node *node_find(const struct node *mapping, const char *key);

/* Sets `*error` to "cannot read FILE:LINE: cause; next step". Returns -1. */
int node_fail(struct error **error, const char *file, unsigned int line, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* Checks that `node` (called `what` in messages) is null or of this kind. Sets `*out` to the node, borrowed, or to NULL if it
 * is null. Returns 0, or -1 with ERROR_STORE. */
int node_expect(const char *file, const struct node *node, enum node_kind kind, const char *what,
	const struct node **out, struct error **error);

/* The same for the value of `key` in `mapping` (which may be NULL). */
int node_get(const char *file, const struct node *mapping, const char *key, enum node_kind kind,
	const struct node **out, struct error **error);

/* Sets `*out` to the text of `key`, owned by the caller; "" when it is absent or null. `*out` is NULL after an error. */
int node_get_text(const char *file, const struct node *mapping, const char *key, char **out, struct error **error);

/* As node_get_text, for a secret; `*out` is NULL when it is absent, null or empty. */
int node_get_secret(
	const char *file, const struct node *mapping, const char *key, struct secret **out, struct error **error);

/* Sets `*out` to 1 or 0; 0 when it is absent or null. */
int node_get_flag(const char *file, const struct node *mapping, const char *key, int *out, struct error **error);

/* Sets `*out` and `*count` to copies of the texts in a sequence, without empty and null ones, owned by the caller
 * (node_texts_free). `node` may be NULL or null; messages call it `what`. Returns 0, or -1 with ERROR_STORE. */
int node_texts(
	const char *file, const struct node *node, const char *what, char ***out, size_t *count, struct error **error);

/* Releases `count` texts and their array. */
void node_texts_free(char **texts, size_t count);

SCOPED_DEFINE(node, struct node *, node_free)

#endif
