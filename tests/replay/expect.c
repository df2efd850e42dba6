/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * expect.c - what a scenario expects; see replay.c
 */
#include <stdlib.h>
#include <string.h>

#include "replay/replay.h"

static void expect_text(struct player *p, const char *what, const char *got, const char *want)
{
    if (strcmp(got, want) != 0)
        fail(p, "%s is %s, expected %s", what, got, want);
}

static void expect_check(struct player *p, char **words)
{
    enum check_id id = check_find(words[2]);
    const struct outcome *outcome;
    char got[96];

    if (id == CHECK_COUNT)
        die(p, "no such check");
    outcome = &p->verdict->result[id].outcome;
    snprintf(got, sizeof(got), "%s%s%s", outcome_text(outcome->kind),
             outcome->kind == OUTCOME_FAIL || outcome->kind == OUTCOME_UNKNOWN ? ":" : "",
             outcome->kind == OUTCOME_FAIL      ? reason_row(outcome->reason)->name
             : outcome->kind == OUTCOME_UNKNOWN ? fact_cause_text(outcome->cause)
                                                : "");
    expect_text(p, words[2], got, words[3]);
}

static void expect_fact(struct player *p, char **words)
{
    for (unsigned i = 0; i < FACT_COUNT; i++) {
        const struct fact *fact = &p->verdict->facts->fact[i];
        char got[64];

        if (strcmp(fact_name((enum fact_id)i), words[2]) != 0)
            continue;
        snprintf(got, sizeof(got), "%s%s%s", fact_state_text(fact->state),
                 fact->state == FACT_UNKNOWN ? ":" : "",
                 fact->state == FACT_UNKNOWN ? fact_cause_text(fact->cause) : "");
        expect_text(p, words[2], got, words[3]);
        return;
    }
    die(p, "no such fact");
}

static void expect_number(struct player *p, const char *what, unsigned long got, const char *want)
{
    if (got != strtoul(want, NULL, 10))
        fail(p, "%s is %lu, expected %s", what, got, want);
}

static void expect_asked(struct player *p, char **words)
{
    char buffer[LIMIT_NAME_CHARS + 1];

    if (words[3] == NULL)
        expect_number(p, "questions", script_backend_asked_in_all(p->backend), words[2]);
    else
        expect_number(
            p, words[3],
            script_backend_asked(p->backend, dns_name(words[3], buffer), parse_type(p, words[4])),
            words[2]);
}

static void expect_source(struct player *p, char **words)
{
    for (unsigned i = 0; i < FACT_COUNT; i++) {
        if (strcmp(fact_name((enum fact_id)i), words[2]) != 0)
            continue;
        expect_text(p, words[2], fact_source_text(p->verdict->facts->fact[i].source), words[3]);
        return;
    }
    die(p, "no such fact");
}

static void expect_reply(struct player *p, char **words)
{
    struct helo_reply reply;
    char code[16];

    helo_verdict_reply(p->verdict, &reply);
    snprintf(code, sizeof(code), "%d", reply.code);
    expect_text(p, "reply", reply.code == 0 ? "none" : code, words[2]);
    if (words[3] != NULL)
        expect_text(p, "enhanced status", reply.enhanced, words[3]);
}

struct wanted_counter {
    const char *name;
    uint64_t value;
    bool found;
};

static void take_counter(void *arg, const struct helo_counter *counter)
{
    struct wanted_counter *wanted = arg;
    char name[128];
    int length = snprintf(name, sizeof(name), "%s", counter->name);

    for (size_t i = 0; i < HELO_COUNTER_LABELS && counter->labels[i].key != NULL; i++)
        length += snprintf(name + length, sizeof(name) - (size_t)length, "%c%s", i == 0 ? '{' : ',',
                           counter->labels[i].value);
    if (counter->labels[0].key != NULL)
        snprintf(name + length, sizeof(name) - (size_t)length, "}");
    if (strcmp(name, wanted->name) != 0)
        return;
    wanted->value = counter->value;
    wanted->found = true;
}

static void expect_counter(struct player *p, char **words)
{
    struct wanted_counter wanted = {.name = words[2]};

    helo_engine_counters(p->engine, take_counter, &wanted);
    if (!wanted.found || words[3] == NULL)
        die(p, "no such counter");
    expect_number(p, words[2], (unsigned long)wanted.value, words[3]);
}

void do_expect(struct player *p, char **words)
{
    if (strcmp(words[1], "asked") == 0)
        expect_asked(p, words);
    else if (strcmp(words[1], "told") == 0)
        expect_number(p, "told", p->told, words[2]);
    else if (strcmp(words[1], "counter") == 0)
        expect_counter(p, words);
    else if (p->verdict == NULL)
        die(p, "no verdict was asked for");
    else if (strcmp(words[1], "verdict") == 0)
        expect_text(p, "verdict", helo_action_text(p->verdict->action), words[2]);
    else if (strcmp(words[1], "would") == 0)
        expect_text(p, "would", helo_action_text(p->verdict->would), words[2]);
    else if (strcmp(words[1], "exempt") == 0)
        expect_text(p, "exempt", exempt_text(p->verdict->exempt.kind), words[2]);
    else if (strcmp(words[1], "took") == 0)
        expect_number(p, "took", p->took_ms, words[2]);
    else if (strcmp(words[1], "check") == 0)
        expect_check(p, words);
    else if (strcmp(words[1], "fact") == 0)
        expect_fact(p, words);
    else if (strcmp(words[1], "source") == 0)
        expect_source(p, words);
    else if (strcmp(words[1], "reply") == 0)
        expect_reply(p, words);
    else
        die(p, "unknown expectation");
}
