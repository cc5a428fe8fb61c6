/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>

#include "plugin/departure.h"

/* A run of several parts stops listening after each: a signal that came just before must not end the process with what it knows. */
static void signals_that_were_not_read_are_kept(void **state)
{
	struct surroundings surroundings = {.in = -1};
	struct departure departure = {.loop = NULL};
	scoped(clock) struct clock *clock = clock_new((char *const[]){NULL}, NULL);
	scoped(loop) struct loop *loop = loop_new(clock, NULL, NULL);

	(void)state;
	assert_non_null(loop);
	assert_int_equal(departure_begin(&departure, loop, &surroundings, 0, NULL), 0);
	raise(SIGTERM);
	departure_release(&departure);
	assert_int_equal(departure.signal, SIGTERM);
	assert_int_equal(departure_before(&departure, NULL, NULL), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(signals_that_were_not_read_are_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
