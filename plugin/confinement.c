/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/confinement.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "common/base/environment.h"
#include "common/base/snap.h"
#include "common/base/text.h"
#include "common/store/directory.h"

/* Returns 0 or an errno. Being able to enter is not enough: without the plug entering works, but reading does not. */
static int try_directory(const char *path)
{
	int descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int cause = descriptor < 0 ? errno : 0;

	if (descriptor >= 0)
		close(descriptor);
	return cause;
}

/* Returns the variable that names another place than the one that the plug opens, or NULL. */
static const char *misleading(char *const *environment)
{
	if (environment_given(environment, "JUJU_DATA") != NULL)
		return "JUJU_DATA";
	return environment_given(environment, "XDG_DATA_HOME") != NULL ? "XDG_DATA_HOME" : NULL;
}

static bool is_usual(const char *directory, char *const *environment)
{
	const char *home = environment_given(environment, "SNAP_REAL_HOME");
	scoped(string) char *usual = home != NULL ? directory_join(home, ".local/share/juju") : NULL;

	return string_same(directory, usual);
}

int confinement_check(char *const *environment, const struct log *log, struct error **error)
{
	scoped(error) struct error *unknown = NULL;
	scoped(string) char *directory = directory_find(environment, &unknown);

	if (snap_look(environment) != SNAP_OWN || directory == NULL)
		return 0;
	log_info(log, "store",
		"juju's lock on its store is in /tmp, and this snap has a /tmp of its own: a juju outside does not "
		"see it; files are read again before they are written, and replaced as a whole");
	int cause = try_directory(directory);
	const char *variable = misleading(environment);
	if (cause != EACCES && cause != EPERM)
		return 0;

	scoped(string) char *shown = text_printable(directory);
	if (variable != NULL && !is_usual(directory, environment))
		return error_set(error, ERROR_DATA_DIRECTORY,
			"cannot use juju's data directory %s: %s; of hidden and system folders this snap may use "
			"~/.local/share/juju "
			"only: unset %s",
			shown, strerror(cause), variable);
	return error_set(error, ERROR_DATA_DIRECTORY,
		"cannot use juju's data directory %s: %s; this snap is not connected to it yet: "
		"sudo snap connect juju-jaas-migrate:dot-local-share-juju",
		shown, strerror(cause));
}

char *confinement_keyring(char *const *environment, const char *complaint)
{
	switch (snap_look(environment)) {
	case SNAP_OWN:
		return string_format("%s; this snap can use a keyring once it is connected to it: "
				     "sudo snap connect juju-jaas-migrate:password-manager-service",
			complaint);
	case SNAP_JUJU:
		return string_copy("juju's snap has no way to the keyring; run juju-jaas-migrate as a command of its "
				   "own for that");
	case SNAP_NONE:
		break;
	}
	return string_copy(complaint);
}
