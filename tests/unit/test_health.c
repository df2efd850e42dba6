/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_health.c - when the resolver counts as down, on a made-up clock
 *
 * PURPOSE  Each row is a story of questions and answers and what must come of it, as one line:
 *          "probe@1000" and so on, in ms. Every story is told twice: with a check in every
 *          millisecond, and with checks only when health_next_ms() wants them. Both must give the
 *          same line, so that whoever sleeps until then misses nothing.
 */
#include <stdio.h>

#include "dns/health.h"
#include "unit/unit.h"

enum { START_MS = 5000000, MAX_STEPS = 8, LINE = 512 };

enum deed {
    END,
    ASKED,
    HEARD, /* number: questions that are left in the air */
    AWAY,  /* nobody checks from here on until `number` */
    SET    /* number: the new down_after_ms */
};

struct step {
    uint64_t at_ms; /* from the start of the story */
    enum deed deed;
    unsigned number;
};

static const struct row {
    const char *name;
    uint64_t down_after_ms;
    uint64_t until_ms;
    struct step steps[MAX_STEPS];
    const char *want;
} rows[] = {
    {"no traffic", 4000, 20000, {{0}}, ""},
    {"an answer, then no traffic", 4000, 20000, {{0, ASKED, 0}, {90, HEARD, 0}}, ""},
    {"an answer that nobody asked for", 4000, 9000, {{5, HEARD, 0}}, ""},
    {"silence from the first question on",
     4000,
     6500,
     {{500, ASKED, 0}, {700, ASKED, 0}, {3000, ASKED, 0}},
     "probe@1500 probe@2500 probe@3500 down@4500 probe@4500 probe@5500 probe@6500"},
    {"heard within the window",
     4000,
     9000,
     {{0, ASKED, 0}, {3999, HEARD, 0}},
     "probe@1000 probe@2000 probe@3000"},
    {"heard before the first probe", 4000, 9000, {{0, ASKED, 0}, {999, HEARD, 0}}, ""},
    {"a quiet night, then one question that is answered late",
     4000,
     36010000,
     {{0, ASKED, 0}, {50, HEARD, 0}, {36000000, ASKED, 0}, {36003500, HEARD, 0}},
     "probe@36001000 probe@36002000 probe@36003000"},
    {"a quiet night, then silence: four seconds from the question",
     4000,
     36004000,
     {{0, ASKED, 0}, {50, HEARD, 0}, {36000000, ASKED, 0}},
     "probe@36001000 probe@36002000 probe@36003000 down@36004000 probe@36004000"},
    {"one question that times out, and nobody asks again: probing goes on",
     4000,
     5000,
     {{0, ASKED, 0}},
     "probe@1000 probe@2000 probe@3000 down@4000 probe@4000 probe@5000"},
    {"a dead zone: its question stays, and every probe is answered",
     4000,
     6000,
     {{0, ASKED, 0},
      {1010, HEARD, 1},
      {2020, HEARD, 1},
      {3030, HEARD, 1},
      {4040, HEARD, 1},
      {5050, HEARD, 0}},
     "probe@1000 probe@2010 probe@3020 probe@4030 probe@5040"},
    {"silence is counted from the last answer while questions are left",
     4000,
     6000,
     {{0, ASKED, 0}, {900, HEARD, 3}},
     "probe@1900 probe@2900 probe@3900 down@4900 probe@4900 probe@5900"},
    {"a late answer ends it, and with nothing left the probing",
     4000,
     9000,
     {{0, ASKED, 0}, {5500, HEARD, 0}},
     "probe@1000 probe@2000 probe@3000 down@4000 probe@4000 probe@5000 back@5500:5500"},
    {"back with questions left, and silent once more: two alarms",
     4000,
     9000,
     {{0, ASKED, 0}, {4200, HEARD, 2}},
     "probe@1000 probe@2000 probe@3000 down@4000 probe@4000 back@4200:4200 "
     "probe@5200 probe@6200 probe@7200 down@8200 probe@8200"},
    {"a short window waits for its two probes",
     2000,
     3000,
     {{0, ASKED, 0}},
     "probe@1000 probe@2000 down@3000 probe@3000"},
    {"a window that ends between two probes",
     3500,
     4000,
     {{0, ASKED, 0}},
     "probe@1000 probe@2000 probe@3000 down@3500 probe@4000"},
    {"a window of a millisecond is no way round the probes",
     1,
     3000,
     {{0, ASKED, 0}},
     "probe@1000 probe@2000 down@3000 probe@3000"},
    {"a long window",
     6000,
     6000,
     {{0, ASKED, 0}},
     "probe@1000 probe@2000 probe@3000 probe@4000 probe@5000 down@6000 probe@6000"},
    {"no window: never down, and no probes", 0, 60000, {{0, ASKED, 0}}, ""},
    {"stopped before the first probe: no verdict before two probes",
     4000,
     12000,
     {{0, ASKED, 0}, {1, AWAY, 10000}},
     "probe@10000 probe@11000 down@12000 probe@12000"},
    {"stopped after three probes: what they say is void",
     4000,
     62000,
     {{0, ASKED, 0}, {3100, AWAY, 60000}},
     "probe@1000 probe@2000 probe@3000 probe@60000 probe@61000 down@62000 probe@62000"},
    {"late by less than a second is not stopped",
     4000,
     5000,
     {{0, ASKED, 0}, {3100, AWAY, 4900}},
     "probe@1000 probe@2000 probe@3000 down@4900 probe@4900"},
    {"stopped while it was down: down it stays",
     4000,
     30500,
     {{0, ASKED, 0}, {4100, AWAY, 30000}, {30400, HEARD, 0}},
     "probe@1000 probe@2000 probe@3000 down@4000 probe@4000 probe@30000 back@30400:30400"},
    {"the site shortens the window",
     20000,
     6000,
     {{0, ASKED, 0}, {5500, SET, 4000}},
     "probe@1000 probe@2000 probe@3000 probe@4000 probe@5000 down@5500 probe@6000"},
    {"the site lets it never be down, while it is: it is still found to be back",
     4000,
     6000,
     {{0, ASKED, 0}, {4500, SET, 0}, {5900, HEARD, 5}},
     "probe@1000 probe@2000 probe@3000 down@4000 probe@4000 probe@5000 back@5900:5900"},
};

