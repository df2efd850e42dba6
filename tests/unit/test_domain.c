/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_domain.c - name/domain.h
 */
#include "unit/unit.h"

#include "name/domain.h"

#define TEN      "abcdefghij"
#define LABEL_63 TEN TEN TEN TEN TEN TEN "abc"
#define NAME_253 LABEL_63 "." LABEL_63 "." LABEL_63 "." TEN TEN TEN TEN TEN TEN "a"

/* ---- syntax ---------------------------------------------------------------------------------- */

static const struct check_row {
    const char *name;
    const char *in;
    enum domain_fault fault;
    size_t offset;
    bool underscore;
} check_rows[] = {
    {"host", "mx.site.example", DOMAIN_OK, 0, false},
    {"upper case", "MX.Site.EXAMPLE", DOMAIN_OK, 0, false},
    {"trailing dot", "mx.site.example.", DOMAIN_OK, 0, false},
    {"one label", "mx", DOMAIN_OK, 0, false},
    {"digit first (RFC 1123 2.1)", "3com.example", DOMAIN_OK, 0, false},
    {"digits, but not last", "1.2.3.x", DOMAIN_OK, 0, false},
    {"digits and letters last", "host.4x", DOMAIN_OK, 0, false},
    {"A-label", "xn--bcher-kva.example", DOMAIN_OK, 0, false},
    {"hyphens inside", "a--b.c-d", DOMAIN_OK, 0, false},
    {"underscore", "my_pc.example", DOMAIN_OK, 0, true},
    {"underscore at an edge", "_mx_.example", DOMAIN_OK, 0, true},
    {"label of 63", LABEL_63 ".example", DOMAIN_OK, 0, false},
    {"name of 253", NAME_253, DOMAIN_OK, 0, false},
    {"name of 253 and a dot", NAME_253 ".", DOMAIN_OK, 0, false},
    {"empty", "", DOMAIN_EMPTY_LABEL, 0, false},
    {"dot", ".", DOMAIN_EMPTY_LABEL, 0, false},
    {"two dots", "..", DOMAIN_EMPTY_LABEL, 0, false},
    {"dot in front", ".foo", DOMAIN_EMPTY_LABEL, 0, false},
    {"dots inside", "bad..name", DOMAIN_EMPTY_LABEL, 4, false},
    {"dots behind", "foo..", DOMAIN_EMPTY_LABEL, 4, false},
    {"blank", "a b", DOMAIN_CHARACTER, 1, false},
    {"8 bit", "caf\xc3\xa9.example", DOMAIN_CHARACTER, 3, false},
    {"8 bit that is a letter in Latin-1", "\xe9t\xe9.example", DOMAIN_CHARACTER, 0, false},
    {"wildcard", "*.example", DOMAIN_CHARACTER, 0, false},
    {"the first fault counts", "a.b@-.", DOMAIN_CHARACTER, 3, false},
    {"label of 64", "x." LABEL_63 "d.example", DOMAIN_LABEL_LENGTH, 2, false},
    {"name of 254", NAME_253 "b", DOMAIN_NAME_LENGTH, 253, false},
    {"hyphen in front", "-x.example", DOMAIN_HYPHEN, 0, false},
    {"hyphen behind", "x-.example", DOMAIN_HYPHEN, 1, false},
    {"hyphen at the end", "x.example-", DOMAIN_HYPHEN, 9, false},
    {"hyphen before a trailing dot", "x.example-.", DOMAIN_HYPHEN, 9, false},
    {"hyphen alone", "-", DOMAIN_HYPHEN, 0, false},
    {"hyphen next to an underscore", "-_x.example", DOMAIN_HYPHEN, 0, false},
    {"hyphen inside, underscore at the edge", "_-x-_.example", DOMAIN_OK, 0, true},
    {"address", "192.0.2.1", DOMAIN_NUMERIC_TLD, 8, false},
    {"numeric last label", "foo.123", DOMAIN_NUMERIC_TLD, 4, false},
    {"numeric last label and a dot", "foo.123.", DOMAIN_NUMERIC_TLD, 4, false},
};

static void checks(void **state)
{
    (void)state;
    UNIT_EACH(const struct check_row, r, check_rows) {
        struct domain_finding found = domain_check(r->in, strlen(r->in));

        UNIT_EXPECT_INT(found.fault, r->fault);
        UNIT_EXPECT_INT(found.offset, r->offset);
        UNIT_EXPECT_INT(found.underscore, r->underscore);
        UNIT_EXPECT_INT(domain_is_host_name(r->in, true), r->fault == DOMAIN_OK);
        UNIT_EXPECT_INT(domain_is_host_name(r->in, false), r->fault == DOMAIN_OK && !r->underscore);
    }
}

