/* SPDX-License-Identifier: Apache-2.0 */
#include "common/base/snap.h"

#include "common/base/environment.h"
#include "common/base/text.h"

enum snap snap_look(char *const *environment)
{
	const char *name = environment_get(environment, "SNAP_NAME");

	if (string_same(name, "juju"))
		return SNAP_JUJU;
	return string_same(name, "juju-jaas-migrate") ? SNAP_OWN : SNAP_NONE;
}
