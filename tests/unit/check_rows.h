/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * check_rows.h - facts made from one line of a table, for the tests of checks
 *
 * A fact's column is one character: y yes, n no, t unknown(timeout), s unknown(servfail), b
 * unknown(budget); 0 is unknown(pending), that is: nobody has asked yet.
 */
#ifndef HELO_TESTS_CHECK_ROWS_H
#define HELO_TESTS_CHECK_ROWS_H

#include <stdio.h>

#include "base/text.h"
#include "checks/registry.h"
#include "name/domain.h"
#include "unit/unit.h"

struct check_test {
    const char *name;
    const char *client; /* NULL: local submission */
    const char *helo;   /* NULL: none was said */
    const char *want;   /* "none", "pass", the reason of a fail, or "unknown:cause" */
    char forward, address, mx, ptr, fcrdns;
    const char *ptr_name; /* confirmed as fcrdns says */
    const char *own_name;
    const char *own_address; /* as the MTA says it */
    const char *configured_address;
    const char *rcpt_domain;
    const char *helo_addresses; /* separated by a blank */
    bool voided;
};

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

/* own outlives f. */
static inline void check_test_facts(const struct check_test *t, struct facts *f,
                                    struct identity *own, struct ip *own_address)
{
    facts_init(f);
    if (t->client != NULL)
        check_test_address(t->client, &f->client);
    if (t->helo != NULL)
        helo_name_parse(&f->helo, t->helo, strlen(t->helo));
    f->helo_voided = t->voided;
    f->fact[FACT_helo_forward] = check_test_fact(t->forward);
    f->fact[FACT_helo_address] = check_test_fact(t->address);
    f->fact[FACT_helo_mx] = check_test_fact(t->mx);
    f->fact[FACT_client_ptr] = check_test_fact(t->ptr);
    f->fact[FACT_client_fcrdns] = check_test_fact(t->fcrdns);
    if (t->ptr_name != NULL) {
        f->ptr_count = 1;
        text_copy(f->ptr[0].name, sizeof(f->ptr[0].name), t->ptr_name);
        f->ptr[0].confirmed = f->fact[FACT_client_fcrdns];
    }
    if (t->own_name != NULL)
        text_copy(f->mta_names[f->mta_name_count++], sizeof(f->mta_names[0]), t->own_name);
    if (t->own_address != NULL)
        check_test_address(t->own_address, &f->mta_addresses[f->mta_address_count++]);
    *own = (struct identity){0};
    if (t->configured_address != NULL) {
        check_test_address(t->configured_address, own_address);
        own->addresses = own_address;
        own->address_count = own->configured_addresses = 1;
        f->own = own;
    }
    if (t->rcpt_domain != NULL) {
        f->in_recipient = true;
        text_copy(f->recipient_domain, sizeof(f->recipient_domain), t->rcpt_domain);
    }
    check_test_helo_addresses(t->helo_addresses, f);
}

static inline void check_test_run(enum check_id check, const struct check_test *t)
{
    struct facts f;
    struct identity own;
    struct ip own_address;
    struct outcome outcome;
    char got[64];

    check_test_facts(t, &f, &own, &own_address);
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
}

/* One cmocka test from one table: the table is named check_NAME_rows. */
#define CHECK_TEST(check)                                     \
    static void check(void **state)                           \
    {                                                         \
        (void)state;                                          \
        UNIT_EACH(const struct check_test, t, check##_rows) { \
            check_test_run(CHECK_##check, t);                 \
        }                                                     \
    }

#endif /* HELO_TESTS_CHECK_ROWS_H */
