/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A simulated JAAS: one JIMM of a chosen era, the Juju controllers behind it, their models, and every migration between
 * them, as they behave in truth. It owns no socket and no clock: time is handed in, and whatever is due happens in order.
 *
 * A world is described by a JSON object. Every key may be missing; the defaults are two controllers "prod-a" and
 * "my-controller" (juju 3.6), the model alice@canonical.com/my-model on prod-a, and alice, who is a JIMM administrator.
 * Lengths of time are numbers of seconds or texts such as "500ms", "3s", "1m30s"; instants are such lengths after the
 * start of the world.
 *
 *   "era"           "E0" "E1" "E1d" "E2" "E3" (JIMM of 1 Jul 2026, the default) "E3+"; also "2024" (= E0), "2026" (= E3)
 *   "capabilities"  {"NAME": true|false}: changes single entries of the era's table (world_era.h names them)
 *   "seed"          number: the only source of randomness
 *   "start"         RFC 3339, the wall time at which the world begins (2026-07-01T10:00:00Z)
 *   "jimm"          {"uuid", "dns-name", "version", "idle", "dial" (20ms), "dial-timeout" (3s): lengths,
 *                    "facades": {NAME: "VERSION VERSION ..."} in place of the era's}
 *   "latency"       {"METHOD" or "Facade.METHOD" or "default": length from a request's arrival to its answer (2ms),
 *                     "jitter": most that chance adds on either way}
 *   "controllers"   [{"name", "uuid", "agent-version" ("3.6.12"), "address" ("10.0.0.N:17070"), "public-address",
 *                     "cloud" ("maas"), "region" ("default"), "same-as" (name of an earlier one that this
 *                     is too), "status" ("available", "deprecated", "unavailable",
 *                     "bootstrapping"), "reach" ("up", "down", "refuses"), "credentials" (true), "direct" (false),
 *                     DOOR}]
 *   DOOR            of a controller with "direct": true, which can be dialled without JIMM; its "address" is then where the
 *                   server listens for it. "accounts": [{"name", "password", "access" ("login", "superuser", "")}], names
 *                   with "@" are external users (admin, admin-password, superuser); "public-dns-name"; "also-at": addresses
 *                   of further controller machines; "external-identity" (false): who has no name is sent to an identity
 *                   provider; "macaroon-life" (24h); "health" ("running", "starting", "stopping"); "upgrading" (false);
 *                   "dead" (""; "refuses" connections; "silent-tcp": nobody takes them; "silent-tls": takes them and says
 *                   nothing); "delay" (0s): length by which everything that it says comes later; "store": {"user" (the
 *                   first), "keeps" ("password", "wrong-password", "nothing", "cookie", "old-cookie", "foreign-cookie",
 *                   "no-account", "no-entry")}: what the data directory that the server writes has of it; "log": that of the
 *                   controller's own model, as a model's
 *   "users"         [{"name", "admin" (false), "token", "expires" (instant; none), "add-model": [controller names]}]
 *                   the default token of a user is the base64 text of "token-NAME"; one whose name has no "@" is let in
 *                   nowhere, for want of an e-mail address
 *   "service-accounts" [{"client-id", "client-secret", "admin"}]: users named CLIENT-ID@serviceaccount
 *   "device"        {"user", "after" (length until the person has confirmed, 5s), "fails" (false: the person refuses then),
 *                     "code-life" (15m, from LoginDevice on), "token-life" (6h), "unavailable" (false: LoginDevice fails)}
 *   "models"        [{"name", "uuid", "owner", "controller" (where it runs and JIMM's record), "recorded" (JIMM's record,
 *                     if it differs; "" = unknown to JIMM), "cloud", "region", "life" ("alive"), "machines" (2),
 *                     "agent-version" (that of its controller), "agents-down" (0: how many machines' agents do not work),
 *                     "credential" ("valid", "invalid", "revoked": the last two suspend the model),
 *                     "applications": [names], "users": {NAME: "reader"|"writer"|"administrator"},
 *                     "juju-users": [names on the model's own list; default: owner and the user JIMM grants],
 *                     "mode" (JIMM's lock at the start, ""), "copies": {CONTROLLER: "importing"|"active"},
 *                     "past" ({"outcome": "aborted"|"reap-failed"|"done", "reason", "from", "to", "start", "end"
 *                     (lengths before the start)}: the newest attempt of earlier days), "migrations": [PLAN, ...] (one for each attempt,
 *                     the last one serves all that follow), "job" ("" or the state of an upgrade-to job),
 *                     "log": [{"at" (instant), "tag", "sev", "mod", "msg", "repeat" (1: how often it is sent), "stays" (false; true in
 *                     one of them keeps the stream open after the last)}]}]
 *   "migration"     PLAN: for models that name none
 *   "poller"        {"first" (instant, 30s), "each" (length a model takes, 20ms)}
 *   "events"        [{"at": instant, "do": VERB, ...}]: faults and other people, see world_deed.h
 *
 *   PLAN            {"each": one length for all steps, "steps": {STEP: length}, "refuse": text, "refuse-code": code,
 *                    "abort": {"phase": "QUIESCE"|"IMPORT"|"PROCESSRELATIONS"|"VALIDATION", "reason": text,
 *                    "copy": "removed"|"left"|"active"}, "reap-failed": text, "agents-failed": {"phase": N},
 *                    "stuck": STEP that never ends, "stranded": machines whose agents never come over}
 *   STEP            prechecks starting source-prechecks target-prechecks quiesce export import upload relations validate
 *                   machines activate commit agents ownership logs reap vanish cached abort settle (a text that sums up a wait)
 *                   report (between two reports of a wait, 30s); usual lengths are in world_plan.c. An abort ends the
 *                   step that its reason speaks of.
 *
 * All instants of the interface are nanoseconds since 1970 UTC.
 */
#ifndef TESTS_SIM_WORLD_H
#define TESTS_SIM_WORLD_H

#include <stdint.h>
#include <stdio.h>

#include "common/base/error.h"

struct json_object;
struct world;

/* Returns the world that `script` describes (borrowed, NULL counts as {}), owned by the caller (world_free), or NULL with
 * an error that names the key at fault. */
struct world *world_new(const struct json_object *script, struct error **error);

/* The same for a file of JSON. */
struct world *world_load(const char *path, struct error **error);

/* Releases the world; conversations with it must have been closed before. NULL is allowed. */
void world_free(struct world *world);

/* Returns the world's present instant. It only changes in world_advance. */
int64_t world_now(const struct world *world);

/* Returns the instant at which something is due next, INT64_MAX when nothing ever is. */
int64_t world_next(const struct world *world);

/* Runs everything that is due up to `until`, in order of time, and makes that the present. Nothing when it is past. */
void world_advance(struct world *world, int64_t until);

/* Writes the truth as one JSON object: what was called how often, what MigrateModel and UpdateMigratedModel found, what
 * was deleted, and where each model really is.
 *   {"era", "now": seconds since the start, "calls": {"Facade.Method": count, ...},
 *    "migrate-model": [{"at", "model", "target", "caller", "error"?}],
 *    "update-migrated-model": [{"at", "model", "target", "caller", "phase", "early": bool, "error"?}],
 *    "model-info": [{"at", "model", "caller", "could-delete": bool}], "model-status": [the same],
 *    "deletions": [{"at", "model", "by"}], "moves": [{"at", "model", "to", "by"}],
 *    "models": [{"name", "uuid", "active-on": [names], "importing-on": [names], "recorded": name | null, "mode",
 *                "attempts": [{"id", "from", "to", "phase", "text", "ended": bool}]}]} */
void world_report(const struct world *world, FILE *to);

/* The same as a JSON object, owned by the caller (json_object_put). */
struct json_object *world_report_json(const struct world *world);

SCOPED_DEFINE(world, struct world *, world_free)

#endif
