/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The plain controllers of juju's store that this user can log in to without being asked anything: they can say themselves where a model
 * is. What such a login brings is written back to the store, as juju does.
 */
#ifndef PLUGIN_WITNESSES_H
#define PLUGIN_WITNESSES_H

#include "common/migration/remote.h"
#include "common/store/store.h"
#include "plugin/remember.h"
#include "plugin/surroundings.h"

struct witnesses_entry;

struct witnesses {
	const struct surroundings *surroundings;
	const struct store *store;
	struct loop *loop;
	struct remember *remember;
	bool keep;
	struct witnesses_entry *list;
	size_t count;
};

/* Makes `witnesses` ready, for sessions on `loop`. The caller owns the storage, must not move it, and calls witnesses_release after the
 * sessions are closed and before the loop is freed; the other arguments must outlive it. Passwords come from juju's store or from
 * `remember`. With `keep` the person is asked for the target controller's password, which is then handed to `remember`. */
void witnesses_init(struct witnesses *witnesses, const struct store *store, struct loop *loop,
	const struct surroundings *surroundings, struct remember *remember, bool keep);

/* Returns them as a remote wants them. Borrows from `witnesses`. */
struct remote_store witnesses_store(struct witnesses *witnesses);

/* Erases and frees what it holds; it may be all zero. */
void witnesses_release(struct witnesses *witnesses);

#endif
