/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_plan.c - how much one session may ask, and what an answer leads to
 */
#include "unit/derive_play.h"

static void ask_everything(struct play *p, const char *helo)
{
    struct plan_item *item;

    helo_name_parse(&p->facts.helo, helo, strlen(helo));
    do {
        derive_facts(&p->facts, &p->plan);
        while (plan_extend(&p->plan, &p->facts, ~(fact_mask)0) > 0)
            derive_facts(&p->facts, &p->plan);
        item = next_item(&p->plan, false);
        if (item != NULL)
            answer(p, item);
    } while (item != NULL);
    derive_facts(&p->facts, &p->plan);
}

static void drop_helo(struct play *p)
{
    for (size_t i = p->plan.count; i-- > 0;) {
        if (plan_is_about_helo(&p->plan.items[i]))
            plan_remove(&p->plan, i);
    }
}

/* LIMIT_QUESTIONS is as much as the greediest of patient sessions needs, and no more. */
static void budget_is_enough(void **state)
{
    static const char *const helos[LIMIT_PATIENT_HELOS + 1] = {
        "m.h1.example", "m.h2.example", "m.h3.example", "m.h4.example", "m.h5.example"};
    const struct row r = {.name = "all", .helo = "", .zone = "203.0.113.9 PTR p0.example"};
    struct reference ref;
    struct play p;
    char line[128];

    (void)state;
    reference_init(&ref);
    for (int i = 0; i < LIMIT_RHSBL_ZONES; i++) {
        snprintf(line, sizeof(line), "l%d.list.example", i);
        add_zone(&ref, line, "127.0.0.2", "127.0.0.9");
    }
    begin(&p, &r, &ref, FACT_helo_rhsbl);
    assert_true(ip_parse("203.0.113.9", &p.facts.client));
    for (int i = 1; i < LIMIT_PTR_NAMES + 2; i++) {
        snprintf(line, sizeof(line), "203.0.113.9 PTR p%d.example", i);
        assert_int_equal(helo_zone_add(p.zone, line, "row", 1, NULL, NULL), HELO_OK);
    }
    for (int i = 0; i < LIMIT_PATIENT_HELOS * (LIMIT_MX_HOSTS + 1); i++) {
        snprintf(line, sizeof(line), "%s MX 10 x%d.example", helos[i / (LIMIT_MX_HOSTS + 1)], i);
        assert_int_equal(helo_zone_add(p.zone, line, "row", 1, NULL, NULL), HELO_OK);
    }
    for (int i = 0; i < LIMIT_PATIENT_HELOS; i++) {
        drop_helo(&p);
        ask_everything(&p, helos[i]);
        UNIT_EXPECT_INT(p.plan.cause, CAUSE_PENDING);
        UNIT_EXPECT_INT(p.facts.fact[FACT_helo_rhsbl].state, FACT_NO);
        UNIT_EXPECT_INT(p.facts.fact[FACT_helo_mx_bad].state, FACT_NO);
    }
    UNIT_EXPECT_INT(p.plan.asked, LIMIT_QUESTIONS);
    drop_helo(&p);
    ask_everything(&p, helos[LIMIT_PATIENT_HELOS]);
    UNIT_EXPECT_INT(p.plan.asked, LIMIT_QUESTIONS);
    UNIT_EXPECT_INT(p.facts.fact[FACT_helo_rhsbl].cause, CAUSE_BUDGET);
    UNIT_EXPECT_INT(p.facts.fact[FACT_helo_mx_bad].cause, CAUSE_BUDGET);
    end(&p);
    reference_fini(&ref);
}

/* ---- what an answer leads to ----------------------------------------------------------------- */

