/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tool.h - what the files of helocheck share: exit codes, the commands, printing
 *
 * PURPOSE  helocheck stands on helo.h alone, as any other program would; what it needs beyond that
 *          is here.
 * CONTRACT Whatever the user or a file gave is made printable before it is shown. Results go to
 *          stdout, complaints to stderr.
 * THREADS  one.
 */
#ifndef HELO_TOOLS_TOOL_H
#define HELO_TOOLS_TOOL_H

#include <stddef.h>
#include <stdio.h>

#include "include/helo.h"

/* As in <sysexits.h>, but for the first three; helocheck(1) documents them. */
enum tool_exit {
    TOOL_ACCEPT = 0,
    TOOL_REJECT = 1,
    TOOL_DEFER = 2,
    TOOL_USAGE = 64,       /* EX_USAGE */
    TOOL_DATA = 65,        /* EX_DATAERR: a line of a batch or zone is wrong */
    TOOL_NOINPUT = 66,     /* EX_NOINPUT */
    TOOL_UNAVAILABLE = 69, /* EX_UNAVAILABLE: no filter to tell */
    TOOL_INTERNAL = 70,    /* EX_SOFTWARE: no memory, no resolver */
    TOOL_IO = 74,          /* EX_IOERR: stdout cannot be written */
    TOOL_NOPERM = 77,      /* EX_NOPERM: not allowed to tell it */
    TOOL_CONFIG = 78,      /* EX_CONFIG: the policy has errors */
    TOOL_INTERRUPTED = 130 /* 128 + SIGINT, as shells have it */
};

/* The commands; argv[0] is the command's name. They return an exit code. */
int cmd_config(int argc, char **argv);
int cmd_doctor(int argc, char **argv);
int cmd_explain(int argc, char **argv);
int cmd_list_checks(int argc, char **argv);
int cmd_reload(int argc, char **argv);
int cmd_replay(int argc, char **argv);

/* What went wrong where: TOOL_NOINPUT, TOOL_CONFIG, TOOL_DATA or TOOL_INTERNAL. */
int tool_exit_of(enum helo_status status);

/* ---- print.c --------------------------------------------------------------------------------- */

enum { PRINT_COLUMNS = 100, PRINT_QUOTE_SIZE = 128 };

/* 'value', foreign bytes as \xNN, cut to fit. Returns out. */
char *print_quote(char out[PRINT_QUOTE_SIZE], const char *value);
/* Copies what fits; all that is not printable ASCII becomes \xNN. Returns out. */
char *print_clean(char *out, size_t size, const char *value);
/* "helocheck COMMAND: message" on stderr. */
void print_fault(const char *command, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* A JSON string with its quotes; s is printable ASCII. */
void print_json_string(FILE *to, const char *s);
/*
 * Ends the line that has `indent` columns so far, folded at blanks; what follows is indented as
 * much.
 */
void print_folded(FILE *to, unsigned indent, const char *s);
/*
 * The word of a table that was probably meant, or NULL. Rows are `stride` bytes; at `offset` each
 * has a pointer to its word, or NULL.
 */
const char *print_suggest(const char *word, const void *table, size_t count, size_t stride,
                          size_t offset);

/*
 * How many characters must be put in, taken out, replaced or swapped with their neighbours to make
 * one word of the other; SIZE_MAX when one has more than 32.
 */
size_t print_distance(const char *a, const char *b);

/* A helo_diag_fn: prints and counts. arg is a struct print_diags. */
struct print_diags {
    FILE *to;
    unsigned errors;
    unsigned warnings;
};
void print_diag(void *arg, const struct helo_diag *diag);

#endif /* HELO_TOOLS_TOOL_H */
