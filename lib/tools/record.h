/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * record.h - one line of a batch as a case
 *
 * PURPOSE  JSON (RFC 8259) to struct helo_case, by the rows of CASE_FIELDS.
 * CONTRACT Unknown, doubled and ill-typed members are errors: a case that is not understood is not
 *          judged.
 * OWNERSHIP The case's text lives until record_fini().
 * THREADS  one.
 */
#ifndef HELO_TOOLS_RECORD_H
#define HELO_TOOLS_RECORD_H

#include <stddef.h>

#include "tools/case.h"

enum { RECORD_MESSAGE_SIZE = 320 };

struct record_error {
    unsigned column; /* 1-based, in bytes; 0: the whole line */
    char message[RECORD_MESSAGE_SIZE];
    const char *meant; /* a member's name, or NULL */
};

struct record {
    struct helo_case c;
    void *json; /* the document */
};

/* Returns 0 and fills in *error when it cannot; then there is nothing to free. */
int record_read(struct record *record, const char *line, size_t length, struct record_error *error);
void record_fini(struct record *record);
/* Where the member `key` of the object in `line` stands; 0 when it is not there to the letter. */
unsigned record_column(const char *line, size_t length, const char *key);

#endif /* HELO_TOOLS_RECORD_H */
