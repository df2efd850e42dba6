/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_domain_set.c - name/domain_set.h
 */
#include "unit/unit.h"

#include <pthread.h>
#include <stdio.h>

#include "name/domain.h"
#include "name/domain_set.h"

/* The index is the tag; they are added from the last to the first. */
static const struct entry {
    const char *domain;
    enum domain_scope scope;
} entries[] = {
    /* 0 */ {"mx.example.org", DOMAIN_EXACT},
    /* 1 */ {"example.org", DOMAIN_WITHIN},
    /* 2 */ {"dsl.example.org", DOMAIN_BELOW},
    /* 3 */ {"a.pool.dsl.example.org", DOMAIN_WITHIN},
    /* 4 */ {"gle.example", DOMAIN_WITHIN},
    /* 5 */ {"twice.example", DOMAIN_WITHIN},
    /* 6 */ {"twice.example", DOMAIN_EXACT},
    /* 7 */ {"twice.example", DOMAIN_WITHIN},
    /* 8 */ {"twice.example", DOMAIN_EXACT},
    /* 9 */ {"twice.example", DOMAIN_BELOW},
    /* 10 */ {"test", DOMAIN_BELOW},
    /* 11 */ {"ylmf-pc", DOMAIN_EXACT},
    /* 12 */ {"only.example", DOMAIN_EXACT},
    /* 13 */ {"below.example", DOMAIN_BELOW},
    /* 14 */ {"below.example", DOMAIN_WITHIN},
    /* 15 */ {"192.0.2.1", DOMAIN_EXACT},
    /* 16 */ {"2001:db8::1", DOMAIN_EXACT},
};

static const struct find_row {
    const char *name; /* that is looked for */
    int tag;          /* -1: nothing */
} find_rows[] = {
    {"mx.example.org", 0},
    {"example.org", 1},
    {"www.example.org", 1},
    {"below.mx.example.org", 1},
    {"dsl.example.org", 1}, /* BELOW is not the domain itself */
    {"1.dsl.example.org", 2},
    {"1.pool.dsl.example.org", 2},
    {"a.pool.dsl.example.org", 3},
    {"b.a.pool.dsl.example.org", 3},
    {"aa.pool.dsl.example.org", 2},
    {"badexample.org", -1},
    {"example.org.test", 10},
    {"example.orgx", -1},
    {"example.or", -1},
    {"org", -1},
    {"google.example", -1}, /* ends in gle.example, but not at a label */
    {"gle.example", 4},
    {"goo.gle.example", 4},
    {"twice.example", 6},   /* EXACT goes before WITHIN, then the lowest tag */
    {"x.twice.example", 5}, /* WITHIN and BELOW are alike here */
    {"test", -1},
    {"a.test", 10},
    {"a.b.c.d.e.test", 10},
    {"ylmf-pc", 11},
    {"x.ylmf-pc", -1},
    {"ylmf-pc.example.net", -1},
    {"only.example", 12},
    {"x.only.example", -1},
    {"below.example", 14},
    {"x.below.example", 13},
    {"192.0.2.1", 15},
    {"1.192.0.2.1", -1},
    {"192.0.2.10", -1},
    {"2001:db8::1", 16},
    {"", -1},
    {".", -1},
    {"..", -1},
    {".test", -1}, /* nothing is in front of the dot */
    {"a..test", 10},
    {"a.test.", -1}, /* not normalised */
};

static void add_entries(struct domain_set *set)
{
    for (size_t i = UNIT_COUNT(entries); i-- > 0;)
        assert_true(domain_set_add(set, entries[i].domain, entries[i].scope, (uint32_t)i));
}

static int tag_of(const struct domain_set *set, const char *name)
{
    const struct domain_set_row *row = domain_set_find(set, name);

    return row != NULL ? (int)row->tag : -1;
}

