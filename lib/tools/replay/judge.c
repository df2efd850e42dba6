/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * judge.c - see judge.h
 *
 * ALGORITHM  A session is known by all that it was told before MAIL, written one after the other
 *            (its key). A table of places, one for each hash, keeps the last session of that hash;
 *            an entry with the same key is one more message of it. What a message adds that a
 *            verdict can depend on stands in the same key behind that, and what was judged by the
 *            whole of it is remembered (memo.h).
 */
#include "tools/replay/judge.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/replay/distinct.h"
#include "tools/replay/recall.h"

enum { KEY_TEXTS = 6, KEY_NUMBERS_SIZE = 64, RECALL_SEATS = 32 };
enum { KEY_SIZE = KEY_TEXTS * (ENTRY_TEXT_MAX + 1) + KEY_NUMBERS_SIZE + RECALL_LINE };

struct seat {
    helo_session *session; /* NULL: free */
    uint64_t hash;
    char *key;
    size_t key_length;
};

/* What our own log remembers of one HELO: a zone with one record, and an engine on it. */
struct recall_seat {
    char line[RECALL_LINE]; /* "": free */
    helo_engine *engine;    /* it has no thread */
    helo_zone *zone;
};

/* What the server is called: with the claim's, the log's and the listener's name. */
struct server {
    const char *names[JUDGE_NAMES_MAX + 3 + 1];
    const char *addresses[JUDGE_ADDRESSES_MAX + 1 + 1];
};

/* All that was said before MAIL, and then all that matters. */
struct key {
    char text[KEY_SIZE];
    size_t session_length, length;
    uint64_t session_hash, hash;
};

struct judge {
    const struct judge_bench *bench;
    size_t churn; /* number of the check helo_churn */
    size_t seat_count;
    struct seat *seats[JUDGE_POLICIES];
    struct recall_seat recalled[JUDGE_POLICIES][RECALL_SEATS];
    struct subject_memory memory;
    struct memo memo;
    /* Of the present entry: */
    struct key key;
    char recall[RECALL_LINE];                    /* "": the log remembers nothing */
    helo_session *single[JUDGE_POLICIES];        /* when it may not be kept */
    const helo_verdict *verdict[JUDGE_POLICIES]; /* NULL: not judged anew */
    struct memo_opinions opinions;               /* when they may not be remembered */
};

/* ---- keys ------------------------------------------------------------------------------------ */

static void add_bytes(struct key *key, const void *bytes, size_t length)
{
    size_t room = sizeof(key->text) - key->length;

    memcpy(key->text + key->length, bytes, length < room ? length : room);
    key->length += length < room ? length : room;
}

/* With its end, so that two texts cannot be taken for two others. */
static void add_text(struct key *key, const char *text)
{
    if (text != NULL)
        add_bytes(key, text, strlen(text));
    add_bytes(key, "", 1);
}

static void add_session(struct key *key, const struct log_entry *entry)
{
    int is_said = entry->helo_status == LOG_HELO_SAID && entry->helo_length <= ENTRY_TEXT_MAX;
    const unsigned numbers[] = {(unsigned)entry->ptr_status, (unsigned)entry->helo_status,
                                entry->listener_port, is_said ? (unsigned)entry->helo_length : 0,
                                (unsigned)recall_claim(entry)};

    add_text(key, entry->client);
    add_bytes(key, numbers, sizeof(numbers));
    add_text(key, entry->ptr);
    add_text(key, entry->listener);
    add_text(key, entry->server);
    if (is_said)
        add_bytes(key, entry->helo, entry->helo_length);
}

/* The sender, and who has authenticated, are shown with a verdict, but are no part of it. */
static void add_message(struct key *key, const struct log_entry *entry, const char *recall)
{
    const unsigned numbers[] = {entry->auth != NULL && entry->auth[0] != '\0', entry->rcpt != NULL};

    add_bytes(key, numbers, sizeof(numbers));
    add_text(key, entry->rcpt);
    add_text(key, recall);
}

static void make_key(const struct log_entry *entry, const char *recall, struct key *key)
{
    key->length = 0;
    add_session(key, entry);
    key->session_length = key->length;
    key->session_hash = distinct_hash(0, key->text, key->length);
    add_message(key, entry, recall);
    key->hash = distinct_hash(key->session_hash, key->text + key->session_length,
                              key->length - key->session_length);
}