struct story {
    struct health health;
    const struct step *step;
    uint64_t away_until_ms;
    char line[LINE];
};

static void tell(struct story *s, const char *what, uint64_t at_ms)
{
    size_t used = strlen(s->line);

    assert_true(used + 64 < sizeof s->line);
    (void)snprintf(s->line + used, sizeof s->line - used, "%s%s@%ju", used > 0 ? " " : "", what,
                   (uintmax_t)at_ms);
}

static void do_step(struct story *s, uint64_t at_ms)
{
    const struct step *step = s->step++;
    uint64_t silent_ms = 0;
    size_t used;

    if (step->deed == ASKED)
        health_asked(&s->health, START_MS + at_ms);
    else if (step->deed == AWAY)
        s->away_until_ms = step->number;
    else if (step->deed == SET)
        s->health.down_after_ms = step->number;
    else if (health_heard(&s->health, START_MS + at_ms, step->number, &silent_ms)) {
        tell(s, "back", at_ms);
        used = strlen(s->line);
        (void)snprintf(s->line + used, sizeof s->line - used, ":%ju", (uintmax_t)silent_ms);
    }
}

static void check(struct story *s, uint64_t at_ms)
{
    enum health_need need;

    while ((need = health_check(&s->health, START_MS + at_ms)) != HEALTH_NOTHING)
        tell(s, need == HEALTH_PROBE ? "probe" : "down", at_ms);
    assert_true(health_next_ms(&s->health) > START_MS + at_ms);
}

