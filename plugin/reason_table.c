/* SPDX-License-Identifier: Apache-2.0 */
#include "plugin/reason_table.h"

#include "plugin/reason.h"
#include "plugin/words_private.h"

#define LATER "wait until that is over, then run this again"
#define SEE_TO_IT "fix what the reason names, then run this again"
#define LOG_OF_SOURCE "have an administrator of {from} look into its log, module juju.worker.migrationmaster"
#define LOG_OF_TARGET "have an administrator of {to} look into its log"

/* Longer ones stand before those that they begin with. */
static const struct reason_beginning beginnings[] = {
	{"source prechecks failed: ", REASON_SOURCE_CHECKS, SIDE_MODEL, "{from} finds the model not ready to be moved",
		SEE_TO_IT},
	{"target prechecks failed: ", REASON_TARGET_CHECKS, SIDE_TARGET, "{to} does not take the model as it is",
		SEE_TO_IT},
	{"failed to connect to target controller during prechecks: ", REASON_CONNECT, SIDE_TARGET,
		"{from} cannot connect to {to}",
		"have the administrators of both controllers make sure that {from} can reach {to}"},
	{"failed to obtain model info during prechecks: ", REASON_SOURCE_CHECKS, SIDE_MODEL,
		"{from} cannot read the model it is to move", LOG_OF_SOURCE},
	{"unexpected target controller UUID", REASON_CONNECT, SIDE_TARGET,
		"another controller answers at the address that JIMM has for {to}",
		"have an administrator of JIMM correct what it has recorded of {to}"},
	{"quiescing, timed out waiting for agents to report", REASON_QUIESCE, SIDE_MODEL,
		"not all agents of the model reported in time that they had stopped",
		"look for agents that are down with: juju status -m {model}; bring them back or remove them"},
	{"quiescing, some agents reported failure", REASON_QUIESCE, SIDE_MODEL,
		"agents of the model reported that they could not stop",
		"look for agents in error with: juju status -m {model}; fix them, then run this again"},
	{"validating, timed out waiting for agents to report", REASON_VALIDATE, SIDE_MODEL,
		"not all agents of the model reported in time that they can work with {to}",
		"make sure that all machines of the model can reach the API addresses of {to}"},
	{"validating, some agents reported failure", REASON_VALIDATE, SIDE_MODEL,
		"agents of the model reported that they cannot work with {to}",
		"make sure that all machines of the model can reach the API addresses of {to}"},
	{"quiescing,", REASON_QUIESCE, SIDE_MODEL, "the model's agents did not all stop for the move",
		"look for agents that are down or in error with: juju status -m {model}"},
	{"validating,", REASON_VALIDATE, SIDE_MODEL, "the model's agents could not all work with {to}",
		"make sure that all machines of the model can reach the API addresses of {to}"},
	{"model data transfer failed, model export failed: ", REASON_EXPORT, SIDE_MODEL,
		"{from} cannot export the model", LOG_OF_SOURCE},
	{"model data transfer failed, failed to connect to target controller: ", REASON_CONNECT, SIDE_TARGET,
		"{from} cannot connect to {to}",
		"have the administrators of both controllers make sure that {from} can reach {to}"},
	{"model data transfer failed, failed to import model into target controller: ", REASON_IMPORT, SIDE_TARGET,
		"{to} could not import the model", LOG_OF_TARGET},
	{"model data transfer failed, failed to migrate binaries: ", REASON_BINARIES, SIDE_MODEL,
		"charms, resources or agents of the model could not be copied to {to}",
		"refresh or remove the application whose charm or resource the reason names, then run this again"},
	{"model data transfer failed, ", REASON_EXPORT, SIDE_MODEL, "the model could not be transferred to {to}",
		LOG_OF_SOURCE},
	{"processing relations failed, ", REASON_RELATIONS, SIDE_MODEL,
		"relations to other models could not be carried over",
		"remove the relation that the reason names, move, then relate again"},
	{"machine sanity check failed, ", REASON_MACHINES, SIDE_MODEL,
		"the cloud's machines are not those that the model knows",
		"compare juju status -m {model} with the cloud's own list; {from} has the details in its log"},
	{"model activation failed, ", REASON_ACTIVATE, SIDE_TARGET, "{to} could not make the model active",
		LOG_OF_TARGET},
	{"connect to target controller: ", REASON_CONNECT, SIDE_TARGET, "{from} cannot connect to {to}",
		"have the administrators of both controllers make sure that {from} can reach {to}"},
	{"failed to create migration: ", REASON_START, SIDE_MODEL, "{from} could not begin the migration",
		LOG_OF_SOURCE},
	{"cannot initiate migration as ", REASON_USERS, SIDE_MODEL, "{to} does not know all users of the model",
		"have administrators add them on {to}, or take their access away on {from} itself, not in JAAS (juju "
		"revoke)"},
	{"failed to dial the controller", REASON_CONNECT, SIDE_SOURCE, "JIMM cannot connect to {from}",
		"have an administrator of JIMM make sure that it can reach {from}"},
};

