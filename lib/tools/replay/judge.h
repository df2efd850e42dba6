/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * judge.h - what policies make of an entry of a log
 *
 * PURPOSE  Plays an entry through helo.h, by one policy or by two.
 * CONTRACT Offline: by what the log tells alone, see recall.h for what our own log tells. With DNS:
 *          what the log has confirmed is believed, as the filter believes its MTA, and all else is
 *          looked up. Sessions that differ in the message alone are played by one session of the
 *          library, which is several times as fast; not so where the policy counts names over time
 *          (helo_churn). An entry without a HELO is played as far as its exemption.
 *          Offline, what differs in nothing that a verdict depends on is judged once and
 *          remembered (memo.h).
 * OWNERSHIP The bench (engines) belongs to the caller and is shared; a judge keeps sessions of it.
 * THREADS  a judge is used by one; several judges may share a bench.
 * LIMITS   As many sessions per policy as judge_create() is told to keep, of some 16 KiB, and one
 *          memo.
 */
#ifndef HELO_REPLAY_JUDGE_H
#define HELO_REPLAY_JUDGE_H

#include "include/helo.h"
#include "tools/field.h"
#include "tools/replay/memo.h"
#include "tools/replay/subject.h"

enum {
    JUDGE_POLICIES = MEMO_POLICIES,
    JUDGE_SESSIONS = 2048, /* for one judge: 32 MiB */
    /* The library takes four of each; one name is the log's. */
    JUDGE_NAMES_MAX = 3,
    JUDGE_ADDRESSES_MAX = 4
};

struct judge_bench {
    helo_engine *engine[JUDGE_POLICIES]; /* NULL behind the last */
    const struct field_list *server_names, *server_addresses;
    int dns; /* engines look things up */
    /* Called before a session is made that may ask DNS; NULL: never. */
    void (*before_session)(void *arg);
    void *arg;
};

struct judge;

struct judgement {
    struct subject subject;
    int has_helo;    /* it is known whether, and what, the client said */
    int is_repeated; /* the judge had one with this client, organisation and opinions before */
    int is_nameless; /* neither the log nor the bench has a full name of the server */
    const struct opinion *opinion[JUDGE_POLICIES];
    struct judge *judge; /* whose it is */
};

/* sessions: kept for each policy. Returns NULL without memory. */
struct judge *judge_create(const struct judge_bench *bench, size_t sessions);
void judge_free(struct judge *judge);

/* The opinions live until the next call. HELO_NOMEM. */
enum helo_status judge_entry(struct judge *judge, const struct log_entry *entry,
                             struct judgement *out);

/*
 * The verdict on the entry itself, with its sender and its id, for whoever needs its words; the
 * client must be known. Costs a judgement when the opinion was remembered. Lives until the next
 * call of judge_entry(). Returns NULL without memory.
 */
const helo_verdict *judge_verdict(const struct judgement *judgement, size_t policy);

/* 1 when an entry says enough of its client to be judged at all. */
int judge_knows_client(const struct judgement *judgement);

#endif /* HELO_REPLAY_JUDGE_H */
