/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A place to run the program in: a directory of its own with a client store, and a simulated JAAS beside it.
 */
#ifndef TESTS_BENCH_SCENE_H
#define TESTS_BENCH_SCENE_H

#include <sys/types.h>

#include "common/base/error.h"

/* Longest path below the directory, and most variables of a program. */
#define SCENE_PATH_SIZE 128
#define SCENE_VARIABLES_MAX 8

struct scene {
	char directory[SCENE_PATH_SIZE];
	const char *build; /* borrowed */
	pid_t server;      /* 0 when none runs */
	int port;          /* of JIMM */
	int wire;          /* where the server tells of its messages, see notes.h; -1 without one */
	int simulated;     /* time is */
	char *variables[SCENE_VARIABLES_MAX + 1];
};

/* Makes the directory and starts a server of `build` in it whose world is `world` (JSON). With `remembered` the store knows the models of
 * the world by their UUIDs, as after `juju switch`. `simulated`: on simulated time. Returns 0, or -1 with ERROR_FAILED. scene_end in either
 * case. */
int scene_begin(
	struct scene *scene, const char *build, const char *world, int remembered, int simulated, struct error **error);

/* Writes the store again, as at the beginning, but with JIMM at `port`. */
int scene_redirect(struct scene *scene, int port, struct error **error);

/* Starts `words[0]` with these words (NULL at the end) and what the store and the journal need in its environment; its standard output and
 * error go to the file "said". Returns its process id, or -1 with ERROR_FAILED. */
pid_t scene_start(const struct scene *scene, const char *const *words, struct error **error);

/* Returns what "said" holds, owned by the caller (free()). */
char *scene_said(const struct scene *scene);

/* Ends the server and removes the directory. */
void scene_end(struct scene *scene);

#endif
