/* SPDX-License-Identifier: Apache-2.0 */
#include "common/wire/target_trust.h"

#include <stdlib.h>

#include "common/base/environment.h"
#include "common/base/scoped.h"

/* The name in every controller's own certificate. */
#define CONTROLLER_NAME "juju-apiserver"

static char *copy_variable(char *const *environment, const char *name)
{
	const char *value = environment != NULL ? environment_given(environment, name) : NULL;

	return value != NULL ? string_format("%s=%s", name, value) : string_format("%s=", name);
}

void target_trust_init(struct target_trust *trust, const struct dial_target *target)
{
	*trust = (struct target_trust){
		.ca_certificate = string_copy(target->ca_certificate),
		.ca_directory = string_copy(target->ca_directory),
		.public_name = string_given(target->public_hostname) ? endpoint_name(target->public_hostname) : NULL,
		.environment = {copy_variable(target->environment, "SSL_CERT_FILE"),
			copy_variable(target->environment, "SSL_CERT_DIR")},
	};
}

void target_trust_release(struct target_trust *trust)
{
	free(trust->ca_certificate);
	free(trust->ca_directory);
	free(trust->public_name);
	for (size_t i = 0; i < array_length(trust->environment); i++)
		free(trust->environment[i]);
	*trust = (struct target_trust){0};
}

int target_trust_has_public(const struct target_trust *trust)
{
	return string_given(trust->ca_certificate) && string_given(trust->public_name);
}

struct trust_source target_trust_source(const struct target_trust *trust, const struct endpoint *endpoint, int public)
{
	int pinned = string_given(trust->ca_certificate) && !public;
	const char *name = string_given(trust->public_name) ? trust->public_name : endpoint->host;

	return (struct trust_source){
		.ca_certificate = pinned ? trust->ca_certificate : NULL,
		.ca_directory = pinned ? trust->ca_directory : NULL,
		.name = pinned ? CONTROLLER_NAME : name,
		.environment = trust->environment,
	};
}