static void finds_the_most_specific(void **state)
{
    struct domain_set set;

    (void)state;
    domain_set_init(&set);
    add_entries(&set);
    assert_true(domain_set_seal(&set));
    UNIT_EACH(const struct find_row, r, find_rows) {
        UNIT_EXPECT_INT(tag_of(&set, r->name), r->tag);
    }
    domain_set_fini(&set);
}

static void takes_a_part_of_a_text(void **state)
{
    struct domain_set set;

    (void)state;
    domain_set_init(&set);
    add_entries(&set);
    assert_true(domain_set_seal(&set));
    assert_int_equal(domain_set_find_bytes(&set, "mx.example.org.", 14)->tag, 0);
    assert_int_equal(domain_set_find_bytes(&set, "a.testing", 6)->tag, 10);
    assert_null(domain_set_find_bytes(&set, "mx.example.org", 0));
    domain_set_fini(&set);
}

static void an_empty_set_has_nothing(void **state)
{
    struct domain_set set;

    (void)state;
    domain_set_init(&set);
    assert_null(domain_set_find(&set, "example.org"));
    assert_true(domain_set_seal(&set));
    assert_null(domain_set_find(&set, "example.org"));
    assert_null(domain_set_find(&set, ""));
    domain_set_fini(&set);
    domain_set_fini(&set);
}

/* What was added after a seal is there after the next one. */
static void can_be_sealed_again(void **state)
{
    struct domain_set set;

    (void)state;
    domain_set_init(&set);
    assert_true(domain_set_add(&set, "a.example", DOMAIN_EXACT, 1));
    assert_true(domain_set_seal(&set));
    assert_true(domain_set_add(&set, "b.example", DOMAIN_EXACT, 2));
    assert_true(domain_set_seal(&set));
    assert_int_equal(tag_of(&set, "a.example"), 1);
    assert_int_equal(tag_of(&set, "b.example"), 2);
    domain_set_fini(&set);
}

/* Their hashes are equal, as long as it is FNV-1a from the last byte; "wchpyaf" changes none. */
static void tells_names_of_one_hash_apart(void **state)
{
    struct domain_set set;

    (void)state;
    domain_set_init(&set);
    assert_true(domain_set_add(&set, "h54682.example", DOMAIN_EXACT, 1));
    assert_true(domain_set_add(&set, "mx.examplewchpyaf", DOMAIN_EXACT, 2));
    assert_true(domain_set_seal(&set));
    assert_int_equal(tag_of(&set, "h54682.example"), 1);
    assert_int_equal(tag_of(&set, "h132119.example"), -1);
    assert_int_equal(tag_of(&set, "mx.example"), -1);
    assert_true(domain_set_add(&set, "h132119.example", DOMAIN_EXACT, 3));
    assert_true(domain_set_add(&set, "mx.example", DOMAIN_EXACT, 4));
    assert_true(domain_set_seal(&set));
    assert_int_equal(tag_of(&set, "h54682.example"), 1);
    assert_int_equal(tag_of(&set, "mx.examplewchpyaf"), 2);
    assert_int_equal(tag_of(&set, "h132119.example"), 3);
    assert_int_equal(tag_of(&set, "mx.example"), 4);
    domain_set_fini(&set);
}

/* ---- against a plain search ------------------------------------------------------------------ */

