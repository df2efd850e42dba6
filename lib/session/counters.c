/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * counters.c - helo_engine_counters(): all that an engine counts, as rows
 *
 * PURPOSE  One place where numbers get their names and sentences. Values of labels are the words of
 *          the registry, of exemptions, of causes and of DNS: whoever adds one there finds it here.
 * CONTRACT Rows that cannot be are left out: a check that failed never has the action off, and a
 *          verdict is accept, defer or reject.
 * THREADS  any. Numbers are read one after the other while others count: a sum may be short by what
 *          happens meanwhile.
 */
#include <string.h>

#include "policy/policy.h"
#include "session/engine.h"

/* Who gets the rows. */
struct taker {
    helo_counter_fn *fn;
    void *arg;
};

/* A name, and what is the same for all rows of it. */
struct family {
    const char *name, *help;
    enum helo_counter_kind kind;
    const char *keys[HELO_COUNTER_LABELS];
};

static void give(const struct taker *to, const struct family *family, const char *first,
                 const char *second, unsigned long long value)
{
    const struct helo_counter row = {
        .name = family->name,
        .help = family->help,
        .kind = family->kind,
        .value = value,
        .labels = {{family->keys[0], first}, {family->keys[1], second}},
    };

    to->fn(to->arg, &row);
}

static void give_times(const struct taker *to, const char *name, const char *help,
                       const struct histogram_reading *reading)
{
    const struct helo_histogram histogram = histogram_row(reading);
    const struct helo_counter row = {.name = name,
                                     .help = help,
                                     .kind = HELO_HISTOGRAM,
                                     .value = reading->count,
                                     .histogram = &histogram};

    to->fn(to->arg, &row);
}

static unsigned long long read_number(const atomic_uint_fast64_t *number)
{
    return atomic_load_explicit(number, memory_order_relaxed);
}

/* ---- sessions and verdicts ------------------------------------------------------------------- */

static bool is_verdict(enum helo_action action)
{
    return action >= HELO_ACTION_ACCEPT;
}

static bool is_of_fail(enum helo_action action)
{
    return action != HELO_ACTION_OFF && action != HELO_ACTION_ACCEPT;
}

static void give_verdicts(const struct taker *to, const struct tally *tally)
{
    static const struct family family = {
        "verdicts",
        "decisions, those on exempt clients among them; action: what mode enforce makes of it",
        HELO_COUNTER,
        {"action", "mode"}};
    const char *const *modes = setting_find("mode")->words;

    for (unsigned mode = 0; mode < TALLY_MODES; mode++) {
        for (unsigned i = 0; i < HELO_ACTIONS; i++) {
            if (is_verdict((enum helo_action)i))
                give(to, &family, helo_action_text((enum helo_action)i), modes[mode],
                     read_number(&tally->verdicts[mode][i]));
        }
    }
}

static void give_exemptions(const struct taker *to, const struct tally *tally)
{
    static const struct family family = {
        "exemptions", "decisions on clients that were not judged", HELO_COUNTER, {"kind"}};

    for (unsigned i = EXEMPT_NONE + 1; i < TALLY_KINDS; i++)
        give(to, &family, exempt_text((enum exempt_kind)i), NULL,
             read_number(&tally->exemptions[i]));
}

static void give_fails(const struct taker *to, const struct tally *tally)
{
    static const struct family family = {
        "check_fails",
        "checks that failed; action: what the policy makes of that fail",
        HELO_COUNTER,
        {"check", "action"}};

    for (unsigned i = 0; i < CHECK_COUNT; i++) {
        for (unsigned action = 0; action < HELO_ACTIONS; action++) {
            if (is_of_fail((enum helo_action)action))
                give(to, &family, check_row((enum check_id)i)->name,
                     helo_action_text((enum helo_action)action),
                     read_number(&tally->fails[i][action]));
        }
    }
}

static void give_grounds(const struct taker *to, const struct tally *tally)
{
    static const struct family family = {
        "check_grounds",
        "verdicts that a check was a ground of; action: the verdict's, in mode enforce",
        HELO_COUNTER,
        {"check", "action"}};

    for (unsigned i = 0; i < CHECK_COUNT; i++) {
        for (unsigned action = HELO_ACTION_DEFER; action < HELO_ACTIONS; action++)
            give(to, &family, check_row((enum check_id)i)->name,
                 helo_action_text((enum helo_action)action),
                 read_number(&tally->grounds[i][action]));
    }
}

