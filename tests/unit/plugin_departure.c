/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>

#include "plugin/run.h"

/* A signal between two parts of a run must not end the process, which has not yet told what came of the first. */
static void a_signal_between_two_parts_ends_the_second(void **state)
{
	scoped(clock) struct clock *clock = clock_new((char *const[]){NULL}, NULL);
	struct surroundings surroundings = {.in = -1, .clock = clock};
	struct options options = {.parallel = 1};
	struct run run = {.options = &options, .surroundings = &surroundings};

	(void)state;
	assert_int_equal(run_begin(&run, NULL, 0, NULL), 0);
	assert_int_equal(departure_begin(&run.departure, run.loop, &surroundings, 0, NULL), 0);
	raise(SIGTERM);
	run_end(&run);
	assert_int_equal(run_begin(&run, NULL, 0, NULL), 0);
	assert_int_equal(departure_begin(&run.departure, run.loop, &surroundings, 0, NULL), 0);
	assert_int_equal(loop_run(run.loop, NULL), 0);
	assert_int_equal(run.departure.signal, SIGTERM);
	assert_int_equal(departure_before(&run.departure, NULL, NULL), 3);
	run_release(&run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_signal_between_two_parts_ends_the_second),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
