/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_derive_rhsbl.c - domain lists: asked about which names, and what counts as a listing
 */
#include "unit/derive_play.h"

static const struct row rows[] = {
    {"on no list", "a.example", "", "a.example.one.list.example a.example.two.list.example", "no"},
    {"on the first", "a.example", "a.example.one.list.example A 127.0.0.2",
     "a.example.one.list.example a.example.two.list.example", "yes", "0 127.0.0.2"},
    {"on the second", "a.example", "a.example.two.list.example A 127.0.1.2",
     "a.example.one.list.example a.example.two.list.example", "yes", "1 127.0.1.2"},
    {"on both: the first is named", "a.example",
     "a.example.two.list.example A 127.0.1.2\na.example.one.list.example A 127.0.0.9",
     "a.example.one.list.example a.example.two.list.example", "yes", "0 127.0.0.9"},
    {"the organisational domain", "m.x.a.example", "a.example.two.list.example A 127.0.1.2",
     "m.x.a.example.one.list.example a.example.one.list.example m.x.a.example.two.list.example "
     "a.example.two.list.example",
     "yes", "1 127.0.1.2"},
    {"the domain itself goes first", "m.a.example",
     "a.example.one.list.example A 127.0.0.2\nm.a.example.one.list.example A 127.0.0.3",
     "m.a.example.one.list.example a.example.one.list.example m.a.example.two.list.example "
     "a.example.two.list.example",
     "yes", "0 127.0.0.3"},
    {"a code that the site does not want", "a.example", "a.example.one.list.example A 127.0.0.10",
     "a.example.one.list.example a.example.two.list.example", "no"},
    {"a code of the other zone", "a.example", "a.example.one.list.example A 127.0.1.2",
     "a.example.one.list.example a.example.two.list.example", "no"},
    {"one code of several", "a.example",
     "a.example.one.list.example A 127.0.0.20\na.example.one.list.example A 127.0.0.4",
     "a.example.one.list.example a.example.two.list.example", "yes", "0 127.0.0.4"},
    {"the last address of a range", "a.example", "a.example.one.list.example A 127.0.0.9",
     "a.example.one.list.example a.example.two.list.example", "yes", "0 127.0.0.9"},
    {"an error is no listing: wrong name", "a.example",
     "a.example.one.list.example A 127.255.255.252",
     "a.example.one.list.example a.example.two.list.example", "refused"},
    {"an error is no listing: public resolver", "a.example",
     "a.example.one.list.example A 127.255.255.254",
     "a.example.one.list.example a.example.two.list.example", "refused"},
    {"an error is no listing: too many questions", "a.example",
     "a.example.one.list.example A 127.255.255.255",
     "a.example.one.list.example a.example.two.list.example", "refused"},
    {"an error of a zone whose codes have it", "a.example",
     "a.example.two.list.example A 127.255.255.254",
     "a.example.one.list.example a.example.two.list.example", "refused"},
    {"an error beside a code", "a.example",
     "a.example.one.list.example A 127.0.0.2\na.example.one.list.example A 127.255.255.254",
     "a.example.one.list.example a.example.two.list.example", "refused"},
    {"an error hides no other listing", "a.example",
     "a.example.one.list.example A 127.255.255.254\na.example.two.list.example A 127.0.1.2",
     "a.example.one.list.example a.example.two.list.example", "yes", "1 127.0.1.2"},
    {"a resolver that makes up answers", "a.example", "*.list.example A 198.51.100.1",
     "a.example.one.list.example a.example.two.list.example", "refused"},
    {"a made-up answer beside a code", "a.example",
     "a.example.one.list.example A 127.0.0.2\na.example.one.list.example A 198.51.100.1",
     "a.example.one.list.example a.example.two.list.example", "refused"},
    {"NODATA", "a.example", "a.example.one.list.example NODATA",
     "a.example.one.list.example a.example.two.list.example", "no"},
    {"broken", "a.example", "a.example.one.list.example SERVFAIL",
     "a.example.one.list.example a.example.two.list.example", "servfail"},
    {"refused", "a.example", "a.example.two.list.example REFUSED",
     "a.example.one.list.example a.example.two.list.example", "refused"},
    {"malformed", "a.example", "a.example.two.list.example MALFORMED",
     "a.example.one.list.example a.example.two.list.example", "malformed"},
    {"a lame server", "bare.example", "",
     "bare.example.one.list.example bare.example.two.list.example", "malformed"},
    {"silent", "a.example", "a.example.one.list.example TIMEOUT",
     "a.example.one.list.example a.example.two.list.example", "timeout"},
    {"the first cause counts", "a.example",
     "a.example.one.list.example TIMEOUT\na.example.two.list.example SERVFAIL",
     "a.example.one.list.example a.example.two.list.example", "timeout"},
    {"silence hides no listing", "a.example",
     "a.example.one.list.example TIMEOUT\na.example.two.list.example A 127.0.1.2",
     "a.example.one.list.example a.example.two.list.example", "yes", "1 127.0.1.2"},
    {"a breakdown hides no listing", "m.a.example",
     "m.a.example.one.list.example SERVFAIL\na.example.one.list.example A 127.0.0.2",
     "m.a.example.one.list.example a.example.one.list.example m.a.example.two.list.example "
     "a.example.two.list.example",
     "yes", "0 127.0.0.2"},
    {"an unusable list is not asked", "a.example", "a.example.one.list.example A 127.0.0.2",
     "a.example.two.list.example", "no", .unusable = 1},
    {"an unusable list hides no listing", "a.example", "a.example.two.list.example A 127.0.1.2",
     "a.example.two.list.example", "yes", "1 127.0.1.2", .unusable = 1},
    {"the second list is unusable", "a.example", "a.example.one.list.example A 127.0.0.2",
     "a.example.one.list.example", "yes", "0 127.0.0.2", .unusable = 2},
    {"no list is usable", "a.example", "a.example.one.list.example A 127.0.0.2", "", "no",
     .unusable = 3},
    {"one label", "test", "test.one.list.example A 127.0.0.2", "", "no"},
    {"localhost", "m.localhost", "*.one.list.example A 127.0.0.2", "", "no"},
    {"a public suffix has no organisation", "co.uk", "co.uk.one.list.example A 127.0.0.2",
     "co.uk.one.list.example co.uk.two.list.example", "yes", "0 127.0.0.2"},
    {"a bare address", "192.0.2.1", "*.one.list.example A 127.0.0.2", "", "open"},
    {"an IPv6 address", "2001:db8::1", "*.one.list.example A 127.0.0.2", "", "open"},
    {"an address literal", "[192.0.2.1]", "*.one.list.example A 127.0.0.2", "", "open"},
    {"an IPv6 literal", "[IPv6:2001:db8::1]", "*.one.list.example A 127.0.0.2", "", "open"},
    {"no name at all", "a b", "*.one.list.example A 127.0.0.2", "", "open"},
};