static void give_unknowns(const struct taker *to, const struct tally *tally)
{
    static const struct family family = {
        "check_unknowns",
        "checks that could not tell; open: not waited for, since the verdict was certain",
        HELO_COUNTER,
        {"cause"}};

    for (unsigned i = CAUSE_NONE + 1; i < TALLY_CAUSES; i++)
        give(to, &family, fact_cause_text((enum fact_cause)i), NULL,
             read_number(&tally->unknowns[i]));
}

static void give_sessions(const struct taker *to, struct helo_engine *engine)
{
    static const struct family sessions = {"sessions", "clients that came", HELO_COUNTER, {NULL}};
    static const struct family private = {
        "clients_all_private",
        "1 while no client had a public address, of 100 or more: a proxy or NAT seems to hide them",
        HELO_GAUGE,
        {NULL}};
    const struct tally *tally = engine_tally(engine);
    struct histogram_reading waits;

    give(to, &sessions, NULL, NULL, read_number(&tally->sessions));
    give(to, &private, NULL, NULL, watch_sees_only_private(engine_watch(engine)));
    give_verdicts(to, tally);
    histogram_read(&tally->waits, &waits);
    give_times(to, "verdict_wait", "how long a command waited for its verdict", &waits);
    give_exemptions(to, tally);
    give_fails(to, tally);
    give_grounds(to, tally);
    give_unknowns(to, tally);
}

/* ---- DNS ------------------------------------------------------------------------------------- */

static void give_dns(const struct taker *to, const struct dns_counters *counters)
{
    enum { COUNTER = HELO_COUNTER, GAUGE = HELO_GAUGE };
    static const struct family answers = {
        "dns_answers", "answers from the resolver, or none", HELO_COUNTER, {"outcome"}};

#define DNS_COUNTER_ROW(kind, name, help)                                                     \
    give(to, &(const struct family){#name, help, (enum helo_counter_kind)kind, {NULL}}, NULL, \
         NULL, counters->name);
    DNS_COUNTER_LIST(DNS_COUNTER_ROW)
#undef DNS_COUNTER_ROW
    for (unsigned i = 0; i < DNS_STATUSES; i++)
        give(to, &answers, dns_status_text((enum dns_status)i), NULL, counters->answers[i]);
    give_times(to, "dns_answer_time", "from a question to its answer, or to giving up",
               &counters->answer_time);
}

/* ---- the policy ------------------------------------------------------------------------------ */

static const char *version_of(const struct helo_policy *policy, const char *path)
{
    for (size_t i = 0; i < policy->versions.count; i++) {
        if (strcmp(policy->versions.entries[i].file, path) == 0)
            return policy->versions.entries[i].text;
    }
    return "";
}

static void give_policy(const struct taker *to, const struct helo_policy *policy)
{
    static const struct family info = {"policy_info",
                                       "always 1: the policy in force, its mode and its version",
                                       HELO_GAUGE,
                                       {"mode", "version"}};
    static const struct family file = {"policy_file_info",
                                       "always 1: a file of the policy that has a version",
                                       HELO_GAUGE,
                                       {"file", "version"}};
    const char *mode = helo_policy_string(policy, "mode");

    give(to, &info, mode, version_of(policy, policy->path), 1);
    for (size_t i = 0; i < policy->versions.count; i++)
        give(to, &file, policy->versions.entries[i].file, policy->versions.entries[i].text, 1);
}

void helo_engine_counters(helo_engine *engine, helo_counter_fn *fn, void *arg)
{
    const struct taker to = {.fn = fn, .arg = arg};
    struct snapshot *snapshot = engine_pin(engine);
    struct dns_counters counters;

    service_count(engine_service(engine), &counters);
    give_sessions(&to, engine);
    give_dns(&to, &counters);
    give_policy(&to, snapshot->policy);
    snapshot_unref(snapshot);
}
