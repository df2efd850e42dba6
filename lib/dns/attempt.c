/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * attempt.c - how one question is put to a server, and what its answer leads to
 *
 * PURPOSE  See attempt.h, where the table stands.
 * THREADS  none of its own.
 */
#include <arpa/nameser.h>
#include <stdlib.h>
#include <string.h>

#include "dns/attempt.h"

void dice_take(struct dice *dice, void *out, size_t bytes)
{
    if (dice->left < bytes) {
        arc4random_buf(dice->bytes, sizeof dice->bytes);
        dice->left = sizeof dice->bytes;
    }
    dice->left -= bytes;
    memcpy(out, dice->bytes + dice->left, bytes);
}

void attempt_roll(struct attempt *attempt, struct dice *dice)
{
    dice_take(dice, &attempt->id, sizeof attempt->id);
    dice_take(dice, attempt->case_bits, sizeof attempt->case_bits);
}

enum channel_kind attempt_channel(const struct attempt *attempt)
{
    if (attempt->tcp)
        return CHANNEL_TCP;
    return attempt->no_edns ? CHANNEL_BARE : CHANNEL_UDP;
}

size_t attempt_bytes(const struct attempt *attempt, const struct dns_question *question,
                     uint8_t out[ATTEMPT_QUERY_BYTES])
{
    size_t case_bytes = attempt->plain_case ? 0 : sizeof attempt->case_bits;
    size_t length = dns_message_build(question, attempt->id, attempt->case_bits, case_bytes, out);

    return attempt->no_edns && length > 0 ? dns_message_drop_edns(out, length) : length;
}

/* The message carries the question that we sent. */
static bool is_ours(const struct attempt *attempt, const struct dns_question *question,
                    const uint8_t *bytes, size_t length)
{
    struct attempt sent = *attempt;
    uint8_t query[ATTEMPT_QUERY_BYTES];

    if (length < NS_HFIXEDSZ)
        return false;
    /* The id is c-ares' business: it finds the query by it, and since 1.28 puts one of its own. */
    sent.id = (uint16_t)(bytes[0] << 8 | bytes[1]);
    return dns_message_matches(query, attempt_bytes(&sent, question, query), bytes, length);
}

/*
 * c-ares takes so much of a UDP answer and drops the rest without a word; 512 after a server
 * refused EDNS.
 */
static bool ends_at_limit(size_t length)
{
    return length == CHANNEL_ANSWER_BYTES || length == NS_PACKETSZ;
}

/* Gives one thing up. Returns false when it was given up before. */
static bool give_up(bool *given_up)
{
    bool before = *given_up;

    *given_up = true;
    return !before;
}

static struct dns_answer *bare_answer(enum dns_status status)
{
    struct dns_answer *answer = NULL;

    (void)dns_answer_create(status, 0, &answer);
    return answer;
}

bool attempt_read(struct attempt *attempt, const struct dns_question *question,
                  enum channel_outcome outcome, const uint8_t *bytes, size_t length,
                  struct dns_answer **out)
{
    struct dns_answer *answer = NULL;
    unsigned rcode;

    *out = NULL;
    if (outcome != CHANNEL_ANSWERED) {
        *out = bare_answer(outcome == CHANNEL_SILENT ? DNS_TIMEOUT : DNS_MALFORMED);
        return true;
    }
    if (!is_ours(attempt, question, bytes, length)) {
        if (give_up(&attempt->plain_case))
            return false;
        *out = bare_answer(DNS_MALFORMED);
        return true;
    }
    if (dns_message_is_cut(bytes, length) && give_up(&attempt->tcp))
        return false;
    rcode = bytes[3] & 15u;
    if ((rcode == ns_r_formerr || rcode == ns_r_notimpl) && give_up(&attempt->no_edns))
        return false;
    if (dns_answer_parse(question, bytes, length, &answer) == HELO_OK &&
        answer->status == DNS_MALFORMED && ends_at_limit(length) && give_up(&attempt->tcp)) {
        dns_answer_unref(answer);
        return false;
    }
    *out = answer;
    return true;
}
