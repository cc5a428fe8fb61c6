/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/scene.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/text.h"

/* Largest file that is read, in bytes. */
#define SCENE_FILE_MAX (8UL << 20)
/* How long a server may take until it is ready, in milliseconds. */
#define SCENE_READY_LIMIT 20000

/* The UUID of the one model that a world has by default. */
#define REMEMBERED                                                                                \
	"controllers:\n  jaas:\n    models:\n      alice@canonical.com/my-model:\n        uuid: " \
	"5f0c9a52-0d0e-4e55-8f0b-000000000001\n        type: iaas\n        branch: master\n    "  \
	"current-model: alice@canonical.com/my-model\n"

static char *path_of(const struct scene *scene, const char *name)
{
	return string_format("%s/%s", scene->directory, name);
}

/* Returns a small file as text, owned by the caller; NULL when there is none. */
static char *read_file(const char *path)
{
	FILE *file = fopen(path, "re");
	struct text text;
	char bytes[4096];
	size_t length = 0;

	if (file == NULL)
		return NULL;
	text_init(&text, SCENE_FILE_MAX);
	while ((length = fread(bytes, 1, sizeof(bytes), file)) > 0)
		text_add(&text, bytes, length);
	fclose(file);
	return text_take(&text);
}

static char *replace(const char *text, const char *old, const char *new)
{
	struct text result;

	text_init(&result, SCENE_FILE_MAX);
	for (const char *found = NULL; (found = strstr(text, old)) != NULL; text = found + strlen(old)) {
		text_add(&result, text, (size_t)(found - text));
		text_add_string(&result, new);
	}
	text_add_string(&result, text);
	return text_take(&result);
}

static int write_file(const struct scene *scene, const char *name, const char *content, struct error **error)
{
	scoped(string) char *path = path_of(scene, name);
	FILE *file = fopen(path, "we");

	if (file == NULL || fputs(content, file) < 0 || fclose(file) != 0)
		return error_set(error, ERROR_FAILED, "cannot write %s: %s", path, strerror(errno));
	return 0;
}

/* Whoever is killed takes along what he has started. */
static void become(const char *const *words, char *const *variables, int out)
{
	char *arguments[64];
	size_t count = 0;

	prctl(PR_SET_PDEATHSIG, SIGTERM);
	for (; words[count] != NULL && count + 1 < array_length(arguments); count++)
		arguments[count] = string_copy(words[count]);
	arguments[count] = NULL;
	dup2(out, STDOUT_FILENO);
	dup2(out, STDERR_FILENO);
	int nothing = open("/dev/null", O_RDONLY);
	dup2(nothing, STDIN_FILENO);
	execvpe(arguments[0], arguments, variables);
	_exit(127);
}

/* The first line tells the port. */
static int read_port(struct scene *scene, int from, struct error **error)
{
	char line[256];
	size_t length = 0;
	struct pollfd poll_at = {.fd = from, .events = POLLIN};

	while (length + 1 < sizeof(line) && memchr(line, '\n', length) == NULL) {
		if (poll(&poll_at, 1, SCENE_READY_LIMIT) <= 0)
			return error_set(error, ERROR_FAILED, "the simulated JAAS does not get ready");
		ssize_t more = read(from, line + length, sizeof(line) - 1 - length);
		if (more <= 0)
			break;
		length += (size_t)more;
	}
	line[length] = '\0';
	const char *colon = strrchr(line, ':');
	scene->port = colon != NULL && string_starts(line, "listening on ") ? atoi(colon + 1) : 0;
	return scene->port > 0 ? 0 : error_set(error, ERROR_FAILED, "the simulated JAAS says: %s", line);
}

