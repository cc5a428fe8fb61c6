/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads from an error's info where a model has moved to.
 */
#ifndef COMMON_JUJU_REDIRECT_H
#define COMMON_JUJU_REDIRECT_H

#include "common/juju/call.h"

/* Returns the redirect that `info` (the error's own, may be NULL) tells, owned by the caller (redirect_free); NULL unless
 * `error` has the code "redirection required" and `info` makes sense. */
struct call_redirect *redirect_new(const struct error *error, struct json_object *info);

/* Releases a redirect; NULL is allowed. */
void redirect_free(struct call_redirect *redirect);

SCOPED_DEFINE(redirect, struct call_redirect *, redirect_free)

#endif
