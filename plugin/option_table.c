/* SPDX-License-Identifier: Apache-2.0 */
#include "common/base/scoped.h"
#include "plugin/options.h"

#define ROW(name, letter, type, listing, member, usage)                              \
	{                                                                            \
		name, letter, type, listing, offsetof(struct options, member), usage \
	}

static const struct option_row table[] = {
	ROW("no-browser-login", 'B', OPTION_BOOLEAN, LISTED, no_browser, "Do not use web browser for authentication"),
	ROW("all-from", 0, OPTION_STRING, LISTED, all_from,
		"Move every model that this controller hosts; the only argument is then the target"),
	ROW("controller", 'c', OPTION_STRING, LISTED, controller,
		"Controller to operate in: the JAAS, by its name in this client"),
	ROW("color", 0, OPTION_BOOLEAN, LISTED, color, "Use ANSI color codes in output"),
	ROW("debug", 0, OPTION_BOOLEAN, LISTED_GLOBAL, debug, "Equivalent to --show-log --logging-config=<root>=DEBUG"),
	ROW("description", 0, OPTION_BOOLEAN, LISTED, description, "Show short description of this command"),
	ROW("dry-run", 0, OPTION_BOOLEAN, LISTED, dry_run,
		"Log in, find the model, check and show what would be done; start nothing"),
	ROW("forget", 0, OPTION_BOOLEAN, LISTED, forget,
		"Remove what --remember has kept in the keyring of this desktop; takes no model"),
	ROW("format", 0, OPTION_FORMAT, LISTED, format, "Specify output format (json|tabular|yaml)"),
	ROW("help", 'h', OPTION_BOOLEAN, LISTED_GLOBAL, help, "Show help on a command or other topic."),
	ROW("log-file", 0, OPTION_STRING, NOT_LISTED, log_file, "Path to write log to"),
	ROW("logging-config", 0, OPTION_STRING, LISTED_GLOBAL, logging_config, "Specify log levels for modules"),
	ROW("model", 'm', OPTION_STRING, LISTED, model,
		"Model to operate in. Accepts [<controller name>:]<model name>|<model UUID>"),
	ROW("no-color", 0, OPTION_BOOLEAN, LISTED, no_color, "Disable ANSI color codes in output"),
	ROW("no-wait", 0, OPTION_BOOLEAN, LISTED, no_wait,
		"Start the migration, print its id, and do not wait for its end"),
	ROW("output", 'o', OPTION_STRING, LISTED, output, "Specify an output file"),
	ROW("parallel", 0, OPTION_PARALLEL, LISTED, parallel, "How many models to move at the same time"),
	ROW("quiet", 'q', OPTION_BOOLEAN, LISTED_LONG, quiet, "Show no informational output"),
	ROW("remember", 0, OPTION_BOOLEAN, LISTED, remember,
		"Keep the secret that this run logs in with in the keyring of this desktop"),
	ROW("resume", 0, OPTION_BOOLEAN, LISTED, resume,
		"Take up every move that earlier runs have left unfinished; takes no model"),
	ROW("show-log", 0, OPTION_BOOLEAN, LISTED_GLOBAL, show_log, "If set, write the log file to stderr"),
	ROW("timeout", 0, OPTION_DURATION, LISTED, timeout,
		"Stop watching after this long; the migration goes on (0s: watch to the end)"),
	ROW("verbose", 'v', OPTION_BOOLEAN, LISTED_LONG, verbose, "Show more verbose output"),
	ROW("version", 0, OPTION_BOOLEAN, LISTED, version, "Show the version of this command"),
	ROW("no-prompt", 'y', OPTION_BOOLEAN, LISTED, no_prompt,
		"Do not ask before --all-from moves anything; needed without a terminal"),
};

const struct option_row *options_table(size_t *count)
{
	*count = array_length(table);
	return table;
}

const char *options_format_name(enum options_format format)
{
	static const char *const names[] = {
		[FORMAT_TABULAR] = "tabular", [FORMAT_YAML] = "yaml", [FORMAT_JSON] = "json"};

	return names[format];
}
