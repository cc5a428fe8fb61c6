/* SPDX-License-Identifier: Apache-2.0 */
/* What a keyring helper answers: any bytes at all. No process is started; what would start one writes the answer instead. */
#include <spawn.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "plugin/keyring_client.h"
#include "tests/fuzz/fuzz.h"

static struct fuzz_input said;
static int their_end;

int socketpair(int domain, int type, int protocol, int ends[2])
{
	int status = (int)syscall(SYS_socketpair, domain, type, protocol, ends);

	their_end = ends[1];
	return status;
}

int posix_spawn(pid_t *pid, const char *path, const posix_spawn_file_actions_t *actions,
	const posix_spawnattr_t *attributes, char *const words[], char *const environment[])
{
	(void)path, (void)actions, (void)attributes, (void)words, (void)environment;
	*pid = 0;
	/* Larger answers than the socket holds are cut off. */
	fuzz_expect(said.length == 0 || send(their_end, said.bytes, said.length, MSG_DONTWAIT | MSG_NOSIGNAL) > 0);
	return 0;
}

void fuzz_one(const char *bytes, size_t length)
{
	static char *const environment[] = {NULL};
	scoped(clock) struct clock *clock = clock_new(environment, NULL);
	const struct keyring_place place = {.helper = "/bin/true", .environment = environment, .clock = clock};
	const struct keyring_item item = {
		"5f0c9a52-0d0e-4e55-8f0b-6f2a6f6f0001", "jaas", KEYRING_CLIENT_SECRET, "my-client"};
	scoped(keyring_result) struct keyring_result result = {0};

	said = (struct fuzz_input){bytes, length};
	keyring_ask(&place, KEYRING_FIND, &item, NULL, &result);
	fuzz_expect(result.word >= KEYRING_FOUND && result.word <= KEYRING_FAILED);
	fuzz_expect((result.word == KEYRING_FOUND) == (result.secret != NULL));
	fuzz_expect((result.word == KEYRING_FOUND) == (result.user != NULL));
	fuzz_expect((result.word == KEYRING_ERASED) == (result.count > 0));
	fuzz_expect_printable(result.text);
	scoped(string) char *complaint = keyring_complaint(&result);
	fuzz_expect_printable(complaint);
}
