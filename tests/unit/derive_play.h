/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * derive_play.h - a plan and its facts, with a zone in the resolver's place
 *
 * PURPOSE  Rows of "this is said, this is in DNS": which questions are asked, and which fact comes
 *          of their answers, one answer after the other. Include it in the file of a test that has
 *          the rows.
 * CONTRACT A fact that is not open any more must stay as it is whatever is answered later: each
 *          play looks after every answer.
 */
#ifndef HELO_TESTS_DERIVE_PLAY_H
#define HELO_TESTS_DERIVE_PLAY_H

#include "unit/unit.h"

#include <stdio.h>

#include "base/text.h"
#include "dns/plan.h"
#include "dns/zone.h"
#include "facts/reference.h"

enum { TODAY = 20000 };

/* RFC 7534: public addresses that are nobody's. */
#define PUBLIC_V4 "192.175.48.42"
#define PUBLIC_V6 "2620:4f:8000::42"

/* zone: lines; its TIMEOUT is a question that stays open until the session gives up. A name that
 * begins with "bare" has DNS_BARE_NODATA. */
struct row {
    const char *name;
    const char *helo;
    const char *zone;
    const char *asked;  /* names, in order */
    const char *want;   /* the fact: "yes", "no", or the cause of an unknown */
    const char *detail; /* of a yes: "HOST", "HOST listed"; "ZONE CODE" */
    unsigned unusable;
};

struct play {
    struct facts facts;
    struct plan plan;
    helo_zone *zone;
    struct dns_answer *answers[LIMIT_QUESTIONS];
    size_t answer_count;
    enum fact_id id;
    struct fact settled; /* as soon as it was not open */
};

static inline void add_zone(struct reference *ref, const char *name, const char *first,
                            const char *last)
{
    struct rhsbl_zone *zone = &ref->zones[ref->zone_count++];
    struct ip_range *range = &zone->codes[zone->code_count++];

    text_copy(zone->name, sizeof(zone->name), name);
    assert_true(ip_parse(first, &range->first) && ip_parse(last, &range->last));
}

static inline void begin(struct play *p, const struct row *r, const struct reference *ref,
                         enum fact_id id)
{
    char lines[1024];
    char *rest = lines;

    memset(p, 0, sizeof(*p));
    facts_init(&p->facts);
    plan_init(&p->plan);
    p->id = id;
    p->facts.ref = ref;
    p->facts.today = TODAY;
    p->facts.rhsbl_unusable = r->unusable;
    helo_name_parse(&p->facts.helo, r->helo, strlen(r->helo));
    assert_int_equal(helo_zone_create(&p->zone), HELO_OK);
    assert_true(text_copy(lines, sizeof(lines), r->zone));
    for (char *line = strsep(&rest, "\n"); line != NULL; line = strsep(&rest, "\n"))
        assert_int_equal(helo_zone_add(p->zone, line, "row", 1, NULL, NULL), HELO_OK);
}

static inline void end(struct play *p)
{
    for (size_t i = 0; i < p->answer_count; i++)
        dns_answer_unref(p->answers[i]);
    plan_fini(&p->plan);
    helo_zone_free(p->zone);
}

/* A fact that is not open any more is what verdicts were made of: it must stay. */
static inline void derive(struct play *p)
{
    const struct fact *fact = &p->facts.fact[p->id];

    derive_facts(&p->facts, &p->plan);
    if (fact->state == FACT_UNKNOWN && fact->cause == CAUSE_PENDING) {
        UNIT_EXPECT(p->settled.source == SOURCE_NONE);
        return;
    }
    if (p->settled.source == SOURCE_NONE)
        p->settled = *fact;
    UNIT_EXPECT_INT(fact->state, p->settled.state);
    UNIT_EXPECT_INT(fact->cause, p->settled.cause);
}

static inline void answer(struct play *p, struct plan_item *item)
{
    bool silent = false;
    struct dns_answer *made = NULL;

    if (strncmp(item->question.name, "bare", 4) == 0)
        assert_int_equal(dns_answer_create(DNS_BARE_NODATA, 0, &made), HELO_OK);
    else
        assert_int_equal(zone_answer(p->zone, &item->question, &silent, &made), HELO_OK);
    item->cause = silent ? CAUSE_TIMEOUT : CAUSE_NONE;
    if (silent)
        return;
    item->answer = made;
    p->answers[p->answer_count++] = made;
}

/* The open question that is answered next; NULL: none is open. */
static inline struct plan_item *next_item(struct plan *plan, bool backwards)
{
    for (size_t i = 0; i < plan->count; i++) {
        struct plan_item *item = &plan->items[backwards ? plan->count - 1 - i : i];

        if (item->cause == CAUSE_PENDING)
            return item;
    }
    return NULL;
}

static inline void play(struct play *p, bool backwards)
{
    struct plan_item *item;

    do {
        derive(p);
        while (plan_extend(&p->plan, &p->facts, 1u << p->id) > 0)
            derive(p);
        item = next_item(&p->plan, backwards);
        if (item != NULL)
            answer(p, item);
    } while (item != NULL);
}

static inline void expect_asked(const struct play *p, const char *want)
{
    struct text names;

    text_init(&names, 4096);
    for (size_t i = 0; i < p->plan.count; i++) {
        UNIT_EXPECT(plan_is_about_helo(&p->plan.items[i]));
        text_addf(&names, "%s%s", i > 0 ? " " : "", p->plan.items[i].question.name);
    }
    UNIT_EXPECT_TEXT(names.data != NULL ? names.data : "", want);
    text_fini(&names);
}

/* detail: writes what the row's column says of a yes. */
static inline void expect_row(const struct row *r, const struct reference *ref, enum fact_id id,
                              void (*detail)(const struct facts *f, char *out, size_t size))
{
    for (int backwards = 0; backwards < 2; backwards++) {
        const struct fact *fact;
        struct play p;
        char got[LIMIT_NAME_CHARS + 16];

        begin(&p, r, ref, id);
        fact = &p.facts.fact[id];
        play(&p, backwards != 0);
        UNIT_EXPECT_TEXT(fact->state == FACT_UNKNOWN ? fact_cause_text(fact->cause)
                                                     : fact_state_text(fact->state),
                         r->want);
        expect_asked(&p, r->asked);
        if (fact->state == FACT_YES) {
            detail(&p.facts, got, sizeof(got));
            UNIT_EXPECT_TEXT(got, r->detail);
        }
        end(&p);
    }
}

#endif /* HELO_TESTS_DERIVE_PLAY_H */
