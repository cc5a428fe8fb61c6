/* SPDX-License-Identifier: Apache-2.0 */
/* Replies to the logins: a line with the call, then the message. */
#include "common/juju/admin.h"

#include <string.h>

#include "common/juju/macaroon.h"
#include "tests/fuzz/reply.h"

static void expect_machines(const struct login_result *answer)
{
	fuzz_expect(answer->machine_count <= LOGIN_MACHINES_MAX);
	for (size_t i = 0; i < answer->machine_count; i++) {
		fuzz_expect(answer->machines[i].count <= LOGIN_ADDRESSES_MAX);
		for (size_t k = 0; k < answer->machines[i].count; k++) {
			const struct login_address *one = &answer->machines[i].addresses[k];

			fuzz_expect_text(one->host);
			fuzz_expect_text(one->scope);
			fuzz_expect(one->port >= 0 && one->port <= 65535);
		}
	}
}

static void expect_facades(const struct facades *facades)
{
	static const char *const names[] = {"JIMM", "Client", "AllWatcher", "ModelManager", "Controller", "Pinger"};

	fuzz_expect(facades->count <= FACADES_MAX);
	for (size_t i = 0; i < facades->count; i++) {
		fuzz_expect_text(facades->list[i].name);
		fuzz_expect(facades->list[i].version_count <= FACADE_VERSIONS_MAX);
	}
	for (size_t i = 0; i < array_length(names); i++) {
		int best = facades_best(facades, names[i]);

		fuzz_expect(best == 0 || facades_serve(facades, names[i], best));
	}
	fuzz_expect(!facades_are_jimm(facades) || facades_best(facades, "JIMM") == FACADE_JIMM_VERSION);
}

static void login(void *context, struct login_result *answer, const struct call_result *result)
{
	(void)context;
	fuzz_told(answer != NULL, result);
	if (answer == NULL)
		return;
	if (answer->demand != NULL) {
		macaroon_free(macaroon_parse(answer->demand, NULL));
		fuzz_expect_printable(answer->demanded);
		return;
	}
	const char *const texts[] = {answer->server_version, answer->identity, answer->controller_access,
		answer->model_access, answer->public_dns_name};
	for (size_t i = 0; i < array_length(texts); i++)
		fuzz_expect_text(texts[i]);
	fuzz_expect_uuid(answer->controller_uuid);
	fuzz_expect_uuid(answer->model_uuid);
	expect_facades(&answer->facades);
	expect_machines(answer);
}

static void device(void *context, struct admin_device *answer, const struct call_result *result)
{
	(void)context;
	fuzz_told(answer != NULL, result);
	if (answer == NULL)
		return;
	fuzz_expect_text(answer->address);
	fuzz_expect_text(answer->code);
	fuzz_expect(answer->address[0] != '\0' && answer->code[0] != '\0');
}

static void token(void *context, const struct secret *token, const struct call_result *result)
{
	(void)context;
	fuzz_told(token != NULL, result);
	fuzz_expect(token == NULL || (secret_given(token) && strlen(secret_reveal(token)) <= ADMIN_TOKEN_MAX));
}

static void by_token(struct rpc *rpc)
{
	admin_login_with_session_token(rpc, NULL, login, NULL);
}

static void by_client(struct rpc *rpc)
{
	scoped(secret) struct secret *secret = secret_new("s", 1);

	admin_login_with_client_credentials(rpc, "id", secret, login, NULL);
}

static void by_device(struct rpc *rpc)
{
	admin_login_device(rpc, device, NULL);
}

static void device_token(struct rpc *rpc)
{
	admin_get_device_session_token(rpc, token, NULL);
}

static void plain(struct rpc *rpc)
{
	const struct admin_login words = {.client_version = "3.6.0", .words = "juju jaas-migrate"};

	admin_login(rpc, &words, login, NULL);
}

void fuzz_one(const char *bytes, size_t length)
{
	static const struct fuzz_call calls[] = {{"Admin.LoginWithSessionToken", by_token},
		{"Admin.LoginWithClientCredentials", by_client}, {"Admin.LoginDevice", by_device},
		{"Admin.GetDeviceSessionToken", device_token}, {"Admin.Login", plain}};

	fuzz_reply(calls, array_length(calls), (struct fuzz_input){bytes, length});
}
