/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * field.h - the rows that options and JSON members are read by
 *
 * PURPOSE  A value of a command: its name on the command line, its name in a batch, where it is
 *          stored. The parser of options, the usage text and the reader of batches work on such
 *          rows.
 * OWNERSHIP Stored text is the command line's, or the JSON document's; only the arrays of lists are
 *           allocated.
 * THREADS  one.
 */
#ifndef HELO_TOOLS_FIELD_H
#define HELO_TOOLS_FIELD_H

#include <stddef.h>

enum field_kind {
    FIELD_FLAG,  /* int */
    FIELD_TEXT,  /* const char * */
    FIELD_BYTES, /* struct field_bytes: may contain NUL in a batch */
    FIELD_PORT,  /* unsigned, 1..65535; 0: not given */
    FIELD_LIST,  /* struct field_list; may be given several times */
    FIELD_NOTE   /* in a batch only: read over */
};

struct field {
    const char *key;      /* in a batch; NULL: not there */
    const char *option;   /* with its "--"; NULL: not on the command line */
    const char *argument; /* of the option, for the usage; NULL: it takes none */
    const char *help;
    enum field_kind kind;
    size_t offset; /* in the command's struct */
};

struct field_bytes {
    const char *data; /* NULL: not given */
    size_t length;
};

struct field_list {
    const char **items; /* NULL-terminated; NULL when not given */
    size_t count;
};

/* Returns 0 without memory. */
int field_list_add(struct field_list *list, const char *item);
/* Given, though empty: a zone where nothing exists is a zone. Returns 0 without memory. */
int field_list_keep(struct field_list *list);
void field_list_fini(struct field_list *list);

/*
 * Reads options into `target`. Returns the index of the first argument that is no option, or -1
 * after it told the user what is wrong and what is accepted.
 */
int options_parse(int argc, char **argv, const struct field *fields, size_t count, void *target);
/* "  --client IP        the address that connects" for every option. */
void options_help(const struct field *fields, size_t count);

#endif /* HELO_TOOLS_FIELD_H */