static void make_reference(struct reference *ref)
{
    reference_init(ref);
    add_zone(ref, "one.list.example", "127.0.0.2", "127.0.0.9");
    add_zone(ref, "two.list.example", "127.0.1.2", "127.255.255.255");
}

static void zone_and_code(const struct facts *f, char *out, size_t size)
{
    char code[IP_TEXT_SIZE];

    snprintf(out, size, "%u %s", f->rhsbl_zone, ip_format(&f->rhsbl_code, code));
}

static void domain_lists(void **state)
{
    struct reference ref;

    (void)state;
    make_reference(&ref);
    UNIT_EACH(const struct row, r, rows) {
        expect_row(r, &ref, FACT_helo_rhsbl, zone_and_code);
    }
    reference_fini(&ref);
}

static void nothing_is_known_of_lists(void **state)
{
    static const struct row r = {"none", "a.example", "", "", "open"};
    struct reference ref;

    (void)state;
    expect_row(&r, NULL, FACT_helo_rhsbl, zone_and_code);
    reference_init(&ref);
    expect_row(&r, &ref, FACT_helo_rhsbl, zone_and_code);
    reference_fini(&ref);
}

/* A name that would be too long below the list, and one that just fits. */
static void long_names(void **state)
{
    static const char list[] = "one.list.example";
    struct reference ref;
    char helo[LIMIT_NAME_CHARS + 1];
    size_t fits = LIMIT_NAME_CHARS - sizeof(list);

    (void)state;
    reference_init(&ref);
    add_zone(&ref, list, "127.0.0.2", "127.0.0.9");
    for (size_t length = fits; length <= fits + 1; length++) {
        const struct row r = {.name = "long", .helo = helo, .zone = "*.list.example A 127.0.0.2"};
        struct play p;

        for (size_t i = 0; i < length; i++)
            helo[i] = i % 50 == 49 ? '.' : 'a';
        memcpy(helo + length - 10, ".a.example", 11);
        begin(&p, &r, &ref, FACT_helo_rhsbl);
        play(&p, false);
        /* The organisational domain is asked about in any case. */
        UNIT_EXPECT_INT(p.plan.count, length == fits ? 2 : 1);
        UNIT_EXPECT_INT(strlen(p.plan.items[0].question.name),
                        length == fits ? LIMIT_NAME_CHARS
                                       : sizeof("a.example.") - 1 + strlen(list));
        UNIT_EXPECT_INT(p.facts.fact[FACT_helo_rhsbl].state, FACT_YES);
        end(&p);
    }
    reference_fini(&ref);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(domain_lists),
        UNIT_TEST(nothing_is_known_of_lists),
        UNIT_TEST(long_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
