/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_cache_stories.c - dns/cache.h: what is known of a name, told answer by answer
 */
#include "unit/unit.h"

#include "unit/cache_tools.h"

/* bytes, min_ttl, max_ttl, negative_ttl, failure_ttl, stale */
static const struct cache_limits plain = LIMITS(1 << 20, 5, 3600, 600, 5, 0);
static const struct cache_limits no_least = LIMITS(1 << 20, 0, 3600, 600, 5, 0);
static const struct cache_limits stale = LIMITS(1 << 20, 5, 3600, 600, 5, 1000);
static const struct cache_limits slow_failures = LIMITS(1 << 20, 5, 3600, 600, 100, 0);

enum { MOST_STEPS = 14 };

struct step {
    unsigned at_s;
    enum dns_type type;
    const char *want; /* NULL: an answer comes */
    enum dns_status status;
    uint32_t ttl_s;
};

#define COMES(at_s, type, status, ttl_s) \
    {                                    \
        at_s, type, NULL, status, ttl_s  \
    }
#define FOUND(at_s, type, want)     \
    {                               \
        at_s, type, want, DNS_OK, 0 \
    }

static const struct story_row {
    const char *name;
    const struct cache_limits *limits;
    struct step steps[MOST_STEPS]; /* a type of 0 ends them */
} story_rows[] = {
    {"types are apart",
     &plain,
     {COMES(0, DNS_A, DNS_OK, 60), FOUND(0, DNS_A, "ok"), FOUND(0, DNS_AAAA, "-")}},
    {"NODATA is of its type only",
     &plain,
     {COMES(0, DNS_MX, DNS_NODATA, 60), FOUND(0, DNS_MX, "nodata"), FOUND(0, DNS_A, "-")}},
    {"NXDOMAIN is of all types",
     &plain,
     {COMES(0, DNS_A, DNS_NXDOMAIN, 60), FOUND(0, DNS_A, "nxdomain"),
      FOUND(0, DNS_AAAA, "nxdomain by name"), FOUND(59, DNS_MX, "nxdomain by name"),
      FOUND(60, DNS_MX, "-"), FOUND(60, DNS_A, "-")}},
    {"the newer NXDOMAIN is of all types, too",
     &plain,
     {COMES(0, DNS_A, DNS_NXDOMAIN, 60), COMES(30, DNS_AAAA, DNS_NXDOMAIN, 60),
      FOUND(89, DNS_A, "nxdomain by name"), FOUND(89, DNS_MX, "nxdomain by name"),
      FOUND(89, DNS_AAAA, "nxdomain"), FOUND(90, DNS_A, "-")}},
    {"NXDOMAIN without SOA leaves the one that has one",
     &plain,
     {COMES(0, DNS_A, DNS_NXDOMAIN, 60), COMES(1, DNS_AAAA, DNS_NXDOMAIN, 0),
      FOUND(2, DNS_A, "nxdomain"), FOUND(2, DNS_AAAA, "nxdomain by name")}},

    /* RFC 4074 4.2: servers that say NXDOMAIN to AAAA of names that have an A. */
    {"an A, and NXDOMAIN to AAAA after it",
     &plain,
     {COMES(0, DNS_A, DNS_OK, 60), COMES(0, DNS_AAAA, DNS_NXDOMAIN, 600), FOUND(1, DNS_A, "ok"),
      FOUND(1, DNS_AAAA, "nxdomain"), FOUND(1, DNS_MX, "-")}},
    {"an A, and NXDOMAIN to AAAA before it",
     &plain,
     {COMES(0, DNS_AAAA, DNS_NXDOMAIN, 600), FOUND(0, DNS_A, "nxdomain by name"),
      COMES(0, DNS_A, DNS_OK, 60), FOUND(1, DNS_A, "ok"), FOUND(1, DNS_AAAA, "nxdomain"),
      FOUND(1, DNS_MX, "-")}},
    {"the A expires first: asked again, not gone",
     &plain,
     {COMES(0, DNS_A, DNS_OK, 60), COMES(0, DNS_AAAA, DNS_NXDOMAIN, 600), FOUND(61, DNS_A, "-"),
      FOUND(61, DNS_AAAA, "nxdomain")}},
    {"the A expires first, having come last: asked again, not gone",
     &plain,
     {COMES(0, DNS_AAAA, DNS_NXDOMAIN, 600), COMES(0, DNS_A, DNS_OK, 60), FOUND(61, DNS_A, "-"),
      FOUND(61, DNS_AAAA, "nxdomain")}},
    {"both have expired, NXDOMAIN is first to come again",
     &plain,
     {COMES(0, DNS_A, DNS_OK, 60), COMES(0, DNS_AAAA, DNS_NXDOMAIN, 60), FOUND(61, DNS_A, "-"),
      FOUND(61, DNS_AAAA, "-"), COMES(61, DNS_AAAA, DNS_NXDOMAIN, 60), FOUND(61, DNS_A, "-"),
      FOUND(61, DNS_AAAA, "nxdomain")}},
    {"the A fails then: unknown, not gone",
     &plain,
     {COMES(0, DNS_AAAA, DNS_NXDOMAIN, 600), COMES(0, DNS_A, DNS_TIMEOUT, 0),
      FOUND(1, DNS_A, "timeout"), FOUND(10, DNS_A, "-"), FOUND(10, DNS_AAAA, "nxdomain")}},
    {"the A has failed before: unknown, not gone",
     &plain,
     {COMES(0, DNS_A, DNS_SERVFAIL, 0), COMES(0, DNS_AAAA, DNS_NXDOMAIN, 600),
      FOUND(1, DNS_A, "servfail"), FOUND(10, DNS_A, "-"), FOUND(10, DNS_AAAA, "nxdomain")}},
    {"nobody listens: that says nothing of the name",
     &plain,
     {COMES(0, DNS_AAAA, DNS_NXDOMAIN, 600), COMES(0, DNS_A, DNS_UNREACHABLE, 0),
      FOUND(1, DNS_A, "nxdomain by name")}},
    {"NODATA says that the name is there",
     &plain,
     {COMES(0, DNS_MX, DNS_NODATA, 60), COMES(0, DNS_AAAA, DNS_NXDOMAIN, 600), FOUND(1, DNS_A, "-"),
      FOUND(1, DNS_MX, "nodata"), FOUND(1, DNS_AAAA, "nxdomain")}},
    {"NODATA after NXDOMAIN",
     &plain,
     {COMES(0, DNS_AAAA, DNS_NXDOMAIN, 600), COMES(0, DNS_MX, DNS_NODATA, 60), FOUND(1, DNS_A, "-"),
      FOUND(1, DNS_MX, "nodata"), FOUND(1, DNS_AAAA, "nxdomain")}},
    {"NODATA without SOA, which is not kept, says so too",
     &plain,
     {COMES(0, DNS_AAAA, DNS_NXDOMAIN, 600), COMES(0, DNS_MX, DNS_NODATA, 0), FOUND(1, DNS_A, "-"),
      FOUND(1, DNS_MX, "-"), FOUND(1, DNS_AAAA, "nxdomain")}},
    {"a stale A",
     &stale,
     {COMES(0, DNS_A, DNS_OK, 60), COMES(61, DNS_AAAA, DNS_NXDOMAIN, 600),
      FOUND(62, DNS_A, "- stale"), FOUND(62, DNS_AAAA, "nxdomain")}},
    {"the domain is gone: its A, too",
     &plain,
     {COMES(0, DNS_A, DNS_OK, 60), COMES(61, DNS_A, DNS_NXDOMAIN, 600),
      FOUND(62, DNS_A, "nxdomain"), FOUND(62, DNS_MX, "nxdomain by name")}},
    {"the domain is gone: each type tells",
     &plain,
     {COMES(0, DNS_A, DNS_OK, 60), COMES(0, DNS_MX, DNS_OK, 60),
      COMES(61, DNS_A, DNS_NXDOMAIN, 600), FOUND(62, DNS_MX, "-"),
      COMES(62, DNS_MX, DNS_NXDOMAIN, 600), FOUND(63, DNS_AAAA, "nxdomain by name")}},
    {"a domain comes",
     &plain,
     {COMES(0, DNS_A, DNS_NXDOMAIN, 60), COMES(61, DNS_A, DNS_OK, 60), FOUND(62, DNS_A, "ok"),
      FOUND(62, DNS_MX, "-")}},

    {"the newer answer holds",
     &plain,
     {COMES(0, DNS_A, DNS_OK, 60), COMES(1, DNS_A, DNS_NODATA, 90), FOUND(90, DNS_A, "nodata")}},
    {"also when it is not kept",
     &plain,
     {COMES(0, DNS_A, DNS_OK, 60), COMES(1, DNS_A, DNS_NXDOMAIN, 0), FOUND(2, DNS_A, "-")}},
    {"also TTL 0 that is not kept",
     &no_least,
     {COMES(0, DNS_A, DNS_NODATA, 60), COMES(1, DNS_A, DNS_OK, 0), FOUND(2, DNS_A, "-")}},

    {"failures double, up to 12 times",
     &plain,
     {COMES(0, DNS_A, DNS_TIMEOUT, 0), COMES(5, DNS_A, DNS_TIMEOUT, 0), FOUND(14, DNS_A, "timeout"),
      FOUND(15, DNS_A, "-"), COMES(15, DNS_A, DNS_SERVFAIL, 0), FOUND(34, DNS_A, "servfail"),
      FOUND(35, DNS_A, "-"), COMES(35, DNS_A, DNS_REFUSED, 0), FOUND(74, DNS_A, "refused"),
      COMES(75, DNS_A, DNS_TIMEOUT, 0), FOUND(134, DNS_A, "timeout"), FOUND(135, DNS_A, "-"),
      COMES(135, DNS_A, DNS_TIMEOUT, 0), FOUND(194, DNS_A, "timeout")}},
    {"and not further",
     &plain,
     {COMES(0, DNS_A, DNS_TIMEOUT, 0), COMES(1, DNS_A, DNS_TIMEOUT, 0),
      COMES(2, DNS_A, DNS_TIMEOUT, 0), COMES(3, DNS_A, DNS_TIMEOUT, 0),
      COMES(4, DNS_A, DNS_TIMEOUT, 0), COMES(5, DNS_A, DNS_TIMEOUT, 0),
      COMES(6, DNS_A, DNS_TIMEOUT, 0), COMES(7, DNS_A, DNS_TIMEOUT, 0),
      COMES(8, DNS_A, DNS_TIMEOUT, 0), COMES(9, DNS_A, DNS_TIMEOUT, 0), FOUND(68, DNS_A, "timeout"),
      FOUND(69, DNS_A, "-")}},
    {"never past 5 minutes",
     &slow_failures,
     {COMES(0, DNS_A, DNS_TIMEOUT, 0), COMES(100, DNS_A, DNS_TIMEOUT, 0),
      FOUND(299, DNS_A, "timeout"), COMES(300, DNS_A, DNS_TIMEOUT, 0), FOUND(599, DNS_A, "timeout"),
      FOUND(600, DNS_A, "-")}},
    {"a success ends the row",
     &plain,
     {COMES(0, DNS_A, DNS_TIMEOUT, 0), COMES(5, DNS_A, DNS_TIMEOUT, 0), COMES(15, DNS_A, DNS_OK, 5),
      FOUND(15, DNS_A, "ok"), COMES(20, DNS_A, DNS_TIMEOUT, 0), FOUND(24, DNS_A, "timeout"),
      FOUND(25, DNS_A, "-")}},
    {"a success ends a failure that would have lived longer",
     &plain,
     {COMES(0, DNS_A, DNS_TIMEOUT, 0), COMES(1, DNS_A, DNS_TIMEOUT, 0),
      COMES(2, DNS_A, DNS_TIMEOUT, 0), COMES(3, DNS_A, DNS_OK, 5), FOUND(4, DNS_A, "ok"),
      FOUND(8, DNS_A, "-")}},
    {"so does a certain no",
     &plain,
     {COMES(0, DNS_A, DNS_TIMEOUT, 0), COMES(5, DNS_A, DNS_TIMEOUT, 0),
      COMES(15, DNS_A, DNS_NODATA, 5), COMES(20, DNS_A, DNS_TIMEOUT, 0), FOUND(25, DNS_A, "-")}},
    {"so does one that is not kept",
     &plain,
     {COMES(0, DNS_A, DNS_TIMEOUT, 0), COMES(5, DNS_A, DNS_TIMEOUT, 0),
      COMES(15, DNS_A, DNS_NODATA, 0), COMES(16, DNS_A, DNS_TIMEOUT, 0), FOUND(21, DNS_A, "-")}},
    {"a row is over when nobody asks for long",
     &plain,
     {COMES(0, DNS_A, DNS_TIMEOUT, 0), COMES(64, DNS_A, DNS_TIMEOUT, 0),
      FOUND(73, DNS_A, "timeout"), FOUND(74, DNS_A, "-"), COMES(134, DNS_A, DNS_TIMEOUT, 0),
      FOUND(138, DNS_A, "timeout"), FOUND(139, DNS_A, "-")}},
    {"each question has its own row",
     &plain,
     {COMES(0, DNS_A, DNS_TIMEOUT, 0), COMES(5, DNS_AAAA, DNS_TIMEOUT, 0),
      FOUND(10, DNS_AAAA, "-")}},
    {"a failure leaves what is alive",
     &plain,
     {COMES(0, DNS_A, DNS_OK, 60), COMES(1, DNS_A, DNS_TIMEOUT, 0), FOUND(2, DNS_A, "ok"),
      COMES(60, DNS_A, DNS_TIMEOUT, 0), FOUND(64, DNS_A, "timeout"), FOUND(65, DNS_A, "-")}},
    {"a failure leaves a live no",
     &plain,
     {COMES(0, DNS_A, DNS_NXDOMAIN, 60), COMES(1, DNS_A, DNS_TIMEOUT, 0),
      FOUND(2, DNS_A, "nxdomain"), FOUND(2, DNS_MX, "nxdomain by name")}},

    {"nothing is stale unless the site wants it",
     &plain,
     {COMES(0, DNS_A, DNS_OK, 60), FOUND(60, DNS_A, "-"), COMES(60, DNS_A, DNS_TIMEOUT, 0),
      FOUND(61, DNS_A, "timeout")}},
    {"stale from its end to the end of the window",
     &stale,
     {COMES(0, DNS_A, DNS_OK, 60), FOUND(59, DNS_A, "ok"), FOUND(60, DNS_A, "- stale"),
      FOUND(1059, DNS_A, "- stale"), FOUND(1060, DNS_A, "-")}},
    {"stale beside failures",
     &stale,
     {COMES(0, DNS_A, DNS_OK, 60), COMES(60, DNS_A, DNS_TIMEOUT, 0),
      FOUND(64, DNS_A, "timeout stale"), FOUND(65, DNS_A, "- stale"),
      COMES(65, DNS_A, DNS_SERVFAIL, 0), FOUND(74, DNS_A, "servfail stale"),
      FOUND(75, DNS_A, "- stale"), FOUND(1059, DNS_A, "- stale"), FOUND(1060, DNS_A, "-")}},
    {"a failure after the window is alone",
     &stale,
     {COMES(0, DNS_A, DNS_OK, 60), COMES(1060, DNS_A, DNS_TIMEOUT, 0),
      FOUND(1061, DNS_A, "timeout")}},
    {"a newer answer is not stale",
     &stale,
     {COMES(0, DNS_A, DNS_OK, 60), COMES(60, DNS_A, DNS_TIMEOUT, 0), COMES(65, DNS_A, DNS_OK, 60),
      FOUND(66, DNS_A, "ok"), FOUND(125, DNS_A, "- stale")}},
    {"a certain no ends what was stale",
     &stale,
     {COMES(0, DNS_A, DNS_OK, 60), COMES(60, DNS_A, DNS_NODATA, 5), FOUND(61, DNS_A, "nodata"),
      FOUND(65, DNS_A, "-")}},
    {"so it does without SOA",
     &stale,
     {COMES(0, DNS_A, DNS_OK, 60), COMES(60, DNS_A, DNS_NXDOMAIN, 0), FOUND(61, DNS_A, "-")}},
    {"no negative answer is ever stale",
     &stale,
     {COMES(0, DNS_A, DNS_NODATA, 60), FOUND(60, DNS_A, "-"), COMES(60, DNS_MX, DNS_NXDOMAIN, 60),
      FOUND(120, DNS_MX, "-"), FOUND(120, DNS_AAAA, "-")}},
    {"nobody listens: what is stale stays",
     &stale,
     {COMES(0, DNS_A, DNS_OK, 60), COMES(60, DNS_A, DNS_UNREACHABLE, 0),
      FOUND(61, DNS_A, "- stale")}},
};

static void stories_end_well(void **state)
{
    (void)state;
    UNIT_EACH(const struct story_row, r, story_rows) {
        struct cache *cache = cache_of(r->limits);

        for (size_t i = 0; i < MOST_STEPS && r->steps[i].type != 0; i++) {
            const struct step *s = &r->steps[i];
            uint64_t at_ms = 1000 + (uint64_t)s->at_s * 1000;

            if (s->want == NULL)
                put(cache, question_of(s->type, 1), s->status, s->ttl_s, at_ms);
            else if (!UNIT_EXPECT_TEXT(find(cache, question_of(s->type, 1), at_ms), s->want))
                print_error("... in step %zu\n", i);
            UNIT_EXPECT_TEXT(find(cache, question_of(s->type, 2), at_ms), "-");
        }
        cache_free(cache);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {UNIT_TEST(stories_end_well)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
