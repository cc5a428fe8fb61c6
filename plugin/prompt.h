/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Asking a person for a line on stdin: a password, which a terminal does not echo, or anything else. The loop goes on meanwhile, so that
 * pings and signals are served. The terminal is left as it was found, however the asking ends.
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
	bool silenced;                /* the terminal's echo is switched off */
	struct termios before;        /* its settings before that */
	login_told *told;
	void *waiter;
	struct loop_timer soon;
	struct error *failed;
	char line[PROMPT_LINE_MAX];
	size_t length;
};

/* Makes `prompt` ready to read from the descriptor `in` and to ask on `stream`, both borrowed. Not while a question is open. */
void prompt_init(struct prompt *prompt, struct loop *loop, int in, FILE *stream);

/* Writes `question` (printable) and reads one line; what follows it is left for the next one. `told` is called once, from the loop, with
 * the line without its end, or with ERROR_LOGIN when there is none, or when it is too long; unless prompt_forget comes before. */
void prompt_secret(struct prompt *prompt, const char *question, login_told *told, void *waiter);

/* The same for what is no secret: a terminal goes on echoing. */
void prompt_line(struct prompt *prompt, const char *question, login_told *told, void *waiter);

/* Withdraws an open question, if there is one. Call before the loop is freed. */
void prompt_forget(struct prompt *prompt);

#endif
