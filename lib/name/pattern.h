/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pattern.h - a site's list of HELO names: names, suffixes, wildcards, regular expressions
 *
 * PURPOSE  "Does the list have this name, and which entry is it?" An entry has one of four forms:
 *              name.example.org       exactly this name
 *              .example.org           every name below it, and not itself, as in Postfix
 *              *.dsl.example.org      a shell wildcard: it has * ? or [...] (wildcard.h)
 *              /pool[0-9]+\.example/  a regular expression (regex.h), Perl's syntax
 *          All are for the whole text, without case: an expression needs neither ^ nor $.
 * CONTRACT Add, then seal, then find. An entry that cannot be meant is refused with the byte where
 *          it is wrong. The text looked for is printable ASCII in lower case, as in struct
 *          helo_name once it is made lower case; one dot at its end is passed over.
 * OWNERSHIP The list copies what is added.
 * THREADS  A sealed list is only read: any number of threads.
 * LIMITS   No expression can run long: see LIMIT_PATTERN_* in base/limits.h, and pattern_add(). A
 *          find takes about 100 ns; 5 ns more for each wildcard or expression that the first byte,
 *          the length or the last literal rule out, 100 to 2000 ns for each of the others.
 * STANDARDS The syntax of PCRE2, which runs as an interpreter. Not its JIT: a hardened service has
 *          no memory that is both writable and executable.
 */
#ifndef HELO_NAME_PATTERN_H
#define HELO_NAME_PATTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/limits.h"
#include "name/domain_set.h"

enum { PATTERN_MESSAGE_SIZE = 240 };

struct pattern_list {
    struct domain_set names;  /* the first two forms */
    struct pattern_row *rows; /* the other two, as given */
    size_t count;
    size_t room;
    struct regex_engine *engine; /* for expressions; NULL until there is one */
};

struct pattern_fault {
    bool nomem;    /* nothing is wrong with the text */
    size_t offset; /* 0-based byte of the text; its length: something is missing at the end */
    char message[PATTERN_MESSAGE_SIZE]; /* what is wrong, and what is accepted */
};

/* Fill in a fault; both return false. */
bool pattern_fault_set(struct pattern_fault *fault, size_t offset, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
bool pattern_fault_nomem(struct pattern_fault *fault);

enum pattern_match {
    PATTERN_NO,
    PATTERN_YES,
    PATTERN_LIMIT /* an expression gave up, or found no memory; and nothing else matched */
};

void pattern_list_init(struct pattern_list *list);
void pattern_list_fini(struct pattern_list *list);
/*
 * Adds an entry, or fills in fault and leaves the list as it was. An expression is tried on names
 * that are hard for it (regex_hard_name()), and refused when it gives up on one. tag is the
 * caller's index.
 */
bool pattern_add(struct pattern_list *list, const char *text, uint32_t tag,
                 struct pattern_fault *fault);
/* After the last add, before the first find; false: no memory. */
bool pattern_list_seal(struct pattern_list *list);
/*
 * Names and suffixes first (of several the most specific), then wildcards and expressions as they
 * were added. tag is set with PATTERN_YES only. A text of more than LIMIT_HELO_TEXT bytes is not
 * looked at: PATTERN_LIMIT.
 */
enum pattern_match pattern_find(const struct pattern_list *list, const char *text, uint32_t *tag);

#endif /* HELO_NAME_PATTERN_H */
