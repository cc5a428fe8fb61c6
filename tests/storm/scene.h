/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What one run is about, drawn from its seed: the world, who asks, how well the wires carry, and what goes wrong when.
 */
#ifndef TESTS_STORM_SCENE_H
#define TESTS_STORM_SCENE_H

#include "common/base/text.h"
#include "tests/storm/chance.h"

/* Longest description of a world, in bytes. */
#define SCENE_SCRIPT_MAX 65536
#define SCENE_FAULTS_MAX 12

#define SCENE_USER "alice@canonical.com"
#define SCENE_SOURCE "prod-a"
#define SCENE_TARGET "my-controller"
#define SCENE_THIRD "prod-c"

enum scene_fault_kind {
	/* Ours: wires and process. */
	FAULT_CUT,    /* one connection, or all of them */
	FAULT_KILL,   /* our process dies, and is started again later */
	FAULT_LEAVE,  /* it is told to stop, and started again later */
	FAULT_FREEZE, /* it stands still for a while */
	FAULT_JUMP,   /* its clock jumps forward */
	/* JAAS's own. */
	FAULT_JIMM,    /* restart */
	FAULT_SOURCE,  /* the source controller is down for a while */
	FAULT_TARGET,  /* the target */
	FAULT_REFUSES, /* a controller refuses JIMM's login for a while */
	FAULT_TOKEN,   /* our token expires; some time later there is a new one */
	FAULT_ABORT,   /* the attempt aborts */
	/* Other people. */
	FAULT_MIGRATE, /* somebody migrates a model */
	FAULT_RECORD,  /* an administrator sets JIMM's row */
	FAULT_DESTROY,
	FAULT_REVOKE,
	FAULT_LOSE, /* the target loses what it has of a model */
	FAULT_KINDS,
};

/* What a fault waits for. */
enum scene_trigger {
	TRIGGER_TIME,    /* `at` after the start */
	TRIGGER_MESSAGE, /* the `at`-th message that we send */
	TRIGGER_PHASE,   /* an attempt has come to the phase `at` */
	TRIGGER_ACTIVE,  /* the copy is active, the source does not know yet */
	TRIGGER_START,   /* MigrateModel has been sent */
	TRIGGER_RECORD,  /* UpdateMigratedModel has been sent */
};

struct scene_fault {
	enum scene_fault_kind kind;
	enum scene_trigger trigger;
	int64_t at;
	int64_t delay;  /* after the trigger */
	int64_t length; /* of what it does */
	size_t choice;  /* of what it is done to */
	bool fired;
};

struct scene {
	uint64_t seed;
	struct text script; /* of the world */
	const char *era;
	bool administrator;
	int source_major, target_major;
	bool late_target; /* activates the copy only after the source has committed */
	size_t moved, models;
	size_t sockets;                                   /* most connections to models, 0: as many as usual */
	size_t parallel;                                  /* in flight at once, 0: all */
	int64_t begins;                                   /* of our first process, after the world's start */
	int64_t latency;                                  /* one way, usual */
	unsigned int lost, late, refused, doubled, spiky; /* messages of 1000 */
	bool forgetful;                                   /* nothing is kept over the death of our process */
	bool witness;                                     /* our user can ask the target itself */
	bool direct;                                      /* and the source */
	bool unpushed;                                    /* the source has no watcher: it has to be asked */
	bool foresees;                                    /* connects to the models before it is asked to */
	int64_t patience;                                 /* our own deadline, 0 for none */
	struct scene_fault faults[SCENE_FAULTS_MAX];
	size_t fault_count;
	int64_t faults_end; /* nothing goes wrong from then on, after the world's start */
};

/* Draws the scene of `seed`. */
void scene_draw(struct scene *scene, uint64_t seed);

/* Draws what goes wrong; part of scene_draw. `length` is about that of the move. */
void scene_draw_faults(struct scene *scene, struct chance *chance, int64_t length);

void scene_release(struct scene *scene);

/* A short name of a fault, static. */
const char *scene_fault_name(enum scene_fault_kind kind);

#endif
