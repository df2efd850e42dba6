/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * decision.c - the line of each verdict, see decision.h
 */
#include "decision.h"

#include <netinet/in.h>
#include <pthread.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>

#include "clock.h"
#include "events.h"
#include "log.h"
#include "log_rate.h"

/* One line about what was left out for as long; a flood fills no log by that. */
enum { TELL_MS = 10000 };

/* What was left out, by what the policy would do: that is what it does, or will. */
struct left_out {
    unsigned long long accepted, deferred, rejected;
};

static struct {
    pthread_mutex_t lock;
    struct mh_rate rate;
    struct left_out left_out;
    uint64_t since_ms; /* of the first of them */
    uint64_t seed;     /* so that nobody can choose whose share is used up */
} state = {.lock = PTHREAD_MUTEX_INITIALIZER};

void mh_decision_limit(const helo_policy *policy)
{
    long long rate = helo_policy_number(policy, "log.rate");

    (void)pthread_mutex_lock(&state.lock);
    if (state.seed == 0 && getrandom(&state.seed, sizeof state.seed, GRND_NONBLOCK) < 0)
        state.seed = mh_clock_ms();
    mh_rate_set(&state.rate, rate > 0 ? (uint64_t)rate : 0, mh_clock_ms());
    (void)pthread_mutex_unlock(&state.lock);
}

/* Of an IPv6 client the /64: whoever has one address of it has them all. */
static uint64_t bits_of(const struct sockaddr *address)
{
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    uint64_t bits = 0;

    if (address != NULL && address->sa_family == AF_INET) {
        memcpy(&v4, address, sizeof v4);
        bits = v4.sin_addr.s_addr;
    } else if (address != NULL && address->sa_family == AF_INET6) {
        memcpy(&v6, address, sizeof v6);
        memcpy(&bits, &v6.sin6_addr, sizeof bits);
    }
    return bits;
}

/* Mixes as the end of MurmurHash3 does. */
uint32_t mh_decision_client(const struct sockaddr *address)
{
    uint64_t bits = bits_of(address) ^ state.seed;

    bits = (bits ^ bits >> 33) * 0xff51afd7ed558ccdU;
    bits = (bits ^ bits >> 33) * 0xc4ceb9fe1a85ec53U;
    return (uint32_t)(bits >> 32);
}

static void count_left_out(enum helo_action would)
{
    if (would == HELO_ACTION_REJECT)
        state.left_out.rejected++;
    else if (would == HELO_ACTION_DEFER)
        state.left_out.deferred++;
    else
        state.left_out.accepted++;
}

static bool may_log(enum helo_action would, uint32_t client)
{
    bool refusal = would == HELO_ACTION_REJECT || would == HELO_ACTION_DEFER;
    uint64_t now = mh_clock_ms();
    bool granted;

    (void)pthread_mutex_lock(&state.lock);
    granted = mh_rate_take(&state.rate, refusal, client, now);
    if (!granted) {
        if (state.since_ms == 0)
            state.since_ms = now;
        count_left_out(would);
    }
    (void)pthread_mutex_unlock(&state.lock);
    if (!granted)
        mh_event_count(MH_EVENT_LOG_LEFT_OUT);
    return granted;
}

void mh_decision_log(const helo_verdict *verdict, const char *queue_id, const char *id,
                     uint32_t client)
{
    struct mh_log_wants wants = mh_log_wants();
    char *pairs = NULL, *json = NULL;
    enum helo_status status = HELO_OK;

    if (!may_log(helo_verdict_would(verdict), client))
        return;
    if (wants.pairs)
        status = helo_verdict_format(verdict, HELO_FORMAT_LOG, &pairs);
    if (status == HELO_OK && wants.json)
        status = helo_verdict_format(verdict, HELO_FORMAT_LOG_JSON, &json);
    if (status != HELO_OK || !mh_log_decision(queue_id, pairs, json))
        mh_log(LOG_ERR, "id=%s qid=%s verdict=%s (no memory for more)", id, queue_id,
               helo_action_text(helo_verdict_action(verdict)));
    helo_free(pairs);
    helo_free(json);
}

void mh_decision_tell(bool now)
{
    struct left_out left_out = {0};
    uint64_t at = mh_clock_ms(), took_ms = 0, rate;

    (void)pthread_mutex_lock(&state.lock);
    rate = state.rate.per_second;
    if (state.since_ms != 0 && (now || at - state.since_ms >= TELL_MS)) {
        took_ms = at - state.since_ms + 1;
        left_out = state.left_out;
        state.left_out = (struct left_out){0};
        state.since_ms = 0;
    }
    (void)pthread_mutex_unlock(&state.lock);
    if (took_ms == 0)
        return;
    mh_log(LOG_WARNING,
           "warning: log.rate (%llu): %llu decisions of the last %llu.%llu s have no line of their "
           "own: would=accept %llu, would=defer %llu, would=reject %llu",
           (unsigned long long)rate, left_out.accepted + left_out.deferred + left_out.rejected,
           (unsigned long long)took_ms / 1000, (unsigned long long)took_ms % 1000 / 100,
           left_out.accepted, left_out.deferred, left_out.rejected);
}
