/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_zone.c - helo_zone_*() and dns/zone.h: records in memory
 */
#include "unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "dns/zone.h"

/* ---- lines --------------------------------------------------------------------------------- */

static const struct line_row {
    const char *name;
    const char *text;
    unsigned column; /* of the finding; 0: the line is right */
    const char *message;
    const char *hint;
} line_rows[] = {
    /* right */
    {"nothing", "", 0, NULL, NULL},
    {"blanks", " \t ", 0, NULL, NULL},
    {"comments", "; a comment", 0, NULL, NULL},
    {"a comment behind", "mx.example A 192.0.2.1 # here", 0, NULL, NULL},
    {"a newline", "mx.example A 192.0.2.1\r\n", 0, NULL, NULL},
    {"TTL and class", "mx.example. 60 IN A 192.0.2.1", 0, NULL, NULL},
    {"small letters", "mx.example in aaaa 2001:DB8::1", 0, NULL, NULL},
    {"underscores", "_a.my_pc.example A 192.0.2.1", 0, NULL, NULL},
    {"MX with a preference", "site.example MX 10 mx.example", 0, NULL, NULL},
    {"MX without one", "site.example MX mx.example", 0, NULL, NULL},
    {"null MX", "site.example MX 0 .", 0, NULL, NULL},
    {"a marker", "dead.example SERVFAIL", 0, NULL, NULL},
    {"a marker of an address", "192.0.2.9 TIMEOUT", 0, NULL, NULL},
    {"a wildcard", "*.dyn.example A 192.0.2.1", 0, NULL, NULL},
    {"IPv6 PTR", "2001:db8::1 PTR mx.example", 0, NULL, NULL},
    /* wrong */
    {"an owner that is none", "mx..example A 192.0.2.1", 1,
     "'mx..example' is not a name; accepted is letters, digits, hyphens, underscores and dots, "
     "\"*.\" in front, or an address",
     NULL},
    {"a star inside", "a.*.example A 192.0.2.1", 1,
     "'a.*.example' is not a name; accepted is letters, digits, hyphens, underscores and dots, "
     "\"*.\" in front, or an address",
     NULL},
    {"no type", "mx.example", 11,
     "a type is missing; accepted is A, AAAA, MX, PTR, CNAME, or NXDOMAIN, NODATA, SERVFAIL, "
     "REFUSED, TIMEOUT, MALFORMED",
     NULL},
    {"a type that is none", "mx.example TXT x", 12,
     "'TXT' is not a type; accepted is A, AAAA, MX, PTR, CNAME, or NXDOMAIN, NODATA, SERVFAIL, "
     "REFUSED, TIMEOUT, MALFORMED",
     NULL},
    {"nearly a type", "mx.example SERVFIAL", 12,
     "'SERVFIAL' is not a type; accepted is A, AAAA, MX, PTR, CNAME, or NXDOMAIN, NODATA, "
     "SERVFAIL, REFUSED, TIMEOUT, MALFORMED",
     "did you mean SERVFAIL?"},
    {"a TTL too large", "mx.example 2147483648 A 192.0.2.1", 12,
     "'2147483648' is not a time to live; accepted is a number of seconds below 2147483648 (RFC "
     "2181 8)",
     NULL},
    {"no IPv4 address", "mx.example  A 2001:db8::1", 15,
     "'2001:db8::1' is not an IPv4 address; accepted is four numbers, as in 192.0.2.1", NULL},
    {"no IPv6 address", "mx.example AAAA 192.0.2.1", 17,
     "'192.0.2.1' is not an IPv6 address; accepted is RFC 4291 text, as in 2001:db8::1", NULL},
    {"a mapped address is IPv4", "mx.example AAAA ::ffff:192.0.2.1", 17,
     "'::ffff:192.0.2.1' is not an IPv6 address; accepted is RFC 4291 text, as in 2001:db8::1",
     NULL},
    {"no data", "mx.example A ", 13,
     "an IPv4 address is missing; accepted is four numbers, as in 192.0.2.1", NULL},
    {"no target", "192.0.2.1 PTR", 14,
     "a host name is missing; accepted is letters, digits, hyphens, underscores and dots", NULL},
    {"a target that is none", "192.0.2.1 PTR -x.example", 15,
     "'-x.example' is not a host name; accepted is letters, digits, hyphens, underscores and dots",
     NULL},
    {"a preference that is none", "site.example MX 65536 mx.example", 17,
     "'65536' is not a preference; accepted is a number up to 65535", NULL},
    {"a word too many", "mx.example A 192.0.2.1 192.0.2.2", 24,
     "'192.0.2.2' is one word too many; accepted is NAME [TTL] [IN] TYPE DATA", NULL},
    {"a word behind a marker", "mx.example NXDOMAIN now", 21,
     "'now' is one word too many; accepted is NAME [TTL] [IN] TYPE DATA", NULL},
    {"an address with A", "192.0.2.1 A 192.0.2.1", 1,
     "an address can only have a PTR or a marker; accepted is a name", NULL},
};