/* A generator of its own: the rows are the same on every machine. */
static uint32_t next_number(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

/* Few labels of few letters, so that names often meet. */
static void make_name(char out[32], uint32_t *seed)
{
    unsigned labels = 1 + next_number(seed) % 4;
    size_t at = 0;

    for (unsigned i = 0; i < labels; i++) {
        unsigned letters = 1 + next_number(seed) % 2;

        if (i != 0)
            out[at++] = '.';
        for (unsigned j = 0; j < letters; j++)
            out[at++] = (char)('a' + next_number(seed) % 4);
    }
    out[at] = '\0';
}

static bool row_has(const struct domain_set_row *row, const char *name)
{
    bool equal = domain_equal(name, row->domain), below = domain_is_below(name, row->domain);

    return (equal && row->scope != DOMAIN_BELOW) || (below && row->scope != DOMAIN_EXACT);
}

/* Whether a, which has name, is found rather than b, which has it, too. */
static bool is_better(const struct domain_set_row *a, const struct domain_set_row *b)
{
    if (strlen(a->domain) != strlen(b->domain))
        return strlen(a->domain) > strlen(b->domain);
    if ((a->scope == DOMAIN_EXACT) != (b->scope == DOMAIN_EXACT))
        return a->scope == DOMAIN_EXACT;
    return a->tag < b->tag;
}

static void agrees_with_a_plain_search(void **state)
{
    struct domain_set set;
    uint32_t seed = 1;
    char name[32];
    unsigned found = 0;

    (void)state;
    domain_set_init(&set);
    for (uint32_t i = 0; i < 400; i++) {
        make_name(name, &seed);
        assert_true(
            domain_set_add(&set, name, (enum domain_scope)(next_number(&seed) % 3), 400 - i));
    }
    assert_true(domain_set_seal(&set));
    for (int i = 0; i < 4000; i++) {
        const struct domain_set_row *best = NULL;

        make_name(name, &seed);
        for (size_t j = 0; j < set.count; j++) {
            const struct domain_set_row *row = &set.rows[j];

            if (row_has(row, name) && (best == NULL || is_better(row, best)))
                best = row;
        }
        assert_ptr_equal(domain_set_find(&set, name), best);
        found += best != NULL;
    }
    assert_in_range(found, 1000, 3999);
    domain_set_fini(&set);
}

/* ---- many ------------------------------------------------------------------------------------ */

enum { MANY = 100000, THREADS = 4, FINDS = 20000 };

static void format_many(char out[32], unsigned i)
{
    (void)snprintf(out, 32, "h%u.n%u.example", i, i % 1000);
}

struct finder {
    const struct domain_set *set;
    pthread_t thread;
    unsigned wrong;
};

static void *find_many(void *arg)
{
    struct finder *finder = arg;
    char name[32];

    for (unsigned i = 0; i < FINDS; i++) {
        unsigned number = i * 7 % (2 * MANY);

        format_many(name, number);
        finder->wrong += tag_of(finder->set, name) != (number < MANY ? (int)number : -1);
    }
    return NULL;
}

static void threads_share_a_large_set(void **state)
{
    struct domain_set set;
    struct finder finders[THREADS];
    char name[32];

    (void)state;
    domain_set_init(&set);
    for (unsigned i = 0; i < MANY; i++) {
        format_many(name, i);
        assert_true(domain_set_add(&set, name, DOMAIN_WITHIN, i));
    }
    assert_true(domain_set_seal(&set));
    for (size_t i = 0; i < THREADS; i++) {
        finders[i] = (struct finder){.set = &set};
        assert_int_equal(pthread_create(&finders[i].thread, NULL, find_many, &finders[i]), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(finders[i].thread, NULL), 0);
        UNIT_EXPECT_INT(finders[i].wrong, 0);
    }
    domain_set_fini(&set);
}

static bool build_set(void *arg)
{
    struct domain_set set;
    bool built = true;

    (void)arg;
    domain_set_init(&set);
    for (uint32_t i = 0; i < 40 && built; i++) {
        char name[32];

        format_many(name, i);
        built = domain_set_add(&set, name, DOMAIN_EXACT, i);
    }
    built = built && domain_set_seal(&set);
    domain_set_fini(&set);
    return built;
}

static void reports_a_lack_of_memory(void **state)
{
    (void)state;
    unit_each_fault(build_set, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(finds_the_most_specific),       UNIT_TEST(takes_a_part_of_a_text),
        UNIT_TEST(an_empty_set_has_nothing),      UNIT_TEST(can_be_sealed_again),
        UNIT_TEST(tells_names_of_one_hash_apart), UNIT_TEST(agrees_with_a_plain_search),
        UNIT_TEST(threads_share_a_large_set),     UNIT_TEST(reports_a_lack_of_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
