/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * diag.h - findings about files, with their place
 *
 * PURPOSE  Collect errors and warnings of one load: path:line:column, the source line, a hint.
 *          Passes each on at once.
 * CONTRACT After LIMIT_DIAGNOSTICS findings one last note says that more were left out; errors go
 *          on being counted. Values quoted in messages must be printable: use diag_quote().
 * OWNERSHIP The file's text belongs to the caller and must outlive the diag_file.
 * THREADS  none of its own.
 */
#ifndef HELO_BASE_DIAG_H
#define HELO_BASE_DIAG_H

#include <stddef.h>

#include "include/helo.h"

/* Where findings go. */
struct diag {
    helo_diag_fn *fn; /* may be NULL */
    void *arg;
    unsigned errors;
    unsigned warnings;
    unsigned given; /* passed on so far */
};

/* A file whose lines can be shown. */
struct diag_file {
    const char *path;
    const char *text; /* may be NULL: no line is shown */
    size_t length;
};

/* 1-based; 0 is "none". */
struct diag_place {
    const struct diag_file *file;
    unsigned line;
    unsigned column;
};

void diag_init(struct diag *d, helo_diag_fn *fn, void *arg);
/* hint may be NULL. */
void diag_report(struct diag *d, enum helo_severity severity, const struct diag_place *place,
                 const char *hint, const char *format, ...) __attribute__((format(printf, 5, 6)));

enum { DIAG_QUOTE_SIZE = 64 };
/* 'value', printable and cut to fit; for messages. Returns out. */
char *diag_quote(char out[DIAG_QUOTE_SIZE], const char *value);

/*
 * The word that s was probably meant to be (edit distance at most a third of its length,
 * transpositions count one), or NULL. words has count entries.
 */
const char *diag_suggest(const char *s, const char *const *words, size_t count);

#endif /* HELO_BASE_DIAG_H */