struct heard {
    unsigned count;
    unsigned line, column;
    char message[256];
    char hint[64];
    char source[80];
};

static void hear(void *arg, const struct helo_diag *diag)
{
    struct heard *heard = arg;

    heard->count++;
    heard->line = diag->line;
    heard->column = diag->column;
    (void)snprintf(heard->message, sizeof heard->message, "%s", diag->message);
    (void)snprintf(heard->hint, sizeof heard->hint, "%s", diag->hint != NULL ? diag->hint : "");
    (void)snprintf(heard->source, sizeof heard->source, "%s",
                   diag->source != NULL ? diag->source : "");
}

static void lines_are_read(void **state)
{
    (void)state;
    UNIT_EACH(const struct line_row, r, line_rows) {
        struct heard heard = {0};
        helo_zone *zone = NULL;

        assert_int_equal(helo_zone_create(&zone), HELO_OK);
        UNIT_EXPECT_INT(helo_zone_add(zone, r->text, "zone", 7, hear, &heard),
                        r->message == NULL ? HELO_OK : HELO_INVALID);
        UNIT_EXPECT_INT(heard.count, r->message != NULL);
        UNIT_EXPECT_INT(heard.column, r->column);
        UNIT_EXPECT_TEXT(heard.message, r->message != NULL ? r->message : "");
        UNIT_EXPECT_TEXT(heard.hint, r->hint != NULL ? r->hint : "");
        if (r->message != NULL) {
            UNIT_EXPECT_INT(helo_zone_add(zone, r->text, NULL, 0, NULL, NULL), HELO_INVALID);
            UNIT_EXPECT_INT(heard.line, 7);
            UNIT_EXPECT_TEXT(heard.source, r->text);
        }
        helo_zone_free(zone);
    }
}

/* ---- answers ------------------------------------------------------------------------------- */

static const char *const zone_lines[] = {
    "mx.example 60 A 192.0.2.1",
    "mx.example 30 A 192.0.2.2",
    "mx.example AAAA 2001:db8::1",
    "192.0.2.1 PTR MX.Example.",
    "192.0.2.1 PTR other.example",
    "2001:db8::1 PTR mx.example",
    "site.example MX 10 mx.example",
    "none.example 900 MX 0 .",
    "alias.example 20 CNAME mx.example",
    "far.example CNAME alias.example",
    "gone.example CNAME missing.example",
    "loop.example CNAME pool.example",
    "pool.example CNAME loop.example",
    "both.example CNAME mx.example",
    "both.example A 192.0.2.7",
    "deep.tree.example A 192.0.2.3",
    "*.wild.example A 192.0.2.4",
    "there.wild.example MX mx.example",
    "nx.example NXDOMAIN",
    "nodata.example 10 NODATA",
    "servfail.example SERVFAIL",
    "refused.example REFUSED",
    "silent.example TIMEOUT",
    "to-silent.example CNAME silent.example",
    "bad.example MALFORMED",
};

