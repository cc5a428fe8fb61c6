/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Chance that is the same each time: every draw comes from one seed.
 */
#ifndef TESTS_STORM_CHANCE_H
#define TESTS_STORM_CHANCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct chance {
	uint64_t state;
};

/* Draws 64 bits. */
uint64_t chance_draw(struct chance *chance);

/* Draws a number below `count` (at least 1). */
size_t chance_below(struct chance *chance, size_t count);

/* Draws from `least` to `most`, both included. */
int64_t chance_between(struct chance *chance, int64_t least, int64_t most);

/* True in `mille` of 1000 draws. */
bool chance_of(struct chance *chance, unsigned int mille);

/* Draws an index of `weights`, the likelier the greater its weight. */
size_t chance_weighted(struct chance *chance, const unsigned int *weights, size_t count);

/* Draws a length of time between `least` and `most` of which short ones are as likely as long ones of another order. */
int64_t chance_length(struct chance *chance, int64_t least, int64_t most);

#endif
