/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <regex.h>
#include <string.h>

#include "common/base/scoped.h"
#include "common/base/text.h"
#include "plugin/help.h"
#include "plugin/options.h"

static const char golden[] =
	"Usage: juju jaas-migrate [options] <model-name> [<model-name> ...] <target-controller-name>\n"
	"\n"
	"Summary:\n"
	"Moves models between the controllers of a JAAS, and stays until the end is known.\n"
	"\n"
	"Global Options:\n"
	"--debug  (= false)\n"
	"    Equivalent to --show-log --logging-config=<root>=DEBUG\n"
	"-h, --help  (= false)\n"
	"    Show help on a command or other topic.\n"
	"--logging-config (= \"\")\n"
	"    Specify log levels for modules\n"
	"--quiet  (= false)\n"
	"    Show no informational output\n"
	"--show-log  (= false)\n"
	"    If set, write the log file to stderr\n"
	"--verbose  (= false)\n"
	"    Show more verbose output\n"
	"\n"
	"Command Options:\n"
	"-B, --no-browser-login  (= false)\n"
	"    Do not use web browser for authentication\n"
	"--all-from (= \"\")\n"
	"    Move every model that this controller hosts; the only argument is then the target\n"
	"-c, --controller (= \"\")\n"
	"    Controller to operate in: the JAAS, by its name in this client\n"
	"--color  (= false)\n"
	"    Use ANSI color codes in output\n"
	"--description  (= false)\n"
	"    Show short description of this command\n"
	"--dry-run  (= false)\n"
	"    Log in, find the model, check and show what would be done; start nothing\n"
	"--forget  (= false)\n"
	"    Remove what --remember has kept in the keyring of this desktop; takes no model\n"
	"--format  (= tabular)\n"
	"    Specify output format (json|tabular|yaml)\n"
	"-m, --model (= \"\")\n"
	"    Model to operate in. Accepts [<controller name>:]<model name>|<model UUID>\n"
	"--no-color  (= false)\n"
	"    Disable ANSI color codes in output\n"
	"--no-wait  (= false)\n"
	"    Start the migration, print its id, and do not wait for its end\n"
	"-o, --output (= \"\")\n"
	"    Specify an output file\n"
	"--parallel  (= 4)\n"
	"    How many models to move at the same time\n"
	"--remember  (= false)\n"
	"    Keep the secret that this run logs in with in the keyring of this desktop\n"
	"--resume  (= false)\n"
	"    Take up every move that earlier runs have left unfinished; takes no model\n"
	"--timeout  (= 0s)\n"
	"    Stop watching after this long; the migration goes on (0s: watch to the end)\n"
	"--version  (= false)\n"
	"    Show the version of this command\n"
	"-y, --no-prompt  (= false)\n"
	"    Do not ask before --all-from moves anything; needed without a terminal\n"
	"\n"
	"Details:\n"
	"A model is given by its name, by owner/name or by UUID, with the name of a JAAS\n"
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
	"    130  interrupted, and nothing worse is known; what has begun goes on\n"
	"\n"
	"Examples:\n"
	"\n"
	"Move a model to another controller and wait for the end:\n"
	"\n"
	"    juju jaas-migrate my-model my-controller\n"
	"\n"
	"See first what would happen:\n"
	"\n"
	"    juju jaas-migrate my-model my-controller --dry-run\n"
	"\n"
	"Move a model of another user, in a JAAS that is not the current controller:\n"
	"\n"
	"    juju jaas-migrate -c my-jaas alice@canonical.com/my-model my-controller\n"
	"\n"
	"Move several models:\n"
	"\n"
	"    juju jaas-migrate shop blog wiki my-controller\n"
	"\n"
	"Empty a controller, from a script:\n"
	"\n"
	"    juju jaas-migrate --all-from old-controller my-controller -y\n"
	"\n"
	"Start only, and print the id of the migration for a script:\n"
	"\n"
	"    juju jaas-migrate my-model my-controller --no-wait --format json\n"
	"\n"
	"Watch for an hour at most:\n"
	"\n"
	"    juju jaas-migrate my-model my-controller --timeout 1h\n"
	"\n"
	"Take up what earlier runs have left unfinished:\n"
	"\n"
	"    juju jaas-migrate --resume\n"
	"\n"
	"See also:\n"
	" - login\n"
	" - migrate\n"
	" - models\n"
	" - show-model\n"
	" - switch\n";

