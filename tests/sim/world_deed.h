/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What happens to a world from outside: faults, and other people. Each can be called at any instant, or be written into
 * the script's "events":
 *
 *   {"do": "reach", "controller": NAME, "reach": "up"|"down"|"refuses"}   down and up again is a restart
 *   {"do": "jimm-restart", "for": LENGTH}
 *   {"do": "cut"}                                  every connection
 *   {"do": "cut-api"}                              those to JIMM's own /api
 *   {"do": "expire-tokens"}                        those that exist
 *   {"do": "destroy", "model": NAME}               on the controller that runs it
 *   {"do": "forget", "model": NAME}                from JIMM, with all rights
 *   {"do": "record", "model": NAME, "controller": NAME}   an administrator sets JIMM's row
 *   {"do": "lock", "model": NAME, "mode": MODE}
 *   {"do": "migrate", "model": NAME, "controller": NAME}  somebody else starts a move through JIMM
 *   {"do": "unregister", "controller": NAME}       it is removed from JIMM
 *   {"do": "revoke", "model": NAME}                all rights on it but those of JIMM's administrators
 */
#ifndef TESTS_SIM_WORLD_DEED_H
#define TESTS_SIM_WORLD_DEED_H

#include "tests/sim/world_state.h"

void world_reach(struct world *world, struct world_controller *controller, enum world_reach reach);
void world_cut_all(struct world *world);
void world_cut_api(struct world *world);
void world_expire_tokens(struct world *world);
void world_destroy(struct world *world, struct world_model *model);
void world_revoke(struct world_model *model);
/* Removes all traces of the model from the controller, as if it had been restored from an older backup or cleaned by hand. */
void world_lose(struct world *world, struct world_model *model, struct world_controller *controller);
/* Returns 0, or -1 when JIMM or Juju refuses. */
int world_migrate_other(struct world *world, struct world_model *model, struct world_controller *target);

#endif
