/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * regex.h - the regular expressions of a pattern_list: compile, try, match
 *
 * PURPOSE  PCRE2, so held that no expression can run long (pattern.h).
 * CONTRACT An expression is what stands between the slashes of an entry: 1 to LIMIT_PATTERN_TEXT
 *          bytes of printable ASCII. It matches a whole name or not at all, without case.
 * OWNERSHIP An expression needs the engine that it was compiled with until both are freed.
 * THREADS  Engine and expressions are only read by regex_match(): any number of threads. A
 *          regex_name belongs to one.
 * LIMITS   A match is at most LIMIT_PATTERN_STEPS steps. It takes LIMIT_PATTERN_HEAP_KIB at most,
 *          and from the heap only what goes past the 24 KiB of a regex_name.
 */
#ifndef HELO_NAME_REGEX_H
#define HELO_NAME_REGEX_H

#include <stdalign.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "name/pattern.h"

/* What PCRE2 10.42 takes at once is 20 KiB; 10.40 and older take less. */
enum { REGEX_SCRATCH_BYTES = 24 * 1024 };

struct regex_engine; /* what all expressions of a list share */

struct regex {
    void *code;
    /* What rules most names out before the engine is asked. */
    const uint8_t *starts; /* in code: the first bytes of names that match, a bit each; NULL: any */
    uint32_t shortest;     /* length of those */
    char start;            /* their first byte; '\0': any */
    char needs;            /* a byte that they have; '\0': none */
};

/* A name, and what running expressions on it takes: 24 KiB of the caller's stack. */
struct regex_name {
    const char *text; /* ends in a NUL, which may be past length */
    size_t length;
    bool has[128]; /* which characters are in it */
    void *data;    /* made when the first expression is run */
    size_t used;   /* of room */
    alignas(max_align_t) char room[REGEX_SCRATCH_BYTES];
};

struct regex_engine *regex_engine_create(void); /* NULL: no memory */
void regex_engine_free(struct regex_engine *engine);

/*
 * Compiles text, and tries it on the names that are hard for it (regex_text.h). False: fault says
 * why, its offset counted from the byte before text, the slash.
 */
bool regex_compile(struct regex *out, const struct regex_engine *engine, const char *text,
                   size_t length, struct pattern_fault *fault);
void regex_fini(struct regex *regex);

void regex_name_init(struct regex_name *name, const char *text, size_t length);
void regex_name_fini(struct regex_name *name);
enum pattern_match regex_match(const struct regex *regex, const struct regex_engine *engine,
                               struct regex_name *name);

#endif /* HELO_NAME_REGEX_H */
