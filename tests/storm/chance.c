/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/storm/chance.h"

uint64_t chance_draw(struct chance *chance)
{
	uint64_t mixed = chance->state += UINT64_C(0x9e3779b97f4a7c15);

	mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94d049bb133111eb);
	return mixed ^ (mixed >> 31);
}

size_t chance_below(struct chance *chance, size_t count)
{
	return (size_t)(chance_draw(chance) % count);
}

int64_t chance_between(struct chance *chance, int64_t least, int64_t most)
{
	return least + (int64_t)(chance_draw(chance) % (uint64_t)(most - least + 1));
}

bool chance_of(struct chance *chance, unsigned int mille)
{
	return mille > 0 && chance_below(chance, 1000) < mille;
}

size_t chance_weighted(struct chance *chance, const unsigned int *weights, size_t count)
{
	size_t sum = 0, drawn, index = 0;

	for (size_t i = 0; i < count; i++)
		sum += weights[i];
	drawn = chance_below(chance, sum);
	while (drawn >= weights[index])
		drawn -= weights[index++];
	return index;
}

int64_t chance_length(struct chance *chance, int64_t least, int64_t most)
{
	int64_t top = least > 0 ? least : 1;
	size_t doublings = 0;

	while (top < most / 2) {
		top *= 2;
		doublings++;
	}
	for (size_t i = chance_below(chance, doublings + 1); i < doublings; i++)
		top /= 2;
	top = top * 2 < most ? top * 2 : most;
	return chance_between(chance, least, top > least ? top : least);
}
