/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * script_backend.c - see script_backend.h
 */
#include "replay/script_backend.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "dns/zone.h"

enum { MAX_RULES = 64, MAX_LOG = 4096 };

struct rule {
    char name[LIMIT_NAME_CHARS + 1];
    unsigned type;
    uint64_t ms;
};

/* A question in the air; at_ms is UINT64_MAX when no answer ever comes. answer NULL: it is given up
 * then. */
struct due {
    struct dns_lookup *lookup;
    struct dns_answer *answer;
    uint64_t at_ms;
};

struct script_backend {
    struct dns_backend base;
    const helo_zone *zone;
    uint64_t now_ms;
    uint64_t latency_ms;
    uint64_t patience_ms; /* after which a silent question is given up; 0: never */
    bool mute;
    bool stirred;     /* something was submitted since the last tick */
    uint64_t tick_ms; /* when service_tick() wants to be called */
    struct rule rules[MAX_RULES];
    size_t rule_count;
    struct due air[MAX_LOG];
    size_t air_count;
    struct dns_question log[MAX_LOG];
    size_t log_count;
    unsigned probes; /* of the log */
};

static struct script_backend *script_of(struct dns_backend *base)
{
    return (struct script_backend *)base;
}

static uint64_t latency_of(const struct script_backend *b, const struct dns_question *q)
{
    for (size_t i = b->rule_count; i-- > 0;) {
        const struct rule *rule = &b->rules[i];

        if (text_equal_nocase(rule->name, q->name) && (rule->type == 0 || rule->type == q->type))
            return rule->ms;
    }
    return b->latency_ms;
}

/* Lost on the way: nobody answers it any more. */
static void lose(struct script_backend *b, struct due *due)
{
    dns_answer_unref(due->answer);
    due->answer = NULL;
    due->at_ms = b->patience_ms > 0 ? b->now_ms + b->patience_ms : UINT64_MAX;
}

static void submit(struct dns_backend *base, struct dns_lookup *lookup)
{
    struct script_backend *b = script_of(base);
    struct due *due = &b->air[b->air_count++];
    bool silent = true;

    if (b->air_count > MAX_LOG || b->log_count == MAX_LOG)
        abort();
    b->log[b->log_count++] = lookup->question;
    b->probes += lookup->probe;
    b->stirred = true;
    *due = (struct due){.lookup = lookup};
    if (b->zone != NULL &&
        zone_answer(b->zone, &lookup->question, &silent, &due->answer) != HELO_OK)
        abort();
    due->at_ms = b->now_ms + latency_of(b, &lookup->question);
    if (silent || b->mute)
        lose(b, due);
}

static size_t first_due(const struct script_backend *b)
{
    size_t first = 0;

    for (size_t i = 1; i < b->air_count; i++) {
        if (b->air[i].at_ms < b->air[first].at_ms)
            first = i;
    }
    return first;
}

static void complete(struct script_backend *b, struct due due)
{
    if (due.answer == NULL && dns_answer_create(DNS_TIMEOUT, 0, &due.answer) != HELO_OK)
        abort();
    service_complete(b->base.service, due.lookup, due.answer);
}

static void tick(struct script_backend *b)
{
    b->stirred = false;
    b->tick_ms = service_tick(b->base.service, b->now_ms);
}

/* Lets the next thing happen, an answer or a tick, if that is until then. */
static bool happen_next(struct script_backend *b, uint64_t until_ms)
{
    size_t i = first_due(b);
    uint64_t at_ms = b->air_count > 0 ? b->air[i].at_ms : UINT64_MAX;
    bool is_tick;
    struct due due;

    if (b->stirred)
        tick(b);
    is_tick = b->tick_ms < at_ms;
    at_ms = is_tick ? b->tick_ms : at_ms;
    if (at_ms == UINT64_MAX || at_ms > until_ms)
        return false;
    b->now_ms = at_ms > b->now_ms ? at_ms : b->now_ms;
    if (is_tick) {
        tick(b);
        return true;
    }
    due = b->air[i];
    b->air[i] = b->air[--b->air_count];
    complete(b, due);
    return true;
}

static void advance(struct dns_backend *base, uint64_t until_ms)
{
    struct script_backend *b = script_of(base);

    if (!happen_next(b, until_ms) && b->now_ms < until_ms)
        b->now_ms = until_ms;
}

static uint64_t now_ms(struct dns_backend *base)
{
    return script_of(base)->now_ms;
}

static void destroy(struct dns_backend *base)
{
    struct script_backend *b = script_of(base);

    while (b->air_count > 0)
        complete(b, b->air[--b->air_count]);
    free(b);
}

static const struct dns_backend_ops ops = {
    .submit = submit, .advance = advance, .now_ms = now_ms, .destroy = destroy};

struct script_backend *script_backend_create(void)
{
    struct script_backend *b = calloc(1, sizeof(*b));

    if (b == NULL)
        abort();
    b->base.ops = &ops;
    b->now_ms = 1000000;
    b->tick_ms = UINT64_MAX;
    return b;
}

struct dns_backend *script_backend_base(struct script_backend *b)
{
    return &b->base;
}

void script_backend_set_zone(struct script_backend *b, const helo_zone *zone)
{
    b->zone = zone;
}

void script_backend_set_latency(struct script_backend *b, uint64_t ms)
{
    b->latency_ms = ms;
}

void script_backend_add_rule(struct script_backend *b, const char *name, unsigned type, uint64_t ms)
{
    struct rule *rule = &b->rules[b->rule_count++];

    if (b->rule_count > MAX_RULES)
        abort();
    text_copy(rule->name, sizeof(rule->name), name);
    rule->type = type;
    rule->ms = ms;
}

void script_backend_set_patience(struct script_backend *b, uint64_t ms)
{
    b->patience_ms = ms;
}

void script_backend_set_mute(struct script_backend *b, bool mute)
{
    b->mute = mute;
    for (size_t i = 0; mute && i < b->air_count; i++)
        lose(b, &b->air[i]);
}

void script_backend_pass(struct script_backend *b, uint64_t ms)
{
    uint64_t until_ms = b->now_ms + ms;

    while (happen_next(b, until_ms))
        continue;
    b->now_ms = until_ms;
}

unsigned script_backend_asked(const struct script_backend *b, const char *name, unsigned type)
{
    unsigned count = 0;

    for (size_t i = 0; i < b->log_count; i++)
        count += text_equal_nocase(b->log[i].name, name) && b->log[i].type == type;
    return count;
}

unsigned script_backend_asked_in_all(const struct script_backend *b)
{
    return (unsigned)b->log_count - b->probes;
}
