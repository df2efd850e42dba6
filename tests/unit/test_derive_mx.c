/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_derive_mx.c - hosts of the HELO domain's MX: asked about, bogus or listed
 */
#include "unit/derive_play.h"

static const struct row rows[] = {
    {"a public host", "a.example", "a.example MX 10 m.a.example\nm.a.example A " PUBLIC_V4,
     "a.example m.a.example m.a.example", "no"},
    {"a public host of IPv6 only", "a.example",
     "a.example MX 10 m.a.example\nm.a.example AAAA " PUBLIC_V6,
     "a.example m.a.example m.a.example", "no"},
    {"a bogus host", "a.example", "a.example MX 10 m.a.example\nm.a.example A 127.0.0.1",
     "a.example m.a.example m.a.example", "yes", "m.a.example"},
    {"a bogus host of IPv6 only", "a.example", "a.example MX 10 m.a.example\nm.a.example AAAA ::1",
     "a.example m.a.example m.a.example", "yes", "m.a.example"},
    {"bogus and public addresses", "a.example",
     "a.example MX 10 m.a.example\nm.a.example A 10.0.0.1\nm.a.example AAAA " PUBLIC_V6,
     "a.example m.a.example m.a.example", "no"},
    {"the second host is bogus", "a.example",
     "a.example MX 10 m.a.example\na.example MX 20 n.a.example\nm.a.example A " PUBLIC_V4
     "\nn.a.example A 192.168.0.1",
     "a.example m.a.example n.a.example m.a.example n.a.example", "yes", "n.a.example"},
    {"the first of two bogus hosts is named", "a.example",
     "a.example MX 10 m.a.example\na.example MX 20 n.a.example\nm.a.example A 10.0.0.1\n"
     "n.a.example A 192.168.0.1",
     "a.example m.a.example n.a.example m.a.example n.a.example", "yes", "m.a.example"},
    {"a bogus host beside a broken one", "a.example",
     "a.example MX 10 m.a.example\na.example MX 20 n.a.example\nm.a.example SERVFAIL\n"
     "n.a.example A 192.168.0.1",
     "a.example m.a.example n.a.example m.a.example n.a.example", "yes", "n.a.example"},
    {"a public host beside a broken one", "a.example",
     "a.example MX 10 m.a.example\na.example MX 20 n.a.example\nm.a.example SERVFAIL\n"
     "n.a.example A " PUBLIC_V4,
     "a.example m.a.example n.a.example m.a.example n.a.example", "servfail"},
    {"a public host beside a silent one", "a.example",
     "a.example MX 10 m.a.example\na.example MX 20 n.a.example\nm.a.example TIMEOUT\n"
     "n.a.example A " PUBLIC_V4,
     "a.example m.a.example n.a.example m.a.example n.a.example", "timeout"},
    {"a host without address is only out of order", "a.example", "a.example MX 10 m.a.example",
     "a.example m.a.example m.a.example", "no"},
    {"a host that a lame server knows nothing of", "a.example", "a.example MX 10 bare.a.example",
     "a.example bare.a.example bare.a.example", "malformed"},
    {"a host by CNAME", "a.example",
     "a.example MX 10 m.a.example\nm.a.example CNAME n.a.example\nn.a.example A 10.0.0.1",
     "a.example m.a.example m.a.example", "yes", "m.a.example"},
    {"localhost is not asked about", "a.example", "a.example MX 10 localhost", "a.example", "yes",
     "localhost"},
    {"a host below localhost", "a.example", "a.example MX 10 m.localhost", "a.example", "yes",
     "m.localhost"},
    {"null MX", "a.example", "a.example MX 0 .", "a.example", "no"},
    {"no MX", "a.example", "a.example A 127.0.0.1", "a.example", "no"},
    {"no such name", "a.example", "b.example A 127.0.0.1", "a.example", "no"},
    {"the MX is broken", "a.example", "a.example SERVFAIL", "a.example", "servfail"},
    {"the MX is refused", "a.example", "a.example REFUSED", "a.example", "refused"},
    {"the MX is malformed", "a.example", "a.example MALFORMED", "a.example", "malformed"},
    {"the MX is silent", "a.example", "a.example TIMEOUT", "a.example", "timeout"},
    {"a lame server for the MX", "bare.example", "", "bare.example", "malformed"},
    {"a listed host is not asked about", "a.example", "a.example MX 10 denied.example", "a.example",
     "yes", "denied.example listed"},
    {"a host below a listed suffix", "a.example", "a.example MX 10 m.parked.example", "a.example",
     "yes", "m.parked.example listed"},
    {"a listed host goes before a bogus one", "a.example",
     "a.example MX 10 localhost\na.example MX 20 denied.example", "a.example", "yes",
     "denied.example listed"},
    {"an entry past its day", "a.example", "a.example MX 10 formerly.example",
     "a.example formerly.example formerly.example", "no"},
    {"a listed host past those that are looked up", "a.example",
     "a.example MX 1 m1.example\na.example MX 2 m2.example\na.example MX 3 m3.example\n"
     "a.example MX 4 m4.example\na.example MX 5 denied.example",
     "a.example", "yes", "denied.example listed"},
    {"no more than LIMIT_MX_HOSTS hosts are looked up", "a.example",
     "a.example MX 1 m1.example\na.example MX 2 m2.example\na.example MX 3 m3.example\n"
     "a.example MX 4 m4.example\na.example MX 5 m5.example\n*.example A " PUBLIC_V4
     "\nm5.example A 127.0.0.1",
     "a.example m1.example m2.example m3.example m4.example m1.example m2.example m3.example "
     "m4.example",
     "no"},
    {"an address literal", "[192.0.2.1]", "", "", "open"},
    {"localhost", "localhost", "localhost MX 10 m.a.example", "", "open"},
};

