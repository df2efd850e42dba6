/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sample.h - one verdict taken apart, and what is kept of it for its sender
 *
 * PURPOSE  Between the library's verdict and the tally's tables.
 * CONTRACT A sender is the organisation of a confirmed PTR name; without one, the client's address.
 * OWNERSHIP A sample lives as long as the verdict.
 * THREADS  one.
 */
#ifndef HELO_REPLAY_SAMPLE_H
#define HELO_REPLAY_SAMPLE_H

#include "tools/replay/tally.h"

struct sample {
    enum fate fate;
    const helo_verdict *verdict;     /* NULL: unjudged for want of a client */
    struct helo_exemption exemption; /* of FATE_EXEMPT */
    /* What failed, or could not be found out. */
    struct helo_check_result result[TALLY_CHECKS];
    size_t check[TALLY_CHECKS]; /* its number */
    size_t count;
    unsigned grounds;
    int is_open;        /* something was not found out for want of DNS */
    int helo_confirmed; /* the HELO has the client's address */
};

/* By policy 0 or 1. */
void sample_take(const struct judgement *judgement, size_t policy, struct sample *out);

/* Counts the mail for its sender; NULL without memory. */
struct sender *sample_count(struct senders *table, const struct judgement *judgement,
                            const struct sample *sample);

#endif /* HELO_REPLAY_SAMPLE_H */
