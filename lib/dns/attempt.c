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

bool letters_plain(struct letters *letters)
{
    return letters->misses >= LETTERS_MISSES && ++letters->plain % LETTERS_AGAIN != 0;
}

/* What is no answer to our question at all says nothing about letters. */
void letters_note(struct letters *letters, bool mixed, const struct attempt *attempt)
{
    if (mixed && !attempt->plain_case)
        *letters = (struct letters){.misses = 0};
    else if (mixed && attempt->case_lost)
        letters->misses++;
}

void attempt_init(struct attempt *attempt, bool probe, bool plain_case, size_t servers)
{
    *attempt =
        (struct attempt){.plain_case = plain_case || probe, .no_edns = probe, .probe = probe};
    attempt->turns = servers < ATTEMPT_TURNS ? (unsigned)servers : ATTEMPT_TURNS;
}

struct dns_answer *attempt_drop(struct attempt *attempt)
{
    struct dns_answer *said = attempt->said;

    attempt->said = NULL;
    return said;
}

void attempt_roll(struct attempt *attempt, struct dice *dice)
{
    dice_take(dice, &attempt->id, sizeof attempt->id);
    dice_take(dice, attempt->case_bits, sizeof attempt->case_bits);
}

enum channel_kind attempt_channel(const struct attempt *attempt)
{
    if (attempt->probe)
        return CHANNEL_PROBE;
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

static void lower(uint8_t *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) /* lengths of labels are below all letters */
        bytes[i] |= bytes[i] >= 'A' && bytes[i] <= 'Z' ? 0x20 : 0;
}

static bool is_ours_but_for_case(const struct attempt *attempt, const struct dns_question *question,
                                 const uint8_t *bytes, size_t length)
{
    struct attempt plain = *attempt;
    uint8_t query[ATTEMPT_QUERY_BYTES], reply[ATTEMPT_QUERY_BYTES];
    size_t known; /* header and question */

    if (length < NS_HFIXEDSZ)
        return false;
    plain.id = (uint16_t)(bytes[0] << 8 | bytes[1]);
    plain.plain_case = plain.no_edns = true;
    known = attempt_bytes(&plain, question, query);
    if (length < known)
        return false;
    memcpy(reply, bytes, known);
    lower(query + NS_HFIXEDSZ, known - NS_HFIXEDSZ);
    lower(reply + NS_HFIXEDSZ, known - NS_HFIXEDSZ);
    return dns_message_matches(query, known, reply, known);
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

/* What one server's answer means; false: it is to be asked again. */
static bool read_answer(struct attempt *attempt, const struct dns_question *question,
                        const uint8_t *bytes, size_t length, struct dns_answer **out)
{
    unsigned rcode;

    if (!is_ours(attempt, question, bytes, length)) {
        attempt->case_lost =
            !attempt->plain_case && is_ours_but_for_case(attempt, question, bytes, length);
        if (give_up(&attempt->plain_case))
            return false;
        *out = bare_answer(DNS_MALFORMED);
        return true;
    }
    if (attempt->probe) {
        (void)dns_answer_parse(question, bytes, length, out);
        return true;
    }
    if (dns_message_is_cut(bytes, length) && give_up(&attempt->tcp))
        return false;
    rcode = bytes[3] & 15u;
    if ((rcode == ns_r_formerr || rcode == ns_r_notimpl) && give_up(&attempt->no_edns))
        return false;
    if (dns_answer_parse(question, bytes, length, out) == HELO_OK &&
        (*out)->status == DNS_MALFORMED && ends_at_limit(length) && give_up(&attempt->tcp)) {
        dns_answer_unref(*out);
        *out = NULL;
        return false;
    }
    return true;
}

static bool wants_another_server(const struct attempt *attempt, const struct dns_answer *answer,
                                 unsigned timeouts)
{
    return answer != NULL && (answer->status == DNS_SERVFAIL || answer->status == DNS_REFUSED) &&
           timeouts == 0 && attempt->turn + 1 < attempt->turns && !attempt->probe;
}

/* What is better: this, or what the first server said. */
static struct dns_answer *best_of(struct attempt *attempt, struct dns_answer *answer)
{
    struct dns_answer *said = attempt_drop(attempt);

    if (said == NULL || (answer != NULL && (dns_status_is_definite(answer->status) ||
                                            answer->status == DNS_BARE_NODATA))) {
        dns_answer_unref(said);
        return answer;
    }
    dns_answer_unref(answer);
    return said;
}

bool attempt_read(struct attempt *attempt, const struct dns_question *question,
                  const struct channel_reply *reply, struct dns_answer **out)
{
    static const enum dns_status without_bytes[] = {
        [CHANNEL_SILENT] = DNS_TIMEOUT,
        [CHANNEL_UNREACHED] = DNS_UNREACHABLE,
        [CHANNEL_GARBAGE] = DNS_MALFORMED,
    };
    struct dns_answer *answer = NULL;

    *out = NULL;
    if (reply->outcome == CHANNEL_UNREACHED && attempt->tcp)
        answer = bare_answer(DNS_TIMEOUT);
    else if (reply->outcome != CHANNEL_ANSWERED)
        answer = bare_answer(without_bytes[reply->outcome]);
    else if (!read_answer(attempt, question, reply->bytes, reply->length, &answer))
        return false;
    if (wants_another_server(attempt, answer, reply->timeouts)) {
        if (attempt->said == NULL)
            attempt->said = answer;
        else
            dns_answer_unref(answer);
        attempt->turn++;
        return false;
    }
    *out = best_of(attempt, answer);
    return true;
}
