/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_facts.c - facts/facts.h: what follows from several facts together
 */
#include "unit/check_rows.h"

#define C4 "203.0.113.9"
#define C6 "2001:db8:5::9"

static const char *text_of(struct fact fact)
{
    return fact.state == FACT_UNKNOWN ? fact_cause_text(fact.cause) : fact_state_text(fact.state);
}

/* ---- is it the client's? --------------------------------------------------------------------- */

/* want: "yes", "no", or the cause of an unknown. */
static const struct check_test confirmed_rows[] = {
    {"by its address", C4, "mail.example.org", "yes", .forward = 'y'},
    {"by its address, IPv6", C6, "mail.example.org", "yes", .forward = 'y'},
    {"by its address, whatever rDNS says", C4, "mail.example.org", "yes", .forward = 'y',
     .ptr = 't'},
    {"by rDNS", C4, "mail.example.org", "yes", .forward = 'n', .ptr = 'y', .fcrdns = 'y',
     .ptr_name = "mail.example.org"},
    {"by rDNS of the same organisation", C4, "mail.example.org", "yes", .forward = 'n', .ptr = 'y',
     .fcrdns = 'y', .ptr_name = "out7.example.org"},
    {"by rDNS, its own DNS is broken", C4, "mail.example.org", "yes", .forward = 's', .ptr = 'y',
     .fcrdns = 'y', .ptr_name = "mail.example.org"},
    {"by the second PTR name", C4, "mail.example.org", "yes", .forward = 'n', .ptr = 'y',
     .fcrdns = 'y', .ptr_name = "host.example.net", .ptr_second = "mail.example.org",
     .ptr_second_is = 'y'},
    {"nothing does", C4, "mail.example.org", "no", .forward = 'n', .ptr = 'n'},
    {"its own DNS is broken, and rDNS is open", C4, "mail.example.org", "open", .forward = 's'},
    {"by its address once, and rDNS is open", C4, "mail.example.org", "open", .forward = 'o'},
    {"by its address once", C4, "mail.example.org", "yes", .forward = 'o', .ptr = 'n'},
    {"stale rDNS of another", C4, "mail.example.org", "timeout", .forward = 'n', .ptr = 'o',
     .fcrdns = 'o', .ptr_name = "host.example.net"},
    {"rDNS of another", C4, "mail.example.org", "no", .forward = 'n', .ptr = 'y', .fcrdns = 'y',
     .ptr_name = "host.example.net"},
    {"rDNS forged", C4, "mail.example.org", "no", .forward = 'n', .ptr = 'y', .fcrdns = 'n',
     .ptr_name = "mail.example.org"},
    {"rDNS of a stranger below a private suffix", C4, "one.dyndns.org", "no", .forward = 'n',
     .ptr = 'y', .fcrdns = 'y', .ptr_name = "two.dyndns.org"},
    {"nobody asked", C4, "mail.example.org", "open"},
    {"its own DNS is broken", C4, "mail.example.org", "servfail", .forward = 's', .ptr = 'n'},
    {"rDNS is broken", C4, "mail.example.org", "timeout", .forward = 'n', .ptr = 't'},
    {"what could confirm it is broken", C4, "mail.example.org", "servfail", .forward = 'n',
     .ptr = 'y', .fcrdns = 's', .ptr_name = "out7.example.org"},
    {"what could not is broken", C4, "mail.example.org", "no", .forward = 'n', .ptr = 'y',
     .fcrdns = 's', .ptr_name = "host.example.net"},
};

static void confirms_names(void **state)
{
    (void)state;
    UNIT_EACH(const struct check_test, t, confirmed_rows) {
        struct facts f;
        struct check_test_own own;

        check_test_facts(t, &f, &own);
        UNIT_EXPECT_TEXT(text_of(facts_helo_confirmed(&f)), t->want);
        /* Of a domain, helo_churn counts what is definitely not confirmed. */
        UNIT_EXPECT_INT(facts_helo_counts(&f), strcmp(t->want, "no") == 0);
    }
}

