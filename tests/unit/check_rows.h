/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * check_rows.h - facts made from one line of a table, for the tests of checks
 *
 * A fact's column is one character: y yes, n no, t unknown(timeout), s unknown(servfail), b
 * unknown(budget), o yes by a stale answer, since there is none in time; 0 is unknown(pending),
 * that is: nobody has asked yet.
 *
 * All rows share one reference, check_test_lists.
 */
#ifndef HELO_TESTS_CHECK_ROWS_H
#define HELO_TESTS_CHECK_ROWS_H

#include <stdio.h>

#include "base/text.h"
#include "checks/registry.h"
#include "facts/reference.h"
#include "name/domain.h"
#include "unit/unit.h"

enum { CHECK_TEST_TODAY = 20000 }; /* days since 1970: 2024-10-04 */

struct check_test {
    const char *name;
    const char *client; /* NULL: local submission */
    const char *helo;   /* NULL: none was said */
    const char *want;   /* "none", "pass", the reason of a fail, or "unknown:cause" */
    char forward, address, mx, ptr, fcrdns;
    char is_public, mx_bad, rhsbl, churn;
    const char *ptr_name;   /* confirmed as fcrdns says */
    const char *ptr_second; /* another, confirmed as ptr_second_is says */
    char ptr_second_is;
    const char *own_name; /* as the MTA says it */
    const char *own_address;
    const char *configured_name;
    const char *configured_address;
    const char *rcpt_domain;
    const char *helo_addresses; /* separated by a blank */
    unsigned entry;             /* that made it fail, from 1 on; 0: none did */
    bool voided, changed, mx_listed;
    bool no_lists; /* no reference at all */
    bool no_data;  /* a reference with nothing in it */
};

/* ---- the lists ------------------------------------------------------------------------------- */

static const char *const check_test_tlds[] = {"home.arpa",   "invalid", "lan", "local",
                                              "localdomain", "onion",   "test"};
static const char *const check_test_dialup[] = {"cable", "dhcp", "dial-up", "dsl",
                                                "dyn",   "pool", "ppp"};
static const char *const check_test_veto[] = {"mail",   "mx",   "out",   "relay",
                                              "server", "smtp", "static"};
static const char *const check_test_denied[] = {
    "spam.example.net",    ".spam.example.org", "dsl-*.example.net", "/mx[0-9]+\\.example\\.com/",
    "expired.example.net", "today.example.net", "192.0.2.66",        "*%*"};
/* A well-known sender: its names, its hosts. */
static const char *const check_test_senders[][2] = {{"bigmail.example", "hosts.example"},
                                                    {"bank.example", "bank.example"}};
static const char *const check_test_pools[] = {"100.64.0.0/10", "2001:db8:100::/40"};

static inline void check_test_add_domains(struct domain_set *set, const char *const *domains,
                                          size_t count)
{
    for (size_t i = 0; i < count; i++)
        assert_true(domain_set_add(set, domains[i], DOMAIN_WITHIN, (uint32_t)i));
    assert_true(domain_set_seal(set));
}

static inline void check_test_add_words(struct word_set *set, const char *const *words,
                                        size_t count)
{
    for (size_t i = 0; i < count; i++)
        assert_true(word_set_add(set, words[i]));
    word_set_seal(set);
}

static inline void check_test_add_denied(struct dated_patterns *list)
{
    struct pattern_fault fault;

    list->count = UNIT_COUNT(check_test_denied);
    list->until = mem_array(list->count, sizeof(list->until[0]));
    assert_non_null(list->until);
    for (size_t i = 0; i < list->count; i++) {
        list->until[i] = INT64_MAX;
        assert_true(pattern_add(&list->patterns, check_test_denied[i], (uint32_t)i, &fault));
    }
    list->until[4] = CHECK_TEST_TODAY - 1;
    list->until[5] = CHECK_TEST_TODAY;
    assert_true(pattern_list_seal(&list->patterns));
}