static const struct ask_row {
    const char *name; /* the question's */
    enum dns_type type;
    enum dns_status want; /* DNS_TIMEOUT: silent */
    uint32_t ttl_s;
    unsigned cnames;
    const char *text;
} ask_rows[] = {
    {"mx.example", DNS_A, DNS_OK, 30, 0, "192.0.2.1 192.0.2.2"},
    {"mx.example", DNS_AAAA, DNS_OK, 300, 0, "2001:db8::1"},
    {"mx.example", DNS_MX, DNS_NODATA, 300, 0, ""},
    {"1.2.0.192.in-addr.arpa", DNS_PTR, DNS_OK, 300, 0, "mx.example other.example"},
    {"1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa", DNS_PTR, DNS_OK,
     300, 0, "mx.example"},
    {"site.example", DNS_MX, DNS_OK, 300, 0, "mx.example"},
    {"none.example", DNS_MX, DNS_NODATA, 900, 0, ""},
    {"alias.example", DNS_A, DNS_OK, 20, 1, "192.0.2.1 192.0.2.2"},
    {"far.example", DNS_A, DNS_OK, 20, 2, "192.0.2.1 192.0.2.2"},
    {"gone.example", DNS_A, DNS_NXDOMAIN, 300, 1, ""},
    {"loop.example", DNS_A, DNS_TOO_LONG, 0, LIMIT_CNAME_STEPS, ""},
    {"both.example", DNS_A, DNS_OK, 300, 0, "192.0.2.7"},
    {"both.example", DNS_AAAA, DNS_OK, 300, 1, "2001:db8::1"},
    {"missing.example", DNS_A, DNS_NXDOMAIN, 300, 0, ""},
    {"tree.example", DNS_A, DNS_NODATA, 300, 0, ""}, /* RFC 8020 2 */
    {"deep.tree.example", DNS_A, DNS_OK, 300, 0, "192.0.2.3"},
    {"a.deep.tree.example", DNS_A, DNS_NXDOMAIN, 300, 0, ""},
    {"a.wild.example", DNS_A, DNS_OK, 300, 0, "192.0.2.4"},
    {"a.b.wild.example", DNS_A, DNS_OK, 300, 0, "192.0.2.4"},
    {"wild.example", DNS_A, DNS_NODATA, 300, 0, ""},
    {"there.wild.example", DNS_A, DNS_NODATA, 300, 0, ""}, /* RFC 4592 2.2.1 */
    {"a.there.wild.example", DNS_A, DNS_NXDOMAIN, 300, 0, ""},
    {"nx.example", DNS_A, DNS_NXDOMAIN, 300, 0, ""},
    {"nodata.example", DNS_MX, DNS_NODATA, 10, 0, ""},
    {"servfail.example", DNS_A, DNS_SERVFAIL, 0, 0, ""},
    {"refused.example", DNS_A, DNS_REFUSED, 0, 0, ""},
    {"bad.example", DNS_A, DNS_MALFORMED, 0, 0, ""},
    {"silent.example", DNS_A, DNS_TIMEOUT, 0, 0, ""},
    {"to-silent.example", DNS_A, DNS_TIMEOUT, 0, 0, ""},
};

static helo_zone *make_zone(void)
{
    helo_zone *zone = NULL;

    assert_int_equal(helo_zone_create(&zone), HELO_OK);
    for (size_t i = 0; i < UNIT_COUNT(zone_lines); i++)
        assert_int_equal(helo_zone_add(zone, zone_lines[i], "zone", (unsigned)i + 1, NULL, NULL),
                         HELO_OK);
    return zone;
}

static struct dns_question question_of(const char *name, enum dns_type type)
{
    struct dns_question question = {.type = type};

    (void)snprintf(question.name, sizeof question.name, "%s", name);
    return question;
}

