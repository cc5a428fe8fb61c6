/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/credentials.h"

/* juju's own words. */
static void show_device(void *context, const char *address, const char *code)
{
	const struct credentials *credentials = context;

	message_request(
		&credentials->surroundings->messages, "Please visit %s and enter code %s to log in.", address, code);
}

static void forget(void *context)
{
	(void)context;
}

static void look_for_person(struct credentials *credentials)
{
	const struct surroundings *surroundings = credentials->surroundings;

	credentials->person = (struct login_person){
		.present = surroundings->in_is_terminal && surroundings->err_terminal.is_terminal,
		.show_device = show_device,
		.forget = forget,
		.context = credentials,
	};
}

int credentials_init(struct credentials *credentials, const struct store *store, const char *controller,
	const struct surroundings *surroundings, struct error **error)
{
	credentials->surroundings = surroundings;
	look_for_person(credentials);
	const struct place_plan plan = {
		.log = surroundings->log,
		.environment = surroundings->environment,
		.person = &credentials->person,
	};
	if (place_init(&credentials->place, store, controller, &plan, error) != 0)
		return -1;
	return login_check(&credentials->place.session.account, error);
}

const struct session_place *credentials_place(struct credentials *credentials, struct loop *loop)
{
	credentials->place.session.loop = loop;
	return &credentials->place.session;
}

void credentials_release(struct credentials *credentials)
{
	place_release(&credentials->place);
}