static int start_server(struct scene *scene, struct error **error)
{
	scoped(string) char *program = string_format("%s/test/server", scene->build);
	scoped(string) char *script = path_of(scene, "world");
	scoped(string) char *store = path_of(scene, "juju");
	scoped(string) char *clock = path_of(scene, "clock");
	scoped(string) char *report = path_of(scene, "report");
	int said[2] = {-1, -1}, wire[2] = {-1, -1};

	if (pipe2(said, O_CLOEXEC) < 0 || pipe(wire) < 0)
		return error_set(error, ERROR_FAILED, "cannot make a pipe: %s", strerror(errno));
	scoped(string) char *told = string_format("/dev/fd/%d", wire[1]);
	const char *words[] = {program, "--script", script, "--directory", store, "--report", report, "--wire", told,
		scene->simulated ? "--clock" : NULL, clock, NULL};

	fcntl(wire[0], F_SETFD, FD_CLOEXEC);
	fcntl(wire[0], F_SETFL, O_NONBLOCK);
	fcntl(wire[0], F_SETPIPE_SZ, 1 << 20);
	scene->server = fork();
	if (scene->server == 0)
		become(words, environ, said[1]);
	close(said[1]);
	close(wire[1]);
	scene->wire = wire[0];
	int result = scene->server > 0 ? read_port(scene, said[0], error)
				       : error_set(error, ERROR_FAILED, "cannot fork: %s", strerror(errno));
	close(said[0]);
	return result;
}

static void set_variables(struct scene *scene)
{
	const char *path = getenv("PATH");

	scene->variables[0] = string_format("PATH=%s", path != NULL ? path : "/usr/bin:/bin");
	scene->variables[1] = string_format("JUJU_DATA=%s/juju", scene->directory);
	scene->variables[2] = string_format("XDG_STATE_HOME=%s/state", scene->directory);
	/* Juju's lock on its store is left in place for ever, where temporary files are. */
	scene->variables[3] = string_format("TMPDIR=%s", scene->directory);
	scene->variables[4] = string_format("HOME=%s", scene->directory);
	scene->variables[5] = scene->simulated ? string_format("SIM_CLOCK=%s/clock", scene->directory) : NULL;
}

int scene_begin(
	struct scene *scene, const char *build, const char *world, int remembered, int simulated, struct error **error)
{
	*scene = (struct scene){.build = build, .wire = -1, .simulated = simulated};
	snprintf(scene->directory, sizeof(scene->directory), "%s/bench.XXXXXX", P_tmpdir);
	if (mkdtemp(scene->directory) == NULL) {
		scene->directory[0] = '\0';
		return error_set(error, ERROR_FAILED, "cannot make a directory: %s", strerror(errno));
	}
	set_variables(scene);
	if (write_file(scene, "world", world, error) < 0 || start_server(scene, error) < 0)
		return -1;
	return remembered ? write_file(scene, "juju/models.yaml", REMEMBERED, error) : 0;
}

int scene_redirect(struct scene *scene, int port, struct error **error)
{
	scoped(string) char *path = path_of(scene, "juju/controllers.yaml");
	scoped(string) char *old = string_format("127.0.0.1:%d", scene->port);
	scoped(string) char *new = string_format("127.0.0.1:%d", port);
	scoped(string) char *content = read_file(path);

	if (content == NULL)
		return error_set(error, ERROR_FAILED, "cannot read %s", path);
	scoped(string) char *changed = replace(content, old, new);
	return write_file(scene, "juju/controllers.yaml", changed, error);
}

pid_t scene_start(const struct scene *scene, const char *const *words, struct error **error)
{
	scoped(string) char *path = path_of(scene, "said");
	int said = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	pid_t program = said >= 0 ? fork() : -1;

	if (program == 0)
		become(words, scene->variables, said);
	if (program < 0)
		error_set(error, ERROR_FAILED, "cannot start a program: %s", strerror(errno));
	if (said >= 0)
		close(said);
	return program;
}

char *scene_said(const struct scene *scene)
{
	scoped(string) char *path = path_of(scene, "said");
	char *said = read_file(path);

	return said != NULL ? said : string_copy("");
}

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *where)
{
	(void)about;
	(void)kind;
	(void)where;
	return remove(path);
}

void scene_end(struct scene *scene)
{
	if (scene->server > 0) {
		kill(scene->server, SIGTERM);
		waitpid(scene->server, NULL, 0);
	}
	if (scene->wire >= 0)
		close(scene->wire);
	if (scene->directory[0] != '\0')
		nftw(scene->directory, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	for (size_t i = 0; i < SCENE_VARIABLES_MAX; i++)
		free(scene->variables[i]);
	*scene = (struct scene){.wire = -1};
}