static inline void check_test_add_senders(struct reference *ref)
{
    ref->sender_count = UNIT_COUNT(check_test_senders);
    ref->senders = mem_array(ref->sender_count, sizeof(ref->senders[0]));
    assert_non_null(ref->senders);
    for (size_t i = 0; i < ref->sender_count; i++) {
        assert_true(domain_set_add(&ref->sender_names, check_test_senders[i][0], DOMAIN_WITHIN,
                                   (uint32_t)i));
        check_test_add_domains(&ref->senders[i].hosts, &check_test_senders[i][1], 1);
    }
    assert_true(domain_set_seal(&ref->sender_names));
}

static inline void check_test_add_pools(struct reference *ref)
{
    static const char *const domains[] = {"pooled.example"};

    for (size_t i = 0; i < UNIT_COUNT(check_test_pools); i++) {
        struct cidr net;

        assert_int_equal(cidr_parse(check_test_pools[i], &net), CIDR_OK);
        assert_true(ip_set_add(&ref->pool_networks, &net, (uint32_t)i));
    }
    assert_true(ip_set_seal(&ref->pool_networks));
    check_test_add_domains(&ref->pool_domains, domains, 1);
}

static struct reference check_test_lists;

static inline int check_test_make_lists(void **state)
{
    struct reference *ref = &check_test_lists;

    (void)state;
    reference_init(ref);
    check_test_add_domains(&ref->special_tlds, check_test_tlds, UNIT_COUNT(check_test_tlds));
    check_test_add_words(&ref->dialup_words, check_test_dialup, UNIT_COUNT(check_test_dialup));
    check_test_add_words(&ref->veto_words, check_test_veto, UNIT_COUNT(check_test_veto));
    check_test_add_denied(&ref->denied);
    check_test_add_senders(ref);
    check_test_add_pools(ref);
    ref->zone_count = 2;
    return 0;
}

static inline int check_test_free_lists(void **state)
{
    (void)state;
    reference_fini(&check_test_lists);
    return 0;
}

/* ---- facts ----------------------------------------------------------------------------------- */

static inline struct fact check_test_fact(char code)
{
    switch (code) {
    case 'y':
        return (struct fact){.state = FACT_YES, .source = SOURCE_DNS};
    case 'n':
        return (struct fact){.state = FACT_NO, .source = SOURCE_DNS};
    case 't':
        return (struct fact){.cause = CAUSE_TIMEOUT, .source = SOURCE_DNS};
    case 's':
        return (struct fact){.cause = CAUSE_SERVFAIL, .source = SOURCE_DNS};
    case 'b':
        return (struct fact){.cause = CAUSE_BUDGET, .source = SOURCE_DNS};
    case 'o':
        return (struct fact){.state = FACT_YES, .cause = CAUSE_TIMEOUT, .source = SOURCE_STALE};
    default:
        return (struct fact){.cause = CAUSE_PENDING};
    }
}

static inline void check_test_address(const char *text, struct ip *out)
{
    assert_true(ip_parse(text, out));
}

static inline void check_test_helo_addresses(const char *list, struct facts *f)
{
    char one[IP_TEXT_SIZE];
    int used;

    while (list != NULL && sscanf(list, "%45s%n", one, &used) == 1) {
        struct ip *ip = &f->helo_addresses[f->helo_address_count++];

        check_test_address(one, ip);
        f->helo_family = f->helo_family || ip->family == f->client.family;
        f->helo_same_net =
            f->helo_same_net || ip_same_prefix(ip, &f->client, ip->family == IP_V6 ? 64 : 24);
        list += used;
    }
}

static inline void check_test_add_ptr(struct facts *f, const char *name, struct fact confirmed)
{
    struct ptr_name *ptr = &f->ptr[f->ptr_count++];

    text_copy(ptr->name, sizeof(ptr->name), name);
    ptr->confirmed = confirmed;
}

