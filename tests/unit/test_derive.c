/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_derive.c - what two answers about the HELO name say together, in either order
 */
#include "base/text.h"
#include "dns/plan.h"
#include "unit/unit.h"

#define CLIENT "203.0.113.9"
/* RFC 7534: public addresses that are nobody's. */
#define PUBLIC_V4 "192.175.48.42"
#define PUBLIC_V6 "2620:4f:8000::42"

/* An answer's column: an address, or the name of a status; "" is none so far. */
static const struct row {
    const char *name;
    const char *a, *aaaa;
    const char *address; /* the fact helo_address: "yes", "no", or the cause of an unknown */
    const char *forward;
    const char *public;
} rows[] = {
    {"the client's address", CLIENT, "nodata", "yes", "yes", "no"},
    {"the client's address, and the rest is broken", CLIENT, "servfail", "yes", "yes", "servfail"},
    {"the client's address, and the rest is open", CLIENT, "", "yes", "yes", "open"},
    {"another address", "192.0.2.1", "nodata", "yes", "no", "no"},
    {"another address, and half is broken", "192.0.2.1", "timeout", "yes", "timeout", "timeout"},
    {"another address of each family", "192.0.2.1", "2001:db8::1", "yes", "no", "no"},
    {"a public address", PUBLIC_V4, "nodata", "yes", "no", "yes"},
    {"a public IPv6 address", "nodata", PUBLIC_V6, "yes", "no", "yes"},
    {"a public address, and half is broken", PUBLIC_V4, "servfail", "yes", "servfail", "yes"},
    {"a public IPv6 address, and the rest is open", "", PUBLIC_V6, "yes", "open", "yes"},
    {"a public address beside a bogus one", PUBLIC_V4, "fd00::1", "yes", "no", "yes"},
    {"a bogus address beside a public IPv6 one", "127.0.0.1", PUBLIC_V6, "yes", "no", "yes"},
    {"bogus, and IPv6 is broken", "127.0.0.1", "refused", "yes", "refused", "refused"},
    {"bogus, and IPv4 is malformed", "malformed", "::1", "yes", "malformed", "malformed"},
    {"no such name", "nxdomain", "nxdomain", "no", "no", "no"},
    {"nothing", "nodata", "nodata", "no", "no", "no"},
    {"nothing, and half is broken", "nodata", "refused", "refused", "refused", "refused"},
    {"nothing, and half is open", "nodata", "", "open", "open", "open"},
    {"half is broken, and the rest may still say yes", "servfail", "", "open", "open", "open"},
    {"IPv6 is broken, and the rest may still say yes", "", "timeout", "open", "open", "open"},
    {"a chain too long is the client's own", "too_many_aliases", "nodata", "budget", "budget",
     "budget"},
    {"bare beside a record is nothing", "192.0.2.1", "bare_nodata", "yes", "no", "no"},
    {"bare beside nothing is not definite", "nodata", "bare_nodata", "malformed", "malformed",
     "malformed"},
    {"bare alone is not definite", "bare_nodata", "bare_nodata", "malformed", "malformed",
     "malformed"},
    {"everything is open", "", "", "open", "open", "open"},
};

static struct dns_answer *make_answer(const char *text)
{
    struct dns_answer *answer = NULL;
    struct ip ip;