/* ---- sessions -------------------------------------------------------------------------------- */

/* Offline, all that the log says of reverse DNS is a fact; else only what is confirmed. */
static void set_reverse(const struct judge_bench *bench, const struct log_entry *entry,
                        struct helo_client *client)
{
    if (entry->ptr_status == LOG_PTR_VERIFIED)
        client->confirmed_name = entry->ptr;
    else if (!bench->dns)
        client->iprev = log_entry_iprev(entry);
    if (entry->ptr_status == LOG_PTR_FORGED && !bench->dns)
        client->ptr_name = entry->ptr;
}

/* A listener that has a full name has the server's: the MTA's default, as the filter takes it. */
static const char *listener_name(const struct log_entry *entry)
{
    return entry->listener != NULL && strchr(entry->listener, '.') != NULL ? entry->listener : NULL;
}

/* What the library takes fewer of stands first: the HELO is judged by what it claims to be. */
static void set_server(const struct judge_bench *bench, const struct log_entry *entry,
                       struct server *out)
{
    enum recall_claim claim = recall_claim(entry);
    const char *const logged[] = {recall_own_name(entry, claim), entry->server};
    const char *address = recall_own_address(entry, claim), *listener = listener_name(entry);
    size_t names = 0, addresses = 0;

    for (size_t i = 0; i < sizeof(logged) / sizeof(logged[0]); i++)
        if (logged[i] != NULL)
            out->names[names++] = logged[i];
    for (size_t i = 0; i < bench->server_names->count && i < JUDGE_NAMES_MAX; i++)
        out->names[names++] = bench->server_names->items[i];
    if (listener != NULL)
        out->names[names++] = listener;
    out->names[names] = NULL;
    if (address != NULL)
        out->addresses[addresses++] = address;
    for (size_t i = 0; i < bench->server_addresses->count && i < JUDGE_ADDRESSES_MAX; i++)
        out->addresses[addresses++] = bench->server_addresses->items[i];
    out->addresses[addresses] = NULL;
}

/* The filter knew what its server is called, and a verdict of its own tells who claimed that. */
static int is_nameless(const struct judge_bench *bench, const struct log_entry *entry)
{
    return entry->verdict == NULL && bench->server_names->count == 0 && entry->server == NULL &&
           listener_name(entry) == NULL;
}

static enum helo_status open_session(const struct judge_bench *bench, helo_engine *engine,
                                     const struct subject *subject, helo_session **out)
{
    const struct log_entry *entry = subject->entry;
    struct server server;
    struct helo_client client = {
        .size = sizeof(client),
        .listener_name = entry->listener,
        .listener_port = entry->listener_port,
        .server_names = server.names,
        .server_addresses = server.addresses,
        .time_ms = entry->time_s > 0 ? (unsigned long long)entry->time_s * 1000 : 0,
    };
    enum helo_status status;

    set_server(bench, entry, &server);
    if (subject->address.any.sa_family != AF_UNSPEC)
        client.address = &subject->address.any;
    set_reverse(bench, entry, &client);
    if (bench->before_session != NULL)
        bench->before_session(bench->arg);
    status = helo_session_create(engine, &client, out);
    if (status == HELO_OK && entry->helo_status == LOG_HELO_SAID)
        status = helo_session_helo(*out, entry->helo, entry->helo_length);
    return status;
}

static void leave(struct seat *seat)
{
    helo_session_free(seat->session);
    free(seat->key);
    *seat = (struct seat){0};
}

/* The session of the entry, an old one or a new one. It is kept in its seat. */
static enum helo_status seat_session(struct judge *judge, size_t policy,
                                     const struct subject *subject, struct seat **out)
{
    const struct key *key = &judge->key;
    struct seat *seat = &judge->seats[policy][key->session_hash % judge->seat_count];
    helo_session *session = NULL;
    char *copy;
    enum helo_status status;

    *out = seat;
    if (seat->session != NULL && seat->hash == key->session_hash &&
        seat->key_length == key->session_length &&
        memcmp(seat->key, key->text, key->session_length) == 0) {
        helo_session_reset(seat->session);
        return HELO_OK;
    }
    leave(seat);
    copy = malloc(key->session_length);
    if (copy == NULL)
        return HELO_NOMEM;
    memcpy(copy, key->text, key->session_length);
    status = open_session(judge->bench, judge->bench->engine[policy], subject, &session);
    if (status != HELO_OK) {
        helo_session_free(session);
        free(copy);
        return status;
    }
    seat->session = session;
    seat->hash = key->session_hash;
    seat->key = copy;
    seat->key_length = key->session_length;
    return HELO_OK;
}