/* type: of the answer; names: of it, in order. */
static const struct follow_row {
    const char *name;
    enum dns_type type;
    unsigned count; /* names x0.example ... */
    bool localhost; /* x1 is localhost */
    unsigned want;  /* questions */
} follow_rows[] = {
    {"one PTR name", DNS_PTR, 1, false, 2},
    {"localhost is passed over", DNS_PTR, 3, true, 4},
    {"ten PTR names", DNS_PTR, LIMIT_PTR_NAMES, false, 2 * LIMIT_PTR_NAMES},
    {"more", DNS_PTR, LIMIT_PTR_NAMES + 1, false, 2 * LIMIT_PTR_NAMES},
    {"one MX host", DNS_MX, 1, false, 2},
    {"more MX hosts than are looked at", DNS_MX, LIMIT_MX_HOSTS + 3, false, 2 * LIMIT_MX_HOSTS},
    {"a bad MX host that needs no question", DNS_MX, LIMIT_MX_HOSTS + 1, true, 0},
};

static struct dns_answer *make_names(const struct follow_row *r)
{
    char names[LIMIT_MX_NAMES][LIMIT_NAME_CHARS + 1];
    struct dns_answer *answer = NULL;

    for (unsigned i = 0; i < r->count; i++) {
        snprintf(names[i], sizeof(names[i]), "x%u.example", i);
        if (r->localhost && i == 1)
            text_copy(names[i], sizeof(names[i]), "localhost");
    }
    assert_int_equal(dns_answer_create_names(r->type, (const char(*)[LIMIT_NAME_CHARS + 1]) names,
                                             r->count, 60, &answer),
                     HELO_OK);
    return answer;
}

static bool is_in_plan(const struct plan *plan, const struct dns_question *question)
{
    for (size_t i = 0; i < plan->count; i++) {
        if (dns_question_equal(&plan->items[i].question, question))
            return true;
    }
    return false;
}

/* The same questions as the session itself would ask once it sees the answer. */
static void follow_as_the_plan_does(void **state)
{
    const struct row none = {.name = "", .helo = "client.example", .zone = ""};

    (void)state;
    UNIT_EACH(const struct follow_row, r, follow_rows) {
        enum plan_role role = r->type == DNS_PTR ? PLAN_CLIENT_PTR : PLAN_HELO_MX;
        fact_mask wanted = r->type == DNS_PTR ? FACTS_OF_CLIENT : FACT_BIT(helo_mx_bad);
        struct dns_answer *answer = make_names(r);
        struct dns_question question;
        struct play p;
        dns_follow_fn *follow;
        unsigned count = 0;

        begin(&p, &none, NULL, FACT_helo_mx_bad);
        assert_true(ip_parse("203.0.113.9", &p.facts.client));
        derive_facts(&p.facts, &p.plan);
        UNIT_EXPECT(plan_extend(&p.plan, &p.facts, wanted) > 0);
        UNIT_EXPECT_INT(p.plan.items[0].role, role);
        follow = plan_follow(&p.plan.items[0], wanted);
        assert_non_null(follow);
        p.plan.items[0].answer = answer;
        p.plan.items[0].cause = CAUSE_NONE;
        derive_facts(&p.facts, &p.plan);
        UNIT_EXPECT_INT(plan_extend(&p.plan, &p.facts, wanted), r->want);
        for (; follow(answer, count, &question); count++)
            UNIT_EXPECT(is_in_plan(&p.plan, &question));
        UNIT_EXPECT_INT(count, r->want);
        end(&p);
        dns_answer_unref(answer);
    }
}

static void nothing_follows_that_is_not_wanted(void **state)
{
    struct plan_item item = {.role = PLAN_CLIENT_PTR};

    (void)state;
    UNIT_EXPECT(plan_follow(&item, FACT_BIT(client_ptr)) == NULL);
    item.role = PLAN_HELO_MX;
    UNIT_EXPECT(plan_follow(&item, FACT_BIT(helo_mx)) == NULL);
    item.role = PLAN_HELO_A;
    UNIT_EXPECT(plan_follow(&item, ~(fact_mask)0) == NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(budget_is_enough),
        UNIT_TEST(follow_as_the_plan_does),
        UNIT_TEST(nothing_follows_that_is_not_wanted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