static const struct reason_cause causes[] = {
	/* the model as a whole */
	{"model is being imported as part of another migration", NULL,
		"an earlier move of it to {from} has not ended yet", LATER},
	{"model has revoked credentials", NULL, "the cloud credential of the model was revoked",
		"give it a valid one: juju set-credential -m {model} <cloud> <credential>"},
	{"cleanup needed", NULL, "{from} is still cleaning up after something that was removed from the model",
		"wait a few minutes, then run this again"},
	{"cannot migrate to controller due to issues", NULL,
		"the model uses what the juju of {to} does not support any more",
		"fix each issue that the reason lists, then run this again"},
	{"controllers can't be migrated", REASON_START, "it is a controller's own model, and these cannot be moved",
		"move the other models of that controller"},
	{"model already attached to target controller", REASON_START,
		"{from} believes that the model is on {to} already",
		"have an administrator of JIMM compare the UUIDs of {from} and {to}"},
	{"model is not alive", REASON_START, "the model is being destroyed",
		"leave it: a model that is being destroyed cannot be moved"},
	{"there exists * in the model that are not running the target agent version", NULL,
		"some {1} of the model do not run the model's version of juju",
		"wait until their upgrade is over; juju status -m {model} shows their versions"},
	{"model unit(s) are not ready for migration", NULL, "units of the model are not ready to be moved",
		"fix the units that the reason lists (juju status -m {model}), then run this again"},
	{"model machines(s) are not ready for migration", NULL, "machines of the model are not ready to be moved",
		"fix the machines that the reason lists (juju status -m {model}), then run this again"},
	/* the model against the target */
	{"model is being migrated out of target controller", NULL, "the same model is being moved out of {to}", LATER},
	{"model named \"%\" already exists", REASON_TARGET_CHECKS,
		"its owner has a model {1} on {to} already, perhaps a leftover of an earlier try",
		"have an administrator of {to} find out which: a leftover has to be " WORDS_COPY
		"; another model stays"},
	{"model has higher version than target controller (%)", NULL, "the model runs a newer juju than {to} ({1})",
		"choose a target that is as new, or have {to} upgraded"},
	{"source controller has higher version than target controller (%)", NULL,
		"{from} runs a newer juju than {to} ({1})", "choose a target that is as new, or have {to} upgraded"},
	{"model must be upgraded to at least version * before being migrated to a controller with version *", NULL,
		"the model must run juju {1} or newer before it can go to juju {2}",
		"juju upgrade-model -m {model} --agent-version {1}, then run this again"},
	{"unknown target controller version *", NULL,
		"{from} does not know how to move a model to a juju as new as {to}",
		"have {from} upgraded first, or choose a target with an older juju"},
	{"ource controller does not support required facades", NULL, "the juju of {from} is too old for {to}",
		"have {from} upgraded first, or choose a target with an older juju"},
	{"target controller does not support the model migration", NULL,
		"the juju of {to} is too old to take a model of juju 4", "choose a target with juju 4.1 or newer"},
	{"target controller is too old to support password-authenticated migration", NULL,
		"the juju of {to} is too old for the way in which JIMM logs in to it",
		"have {to} upgraded, or choose another target"},
	{"model's cloud \"%\" not found on target controller", NULL, "{to} does not have the cloud {1}",
		"have an administrator of {to} add it (juju add-cloud), or choose another target"},
	{"all charms now require a manifest.yaml", NULL,
		"a charm of the model is too old for juju 4: it has no manifest.yaml",
		"juju refresh -m {model} the applications that the reason names, or choose a target with juju 3"},
	{"fan networking not supported", NULL, "the model uses fan networking, which juju 4 does not have",
		"take fan networking out of the model's config (juju model-config -m {model}), or choose juju 3"},
	/* while it is taken in */
	{"credential attribute mismatch", NULL, "{to} has the model's cloud credential with different content",
		"update it on {to} to the same content (juju update-credential), then run this again"},
	{"secret backend", NULL, "{to} does not have the secret backend of the model",
		"have an administrator of {to} add it (juju add-secret-backend), then run this again"},
	{"credential \"%\" not found", NULL, "{to} does not have the model's cloud credential {1}",
		"have it uploaded to {to} (juju update-credential), then run this again"},
	{"cloud \"%\" not found", NULL, "{to} does not have the cloud {1}",
		"have an administrator of {to} add it (juju add-cloud), or choose another target"},
	{"user \"%\" not found", REASON_USERS, "{to} does not know the user {1}, who owns or uses the model",
		"have administrators add the user on {to}, or take the access away on {from} itself, not in JAAS (juju "
		"revoke)"},
	{"model * already exists", NULL,
		"{to} had an import of this model already: of an earlier try, or of this one before {from} was "
		"restarted",
		"run this again; if it fails again, that import on {to} has to be " WORDS_COPY},
	{"the users granted access to the model do not exist", NULL, "users of the model do not exist on {to}",
		"have administrators add them on {to}, or take their access away on {from} itself, not in JAAS (juju "
		"revoke)"},
	{"external users have been granted access", NULL, "{to} does not take the external users of the model",
		"have an administrator take their access away on {from} itself, not in JAAS (juju revoke)"},
	/* between controllers */
	{"cannot retrieve CA certificate", REASON_CONNECT, "{from} cannot tell its own certificate authority to {to}",
		"have an administrator of {from} look into its log"},
	{"controller API version is too old", REASON_CONNECT, "the juju of {to} is too old to take a model",
		"choose a newer target, or have {to} upgraded"},
	{"missing target controller credentials", REASON_RIGHTS, "JIMM has no login to {to}",
		"have an administrator of JIMM give it one, or choose another target"},
	{"invalid entity name or password", REASON_RIGHTS, "{to} refuses the login that JIMM has for it",
		"have an administrator of JIMM renew its login to {to}"},
	{"x509", NULL, "{from} does not trust the certificate of {to}",
		"have an administrator of JIMM renew what it has recorded of {to}"},
	{"connection is shut down", NULL, "the connection between {from} and {to} broke",
		"run this again; if it breaks again, have the administrators of both look at the network"},
	{"connection refused", NULL, "{from} cannot reach {to}",
		"have the administrators of both make sure that {to} is up and reachable"},
	{"i/o timeout", NULL, "{from} cannot reach {to}",
		"have the administrators of both make sure that {to} is up and reachable"},
	{"no route to host", NULL, "{from} cannot reach {to}",
		"have the administrators of both make sure that {to} is up and reachable"},
	{"unable to connect to API", NULL, "{from} cannot reach {to}",
		"have the administrators of both make sure that {to} is up and reachable"},
	/* rights, and JIMM's own refusals */
	{"failed request to OpenFGA", REASON_RIGHTS, "JIMM cannot look up your rights at present",
		"run this again in a few minutes"},
	{"^controller not found", REASON_START, "JIMM does not know a controller {to}",
		"look for its name with juju jaas list-controllers, which shows all only to administrators of JIMM; "
		"ask one"},
	{"^model not found", REASON_START, "JIMM or {from} does not know the model any more",
		"have administrators find out with \"juju models\" which controller has it"},
	{"^permission denied", REASON_RIGHTS, "JIMM's login to {from} or {to} may not move models",
		"have an administrator of JIMM look at its logins to both controllers"},
	{"^unauthorized", REASON_RIGHTS, "only an administrator of the model may move it",
		"have its owner grant you that: juju grant <you> admin <model>"},
};