/* want: "counts", or "-". */
static const struct check_test counts_rows[] = {
    {"nothing said", C4, NULL, "-"},
    {"local submission", NULL, "bad..name", "-"},
    {"its own literal", C4, "[203.0.113.9]", "-"},
    {"its own literal, IPv6", C6, "[IPv6:2001:db8:5::9]", "-"},
    {"its own address, bare", C4, C4, "-"},
    {"another literal", C4, "[192.0.2.1]", "counts"},
    {"another literal, IPv6", C6, "[IPv6:2001:db8::1]", "counts"},
    {"another address, bare", C4, "192.0.2.1", "counts"},
    {"general literal", C4, "[X400:c=us]", "counts"},
    {"bad literal", C4, "[]", "counts"},
    {"rubbish", C4, "bad..name", "counts"},
    {"localhost", C4, "localhost", "counts"},
    {"below localhost", C4, "pc.localhost", "counts"},
};

static void counts_other_forms(void **state)
{
    (void)state;
    UNIT_EACH(const struct check_test, t, counts_rows) {
        struct facts f;
        struct check_test_own own;

        check_test_facts(t, &f, &own);
        UNIT_EXPECT_TEXT(facts_helo_counts(&f) ? "counts" : "-", t->want);
    }
}

/* ---- is it from there? ----------------------------------------------------------------------- */

/* Within the HELO, and in a set that has it. */
static const struct check_test within_rows[] = {
    {"the name itself", C4, "hosts.example", "yes", .ptr = 'y', .fcrdns = 'y',
     .ptr_name = "hosts.example"},
    {"below it", C4, "hosts.example", "yes", .ptr = 'y', .fcrdns = 'y',
     .ptr_name = "a.b.hosts.example"},
    {"below it, IPv6", C6, "hosts.example", "yes", .ptr = 'y', .fcrdns = 'y',
     .ptr_name = "a.b.hosts.example"},
    {"above it", C4, "hosts.example", "no", .ptr = 'y', .fcrdns = 'y', .ptr_name = "example"},
    {"labels, not letters", C4, "hosts.example", "no", .ptr = 'y', .fcrdns = 'y',
     .ptr_name = "myhosts.example"},
    {"not confirmed", C4, "hosts.example", "no", .ptr = 'y', .fcrdns = 'n',
     .ptr_name = "hosts.example"},
    {"another is confirmed", C4, "hosts.example", "no", .ptr = 'y', .fcrdns = 'y',
     .ptr_name = "host.example.net", .ptr_second = "hosts.example", .ptr_second_is = 'n'},
    {"the second", C4, "hosts.example", "yes", .ptr = 'y', .fcrdns = 'y',
     .ptr_name = "host.example.net", .ptr_second = "hosts.example", .ptr_second_is = 'y'},
    {"the second is broken", C4, "hosts.example", "timeout", .ptr = 'y', .fcrdns = 'y',
     .ptr_name = "host.example.net", .ptr_second = "hosts.example", .ptr_second_is = 't'},
    {"both are broken, and the first counts", C4, "hosts.example", "servfail", .ptr = 'y',
     .fcrdns = 's', .ptr_name = "hosts.example", .ptr_second = "b.hosts.example",
     .ptr_second_is = 't'},
    {"one is broken, and the other is open", C4, "hosts.example", "open", .ptr = 'y', .fcrdns = 's',
     .ptr_name = "hosts.example", .ptr_second = "b.hosts.example"},
    {"a stale PTR that is not from there", C4, "hosts.example", "timeout", .ptr = 'o',
     .fcrdns = 'o', .ptr_name = "host.example.net"},
    {"no PTR", C4, "hosts.example", "no", .ptr = 'n'},
    {"PTR is broken", C4, "hosts.example", "servfail", .ptr = 's'},
    {"nobody asked", C4, "hosts.example", "open"},
};

static void finds_rdns(void **state)
{
    struct domain_set set;

    (void)state;
    domain_set_init(&set);
    assert_true(domain_set_add(&set, "other.example", DOMAIN_WITHIN, 0));
    assert_true(domain_set_add(&set, "hosts.example", DOMAIN_WITHIN, 1));
    assert_true(domain_set_seal(&set));
    UNIT_EACH(const struct check_test, t, within_rows) {
        struct facts f;
        struct check_test_own own;

        check_test_facts(t, &f, &own);
        UNIT_EXPECT_TEXT(text_of(facts_rdns_within(&f, f.helo.domain)), t->want);
        UNIT_EXPECT_TEXT(text_of(facts_rdns_in_set(&f, &set)), t->want);
    }
    domain_set_fini(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(confirms_names),
        UNIT_TEST(counts_other_forms),
        UNIT_TEST(finds_rdns),
    };

    return CHECK_TEST_MAIN(tests);
}