/* "192.0.2.1 192.0.2.2" */
static const char *text_of(const struct dns_answer *answer)
{
    static char text[1024];
    char address[IP_TEXT_SIZE];
    size_t length = 0;

    text[0] = '\0';
    for (size_t i = 0; i < answer->address_count; i++)
        length += (size_t)snprintf(text + length, sizeof text - length, "%s%s", i > 0 ? " " : "",
                                   ip_format(&answer->addresses[i], address));
    for (size_t i = 0; i < answer->name_count; i++)
        length += (size_t)snprintf(text + length, sizeof text - length, "%s%s", i > 0 ? " " : "",
                                   answer->names[i]);
    return text;
}

static void questions_are_answered(void **state)
{
    helo_zone *zone = make_zone();

    (void)state;
    UNIT_EACH(const struct ask_row, r, ask_rows) {
        const struct dns_question question = question_of(r->name, r->type);
        struct dns_answer *answer = NULL;
        bool silent = false;

        assert_int_equal(zone_answer(zone, &question, &silent, &answer), HELO_OK);
        UNIT_EXPECT_INT(silent, r->want == DNS_TIMEOUT);
        if (silent) {
            UNIT_EXPECT(answer == NULL);
            continue;
        }
        UNIT_EXPECT_TEXT(dns_status_text(answer->status), dns_status_text(r->want));
        UNIT_EXPECT_INT(answer->ttl_s, r->ttl_s);
        UNIT_EXPECT_INT(answer->cnames, r->cnames);
        UNIT_EXPECT_TEXT(text_of(answer), r->text);
        dns_answer_unref(answer);
    }
    helo_zone_free(zone);
    helo_zone_free(NULL);
}

static void a_marker_stands_alone(void **state)
{
    static const char *const pairs[][2] = {
        {"a.example A 192.0.2.1", "a.example SERVFAIL"},
        {"a.example SERVFAIL", "a.example A 192.0.2.1"},
        {"a.example SERVFAIL", "a.example SERVFAIL"},
    };

    (void)state;
    for (size_t i = 0; i < UNIT_COUNT(pairs); i++) {
        struct heard heard = {0};
        helo_zone *zone = NULL;

        assert_int_equal(helo_zone_create(&zone), HELO_OK);
        UNIT_EXPECT_INT(helo_zone_add(zone, pairs[i][0], "z", 1, hear, &heard), HELO_OK);
        UNIT_EXPECT_INT(helo_zone_add(zone, pairs[i][1], "z", 2, hear, &heard), HELO_INVALID);
        UNIT_EXPECT_TEXT(heard.message, "the name has records and a marker, or two markers; "
                                        "accepted is one marker alone");
        helo_zone_free(zone);
    }
}

/* ---- files --------------------------------------------------------------------------------- */

/* Writes bytes to a file of its own; the caller unlinks it. */
static void write_file(char path[32], const char *bytes, size_t length)
{
    int fd;

    (void)snprintf(path, 32, "/tmp/zone-XXXXXX");
    fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, length), length);
    (void)close(fd);
}

static const struct file_row {
    const char *name;
    const char *bytes;
    size_t length;
    enum helo_status want;
    unsigned findings;
    unsigned line; /* of the last finding */
} file_rows[] = {
    {"empty", "", 0, HELO_OK, 0, 0},
    {"no newline at the end", "a.x A 192.0.2.1", 15, HELO_OK, 0, 0},
    {"every mistake is reported", "a.x Z\n\nb.x A 192.0.2.1\nc.x Z\n", 29, HELO_INVALID, 2, 4},
    {"a NUL is no end", "a.x A 192.0.2.1\0 x\n", 19, HELO_INVALID, 1, 1},
    {"a line is read behind a NUL", "a.x A 1\0\nb.x Z\n", 15, HELO_INVALID, 2, 2},
};

