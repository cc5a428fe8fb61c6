/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Changing a few values in the tree of a file of the store. What is not named stays as it was: order, styles, unknown keys.
 * Each function says whether it changed anything, so that a file in which nothing changes need not be written.
 *
 * `order` is the order in which juju writes the keys of such a mapping, NULL at the end: a new key comes behind those that
 * stand before it there. Without an order it comes last.
 */
#ifndef COMMON_STORE_NODE_EDIT_H
#define COMMON_STORE_NODE_EDIT_H

#include <stdbool.h>
#include <stddef.h>

#include "common/store/node.h"

/* True when no YAML reader takes `text`, written without quotes, for a number, a truth value, null or a time. Errs on the
 * side of false. */
bool node_clearly_text(const char *text);

/* Makes `text` the value of `key` in `mapping`. A value that is there keeps its quotes; a new one is plain when it is
 * clearly text, else in single quotes. Returns whether that changed anything. */
bool node_set_text(struct node *mapping, const char *key, const char *text, const char *const *order);

/* Makes a list of `count` texts, on one line, the value of `key` in `mapping`. Returns whether that changed anything. */
bool node_set_texts(struct node *mapping, const char *key, char *const *texts, size_t count, const char *const *order);

/* Returns the mapping that is the value of `key` in `mapping`, borrowed; in the place of an absent or null value it puts an
 * empty one, written on one line. NULL when there is a value of another kind. */
struct node *node_enter(struct node *mapping, const char *key, const char *const *order);

/* Takes `key` and its value out of `mapping`. Returns whether it was there. */
bool node_remove(struct node *mapping, const char *key);

#endif
