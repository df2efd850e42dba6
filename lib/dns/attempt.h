/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * attempt.h - how one question is put to a server, and what its answer leads to
 *
 * PURPOSE  The decisions between bytes and answer: believe it, or ask again in another way. No
 *          sockets, no clock.
 * CONTRACT A question is asked at most four times, each of which gives one thing up for good (the
 *          mixed case, EDNS, UDP), and once more for each server that is passed over.
 *
 *      what came                         what follows
 *      nothing                           DNS_TIMEOUT (c-ares has sent it again by then)
 *      nobody listens, no socket         DNS_UNREACHABLE; by TCP, DNS_TIMEOUT: it is there, but
 *                                        does not hand over this answer
 *      another question, to the letter   asked again in plain lower case; then DNS_MALFORMED
 *      TC, or an end where c-ares cuts   asked again by TCP; then DNS_MALFORMED
 *      FORMERR, NOTIMP                   asked again without EDNS; then DNS_MALFORMED
 *      SERVFAIL, REFUSED                 the next server is asked first, ATTEMPT_TURNS servers at
 *                                        most; when none of them knows better, what the first said.
 *                                        Not after a timeout: then c-ares has asked others already
 *      all else                          what dns_answer_parse() says
 *
 *          A probe is asked once, in plain case and without EDNS: anything that comes will do.
 *          On the mixed case (0x20): some servers do not keep it. Such an answer is thrown away,
 *          and the question put once more, in plain case, with another id, from another socket when
 *          it goes to the server that is asked first: a forger must win twice. A server that never
 *          keeps it would double every question: after LETTERS_MISSES answers that are right but
 *          for the case questions start in plain case, but for one in LETTERS_AGAIN, since another
 *          server may stand behind the address by then.
 * OWNERSHIP An attempt may hold an answer (`said`): attempt_read() hands it out, or attempt_drop()
 *           gives it back.
 * THREADS  none of its own.
 * STANDARDS draft-vixie-dnsext-dns0x20-00, RFC 6891 7 (servers without EDNS), RFC 7766 5 (TCP), RFC
 *           5452 9.2 (ids)
 */
#ifndef HELO_DNS_ATTEMPT_H
#define HELO_DNS_ATTEMPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dns/answer.h"
#include "dns/channel.h"

enum {
    ATTEMPT_QUERY_BYTES = 512,
    ATTEMPT_TURNS = 3 /* as many servers as resolv.conf(5) has */
};

/* Random bytes, bought from the kernel by the block: one id costs 10 ns so, 300 ns singly. */
struct dice {
    uint8_t bytes[1024];
    size_t left;
};

void dice_take(struct dice *dice, void *out, size_t bytes);

enum {
    LETTERS_MISSES = 8, /* answers in a row that did not keep the mixed case */
    LETTERS_AGAIN = 1000
};

/* Whether our servers keep the case of letters. {0}: they do. */
struct letters {
    unsigned misses; /* since the mixed case was last kept */
    unsigned plain;  /* queries since then that did not even try */
};

struct attempt {
    uint16_t id;
    uint8_t case_bits[(LIMIT_NAME_CHARS + 7) / 8];
    bool plain_case;
    bool case_lost; /* what came was ours but for the case of the letters */
    bool no_edns;
    bool tcp;
    bool probe;
    unsigned turn;           /* the first server asked: its number in the order */
    unsigned turns;          /* that it may count up to */
    struct dns_answer *said; /* by the first server that was passed over */
};

/* servers: how many there are. */
void attempt_init(struct attempt *attempt, bool probe, bool plain_case, size_t servers);
/* What a server that was passed over said, or NULL; the reference is the caller's. */
struct dns_answer *attempt_drop(struct attempt *attempt);
/* A new id and new letters. All else stays as it is. */
void attempt_roll(struct attempt *attempt, struct dice *dice);
/* The kind of channel it wants. */
enum channel_kind attempt_channel(const struct attempt *attempt);
/* Returns the length, 0 when the name has no wire form. */
size_t attempt_bytes(const struct attempt *attempt, const struct dns_question *question,
                     uint8_t out[ATTEMPT_QUERY_BYTES]);

/*
 * Reads what came. True: *out is the answer, or NULL when there was no memory for one. False: ask
 * again, in the way that attempt now says.
 */
bool attempt_read(struct attempt *attempt, const struct dns_question *question,
                  const struct channel_reply *reply, struct dns_answer **out);

/* The next question is to start in plain case. */
bool letters_plain(struct letters *letters);
/* What came by attempt_read() was CHANNEL_ANSWERED, to a query in mixed case (or not). */
void letters_note(struct letters *letters, bool mixed, const struct attempt *attempt);

#endif /* HELO_DNS_ATTEMPT_H */
