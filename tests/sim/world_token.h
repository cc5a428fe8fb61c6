/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Session tokens are base64 to those who carry them.
 */
#ifndef TESTS_SIM_WORLD_TOKEN_H
#define TESTS_SIM_WORLD_TOKEN_H

#include <stdbool.h>

/* Returns the base64 text of `plain`, owned by the caller. */
char *world_token_encode(const char *plain);

/* True when `token` is base64. */
bool world_token_decodes(const char *token);

#endif