/* What DNS and the engine's memory say. */
static inline void check_test_dns(const struct check_test *t, struct facts *f)
{
    f->fact[FACT_helo_forward] = check_test_fact(t->forward);
    f->fact[FACT_helo_address] = check_test_fact(t->address);
    f->fact[FACT_helo_mx] = check_test_fact(t->mx);
    f->fact[FACT_helo_public] = check_test_fact(t->is_public);
    f->fact[FACT_helo_mx_bad] = check_test_fact(t->mx_bad);
    f->fact[FACT_helo_rhsbl] = check_test_fact(t->rhsbl);
    f->fact[FACT_client_churn] = check_test_fact(t->churn);
    f->fact[FACT_client_ptr] = check_test_fact(t->ptr);
    f->fact[FACT_client_fcrdns] = check_test_fact(t->fcrdns);
    if (t->ptr_name != NULL)
        check_test_add_ptr(f, t->ptr_name, f->fact[FACT_client_fcrdns]);
    if (t->ptr_second != NULL)
        check_test_add_ptr(f, t->ptr_second, check_test_fact(t->ptr_second_is));
    f->mx_listed = t->mx_listed;
    f->rhsbl_zone = 1;
    check_test_helo_addresses(t->helo_addresses, f);
}

static inline const struct reference *check_test_reference(const struct check_test *t,
                                                           struct reference *empty)
{
    reference_init(empty);
    if (t->no_lists)
        return NULL;
    return t->no_data ? empty : &check_test_lists;
}

/* What the site has configured of itself; outlives the facts. */
struct check_test_own {
    struct identity identity;
    struct ip address;
    char name[LIMIT_NAME_CHARS + 1];
};

static inline void check_test_configure(const struct check_test *t, struct check_test_own *own)
{
    *own = (struct check_test_own){0};
    if (t->configured_name != NULL) {
        text_copy(own->name, sizeof(own->name), t->configured_name);
        own->identity.names = &own->name;
        own->identity.name_count = 1;
    }
    if (t->configured_address != NULL) {
        check_test_address(t->configured_address, &own->address);
        own->identity.addresses = &own->address;
        own->identity.address_count = own->identity.configured_addresses = 1;
    }
}

static inline void check_test_facts(const struct check_test *t, struct facts *f,
                                    struct check_test_own *own)
{
    facts_init(f);
    if (t->client != NULL)
        check_test_address(t->client, &f->client);
    if (t->helo != NULL)
        helo_name_parse(&f->helo, t->helo, strlen(t->helo));
    f->helo_voided = t->voided;
    f->helo_changed = t->changed;
    f->today = CHECK_TEST_TODAY;
    check_test_dns(t, f);
    check_test_configure(t, own);
    f->own = &own->identity;
    if (t->own_name != NULL)
        text_copy(f->mta_names[f->mta_name_count++], sizeof(f->mta_names[0]), t->own_name);
    if (t->own_address != NULL)
        check_test_address(t->own_address, &f->mta_addresses[f->mta_address_count++]);
    if (t->rcpt_domain != NULL) {
        f->in_recipient = true;
        text_copy(f->recipient_domain, sizeof(f->recipient_domain), t->rcpt_domain);
    }
}

static inline void check_test_run(enum check_id check, const struct check_test *t)
{
    struct facts f;
    struct check_test_own own;
    struct reference empty;
    struct outcome outcome;
    char got[64];

    check_test_facts(t, &f, &own);
    f.ref = check_test_reference(t, &empty);
    outcome = check_row(check)->run(&f);
    if (outcome.kind == OUTCOME_FAIL) {
        UNIT_EXPECT_INT(reason_row(outcome.reason)->check, check);
        snprintf(got, sizeof(got), "%s", reason_row(outcome.reason)->name);
    } else if (outcome.kind == OUTCOME_UNKNOWN) {
        snprintf(got, sizeof(got), "unknown:%s", fact_cause_text(outcome.cause));
    } else {
        snprintf(got, sizeof(got), "%s", outcome_text(outcome.kind));
    }
    UNIT_EXPECT_TEXT(got, t->want);
    UNIT_EXPECT_INT(outcome.entry, t->entry == 0 ? ENTRY_NONE : t->entry - 1);
}

/* One cmocka test from one table: the table is named NAME_rows. */
#define CHECK_TEST(check)                                     \
    static void check(void **state)                           \
    {                                                         \
        (void)state;                                          \
        UNIT_EACH(const struct check_test, t, check##_rows) { \
            check_test_run(CHECK_##check, t);                 \
        }                                                     \
    }

#define CHECK_TEST_MAIN(tests) \
    cmocka_run_group_tests(tests, check_test_make_lists, check_test_free_lists)

#endif /* HELO_TESTS_CHECK_ROWS_H */
