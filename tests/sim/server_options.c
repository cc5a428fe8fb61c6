/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/server_options.h"

#include <getopt.h>
#include <stdlib.h>

#define LIFETIME (600 * INSTANT_SECOND)
#define PIECE (64 * 1024)

static const char *const help[] = {
	"Usage: server [options]",
	"",
	"A simulated JAAS behind TLS websockets on 127.0.0.1. Prints \"listening on 127.0.0.1:PORT\" when it is ready, "
	"and",
	"ends on SIGTERM, when its parent ends, or after its life time.",
	"",
	"    --script FILE       JSON description of the world (default: my-model on prod-a, my-controller beside it)",
	"    --directory DIR     write a juju data directory there: JUJU_DATA=DIR juju-jaas-migrate my-model "
	"my-controller",
	"    --ca FILE           write the CA that the data directory trusts there, as PEM",
	"    --port N            (default: the system chooses one)",
	"    --clock PATH        listen there for programs that run on simulated time (default: real time, and the "
	"world",
	"                        begins now unless its script says otherwise)",
	"    --report FILE       write the world's truth there at the end, as JSON",
	"    --wire FILE         log every message there, one JSON object a line, without secrets",
	"    --tls KIND          good, expired, wrong-name, unknown-ca, self-signed",
	"    --misbehave KIND    see below",
	"    --piece BYTES       largest payload of one frame (65536, as JIMM)",
	"    --lifetime SECONDS  (600)",
	"    --grace SECONDS     real time after which what cannot be accounted for is given up (2), with --clock",
	"    --help",
	"",
	"Misbehaviours:",
};

enum server_option {
	OPTION_SCRIPT = 1,
	OPTION_DIRECTORY,
	OPTION_CA,
	OPTION_PORT,
	OPTION_CLOCK,
	OPTION_REPORT,
	OPTION_WIRE,
	OPTION_TLS,
	OPTION_MISBEHAVE,
	OPTION_PIECE,
	OPTION_LIFETIME,
	OPTION_GRACE,
	OPTION_HELP,
};

static const struct option options_known[] = {
	{"script", required_argument, NULL, OPTION_SCRIPT},
	{"directory", required_argument, NULL, OPTION_DIRECTORY},
	{"ca", required_argument, NULL, OPTION_CA},
	{"port", required_argument, NULL, OPTION_PORT},
	{"clock", required_argument, NULL, OPTION_CLOCK},
	{"report", required_argument, NULL, OPTION_REPORT},
	{"wire", required_argument, NULL, OPTION_WIRE},
	{"tls", required_argument, NULL, OPTION_TLS},
	{"misbehave", required_argument, NULL, OPTION_MISBEHAVE},
	{"piece", required_argument, NULL, OPTION_PIECE},
	{"lifetime", required_argument, NULL, OPTION_LIFETIME},
	{"grace", required_argument, NULL, OPTION_GRACE},
	{"help", no_argument, NULL, OPTION_HELP},
	{0},
};

static void print_help(void)
{
	for (size_t i = 0; i < array_length(help); i++)
		puts(help[i]);
	misbehave_list(stdout);
}

static int take_number(int which, const char *value, struct server_options *options)
{
	char *rest = NULL;
	double number = strtod(value, &rest);

	if (*rest || rest == value || number < 0 || number > 1e6)
		return -1;
	if (which == OPTION_PORT)
		options->port = (int)number;
	else if (which == OPTION_PIECE)
		options->piece = number < 1 ? 1 : (size_t)number;
	else if (which == OPTION_LIFETIME)
		options->lifetime = (int64_t)(number * (double)INSTANT_SECOND);
	else
		options->grace = (int64_t)(number * (double)INSTANT_SECOND);
	return 0;
}

static int take(int which, const char *value, struct server_options *options)
{
	switch (which) {
	case OPTION_SCRIPT:
		options->script = value;
		return 0;
	case OPTION_DIRECTORY:
		options->directory = value;
		return 0;
	case OPTION_CA:
		options->ca = value;
		return 0;
	case OPTION_CLOCK:
		options->clock = value;
		return 0;
	case OPTION_REPORT:
		options->report = value;
		return 0;
	case OPTION_WIRE:
		options->wire = value;
		return 0;
	case OPTION_TLS:
		return pki_kind_parse(value, &options->tls);
	case OPTION_MISBEHAVE:
		return misbehave_parse(value, &options->misbehave);
	default:
		return take_number(which, value, options);
	}
}

int server_options_read(struct server_options *options, int count, char **arguments, struct error **error)
{
	int which;

	*options = (struct server_options){.lifetime = LIFETIME, .grace = CLOCK_GRACE, .piece = PIECE};
	opterr = 0;
	optind = 1;
	while ((which = getopt_long(count, arguments, "", options_known, NULL)) != -1) {
		if (which == OPTION_HELP) {
			print_help();
			return 1;
		}
		if (which == '?' || which == ':')
			return error_set(error, ERROR_USAGE, "cannot use %s; see --help", arguments[optind - 1]);
		if (take(which, optarg, options) < 0)
			return error_set(error, ERROR_USAGE, "cannot use \"%s\" for %s; see --help", optarg,
				options_known[which - 1].name);
	}
	if (optind < count)
		return error_set(error, ERROR_USAGE, "cannot use %s; see --help", arguments[optind]);
	return 0;
}
