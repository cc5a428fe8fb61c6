/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs a command and writes what it has taken: peak memory in KiB, processor time in milliseconds, its status.
 *
 * usage: measure FILE COMMAND [ARGUMENT...]
 *
 * It is small and forks once, so that the peak is the command's own: one that a large process starts begins with the
 * peak of that process.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static long milliseconds(const struct timeval *time)
{
	return time->tv_sec * 1000 + time->tv_usec / 1000;
}

static int write_down(const char *path, int status, const struct rusage *taken)
{
	FILE *file = fopen(path, "w");

	if (!file)
		return -1;
	fprintf(file, "%ld %ld %d\n", taken->ru_maxrss, milliseconds(&taken->ru_utime) + milliseconds(&taken->ru_stime),
		WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status));
	return fclose(file);
}

int main(int argc, char **argv)
{
	struct rusage taken;
	int status = 0;

	if (argc < 3)
		return 2;
	pid_t child = fork();
	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		execv(argv[2], argv + 2);
		fprintf(stderr, "cannot run %s: %s\n", argv[2], strerror(errno));
		_exit(127);
	}
	if (child < 0)
		return 2;
	while (wait4(child, &status, 0, &taken) < 0)
		if (errno != EINTR)
			return 2;
	return write_down(argv[1], status, &taken) == 0 ? 0 : 2;
}
