/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * findings.h - what a loader reported, for the tests of lib/policy
 *
 * PURPOSE  Keep the first finding as "LINE:COLUMN: message" and count the rest.
 */
#ifndef HELO_TESTS_FINDINGS_H
#define HELO_TESTS_FINDINGS_H

#include <stdio.h>

#include "base/diag.h"

struct findings {
    unsigned errors, warnings;
    char first[512]; /* "" when there was none */
};

static inline void keep_finding(void *arg, const struct helo_diag *finding)
{
    struct findings *f = arg;

    if (f->errors + f->warnings == 0)
        (void)snprintf(f->first, sizeof(f->first), "%u:%u: %s", finding->line, finding->column,
                       finding->message);
    f->errors += finding->severity == HELO_ERROR;
    f->warnings += finding->severity == HELO_WARNING;
}

#endif /* HELO_TESTS_FINDINGS_H */
