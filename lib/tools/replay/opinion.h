/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * opinion.h - one verdict taken apart, as far as it is counted
 *
 * PURPOSE  Between the library's verdict, which lives until its session judges again, and the
 *          tally: small, and may be kept.
 * CONTRACT Has nothing of one mail alone: no sender, no id, no time.
 * OWNERSHIP The caller frees it, with free(). Its strings are static.
 * THREADS  any.
 */
#ifndef HELO_REPLAY_OPINION_H
#define HELO_REPLAY_OPINION_H

#include "include/helo.h"

/* What becomes of a mail: X(name, word, for people). From the worst to "we do not know". */
#define FATE_LIST(X)                           \
    X(REFUSED, "refused", "refused (550)")     \
    X(DEFERRED, "deferred", "deferred (450)")  \
    X(TAGGED, "tagged", "accepted and tagged") \
    X(ACCEPTED, "accepted", "accepted")        \
    X(EXEMPT, "exempt", "accepted: exempt")    \
    X(UNJUDGED, "unjudged", "could not be judged")

enum fate {
#define FATE_ENUM(name, word, text) FATE_##name,
    FATE_LIST(FATE_ENUM)
#undef FATE_ENUM
        FATES
};

/* "refused"; static. */
const char *fate_word(enum fate fate);
const char *fate_text(enum fate fate);

enum { OPINION_CHECKS = 64 /* there are half as many */ };

struct opinion_result {
    size_t check; /* its number */
    struct helo_check_result result;
};

struct opinion {
    enum fate fate;
    const char *exemption; /* of FATE_EXEMPT: its kind */
    unsigned grounds;
    int is_open;        /* something was not found out for want of DNS */
    int helo_confirmed; /* the HELO has the client's address */
    /* What failed, or could not be found out. */
    size_t count;
    struct opinion_result results[];
};

/* has_helo: it is known whether, and what, the client said. Returns NULL without memory. */
struct opinion *opinion_make(const helo_verdict *verdict, int has_helo);

#endif /* HELO_REPLAY_OPINION_H */
