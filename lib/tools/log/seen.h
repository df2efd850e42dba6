/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * seen.h - which mail was handed out already, so that two logs of it do not count it twice
 *
 * PURPOSE  The filter's own log and the MTA's tell of the same mail, with no number in common but
 *          where the MTA had a queue id at that time, or quotes the filter's id. Otherwise they
 *          have client, sender, recipient and time.
 * CONTRACT A mark is a hash and a time; marks may be alike. One that was added last SEEN_MARKS
 *          marks ago is forgotten.
 * OWNERSHIP Zeros are an empty set; seen_fini() gives back what it has taken.
 * THREADS  one.
 * LIMITS   6 MiB. In a log that both write, minutes lie between the two lines at most; of two files
 *          read one after the other, the first may have this many verdicts (two marks each, three
 *          with a queue id) and what is older in it may be counted twice.
 */
#ifndef HELO_TOOLS_LOG_SEEN_H
#define HELO_TOOLS_LOG_SEEN_H

#include <stdint.h>

enum {
    SEEN_MARKS = 1 << 18,
    /* A verdict is written at RCPT and the MTA's line at the latest when the message is through:
       RFC 5321 4.5.3.2.6 lets a client take ten minutes for that. */
    SEEN_WINDOW_S = 600
};

struct seen {
    struct seen_mark *marks;
    uint32_t *buckets;
    uint32_t next; /* to be written */
};

void seen_fini(struct seen *seen);
/* time_s 0: of no time in particular; found by whoever asks. Returns 0 without memory. */
int seen_add(struct seen *seen, uint64_t hash, long long time_s);
/* 1 when there is one of about that time (0: of no time), which is used up when `use` is set. */
int seen_find(struct seen *seen, uint64_t hash, long long time_s, int use);

#endif /* HELO_TOOLS_LOG_SEEN_H */