static const struct normalise_row {
    const char *name;
    const char *in;
    const char *want; /* NULL: refused */
} normalise_rows[] = {
    {"case", "MX.Site.Example", "mx.site.example"},
    {"trailing dot", "mx.", "mx"},
    {"one dot only is dropped", "mx..", "mx."},
    {"253", NAME_253, NAME_253},
    {"253 and a dot", NAME_253 ".", NAME_253},
    {"254", NAME_253 "x", NULL},
    {"empty", "", NULL},
    {"dot", ".", NULL},
};

static void normalises(void **state)
{
    (void)state;
    UNIT_EACH(const struct normalise_row, r, normalise_rows) {
        char out[LIMIT_NAME_CHARS + 1] = "untouched", again[LIMIT_NAME_CHARS + 1];

        UNIT_EXPECT_INT(domain_normalise(out, r->in), r->want != NULL);
        UNIT_EXPECT_TEXT(out, r->want != NULL ? r->want : "untouched");
        if (r->want != NULL && strcmp(r->want, "mx.") != 0) {
            UNIT_EXPECT(domain_normalise(again, out));
            UNIT_EXPECT_TEXT(again, out);
        }
    }
}

/* ---- compare --------------------------------------------------------------------------------- */

static const struct compare_row {
    const char *name;
    const char *a;
    const char *parent;
    bool equal;
    bool below;
} compare_rows[] = {
    {"same", "mx.example", "mx.example", true, false},
    {"case", "MX.example", "mx.EXAMPLE", true, false},
    {"one trailing dot", "mx.example.", "mx.example", true, false},
    {"the other trailing dot", "mx.example", "mx.example.", true, false},
    {"both", "mx.example.", "mx.example.", true, false},
    {"two trailing dots", "mx.example..", "mx.example", false, false},
    {"below", "a.mx.example", "mx.example", false, true},
    {"far below", "a.b.c.MX.example.", "mx.Example", false, true},
    {"labels, not letters", "amx.example", "mx.example", false, false},
    {"above", "example", "mx.example", false, false},
    {"nothing before the dot", ".mx.example", "mx.example", false, false},
    {"below a top-level domain", "mx.example", "example", false, true},
    {"empty is not empty", "", "", false, false},
    {"dot is not dot", ".", ".", false, false},
    {"empty and dot", "", ".", false, false},
    {"nothing is within nothing", "mx.example", "", false, false},
    {"nothing is within the root", "mx.example.", ".", false, false},
    {"other", "mx.example", "mx.examplf", false, false},
};

static void compares(void **state)
{
    (void)state;
    UNIT_EACH(const struct compare_row, r, compare_rows) {
        UNIT_EXPECT_INT(domain_equal(r->a, r->parent), r->equal);
        UNIT_EXPECT_INT(domain_equal(r->parent, r->a), r->equal);
        UNIT_EXPECT_INT(domain_is_below(r->a, r->parent), r->below);
        UNIT_EXPECT_INT(domain_is_within(r->a, r->parent), r->equal || r->below);
    }
}

static const struct labels_row {
    const char *name; /* the name */
    unsigned labels;
} labels_rows[] = {
    {"", 0},           {".", 0},           {"mx", 1},   {"mx.", 1},     {".mx", 1},
    {"mx.example", 2}, {"mx.example.", 2}, {"a..b", 2}, {"a.b.c.d", 4},
};

static void counts_labels(void **state)
{
    (void)state;
    UNIT_EACH(const struct labels_row, r, labels_rows) {
        UNIT_EXPECT_INT(domain_labels(r->name), r->labels);
    }
}

/* ---- whose ----------------------------------------------------------------------------------- */

static const struct organisation_row {
    const char *name; /* the name */
    const char *want;
} organisation_rows[] = {
    {"example.com", "example.com"},
    {"mx.a.b.example.com", "example.com"},
    {"com", NULL},
    {"mx.example.co.uk", "example.co.uk"},
    {"co.uk", NULL},
    {"uk", NULL},
    /* A wildcard of the list and its exception. */
    {"mx.foo.bar.ck", "foo.bar.ck"},
    {"bar.ck", NULL},
    {"mx.www.ck", "www.ck"},
    /* The private part: strangers share the suffix. */
    {"one.dyndns.org", "one.dyndns.org"},
    {"dyndns.org", NULL},
    {"a.user.github.io", "user.github.io"},
    /* On no list: the last label is the suffix. */
    {"mx.site.example", "site.example"},
    {"server.lan", "server.lan"},
    {"a.b.internal", "b.internal"},
    {"localhost", NULL},
    /* A-labels, and what is odd but no fault. */
    {"mx.foo.xn--55qx5d.cn", "foo.xn--55qx5d.cn"},
    {"my_pc.example.com", "example.com"},
    {"", NULL},
};

