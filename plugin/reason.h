/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Why a move was refused or aborted: juju's and JIMM's own words, taken apart and explained.
 *
 * Pure: a text goes in; which part of the work it speaks of, a plain explanation and a remedy come out. Texts are recognised by
 * pieces of them, since juju adds names, counts and causes. A text that is not known by itself is explained by the part of the
 * work that it belongs to, and one that belongs to none is left as it is.
 */
#ifndef PLUGIN_REASON_H
#define PLUGIN_REASON_H

#include <stddef.h>

#include "common/base/scoped.h"

/* Longest explanation or remedy, and longest name that is taken over from the text, in bytes. */
#define REASON_LINE_MAX 1024
#define REASON_NAME_MAX 120

/* What explanations and remedies name. Borrowed, printable, none NULL. */
struct reason_names {
	const char *model; /* as it can be given to juju's -m */
	const char *from;  /* the source controller */
	const char *to;    /* the target controller */
};

struct reason {
	const char *part;  /* the part of the work, a word of reason_parts; "" when not known. Static */
	char *explanation; /* one line without a full stop, or NULL: nothing to add to the text */
	char *remedy;      /* what to do, one line without a full stop, or NULL */
};

/* The parts of the work that a reason can belong to. */
#define REASON_SOURCE_CHECKS "source-prechecks" /* of the source: the model, its machines, its controller */
#define REASON_TARGET_CHECKS "target-prechecks" /* of the target controller */
#define REASON_CONNECT "connect"                /* from the source to the target */
#define REASON_USERS "users"                    /* who may use the model */
#define REASON_RIGHTS "rights"                  /* of the caller, or of JIMM on the controllers */
#define REASON_START "start"                    /* the start itself, by JIMM or by the source */
#define REASON_QUIESCE "quiesce"                /* all agents stop */
#define REASON_EXPORT "export"                  /* the source writes the model out */
#define REASON_IMPORT "import"                  /* the target takes it in */
#define REASON_BINARIES "binaries"              /* charms, resources and agents are copied */
#define REASON_RELATIONS "relations"            /* to other models */
#define REASON_VALIDATE "validate"              /* all agents try the target */
#define REASON_MACHINES "machines"              /* the cloud's machines are compared */
#define REASON_ACTIVATE "activate"              /* the model is made active on the target */

/* Explains `text` (printable; NULL counts as "": juju gave no reason). `reason` is filled, the caller owns it
 * (reason_release). Cannot fail. */
void reason_explain(const char *text, const struct reason_names *names, struct reason *reason);

/* Frees what `reason` holds and leaves it empty. */
void reason_release(struct reason *reason);

SCOPED_DEFINE_STRUCT(reason, struct reason, reason_release)

#endif
