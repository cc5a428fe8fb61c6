/* SPDX-License-Identifier: Apache-2.0 */
/* Logins by macaroon at a controller's own door: the demand, its discharge by a password, and what is refused. */
#include "tests/unit/sim_peer.h"

#include "tests/sim/api_web.h"
#include "tests/sim/base64.h"
#include "tests/sim/world_auth.h"

#define WORLD                                                                                                  \
	"{\"controllers\":[{\"name\":\"prod-a\",\"agent-version\":\"3.6.14\",\"direct\":true,\"accounts\":["   \
	"{\"name\":\"bob\",\"password\":\"bob-secret\"},{\"name\":\"eve\",\"password\":\"eve-secret\"},"       \
	"{\"name\":\"carol@example.com\"}]},"                                                                  \
	"{\"name\":\"my-controller\",\"agent-version\":\"3.6.14\",\"direct\":true,\"external-identity\":true," \
	"\"accounts\":[{\"name\":\"carol@example.com\"}]}]}"

static struct json_object *enter(struct peer *peer, const char *tag, const char *macaroons)
{
	char params[7000];
	snprintf(params, sizeof(params),
		"{\"auth-tag\":\"%s\",\"credentials\":\"\",\"macaroons\":%s,\"bakery-version\":3,"
		"\"client-version\":\"3.6.14\"}",
		tag, macaroons);
	return ask(peer, "Admin", 3, "Login", params);
}

/* One https request; the answer's body as JSON, owned by the caller. */
static struct json_object *post(struct world *world, const char *path, bool bakery, const char *body, int status)
{
	struct api_web_request request = {"POST", path, "127.0.0.1:17070", bakery, body};
	struct api_web_answer answer;
	api_web(world, world_controller_find(world, "prod-a"), &request, &answer);
	assert_int_equal(answer.status, status);
	assert_int_equal(answer.challenge, status == 401 || status == 407);
	struct json_object *object = json_tokener_parse(answer.body);
	api_web_answer_release(&answer);
	return object;
}

/* The proof for a name and password, or what else was answered with `status`. */
static char *form(struct world *world, const char *user, const char *password, int status)
{
	char body[200];
	snprintf(body, sizeof(body), "{\"form\":{\"user\":\"%s\",\"password\":\"%s\"}}", user, password);
	struct json_object *object = post(world, "/auth/form", true, body, status);
	unsigned char plain[64] = {0};
	if (status != 200)
		assert_string_equal(at(object, "Message"), "invalid entity name or password");
	else
		assert_int_equal(base64_read(at(object, "token/value"), plain, sizeof(plain) - 1), 24);
	json_object_put(object);
	return string_copy((const char *)plain);
}

static char *discharge_body(struct json_object *demand, const char *more)
{
	struct json_object *payloads = NULL, *bakery = NULL;
	assert_true(json_object_object_get_ex(demand, "response", &bakery));
	assert_true(json_object_object_get_ex(bakery, "bakery-discharge-required", &bakery));
	assert_true(json_object_object_get_ex(bakery, "cdata", &payloads));
	return string_format("id64=AwA&caveat64=%s%s", at(payloads, "AwA"), more);
}

/* Primary and discharge as the list of sets that a login takes. */
static char *bound_set(struct json_object *demand, struct json_object *answer, bool bind)
{
	struct macaroon primary, discharge;
	struct json_object *outer = json_object_new_array(), *set = json_object_new_array(), *object = NULL;
	json_object_object_get_ex(demand, "response", &object);
	json_object_object_get_ex(object, "bakery-discharge-required", &object);
	json_object_object_get_ex(object, "m", &object);
	assert_int_equal(macaroon_read(&primary, object), 0);
	json_object_object_get_ex(answer, "Macaroon", &object);
	json_object_object_get_ex(object, "m", &object);
	assert_int_equal(macaroon_read(&discharge, object), 0);
	if (bind)
		macaroon_bind(&primary, &discharge);
	json_object_array_add(set, macaroon_json(&primary));
	json_object_array_add(set, macaroon_json(&discharge));
	json_object_array_add(outer, set);
	char *text = string_copy(json_object_to_json_string(outer));
	json_object_put(outer);
	return text;
}

