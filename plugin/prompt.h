/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Asking a person: for a password, without echo on a terminal, or for a line; one line of what stdin is. The loop goes on meanwhile, so that pings are sent and
 * signals are heard; whoever gives the asking up leaves the terminal as it was.
 */
#ifndef PLUGIN_PROMPT_H
#define PLUGIN_PROMPT_H

#include <stdbool.h>
#include <stdio.h>
#include <termios.h>

#include "common/login/person.h"
#include "common/wire/loop.h"

/* Longest line that is read, in bytes. */
#define PROMPT_LINE_MAX 1024

/* One asker; the caller owns the storage and must not move it while something is asked. */
struct prompt {
	struct loop *loop;
	int in;
	FILE *stream;
	struct loop_watcher *watcher; /* while something is asked */
	bool silenced;                /* the terminal does not echo */
	struct termios before;        /* as it did */
	login_told *told;
	void *waiter;
	struct loop_timer soon;
	struct error *failed;
	char line[PROMPT_LINE_MAX];
	size_t length;
};

/* Makes `prompt` ready to read from the descriptor `in` and to ask on `stream`, both borrowed. Nothing may be asked just then. */
void prompt_init(struct prompt *prompt, struct loop *loop, int in, FILE *stream);

/* Writes `question` (printable) and reads one line; what follows it is left for the next one. `told` is called once, from the loop, with
 * the line without its end, or with ERROR_LOGIN when there is none, or when it is too long; unless prompt_forget comes before. */
void prompt_secret(struct prompt *prompt, const char *question, login_told *told, void *waiter);

/* The same for what is no secret: a terminal goes on echoing. */
void prompt_line(struct prompt *prompt, const char *question, login_told *told, void *waiter);

/* Ends the asking; nothing when nothing is asked. Before the loop is freed. */
void prompt_forget(struct prompt *prompt);

#endif
