/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/help.h"

#include "common/base/text.h"
#include "plugin/duration.h"
#include "plugin/options.h"

#define HELP_MAX (64U << 10)

static const char usage[] =
	"Usage: juju jaas-migrate [options] <model-name> [<model-name> ...] <target-controller-name>\n";

static const char description[] = "Moves models between the controllers of a JAAS, and stays until the end is known.";

/* Nothing here may look like an option that does not exist: shells would offer it. */
static const char details[] = "A model is given by its name, by owner/name or by UUID, with the name of a JAAS\n"
			      "and a colon before it if need be. The target is the name that JAAS has for the\n"
			      "controller, or its UUID. One run does the whole job, for each model:\n"
			      "\n"
			      " * logs in to JAAS as juju would\n"
			      " * finds the model and the controller that hosts it\n"
			      " * checks for what would make the move fail, and lists all of it at once\n"
			      " * starts the migration, once\n"
			      " * follows it to its true end, and says what happens\n"
			      " * tells JAAS where the model lives as soon as the move can no longer be undone\n"
			      " * asks JAAS, and says \"migrated\" only if it points at the target\n"
			      "\n"
			      "It is always safe to run it again: it follows a migration that is under way\n"
			      "instead of starting another one, records a finished one that JAAS does not know\n"
			      "of yet, and says so if nothing is left to do.\n"
			      "\n"
			      "To empty a controller, name it with --all-from: you are shown the models that\n"
			      "JAAS says it hosts, and asked whether to move them. Unless you are an\n"
			      "administrator of JAAS, these are only those that you may see.\n"
			      "\n"
			      "Ctrl-C and --timeout end only the watching. The migration goes on; run the same\n"
			      "command again to see how it ends.\n"
			      "\n"
			      "\"juju jaas migrate-internal\" also starts such a migration, but prints an id and\n"
			      "ends, with status 0 even if it was refused. It does not check, wait, or look at\n"
			      "the outcome, and leaves \"juju jaas update-migrated-model\" for you to run by\n"
			      "hand. There the target comes first; here it comes last, as with \"juju migrate\".\n"
			      "\n"
			      "The JAAS is the one named by -c, by the name before the colon, by JUJU_MODEL or\n"
			      "by JUJU_CONTROLLER; else the current controller, if that is a JAAS; else the\n"
			      "only JAAS that this client knows.\n"
			      "\n"
			      "It logs in as juju does: with JUJU_CLIENT_ID and JUJU_CLIENT_SECRET, else with\n"
			      "what \"juju login\" has stored. If that has expired and you are at a terminal, it\n"
			      "shows the address of a web page and a code to enter there. It never opens a\n"
			      "browser by itself; -B is accepted, and changes nothing.\n"
			      "\n"
			      "A secret that a run logs in with and that is not in juju's store, such as the\n"
			      "one in JUJU_CLIENT_SECRET, can be kept in the keyring of this desktop with\n"
			      "the option --remember; later runs find it there, and --forget removes it.\n"
			      "Without a keyring everything else works as well.\n"
			      "\n"
			      "The result goes to stdout, messages go to stderr.\n"
			      "\n"
			      "Exit status:\n"
			      "\n"
			      "    0    every model is where it should be and JAAS knows it; with --no-wait:\n"
			      "         the start was accepted; with --dry-run: it would start\n"
			      "    1    a model could not be moved and is unchanged, a check failed, or the\n"
			      "         run could not begin\n"
			      "    2    wrong options or arguments, or juju's data directory cannot be used\n"
			      "    3    still running, or not known how it ended; run it again\n"
			      "    4    moved, but an administrator of JAAS must record it; the command to\n"
			      "         run is printed\n"
			      "    5    JAAS and the controllers contradict each other: change nothing, ask\n"
			      "         an administrator\n"
			      "    130  interrupted, and nothing worse is known; what has begun goes on\n";

static const struct {
	const char *purpose;
	const char *command;
} examples[] = {
	{"Move a model to another controller and wait for the end:", "my-model my-controller"},
	{"See first what would happen:", "my-model my-controller --dry-run"},
	{"Move a model of another user, in a JAAS that is not the current controller:",
		"-c my-jaas alice@canonical.com/my-model my-controller"},
	{"Move several models:", "shop blog wiki my-controller"},
	{"Empty a controller, from a script:", "--all-from old-controller my-controller -y"},
	{"Start only, and print the id of the migration for a script:",
		"my-model my-controller --no-wait --format json"},
	{"Watch for an hour at most:", "my-model my-controller --timeout 1h"},
	{"Take up what earlier runs have left unfinished:", "--resume"},
};

static const char *const see_also[] = {"login", "migrate", "models", "show-model", "switch"};

static void add_default(struct text *text, const struct option_row *row)
{
	scoped(string) char *zero = duration_format(0);

	switch (row->type) {
	case OPTION_BOOLEAN:
		text_add_string(text, "  (= false)\n");
		break;
	case OPTION_STRING:
		text_add_string(text, " (= \"\")\n");
		break;
	case OPTION_DURATION:
		text_add_format(text, "  (= %s)\n", zero);
		break;
	case OPTION_FORMAT:
		text_add_format(text, "  (= %s)\n", options_format_name((enum options_format)0));
		break;
	case OPTION_PARALLEL:
		text_add_format(text, "  (= %d)\n", OPTIONS_PARALLEL);
		break;
	}
}

static void add_option(struct text *text, const struct option_row *row)
{
	if (row->letter != 0 && row->listing != LISTED_LONG)
		text_add_format(text, "-%c, ", row->letter);
	text_add_format(text, "--%s", row->name);
	add_default(text, row);
	text_add_format(text, "    %s\n", row->usage);
}

static void add_options(struct text *text, const char *title, int global)
{
	size_t count = 0;
	const struct option_row *table = options_table(&count);

	text_add_format(text, "\n%s:\n", title);
	for (size_t i = 0; i < count; i++) {
		int is_global = table[i].listing == LISTED_GLOBAL || table[i].listing == LISTED_LONG;
		if (table[i].listing != NOT_LISTED && is_global == global)
			add_option(text, &table[i]);
	}
}

char *help_text(void)
{
	scoped(text) struct text text;

	text_init(&text, HELP_MAX);
	text_add_format(&text, "%s\nSummary:\n%s\n", usage, description);
	add_options(&text, "Global Options", 1);
	add_options(&text, "Command Options", 0);
	text_add_format(&text, "\nDetails:\n%s\nExamples:\n", details);
	for (size_t i = 0; i < array_length(examples); i++)
		text_add_format(&text, "\n%s\n\n    juju jaas-migrate %s\n", examples[i].purpose, examples[i].command);
	text_add_string(&text, "\nSee also:\n");
	for (size_t i = 0; i < array_length(see_also); i++)
		text_add_format(&text, " - %s\n", see_also[i]);
	return text_take(&text);
}

const char *help_description(void)
{
	return description;
}
