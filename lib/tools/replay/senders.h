/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * senders.h - those whose mail is hit most, in bounded memory
 *
 * PURPOSE  "Who would lose mail, most first", of logs of any length.
 * CONTRACT Exact up to SENDERS_KEPT senders. Past that the one with the least mail makes room for a
 *          new one, which takes over its count (Space-Saving, Metwally et al. 2005): whoever sent
 *          more than 1/SENDERS_KEPT of all mail is there for certain, and `mails` is too high by
 *          `error` at most. All else of such a sender is of what came since.
 * OWNERSHIP Rows belong to the table, and move with the next senders_count_one().
 * THREADS  one.
 * LIMITS   SENDERS_KEPT rows of some two KiB.
 */
#ifndef HELO_REPLAY_SENDERS_H
#define HELO_REPLAY_SENDERS_H

#include <stddef.h>
#include <stdint.h>

#include "include/helo.h"

enum {
    SENDERS_KEPT = 2048,
    SENDER_GROUNDS = 4, /* shown of one sender */
    SENDER_FEW = 8,     /* different clients, names, domains that are told apart */
    SENDER_NAME = 256,  /* a domain name, RFC 1035 2.3.4 */
    SENDER_HELO = 128,  /* of a HELO as it is shown */
    SENDER_CLIENT = 48, /* an IPv6 address */
    SENDER_REASON = 48
};

/* How many different ones, up to SENDER_FEW; and one of them to show. */
struct sender_few {
    uint64_t seen[SENDER_FEW];
    unsigned count;
    int more; /* there were others */
};

struct sender_ground {
    const char *check; /* static */
    char reason[SENDER_REASON];
    unsigned long long mails;
};

struct sender {
    uint64_t key;
    unsigned long long mails, error;
    unsigned long long rejected, deferred; /* since it has its row */
    unsigned long long accepted_today; /* the log has it as accepted; the rest it does not tell */
    long long first_s, last_s;         /* 0: unknown */
    struct sender_few clients, helos, from, rcpt;
    /* Samples, printable; "": none known. */
    char organisation[SENDER_NAME], client[SENDER_CLIENT], ptr[SENDER_NAME], helo[SENDER_HELO];
    char from_domain[SENDER_NAME], rcpt_domain[SENDER_NAME];
    char suffix
        [SENDER_NAME];  /* what all its confirmed PTR names end in, whole labels; "": nothing */
    int ptr_confirmed;  /* of all its mail */
    int helo_confirmed; /* the HELO has the client's address: of all its mail */
    struct sender_ground grounds[SENDER_GROUNDS];
    unsigned ground_count;
    int ground_more;
    char sentence[HELO_REPLY_LINE_BYTES]; /* of the first mail: what was seen */
    unsigned before, after; /* fates by two policies, of the mail whose fate differs most */
    int is_changed;         /* they are set */
};

struct senders {
    struct sender *rows;
    size_t count;
    unsigned *heap;  /* numbers of rows, the least mail first */
    unsigned *place; /* of each row, in the heap */
    unsigned *chain; /* by hash: number of a row + 1; then by row: the next */
    int overflowed;
};

/*
 * Counts one mail of the sender with this key. *fresh is 1 when the row is a new one, of zeros but
 * for key, mails and error. NULL without memory.
 */
struct sender *senders_count_one(struct senders *table, uint64_t key, int *fresh);
void senders_fini(struct senders *table);

struct sender_rank {
    const struct sender *sender;
};

/*
 * The rows in the order of what they have for certain, most first; equal ones by what is shown of
 * them. The caller frees the array, of table->count ranks; NULL when there are none, or no memory.
 */
struct sender_rank *senders_sort(const struct senders *table);

void sender_few_add(struct sender_few *few, uint64_t hash);

#endif /* HELO_REPLAY_SENDERS_H */
