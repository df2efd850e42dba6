/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_derive.c - what two answers about the HELO name say together, in either order
 */
#include "base/text.h"
#include "dns/plan.h"
#include "unit/unit.h"

#define CLIENT "203.0.113.9"

/* An answer's column: an address, or the name of a status. */
static const struct row {
    const char *name;
    const char *a, *aaaa;
    const char *address; /* the fact helo_address: "yes", "no", or the cause of an unknown */
    const char *forward;
} rows[] = {
    {"the client's address", CLIENT, "nodata", "yes", "yes"},
    {"the client's address, and the rest is broken", CLIENT, "servfail", "yes", "yes"},
    {"the client's address, and the rest is open", CLIENT, "", "yes", "yes"},
    {"another address", "192.0.2.1", "nodata", "yes", "no"},
    {"another address, and half is broken", "192.0.2.1", "timeout", "yes", "timeout"},
    {"another address of each family", "192.0.2.1", "2001:db8::1", "yes", "no"},
    {"no such name", "nxdomain", "nxdomain", "no", "no"},
    {"nothing", "nodata", "nodata", "no", "no"},
    {"nothing, and half is broken", "nodata", "refused", "refused", "refused"},
    {"bare beside a record is nothing", "192.0.2.1", "bare nodata", "yes", "no"},
    {"bare beside nothing is not definite", "nodata", "bare nodata", "malformed", "malformed"},
    {"bare alone is not definite", "bare nodata", "bare nodata", "malformed", "malformed"},
    {"everything is open", "", "", "open", "open"},
};

static struct dns_answer *make_answer(const char *text)
{
    struct dns_answer *answer = NULL;
    struct ip ip;

    if (ip_parse(text, &ip)) {
        assert_int_equal(dns_answer_create_addresses(&ip, 1, 60, &answer), HELO_OK);
        return answer;
    }
    for (int i = DNS_OK; i <= DNS_MALFORMED && text[0] != '\0'; i++) {
        if (strcmp(dns_status_text((enum dns_status)i), text) == 0)
            assert_int_equal(dns_answer_create((enum dns_status)i, 0, &answer), HELO_OK);
    }
    assert_true((answer == NULL) == (text[0] == '\0'));
    return answer;
}

static void add_item(struct plan *plan, enum plan_role role, const struct dns_answer *answer)
{
    plan->items[plan->count++] = (struct plan_item){
        .role = role, .answer = answer, .cause = answer != NULL ? CAUSE_NONE : CAUSE_PENDING};
}

static void expect_fact(const struct fact *fact, const char *want)
{
    UNIT_EXPECT_TEXT(fact->state == FACT_UNKNOWN ? fact_cause_text(fact->cause)
                                                 : fact_state_text(fact->state),
                     want);
}

static void expect_row(const struct row *r, bool reversed)
{
    struct plan_item items[2];
    struct plan plan = {.items = items, .cause = CAUSE_PENDING};
    struct dns_answer *a = make_answer(r->a);
    struct dns_answer *aaaa = make_answer(r->aaaa);
    struct facts facts;

    facts_init(&facts);
    assert_true(ip_parse(CLIENT, &facts.client));
    add_item(&plan, reversed ? PLAN_HELO_AAAA : PLAN_HELO_A, reversed ? aaaa : a);
    add_item(&plan, reversed ? PLAN_HELO_A : PLAN_HELO_AAAA, reversed ? a : aaaa);
    derive_facts(&facts, &plan);
    expect_fact(&facts.fact[FACT_helo_address], r->address);
    expect_fact(&facts.fact[FACT_helo_forward], r->forward);
    dns_answer_unref(a);
    dns_answer_unref(aaaa);
}

static void answers_make_facts(void **state)
{
    (void)state;
    UNIT_EACH(const struct row, r, rows) {
        expect_row(r, false);
        expect_row(r, true);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {UNIT_TEST(answers_make_facts)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