/* The whole way of a local user; `bind` and `wait` let it go wrong. Returns the sets, owned by the caller. */
static char *discharged(struct peer *peer, bool bind)
{
	struct world *world = peer->world;
	struct json_object *demand = enter(peer, "user-bob", "null");
	scoped(string) char *proof = form(world, "bob", "bob-secret", 200);
	scoped(string) char *token = string_format("&token=%s&token-kind=juju_userpass", proof);
	scoped(string) char *body = discharge_body(demand, token);
	struct json_object *answer = post(world, "/auth/discharge", true, body, 200);
	char *set = bound_set(demand, answer, bind);
	json_object_put(answer);
	return set;
}

static void demands_and_takes_a_discharge(void **state)
{
	(void)state;
	struct world *world = make(WORLD);
	struct peer peer;
	peer_open_direct(&peer, world, "prod-a", "/api");
	struct json_object *demand = enter(&peer, "user-bob", "null");
	assert_string_equal(at(demand, "error"), "");
	assert_string_equal(at(demand, "response/controller-tag"), "");
	assert_string_equal(at(demand, "response/bakery-discharge-required/v"), "3");
	assert_string_equal(
		at(demand, "response/bakery-discharge-required/m/c/0/i"), "time-before 2026-07-02T10:00:00.001Z");
	assert_string_equal(at(demand, "response/bakery-discharge-required/m/c/1/i64"), "AwA");
	assert_string_equal(at(demand, "response/bakery-discharge-required/m/c/1/l"), "https://127.0.0.1:17070/auth");
	assert_string_not_equal(at(demand, "response/discharge-required/s64"), "");
	scoped(string) char *first = discharge_body(demand, "");
	struct json_object *answer = post(world, "/auth/discharge", true, first, 401);
	assert_string_equal(at(answer, "Code"), "interaction required");
	assert_string_equal(at(answer, "Info/InteractionMethods/juju_userpass/url"), "/auth/form");
	json_object_put(answer);
	json_object_put(post(world, "/auth/discharge", false, first, 407));
	/* Some take two bytes that are valid UTF-8 for text. */
	scoped(string) char *text = string_format("id=%%03%%00%s", first + strlen("id64=AwA"));
	json_object_put(post(world, "/auth/discharge", true, text, 401));
	scoped(string) char *set = discharged(&peer, true);
	struct json_object *reply = enter(&peer, "user-bob", set);
	assert_string_equal(at(reply, "response/user-info/identity"), "user-bob");
	peer_close(&peer);
	/* It serves again, but neither another user nor another controller. */
	peer_open_direct(&peer, world, "prod-a", "/api");
	assert_string_equal(at(enter(&peer, "user-eve", set), "response/user-info/identity"), "");
	assert_string_equal(at(enter(&peer, "user-bob", set), "response/user-info/identity"), "user-bob");
	peer_close(&peer);
	world_free(world);
}

static void refuses_what_is_not_bound(void **state)
{
	(void)state;
	struct world *world = make(WORLD);
	struct peer peer;
	peer_open_direct(&peer, world, "prod-a", "/api");
	scoped(string) char *set = discharged(&peer, false);
	struct json_object *reply = enter(&peer, "user-bob", set);
	assert_string_equal(at(reply, "response/user-info/identity"), "");
	assert_string_not_equal(at(reply, "response/bakery-discharge-required/m/s64"), "");
	assert_string_equal(
		at(reply, "response/discharge-required-error"), "signature mismatch after caveat verification");
	peer_close(&peer);
	world_free(world);
}

static void forgets_after_a_day(void **state)
{
	(void)state;
	struct world *world = make(WORLD);
	struct peer peer;
	peer_open_direct(&peer, world, "prod-a", "/api");
	scoped(string) char *set = discharged(&peer, true);
	peer_close(&peer);
	advance(world, 24 * 3600 - 10);
	peer_open_direct(&peer, world, "prod-a", "/api");
	assert_string_equal(at(enter(&peer, "user-bob", set), "response/user-info/identity"), "user-bob");
	peer_close(&peer);
	advance(world, 20);
	peer_open_direct(&peer, world, "prod-a", "/api");
	struct json_object *reply = enter(&peer, "user-bob", set);
	assert_string_equal(at(reply, "response/user-info/identity"), "");
	assert_string_equal(at(reply, "response/discharge-required-error"), "macaroon has expired");
	peer_close(&peer);
	world_free(world);
}