static void add_pattern(struct dated_patterns *list, const char *text, int64_t until)
{
    struct pattern_fault fault;
    int64_t *grown = mem_grow(list->until, list->count + 1, sizeof(grown[0]));

    assert_non_null(grown);
    list->until = grown;
    list->until[list->count] = until;
    assert_true(pattern_add(&list->patterns, text, (uint32_t)list->count++, &fault));
}

static void make_reference(struct reference *ref)
{
    reference_init(ref);
    add_pattern(&ref->mx_denied, "denied.example", INT64_MAX);
    add_pattern(&ref->mx_denied, ".parked.example", TODAY);
    add_pattern(&ref->mx_denied, "formerly.example", TODAY - 1);
    assert_true(pattern_list_seal(&ref->mx_denied.patterns));
}

static void name_of_host(const struct facts *f, char *out, size_t size)
{
    snprintf(out, size, "%s%s", f->mx_name, f->mx_listed ? " listed" : "");
}

static void mx_hosts(void **state)
{
    struct reference ref;

    (void)state;
    make_reference(&ref);
    UNIT_EACH(const struct row, r, rows) {
        expect_row(r, &ref, FACT_helo_mx_bad, name_of_host);
    }
    reference_fini(&ref);
}

/* A site without any list. */
static void nothing_is_listed(void **state)
{
    static const struct row r = {"none",      "a.example", "a.example MX 10 localhost",
                                 "a.example", "yes",       "localhost"};

    (void)state;
    expect_row(&r, NULL, FACT_helo_mx_bad, name_of_host);
}

/* A host with more addresses than are kept: one of the others could be public. */
static void cut_answer_is_no_proof(void **state)
{
    struct reference ref;
    struct row r = {"cut", "a.example", "a.example MX 10 m.a.example",
                    "a.example m.a.example m.a.example", "budget"};
    struct play p;

    (void)state;
    make_reference(&ref);
    begin(&p, &r, &ref, FACT_helo_mx_bad);
    for (int i = 0; i < LIMIT_ADDRESSES + 1; i++)
        assert_int_equal(helo_zone_add(p.zone, "m.a.example A 127.0.0.1", "row", 1, NULL, NULL),
                         HELO_OK);
    play(&p, false);
    UNIT_EXPECT_INT(p.facts.fact[FACT_helo_mx_bad].state, FACT_UNKNOWN);
    UNIT_EXPECT_INT(p.facts.fact[FACT_helo_mx_bad].cause, CAUSE_BUDGET);
    end(&p);
    reference_fini(&ref);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(mx_hosts),
        UNIT_TEST(nothing_is_listed),
        UNIT_TEST(cut_answer_is_no_proof),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