static enum helo_status say(helo_session *session, const struct log_entry *entry,
                            const helo_verdict **out)
{
    const struct helo_sender sender = {
        .size = sizeof(sender), .address = entry->from, .auth_user = entry->auth};
    enum helo_stage stage = entry->rcpt != NULL ? HELO_AT_RCPT : HELO_AT_MAIL;
    enum helo_status status = helo_session_mail(session, &sender);

    if (status == HELO_OK)
        status = helo_session_decide(session, stage, entry->rcpt, entry->id, out);
    return status;
}

static void forget(struct recall_seat *seat)
{
    helo_engine_destroy(seat->engine);
    helo_zone_free(seat->zone);
    *seat = (struct recall_seat){0};
}

static enum helo_status make_recalled(struct recall_seat *seat, helo_engine *model,
                                      const char *line)
{
    struct helo_engine_options options = {.size = sizeof(options), .all_facts = 1};
    helo_policy *policy = helo_engine_policy(model);
    enum helo_status status = helo_zone_create(&seat->zone);

    if (status == HELO_OK)
        status = helo_zone_add(seat->zone, line, "", 0, NULL, NULL);
    options.zone = seat->zone;
    if (status == HELO_OK)
        status = helo_engine_create(policy, &options, &seat->engine);
    if (status == HELO_OK)
        (void)snprintf(seat->line, sizeof(seat->line), "%s", line);
    else
        forget(seat);
    helo_policy_unref(policy);
    return status;
}

/* Most lies are the same few names: ours. */
static enum helo_status judge_recalled(struct judge *judge, size_t policy,
                                       const struct subject *subject, const helo_verdict **out)
{
    const char *line = judge->recall;
    uint64_t hash = distinct_hash(0, line, strlen(line));
    struct recall_seat *seat = &judge->recalled[policy][hash % RECALL_SEATS];
    enum helo_status status = HELO_OK;

    if (strcmp(seat->line, line) != 0) {
        forget(seat);
        status = make_recalled(seat, judge->bench->engine[policy], line);
    }
    if (status == HELO_OK)
        status = open_session(judge->bench, seat->engine, subject, &judge->single[policy]);
    return status == HELO_OK ? say(judge->single[policy], subject->entry, out) : status;
}

/* helo_churn has looked at it: each connection counts anew, with its own time. */
static int is_timed(const struct judge *judge, const helo_verdict *verdict)
{
    struct helo_check_result churn;

    return helo_verdict_check(verdict, judge->churn, &churn);
}

static enum helo_status judge_by(struct judge *judge, size_t policy, const struct subject *subject)
{
    const helo_verdict **out = &judge->verdict[policy];
    struct seat *seat;
    enum helo_status status;

    helo_session_free(judge->single[policy]);
    judge->single[policy] = NULL;
    if (judge->recall[0] != '\0')
        return judge_recalled(judge, policy, subject, out);
    status = seat_session(judge, policy, subject, &seat);
    if (status == HELO_OK)
        status = say(seat->session, subject->entry, out);
    if (status == HELO_OK && is_timed(judge, *out)) {
        judge->single[policy] = seat->session;
        seat->session = NULL;
    }
    return status;
}

/* ---- opinions -------------------------------------------------------------------------------- */

/* With DNS, the same question may have another answer a minute later. */
static int may_remember(const struct judge *judge)
{
    for (size_t i = 0; i < JUDGE_POLICIES; i++)
        if (judge->verdict[i] != NULL && is_timed(judge, judge->verdict[i]))
            return 0;
    return !judge->bench->dns;
}

static enum helo_status judge_anew(struct judge *judge, const struct judgement *judgement,
                                   struct memo_opinions *out)
{
    enum helo_status status = HELO_OK;

