/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Changes a few values in the tree of a file of the store. All else stays as it was: order, styles, unknown keys. The
 * functions tell whether they changed anything, so that a file in which nothing changed need not be written.
 *
 * `order` lists the keys of such a mapping in the order in which juju writes them, with NULL at the end: a new key goes after
 * those that `order` has before it. Without an order (NULL) it goes last.
 */
#ifndef COMMON_STORE_NODE_EDIT_H
#define COMMON_STORE_NODE_EDIT_H

#include <stdbool.h>
#include <stddef.h>

#include "common/store/node.h"

/* True if no YAML reader takes `text`, written without quotes, for a number, a truth value, null or a time. When in doubt,
 * false. */
bool node_clearly_text(const char *text);

/* Makes `text` the value of `key` in `mapping`. Keeps the quotes of an old value; otherwise the new one is plain if it is
 * clearly text, else in single quotes. Returns whether that changed anything. */
bool node_set_text(struct node *mapping, const char *key, const char *text, const char *const *order);

/* Makes a list of `count` texts the value of `key` in `mapping`: in block style if the old list was, else on one line. Returns
 * whether that changed anything. */
bool node_set_texts(struct node *mapping, const char *key, char *const *texts, size_t count, const char *const *order);

/* Returns the mapping that is the value of `key` in `mapping`, borrowed; replaces an absent or null value by an empty mapping,
 * written on one line. Returns NULL if there is a value of another kind. */
struct node *node_enter(struct node *mapping, const char *key, const char *const *order);

/* Removes `key` and its value from `mapping`. Returns whether it was there. */
bool node_remove(struct node *mapping, const char *key);

#endif