static void knows_the_organisation(void **state)
{
    (void)state;
    UNIT_EACH(const struct organisation_row, r, organisation_rows) {
        const char *found = domain_organisation(r->name);

        UNIT_EXPECT_TEXT(found, r->want);
        if (found != NULL) {
            UNIT_EXPECT(found == r->name + strlen(r->name) - strlen(found));
            UNIT_EXPECT_TEXT(domain_organisation(found), found);
        }
    }
}

static const struct organisation_row registrable_rows[] = {
    {"example.com", "example.com"},
    {"mx.a.b.example.com", "example.com"},
    {"com", NULL},
    {"mx.example.co.uk", "example.co.uk"},
    {"co.uk", NULL},
    {"uk", NULL},
    {"mx.foo.bar.ck", "foo.bar.ck"},
    {"bar.ck", NULL},
    {"mx.www.ck", "www.ck"},
    /* Private suffixes belong to whoever registered them. */
    {"one.dyndns.org", "dyndns.org"},
    {"dyndns.org", "dyndns.org"},
    {"a.user.github.io", "github.io"},
    {"github.io", "github.io"},
    {"io", NULL},
    {"ec2-203-0-113-9.compute-1.amazonaws.com", "amazonaws.com"},
    {"mx.site.example", "site.example"},
    {"server.lan", "server.lan"},
    {"a.b.internal", "b.internal"},
    {"9.113.0.203.in-addr.arpa", "203.in-addr.arpa"},
    {"mx.foo.xn--55qx5d.cn", "foo.xn--55qx5d.cn"},
    {"my_pc.example.com", "example.com"},
    {"localhost", NULL},
    {"", NULL},
};

static void knows_what_is_registered(void **state)
{
    (void)state;
    UNIT_EACH(const struct organisation_row, r, registrable_rows) {
        const char *found = domain_registrable(r->name);

        UNIT_EXPECT_TEXT(found, r->want);
        if (found != NULL)
            UNIT_EXPECT(found == r->name + strlen(r->name) - strlen(found));
    }
}

static const struct same_row {
    const char *name;
    const char *a;
    const char *b;
    bool want;
} same_rows[] = {
    {"same name", "mx.example.com", "mx.example.com", true},
    {"beside", "mx.example.com", "out.example.com", true},
    {"above", "a.mx.example.co.uk", "example.co.uk", true},
    {"another", "mx.example.com", "mx.example.net", false},
    {"same suffix", "mx.one.co.uk", "mx.two.co.uk", false},
    {"labels, not letters", "myexample.com", "example.com", false},
    {"two of no organisation", "co.uk", "uk", false},
    {"two of no organisation, one label", "alpha", "beta", false},
    {"no organisation, and equal", "alpha", "alpha", true},
    {"one of no organisation", "com", "example.com", false},
    {"strangers below a private suffix", "one.dyndns.org", "two.dyndns.org", false},
    {"a stranger and the suffix's owner", "one.dyndns.org", "dyndns.org", false},
    {"nothing is nobody's", "", "", false},
};

static void knows_one_organisation(void **state)
{
    (void)state;
    UNIT_EACH(const struct same_row, r, same_rows) {
        UNIT_EXPECT_INT(domain_is_of(r->a, r->b, domain_organisation(r->b)), r->want);
        UNIT_EXPECT_INT(domain_is_of(r->b, r->a, domain_organisation(r->a)), r->want);
    }
}

static const struct suffix_row {
    const char *name; /* the name */
    bool want;
} suffix_rows[] = {
    {"mx.example.com", true},
    {"com", true},
    {"mx.example.online", true},
    {"mx.example.co.uk", true},
    {"mx.example.com.np", true}, /* only *.np is listed */
    {"mx.example.xn--55qx5d", true},
    {"9.113.0.203.in-addr.arpa", true},
    {"mx.example.local", false},
    {"pc.lan", false},
    {"mail.nonsense", false},
    {"mail.example", false},
    {"com.lan", false},
    {"localhost", false},
    {"", false},
};

static void knows_public_suffixes(void **state)
{
    (void)state;
    UNIT_EACH(const struct suffix_row, r, suffix_rows) {
        UNIT_EXPECT_INT(domain_has_public_suffix(r->name), r->want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(checks),
        UNIT_TEST(normalises),
        UNIT_TEST(compares),
        UNIT_TEST(counts_labels),
        UNIT_TEST(knows_the_organisation),
        UNIT_TEST(knows_what_is_registered),
        UNIT_TEST(knows_one_organisation),
        UNIT_TEST(knows_public_suffixes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