static const struct reason_cause entities[] = {
	{"upgrade in progress", NULL, "{whose} is being upgraded", LATER},
	{"machine * agent binaries don't match model (%)", NULL,
		"machine {1} of {whose} runs another version of juju ({2})",
		"wait until its upgrade is over; if it does not end: juju upgrade-model -m {model}"},
	{"machine * agent not functioning at this time (%)", NULL,
		"the agent of machine {1} of {whose} does not work ({2})",
		"restart it: juju ssh -m {model} {1} sudo systemctl restart jujud-machine-{1}"},
	{"machine * not running (%)", NULL, "machine {1} of {whose} is not running ({2})",
		"start it, or remove it from the model: juju remove-machine -m {model} {1}"},
	{"machine * is scheduled to *", NULL, "machine {1} of {whose} is about to {2}", LATER},
	{"machine * is dying", NULL, "machine {1} of {whose} is being removed",
		"wait until it is gone; if it stays: juju remove-machine -m {model} --force {1}"},
	{"machine * is dead", NULL, "machine {1} of {whose} is being removed",
		"wait until it is gone; if it stays: juju remove-machine -m {model} --force {1}"},
	{"application * is dying", NULL, "application {1} is being removed",
		"wait until it is gone; if it stays: juju remove-application -m {model} --force {1}"},
	{"application * has an ongoing % operation", NULL, "application {1} is in the middle of something ({2})",
		LATER},
	{"application * is below its minimum units threshold", NULL,
		"application {1} has fewer units than it must have",
		"juju add-unit -m {model} {1}, then run this again"},
	{"application charm url is nil", NULL, "an application of the model has no charm",
		"look for it with juju status -m {model}, and refresh or remove it"},
	{"unit * agent binaries don't match model (%)", NULL,
		"unit {1} runs another version of juju than the model ({2})",
		"wait until its upgrade is over; if it does not end: juju upgrade-model -m {model}"},
	{"unit * not idle or executing (%)", NULL, "unit {1} is neither idle nor executing ({2})",
		"see why with juju status -m {model}; after a failed hook: juju resolved -m {model} {1}"},
	{"unit * is upgrading", NULL, "the charm of unit {1} is being upgraded", LATER},
	{"unit * hasn't joined relation \"%\" yet", NULL, "unit {1} has not joined the relation {2} yet",
		"wait a few minutes, then run this again"},
	{"unit * is dying", NULL, "unit {1} is being removed",
		"wait until it is gone; if it stays: juju remove-unit -m {model} --force {1}"},
	{"unit * is dead", NULL, "unit {1} is being removed",
		"wait until it is gone; if it stays: juju remove-unit -m {model} --force {1}"},
	{"model is dying", NULL, "{whose} is being destroyed",
		"leave it: a model that is being destroyed cannot be moved"},
	{"model is dead", NULL, "{whose} is being destroyed",
		"leave it: a model that is being destroyed cannot be moved"},
};

const struct reason_beginning *reason_beginnings(size_t *count)
{
	*count = array_length(beginnings);
	return beginnings;
}

const struct reason_cause *reason_causes(size_t *count)
{
	*count = array_length(causes);
	return causes;
}

const struct reason_cause *reason_entities(size_t *count)
{
	*count = array_length(entities);
	return entities;
}
