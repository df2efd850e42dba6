/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * attempt.h - how one question is put to a server, and what its answer leads to
 *
 * PURPOSE  The decisions between bytes and answer: believe it, or ask again in another way. No
 *          sockets, no clock.
 * CONTRACT A question is asked at most four times: each turn gives one thing up for good (the mixed
 *          case, EDNS, UDP).
 *
 *      what came                         what follows
 *      nothing                           DNS_TIMEOUT (c-ares has sent it again by then)
 *      another question, to the letter   asked again in plain lower case; then DNS_MALFORMED
 *      TC, or an end where c-ares cuts   asked again by TCP; then DNS_MALFORMED
 *      FORMERR, NOTIMP                   asked again without EDNS; then DNS_MALFORMED
 *      all else                          what dns_answer_parse() says
 *
 *          On the mixed case (0x20): some servers do not keep it. Such an answer is thrown away,
 *          and the question put once more, in plain case, with another id, from another socket: a
 *          forger must win twice. A server that never keeps it would double every question; who
 *          asks counts and starts in plain case after some.
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

enum { ATTEMPT_QUERY_BYTES = 512 };

/* Random bytes, bought from the kernel by the block: one id costs 10 ns so, 300 ns singly. */
struct dice {
    uint8_t bytes[1024];
    size_t left;
};

void dice_take(struct dice *dice, void *out, size_t bytes);

struct attempt {
    uint16_t id;
    uint8_t case_bits[(LIMIT_NAME_CHARS + 7) / 8];
    bool plain_case;
    bool no_edns;
    bool tcp;
};

/* A new id and new letters. plain_case, no_edns and tcp stay as they are. */
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
                  enum channel_outcome outcome, const uint8_t *bytes, size_t length,
                  struct dns_answer **out);

#endif /* HELO_DNS_ATTEMPT_H */
