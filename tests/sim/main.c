/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The simulated JAAS as a program of its own.
 */
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "tests/sim/server.h"
#include "tests/sim/server_options.h"
#include "tests/sim/world_state.h"

static int serve(const struct server_options *options, struct error **error)
{
	struct server server;
	int status = server_init(&server, options, error);

	if (status == 0) {
		printf("listening on 127.0.0.1:%d\n", server.doors[0].port);
		for (size_t i = 1; i < server.door_count; i++)
			printf("%s on 127.0.0.1:%d\n", server.doors[i].controller->name, server.doors[i].port);
		fflush(stdout);
		status = server_run(&server, error);
	}
	server_release(&server);
	return status;
}

/* Otherwise a server whose parent has died would stay for ever. */
static void end_with_parent(void)
{
	pid_t parent = getppid();

	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(1);
}

static void block_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

int main(int count, char **arguments)
{
	struct server_options options;
	scoped(error) struct error *error = NULL;

	end_with_parent();
	block_signals();
	int status = server_options_read(&options, count, arguments, &error);
	if (status == 0)
		status = serve(&options, &error);
	if (status < 0)
		fprintf(stderr, "ERROR %s\n", error->message);
	return status < 0 ? error->kind == ERROR_USAGE ? 2 : 1 : 0;
}