    for (size_t i = 0; i < JUDGE_POLICIES && status == HELO_OK; i++) {
        if (judge->bench->engine[i] == NULL)
            continue;
        status = judge_by(judge, i, &judgement->subject);
        if (status == HELO_OK)
            out->of[i] = opinion_make(judge->verdict[i], judgement->has_helo);
        if (status == HELO_OK && out->of[i] == NULL)
            status = HELO_NOMEM;
    }
    return status;
}

static enum helo_status find_opinions(struct judge *judge, struct judgement *judgement,
                                      const struct memo_opinions **out)
{
    const struct memo_key key = {judge->key.text, judge->key.length, judge->key.hash};
    enum helo_status status;

    *out = judge->bench->dns ? NULL : memo_find(&judge->memo, &key);
    judgement->is_repeated = *out != NULL;
    if (judgement->is_repeated)
        return HELO_OK;
    memo_opinions_free(&judge->opinions);
    status = judge_anew(judge, judgement, &judge->opinions);
    *out = &judge->opinions;
    if (status != HELO_OK || !may_remember(judge))
        return status;
    *out = memo_keep(&judge->memo, &key, &judge->opinions);
    if (*out == NULL)
        return HELO_NOMEM;
    judge->opinions = (struct memo_opinions){0};
    return HELO_OK;
}

/* ---- in and out ------------------------------------------------------------------------------ */

static size_t find_check(const char *name)
{
    const struct helo_check_info *info;
    size_t i = 0;

    while ((info = helo_check_info(i)) != NULL && strcmp(info->name, name) != 0)
        i++;
    return i;
}

struct judge *judge_create(const struct judge_bench *bench, size_t sessions)
{
    struct judge *judge = calloc(1, sizeof(*judge));

    if (judge == NULL)
        return NULL;
    judge->bench = bench;
    judge->churn = find_check("helo_churn");
    judge->seat_count = sessions;
    for (size_t policy = 0; policy < JUDGE_POLICIES; policy++) {
        judge->seats[policy] = calloc(sessions, sizeof(*judge->seats[policy]));
        if (judge->seats[policy] == NULL) {
            judge_free(judge);
            return NULL;
        }
    }
    return judge;
}

void judge_free(struct judge *judge)
{
    if (judge == NULL)
        return;
    for (size_t policy = 0; policy < JUDGE_POLICIES; policy++) {
        helo_session_free(judge->single[policy]);
        for (size_t i = 0; i < RECALL_SEATS; i++)
            forget(&judge->recalled[policy][i]);
        for (size_t i = 0; judge->seats[policy] != NULL && i < judge->seat_count; i++)
            leave(&judge->seats[policy][i]);
        free(judge->seats[policy]);
    }
    memo_opinions_free(&judge->opinions);
    memo_fini(&judge->memo);
    free(judge);
}

int judge_knows_client(const struct judgement *judgement)
{
    return judgement->subject.client[0] != '\0';
}

enum helo_status judge_entry(struct judge *judge, const struct log_entry *entry,
                             struct judgement *out)
{
    static const struct opinion unjudged = {.fate = FATE_UNJUDGED};
    const struct memo_opinions *opinions = NULL;
    enum helo_status status = HELO_OK;

    subject_make(entry, &judge->memory, &out->subject);
    out->judge = judge;
    out->is_repeated = 0;
    out->is_nameless = is_nameless(judge->bench, entry);
    out->has_helo = entry->helo_status != LOG_HELO_UNKNOWN;
    judge->verdict[0] = judge->verdict[1] = NULL;
    judge->recall[0] = '\0';
    if (judge_knows_client(out)) {
        if (!judge->bench->dns)
            (void)recall_line(&out->subject, judge->recall);
        make_key(entry, judge->recall, &judge->key);
        status = find_opinions(judge, out, &opinions);
    }
    for (size_t i = 0; i < JUDGE_POLICIES; i++)
        out->opinion[i] = opinions != NULL ? opinions->of[i] : &unjudged;
    return status;
}

const helo_verdict *judge_verdict(const struct judgement *judgement, size_t policy)
{
    struct judge *judge = judgement->judge;

    if (judge->verdict[policy] == NULL && judge_by(judge, policy, &judgement->subject) != HELO_OK)
        return NULL;
    return judge->verdict[policy];
}