static void files_are_read(void **state)
{
    char path[32];

    (void)state;
    UNIT_EACH(const struct file_row, r, file_rows) {
        struct heard heard = {0};
        helo_zone *zone = NULL;

        write_file(path, r->bytes, r->length);
        assert_int_equal(helo_zone_create(&zone), HELO_OK);
        UNIT_EXPECT_INT(helo_zone_load(zone, path, hear, &heard), r->want);
        UNIT_EXPECT_INT(heard.count, r->findings);
        UNIT_EXPECT_INT(heard.line, r->line);
        helo_zone_free(zone);
        (void)unlink(path);
    }
}

static void long_lines_and_many_mistakes(void **state)
{
    static char text[8192];
    struct heard heard = {0};
    helo_zone *zone = NULL;
    char path[32];

    (void)state;
    assert_int_equal(helo_zone_create(&zone), HELO_OK);
    memset(text, 'a', 5000);
    memcpy(text + 5000, "\nb.x Z\n", 7);
    write_file(path, text, 5007);
    UNIT_EXPECT_INT(helo_zone_load(zone, path, hear, &heard), HELO_INVALID);
    UNIT_EXPECT_INT(heard.count, 2);
    UNIT_EXPECT_INT(heard.line, 2); /* the long line is one */
    (void)unlink(path);

    heard = (struct heard){0};
    for (size_t i = 0; i < 1000; i++)
        memcpy(text + i * 6, "a.x Z\n", 6);
    write_file(path, text, 6000);
    UNIT_EXPECT_INT(helo_zone_load(zone, path, hear, &heard), HELO_INVALID);
    UNIT_EXPECT_INT(heard.count, LIMIT_DIAGNOSTICS);
    UNIT_EXPECT_TEXT(heard.message, "more findings are left out");
    (void)unlink(path);
    UNIT_EXPECT_INT(helo_zone_load(zone, "/nonexistent/zone", hear, &heard), HELO_IO);
    helo_zone_free(zone);
}

static void a_zone_has_a_limit(void **state)
{
    struct heard heard = {0};
    helo_zone *zone = NULL;
    enum helo_status status = HELO_OK;
    char line[64];
    unsigned count = 0;

    (void)state;
    assert_int_equal(helo_zone_create(&zone), HELO_OK);
    for (; status == HELO_OK && count <= LIMIT_ZONE_RECORDS; count++) {
        (void)snprintf(line, sizeof line, "h%u.d%u.example A 192.0.2.1", count, count % 100);
        status = helo_zone_add(zone, line, "zone", count + 1, hear, &heard);
    }
    UNIT_EXPECT_INT(status, HELO_LIMIT);
    UNIT_EXPECT_INT(count, LIMIT_ZONE_RECORDS + 1);
    UNIT_EXPECT_TEXT(heard.message, "the zone is full; accepted are 100000 records");
    helo_zone_free(zone);
}

static bool build_under_fault(void *arg)
{
    const struct dns_question question = question_of("h99.example", DNS_A);
    struct dns_answer *answer = NULL;
    helo_zone *zone = NULL;
    bool silent, good = true;
    char line[64];

    (void)arg;
    if (helo_zone_create(&zone) != HELO_OK)
        return false;
    for (unsigned i = 0; good && i < 100; i++) { /* the table grows on the way */
        (void)snprintf(line, sizeof line, "h%u.example A 192.0.2.1", i);
        good = helo_zone_add(zone, line, "zone", i, NULL, NULL) == HELO_OK;
    }
    good = good && zone_answer(zone, &question, &silent, &answer) == HELO_OK;
    dns_answer_unref(answer);
    helo_zone_free(zone);
    return good;
}

static void no_memory_is_survived(void **state)
{
    (void)state;
    unit_each_fault_tolerated(build_under_fault, NULL); /* a table that cannot grow is slow, only */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(lines_are_read),
        UNIT_TEST(questions_are_answered),
        UNIT_TEST(a_marker_stands_alone),
        UNIT_TEST(files_are_read),
        UNIT_TEST(long_lines_and_many_mistakes),
        UNIT_TEST(a_zone_has_a_limit),
        UNIT_TEST(no_memory_is_survived),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