static void the_text_is_this(void **state)
{
	scoped(string) char *text = help_text();

	(void)state;
	assert_string_equal(text, golden);
}

/* True when `piece` (with its dashes) names an option that can be typed. */
static int is_option(const char *piece)
{
	size_t count = 0;
	const struct option_row *table = options_table(&count);

	for (size_t i = 0; i < count; i++) {
		char letter[] = {'-', table[i].letter, '\0'};

		if (piece[1] == '-' && strcmp(piece + 2, table[i].name) == 0)
			return 1;
		if (table[i].letter != 0 && strcmp(piece, letter) == 0)
			return 1;
	}
	return 0;
}

/* Shells offer every such piece, so each must be an option; and what is listed must be among them. */
static void every_piece_that_looks_like_an_option_is_one(void **state)
{
	scoped(string) char *text = help_text();
	size_t pieces = 0;
	regmatch_t match;
	regex_t regex;

	(void)state;
	assert_int_equal(regcomp(&regex, "(^|-)-[a-z-]+", REG_EXTENDED | REG_NEWLINE), 0);
	/* A new search begins within a line: there "^" must not match. */
	for (const char *at = text; regexec(&regex, at, 1, &match, at == text || at[-1] == '\n' ? 0 : REG_NOTBOL) == 0;
		at += match.rm_eo) {
		scoped(string) char *piece = string_copy_length(at + match.rm_so, (size_t)(match.rm_eo - match.rm_so));

		if (!is_option(piece))
			fail_msg("%s is no option", piece);
		pieces++;
	}
	regfree(&regex);
	assert_true(pieces >= 20);
}

static void every_listed_option_is_told_once(void **state)
{
	scoped(string) char *text = help_text();
	size_t count = 0;
	const struct option_row *table = options_table(&count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		int short_too = table[i].letter != 0 && table[i].listing != LISTED_LONG;
		scoped(string) char *entry = short_too ? string_format("\n-%c, --%s ", table[i].letter, table[i].name)
						       : string_format("\n--%s ", table[i].name);
		const char *found = strstr(text, entry);

		assert_int_equal(found != NULL, table[i].listing != NOT_LISTED);
		assert_null(found != NULL ? strstr(found + 1, entry) : NULL);
	}
}

/* What juju's completion would take for something else in the first line, or offer as names. */
static void nothing_misleads_the_completion(void **state)
{
	static const char *const forbidden[] = {"<unit", "<service", "<application", "<machine", "<operation",
		"show-storage", "pattern", "juju ssh", "juju scp", "bootstrap"};
	scoped(string) char *text = help_text();

	(void)state;
	for (size_t i = 0; i < array_length(forbidden); i++)
		assert_null(strstr(text, forbidden[i]));
	size_t line = strcspn(text, "\n");
	text[line] = '\0';
	assert_string_equal(
		text, "Usage: juju jaas-migrate [options] <model-name> [<model-name> ...] <target-controller-name>");
	assert_null(strstr(text, "--model"));
	assert_null(strstr(text, "<controller-name"));
}

static void examples_can_be_typed(void **state)
{
	static const char start[] = "\n    juju jaas-migrate ";
	scoped(string) char *text = help_text();
	size_t examples = 0;

	(void)state;
	for (char *at = strstr(text, start); at != NULL; at = strstr(at, start)) {
		char *words[16] = {NULL};
		size_t count = 0;
		char *rest = NULL;

		at += strlen(start);
		scoped(string) char *line = string_copy_length(at, strcspn(at, "\n"));
		for (char *word = strtok_r(line, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest))
			words[count++] = word;
		scoped(options) struct options *options = options_parse(words, NULL);
		assert_non_null(options);
		if (!options->resume)
			assert_string_equal(options->target, "my-controller");
		examples++;
	}
	assert_int_equal(examples, 8);
}

static void the_description_is_one_line(void **state)
{
	(void)state;
	assert_string_equal(help_description(),
		"Moves models between the controllers of a JAAS, and stays until the end is known.");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_text_is_this),
		cmocka_unit_test(every_piece_that_looks_like_an_option_is_one),
		cmocka_unit_test(every_listed_option_is_told_once),
		cmocka_unit_test(nothing_misleads_the_completion),
		cmocka_unit_test(examples_can_be_typed),
		cmocka_unit_test(the_description_is_one_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