static void takes_a_proof_once(void **state)
{
	(void)state;
	struct world *world = make(WORLD);
	struct peer peer;
	peer_open_direct(&peer, world, "prod-a", "/api");
	struct json_object *demand = enter(&peer, "user-bob", "null");
	string_free(form(world, "bob", "bob-secret ", 500));
	string_free(form(world, "carol@example.com", "", 500));
	scoped(string) char *proof = form(world, "bob", "bob-secret", 200);
	scoped(string) char *other = form(world, "eve", "eve-secret", 200);
	const struct {
		const char *kind, *proof;
		int status;
	} cases[] = {{"juju_userpass", proof, 200}, {"juju_userpass", proof, 500}, {"juju_userpass", other, 500},
		{"juju_userpass", "0123", 500}, {"other", proof, 500}};
	for (size_t i = 0; i < array_length(cases); i++) {
		scoped(string) char *token = string_format("&token=%s&token-kind=%s", cases[i].proof, cases[i].kind);
		scoped(string) char *body = discharge_body(demand, token);
		json_object_put(post(world, "/auth/discharge", true, body, cases[i].status));
	}
	scoped(string) char *late = form(world, "bob", "bob-secret", 200);
	advance(world, 121);
	scoped(string) char *token = string_format("&token=%s&token-kind=juju_userpass", late);
	scoped(string) char *body = discharge_body(demand, token);
	json_object_put(post(world, "/auth/discharge", true, body, 500));
	json_object_put(post(world, "/auth/discharge", true, "id64=AwA&caveat64=AwAAAA", 400));
	json_object_put(post(world, "/auth/discharge", true, "id=x", 400));
	peer_close(&peer);
	world_free(world);
}

static void knows_external_users(void **state)
{
	(void)state;
	struct world *world = make(WORLD);
	struct world_controller *controller = world_controller_find(world, "my-controller");
	struct peer peer;
	peer_open_direct(&peer, world, "my-controller", "/api");
	struct json_object *reply = enter(&peer, "", "null");
	assert_string_equal(at(reply, "response/discharge-required"), "");
	assert_string_equal(
		at(reply, "response/bakery-discharge-required/m/c/1/l"), "https://127.0.0.1:17070/identity");
	assert_string_equal(
		at(reply, "response/bakery-discharge-required/m/c/0/i"), "time-before 2026-07-01T11:00:00.001Z");
	struct api_web_request request = {"POST", "/identity/discharge", "127.0.0.1:17070", true, NULL};
	struct api_web_answer answer;
	scoped(string) char *body = discharge_body(reply, "");
	request.body = body;
	api_web(world, controller, &request, &answer);
	assert_int_equal(answer.status, 401);
	assert_non_null(strstr(answer.body, "browser-window"));
	assert_null(strstr(answer.body, "juju_userpass"));
	api_web_answer_release(&answer);
	struct json_object *sets = json_object_new_array();
	json_object_array_add(sets, world_auth_set(world, controller, "carol@example.com", INSTANT_MINUTE));
	reply = enter(&peer, "", json_object_to_json_string(sets));
	assert_string_equal(at(reply, "response/user-info/identity"), "user-carol@example.com");
	json_object_put(sets);
	peer_close(&peer);
	world_free(world);
}

static void tells_of_its_health(void **state)
{
	static const struct {
		const char *health, *body;
		int status;
	} cases[] = {{"running", "running\n", 200}, {"starting", "starting\n", 503}, {"stopping", "stopping\n", 503}};
	(void)state;
	for (size_t i = 0; i < array_length(cases); i++) {
		char script[200];
		snprintf(script, sizeof(script),
			"{\"controllers\":[{\"name\":\"prod-a\",\"direct\":true,\"health\":\"%s\"}]}", cases[i].health);
		struct world *world = make(script);
		struct api_web_request request = {"GET", "/health", NULL, false, ""};
		struct api_web_answer answer;
		api_web(world, world_controller_find(world, "prod-a"), &request, &answer);
		assert_int_equal(answer.status, cases[i].status);
		assert_string_equal(answer.body, cases[i].body);
		api_web_answer_release(&answer);
		request.path = "/auth/publickey";
		api_web(world, world_controller_find(world, "prod-a"), &request, &answer);
		assert_int_equal(answer.status, 200);
		assert_int_equal(strlen(answer.body), strlen("{\"PublicKey\":\"\"}") + 44);
		api_web_answer_release(&answer);
		json_object_put(post(world, "/health", true, "", 405));
		json_object_put(post(world, "/elsewhere", true, "", 404));
		world_free(world);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(demands_and_takes_a_discharge),
		cmocka_unit_test(refuses_what_is_not_bound),
		cmocka_unit_test(forgets_after_a_day),
		cmocka_unit_test(takes_a_proof_once),
		cmocka_unit_test(knows_external_users),
		cmocka_unit_test(tells_of_its_health),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