    if (ip_parse(text, &ip)) {
        assert_int_equal(dns_answer_create_addresses(&ip, 1, 60, &answer), HELO_OK);
        return answer;
    }
    for (int i = DNS_OK; i <= DNS_TOO_LONG && text[0] != '\0'; i++) {
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
    expect_fact(&facts.fact[FACT_helo_public], r->public);
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

/* One address, in the answer of its family; the other family has none. */
static const struct class_row {
    const char *name; /* the address */
    const char *public;
} class_rows[] = {
    {"0.0.0.0", "no"},     {"10.0.0.1", "no"},
    {"100.64.0.1", "no"},  {"127.0.0.1", "no"},
    {"169.254.0.1", "no"}, {"172.16.0.1", "no"},
    {"192.0.2.1", "no"},   {"192.168.0.1", "no"},
    {"224.0.0.1", "no"},   {"255.255.255.255", "no"},
    {PUBLIC_V4, "yes"},    {"::", "no"},
    {"::1", "no"},         {"::ffff:127.0.0.1", "no"},
    {"2001:db8::1", "no"}, {"fd00::1", "no"},
    {"fe80::1", "no"},     {"ff02::1", "no"},
    {PUBLIC_V6, "yes"},    {"::ffff:" PUBLIC_V4, "yes"},
};

static void which_addresses_are_public(void **state)
{
    (void)state;
    UNIT_EACH(const struct class_row, r, class_rows) {
        bool v6 = strchr(r->name, ':') != NULL;
        const struct row row = {
            r->name, v6 ? "nodata" : r->name, v6 ? r->name : "nodata", "yes", "no", r->public};

        expect_row(&row, false);
    }
}

/* What was not kept of a long answer could be public, or the client's. */
static void cut_answer_is_no_proof(void **state)
{
    struct plan_item items[2];
    struct plan plan = {.items = items, .cause = CAUSE_PENDING};
    struct ip bogus[LIMIT_ADDRESSES + 1];
    struct dns_answer *a = NULL, *aaaa = make_answer("nodata");
    struct facts facts;

    (void)state;
    for (size_t i = 0; i < LIMIT_ADDRESSES + 1; i++)
        assert_true(ip_parse("127.0.0.1", &bogus[i]));
    assert_int_equal(dns_answer_create_addresses(bogus, LIMIT_ADDRESSES + 1, 60, &a), HELO_OK);
    facts_init(&facts);
    assert_true(ip_parse(CLIENT, &facts.client));
    add_item(&plan, PLAN_HELO_A, a);
    add_item(&plan, PLAN_HELO_AAAA, aaaa);
    derive_facts(&facts, &plan);
    expect_fact(&facts.fact[FACT_helo_address], "yes");
    expect_fact(&facts.fact[FACT_helo_public], "budget");
    dns_answer_unref(a);
    dns_answer_unref(aaaa);
}

/* ---- stale answers --------------------------------------------------------------------------- */

/* Columns as above; a fact: "yes", "no", "stale" (yes, by a stale answer), or a cause. */
static const struct stale_row {
    const char *name;
    const char *a, *stale, *aaaa;
    const char *address, *forward, *public;
} stale_rows[] = {
    {"stands in for a failure", "servfail", CLIENT, "nodata", "stale", "stale", "servfail"},
    {"stands in for silence", "timeout", CLIENT, "timeout", "stale", "stale", "timeout"},
    {"a newer one may still come", "servfail", CLIENT, "", "open", "open", "open"},
    {"a newer one has come", "servfail", CLIENT, "2001:db8::1", "yes", "stale", "servfail"},
    {"it never says no", "servfail", "192.0.2.1", "nodata", "stale", "servfail", "servfail"},
    {"public once", "refused", PUBLIC_V4, "nodata", "stale", "refused", "stale"},
    {"no use where there was nothing", "servfail", "", "nodata", "servfail", "servfail",
     "servfail"},
};

static const char *text_with_stale(const struct fact *fact)
{
    if (fact->state == FACT_UNKNOWN)
        return fact_cause_text(fact->cause);
    if (fact->source != SOURCE_STALE)
        return fact_state_text(fact->state);
    UNIT_EXPECT_INT(fact->state, FACT_YES);
    UNIT_EXPECT(fact->cause != CAUSE_NONE);
    return "stale";
}

static void stale_answers_say_yes_only(void **state)
{
    (void)state;
    UNIT_EACH(const struct stale_row, r, stale_rows) {
        struct plan_item items[2];
        struct plan plan = {.items = items, .cause = CAUSE_PENDING};
        struct dns_answer *a = make_answer(r->a), *stale = make_answer(r->stale);
        struct dns_answer *aaaa = make_answer(r->aaaa);
        struct facts facts;

        facts_init(&facts);
        assert_true(ip_parse(CLIENT, &facts.client));
        add_item(&plan, PLAN_HELO_A, a);
        items[0].stale = stale;
        add_item(&plan, PLAN_HELO_AAAA, aaaa);
        derive_facts(&facts, &plan);
        UNIT_EXPECT_TEXT(text_with_stale(&facts.fact[FACT_helo_address]), r->address);
        UNIT_EXPECT_TEXT(text_with_stale(&facts.fact[FACT_helo_forward]), r->forward);
        UNIT_EXPECT_TEXT(text_with_stale(&facts.fact[FACT_helo_public]), r->public);
        /* What only was is compared with nothing. */
        UNIT_EXPECT(!facts.helo_same_net && !facts.helo_family);
        dns_answer_unref(a);
        dns_answer_unref(stale);
        dns_answer_unref(aaaa);
    }
}

static struct dns_answer *make_name(enum dns_type type, const char *name)
{
    char names[1][LIMIT_NAME_CHARS + 1];
    struct dns_answer *answer = NULL;

    text_copy(names[0], sizeof(names[0]), name);
    assert_int_equal(
        dns_answer_create_names(type, (const char(*)[LIMIT_NAME_CHARS + 1]) names, 1, 60, &answer),
        HELO_OK);
    return answer;
}

/* One stale PTR name and what is known of its addresses; the last column is client_fcrdns. */
static const struct stale_ptr_row {
    const char *name;
    const char *a, *aaaa;
    const char *fcrdns;
} stale_ptr_rows[] = {
    {"confirmed, but it may be the client's no more", CLIENT, "nodata", "stale"},
    {"not confirmed: the client may have another now", "nxdomain", "nxdomain", "timeout"},
    {"its addresses are open", "", "nodata", "open"},
    {"its addresses are broken", "servfail", "nodata", "timeout"},
};

static void stale_ptr_names_are_names(void **state)
{
    (void)state;
    UNIT_EACH(const struct stale_ptr_row, r, stale_ptr_rows) {
        struct plan_item items[3];
        struct plan plan = {.items = items, .cause = CAUSE_PENDING};
        struct dns_answer *ptr = make_name(DNS_PTR, "mail.client.example");
        struct dns_answer *a = make_answer(r->a), *aaaa = make_answer(r->aaaa);
        struct facts facts;

        facts_init(&facts);
        assert_true(ip_parse(CLIENT, &facts.client));
        add_item(&plan, PLAN_CLIENT_PTR, NULL);
        items[0].cause = CAUSE_TIMEOUT;
        items[0].stale = ptr;
        add_item(&plan, PLAN_PTR_A, a);
        add_item(&plan, PLAN_PTR_AAAA, aaaa);
        for (int i = 1; i < 3; i++)
            text_copy(items[i].question.name, sizeof(items[i].question.name),
                      "mail.client.example");
        derive_facts(&facts, &plan);
        UNIT_EXPECT_TEXT(text_with_stale(&facts.fact[FACT_client_ptr]), "stale");
        UNIT_EXPECT_TEXT(text_with_stale(&facts.fact[FACT_client_fcrdns]), r->fcrdns);
        /* Another name than the one that was looked up is not confirmed by it. */
        text_copy(items[1].question.name, sizeof(items[1].question.name), "old.client.example");
        derive_facts(&facts, &plan);
        UNIT_EXPECT_TEXT(text_with_stale(&facts.fact[FACT_client_fcrdns]), "open");
        dns_answer_unref(ptr);
        dns_answer_unref(a);
        dns_answer_unref(aaaa);
    }
}

/* Not of what speaks against the client. */
static void stale_mx_is_none_for_bad_hosts(void **state)
{
    struct plan_item items[1];
    struct plan plan = {.items = items, .cause = CAUSE_PENDING};
    struct dns_answer *mx = make_name(DNS_MX, "localhost");
    struct facts facts;

    (void)state;
    facts_init(&facts);
    add_item(&plan, PLAN_HELO_MX, NULL);
    items[0].cause = CAUSE_RESOLVER;
    items[0].stale = mx;
    derive_facts(&facts, &plan);
    UNIT_EXPECT_TEXT(text_with_stale(&facts.fact[FACT_helo_mx]), "stale");
    UNIT_EXPECT_TEXT(text_with_stale(&facts.fact[FACT_helo_mx_bad]), "resolver");
    dns_answer_unref(mx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(answers_make_facts),        UNIT_TEST(which_addresses_are_public),
        UNIT_TEST(cut_answer_is_no_proof),    UNIT_TEST(stale_answers_say_yes_only),
        UNIT_TEST(stale_ptr_names_are_names), UNIT_TEST(stale_mx_is_none_for_bad_hosts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