/* The next moment at which anything happens. */
static uint64_t next_moment(const struct story *s, uint64_t at_ms, bool every_ms)
{
    uint64_t next = health_next_ms(&s->health);

    next = next == UINT64_MAX || next <= START_MS + at_ms ? UINT64_MAX : next - START_MS;
    if (every_ms)
        return at_ms + 1;
    if (at_ms < s->away_until_ms)
        next = s->away_until_ms;
    return s->step->deed != END && s->step->at_ms < next ? s->step->at_ms : next;
}

static void play(const struct row *r, bool every_ms, struct story *s)
{
    uint64_t at_ms = 0;

    *s = (struct story){.step = r->steps};
    health_init(&s->health, r->down_after_ms);
    while (at_ms <= r->until_ms) {
        while (s->step->deed != END && s->step->at_ms == at_ms)
            do_step(s, at_ms);
        if (at_ms >= s->away_until_ms)
            check(s, at_ms);
        at_ms = next_moment(s, at_ms, every_ms);
    }
}

static void stories(void **state)
{
    static struct story story;

    (void)state;
    UNIT_EACH(const struct row, r, rows) {
        play(r, false, &story);
        UNIT_EXPECT_TEXT(story.line, r->want);
        if (r->until_ms > 100000)
            continue; /* a night of milliseconds is too long */
        play(r, true, &story);
        UNIT_EXPECT_TEXT(story.line, r->want);
    }
}

/* Who takes the time and then the lock may be overtaken by a millisecond or two. */
static void time_may_lag(void **state)
{
    struct health health;
    uint64_t silent_ms = 7;

    (void)state;
    health_init(&health, 4000);
    health_asked(&health, 1000);
    UNIT_EXPECT_INT(health_silent_ms(&health, 998), 0);
    UNIT_EXPECT_INT(health_check(&health, 998), HEALTH_NOTHING);
    UNIT_EXPECT(!health_heard(&health, 999, 1, &silent_ms));
    UNIT_EXPECT_INT(silent_ms, 7);
    UNIT_EXPECT_INT(health_next_ms(&health), 1999);
    health_asked(&health, 998); /* the silence began before it */
    UNIT_EXPECT_INT(health_next_ms(&health), 1999);
}

/* A clock may begin with 0, which is no special time. */
static void time_zero(void **state)
{
    struct health health;
    uint64_t silent_ms = 0;

    (void)state;
    health_init(&health, 4000);
    UNIT_EXPECT_INT(health_next_ms(&health), UINT64_MAX);
    health_asked(&health, 0);
    UNIT_EXPECT_INT(health_next_ms(&health), 1000);
    UNIT_EXPECT_INT(health_check(&health, 999), HEALTH_NOTHING);
    UNIT_EXPECT_INT(health_check(&health, 1000), HEALTH_PROBE);
    UNIT_EXPECT_INT(health_check(&health, 2000), HEALTH_PROBE);
    UNIT_EXPECT_INT(health_check(&health, 3000), HEALTH_PROBE);
    UNIT_EXPECT_INT(health_check(&health, 4000), HEALTH_GOES_DOWN);
    UNIT_EXPECT_INT(health_silent_ms(&health, 4000), 4000);
    UNIT_EXPECT(health_heard(&health, 4001, 0, &silent_ms));
    UNIT_EXPECT_INT(silent_ms, 4001);
    UNIT_EXPECT_INT(health_silent_ms(&health, 5000), 0);
}

/* The resolver answers it by itself (RFC 6303 4.2). */
static void the_probe(void **state)
{
    struct dns_question question;

    (void)state;
    health_question(&question);
    UNIT_EXPECT_INT(question.type, DNS_PTR);
    UNIT_EXPECT_TEXT(question.name, "1.0.0.127.in-addr.arpa");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(stories),
        UNIT_TEST(time_may_lag),
        UNIT_TEST(time_zero),
        UNIT_TEST(the_probe),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
