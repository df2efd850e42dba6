/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_plan.c - how much one session may ask
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

int main(void)
{
    const struct CMUnitTest tests[] = {UNIT_TEST(budget_is_enough)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
