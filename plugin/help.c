/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/help.h"

#include "common/base/text.h"
#include "plugin/duration.h"
#include "plugin/options.h"

#define HELP_MAX (64U << 10)

static const char usage[] =
	"Usage: juju jaas-migrate [options] <model-name> [<model-name> ...] <target-controller-name>\n";

static const char description[] = "Moves models between the controllers of a JAAS, and stays until the end is known.";

/* Nothing here may look like an option that does not exist: shells offer it. */
static const char details[] = "A model is given by its name, by owner/name or by UUID, each with the name of a\n"
			      "JAAS and a colon before it if need be. The target is the name that JAAS has for\n"
			      "the controller, or its UUID. One run does the whole job, for each model:\n"
			      "\n"
			      " * logs in to JAAS as juju would\n"
			      " * finds the model and the controller that hosts it\n"
			      " * checks what would make the move fail, and lists all of it at once\n"
			      " * starts the migration, once\n"
			      " * follows it to its true end, and says what happens\n"
			      " * tells JAAS where the model lives as soon as the move can no longer be undone\n"
			      " * asks JAAS, and says \"migrated\" only if it points at the target\n"
			      "\n"
			      "It is always safe to run it again: a migration under way is followed and not\n"
			      "started twice, a finished one that JAAS does not know of yet is recorded, and\n"
			      "where nothing is left to do that is all it says.\n"
			      "\n"
			      "To empty a controller, name it with --all-from: all models that JAAS says it\n"
			      "hosts are listed, and you are asked whether they are to go. Who is no\n"
			      "administrator of JAAS is told of his own models only.\n"
			      "\n"
			      "Interrupting it, or --timeout, ends the watching only. The migration goes on;\n"
			      "run the same command again to see its end.\n"
			      "\n"
			      "\"juju jaas migrate-internal\" also starts such a migration, but prints an id and\n"
			      "ends, with status 0 even if it was refused. It does not check, wait, or look at\n"
			      "the outcome, and \"juju jaas update-migrated-model\" is left to be run by hand.\n"
			      "There the target comes first; here it comes last, as with \"juju migrate\".\n"
			      "\n"
			      "The JAAS to talk to is the one of -c, of the name before the colon, of\n"
			      "JUJU_MODEL or of JUJU_CONTROLLER; else the current controller if it is a JAAS;\n"
			      "else the only JAAS that this client knows.\n"
			      "\n"
			      "It logs in as juju does: with JUJU_CLIENT_ID and JUJU_CLIENT_SECRET, else with\n"
			      "what \"juju login\" has stored. Where that has expired, and somebody is at the\n"
			      "terminal, it shows the address of a web page and a code to be entered there. It\n"
			      "never opens a browser by itself; -B is understood, and changes nothing.\n"
			      "\n"
			      "What a run logs in with and juju's store does not hold, such as a client secret\n"
			      "in JUJU_CLIENT_SECRET, can be kept in the keyring of the desktop: --remember\n"
			      "keeps it there, later runs find it, and --forget removes it. Without a keyring\n"
			      "everything else works as well.\n"
			      "\n"
			      "The result goes to stdout, everything said to a person to stderr.\n"
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
			      "    130  interrupted, and nothing worse is known\n";

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
	{"Start only, and read the id of the migration with a program:",
		"my-model my-controller --no-wait --format json"},
	{"Watch for an hour at most:", "my-model my-controller --timeout 1h"},
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
