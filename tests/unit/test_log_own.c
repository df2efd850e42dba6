/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_log_own.c - our own log, JSON lines, and what may stand before them
 */
#include "log_play.h"

/* As lib/policy/explain_log.c and milter/log_line.c write it. */
#define LINE                                                                                 \
    "id=1M80TM3Y8000MR04 qid=- client=203.0.113.9 ptr=mail.client.example helo=localhost "   \
    "from=a@client.example to=joe@site.example listener=mx.site.example:25 auth=- exempt=- " \
    "failed=not_fqdn:observe,localhost:reject unknown=- score=0 dns_ms=0 verdict=accept "    \
    "would=reject"
#define WANT_AT(server)                                                  \
    "203.0.113.9 ? localhost a@client.example joe@site.example |" server \
    " listener=mx.site.example port=25 id=1M80TM3Y8000MR04 outcome=accepted would=reject\n"

/* One verdict, wherever it was written. */
static const struct play_row frames[] = {
    {"stderr", "milter-helo: " LINE "\n", WANT_AT(""), NULL},
    {"nothing before it", LINE "\n", WANT_AT(""), NULL},
    {"log.file", "time=2026-11-22T05:10:52.123Z level=info " LINE "\n", WANT_AT(""), NULL},
    {"syslog", "Nov 22 05:10:52 mx milter-helo[99]: " LINE "\n", WANT_AT(""), NULL},
    {"rsyslog", "2026-11-22T05:10:52.123456+01:00 mx.site.example milter-helo[99]: " LINE "\n",
     WANT_AT(" server=mx.site.example"), NULL},
    {"with a priority", "<22>Nov 22 05:10:52 mx milter-helo: " LINE "\n", WANT_AT(""), NULL},
    {"RFC 5424", "<22>1 2026-11-22T05:10:52.1Z mx.site.example milter-helo 99 - - " LINE "\n",
     WANT_AT(" server=mx.site.example"), NULL},
    {"RFC 5424, structured data",
     "<22>1 2026-11-22T05:10:52.1Z mx.site.example milter-helo 99 - "
     "[a@1 b=\"c\\\"] \"][d@1 e=\"f\"] " LINE "\n",
     WANT_AT(" server=mx.site.example"), NULL},
    {"journalctl", "Nov 22 05:10:52.123456 mx milter-helo[99]: " LINE "\n", WANT_AT(""), NULL},
    {"journalctl -o short-iso", "2026-11-22T05:10:52+0000 mx milter-helo[99]: " LINE "\n",
     WANT_AT(""), NULL},
    {"journalctl -o short-full", "Sun 2026-11-22 05:10:52 UTC mx milter-helo[99]: " LINE "\n",
     WANT_AT(""), NULL},
    {"journalctl -o short-unix", "1795324252.123456 mx milter-helo[99]: " LINE "\n", WANT_AT(""),
     NULL},
    {"no syslog daemon between", "Nov 22 05:10:52 milter-helo[99]: " LINE "\n", WANT_AT(""), NULL},
    {"Exim's main log, by contrib/exim", "2026-11-22 05:10:52 milter-helo: " LINE "\n", WANT_AT(""),
     NULL},
    {"Exim's main log, log_selector = +millisec +pid, log_timezone",
     "2026-11-22 05:10:52.123 +0100 [157] milter-helo: " LINE "\n", WANT_AT(""), NULL},
    {"Exim by syslog", "Nov 22 05:10:52 mx exim[85]: milter-helo: " LINE "\n", WANT_AT(""), NULL},
    {"Exim by syslog, with a time and a number of its own",
     "Nov 22 05:10:52 mx exim4[85]: 2026-11-22 05:10:52 [85] milter-helo: " LINE "\n", WANT_AT(""),
     NULL},
    {"what a client says in a line of Exim's is no line of ours",
     "2026-11-22 05:10:52 H=milter-helo: " LINE " [192.0.2.66] rejected MAIL <x>\n"
     "2026-11-22 05:10:52 1xUzuh-00002O-2J <= \"milter-helo: " LINE "\"@b.example\n"
     "2026-11-22 05:10:52  milter-helo: " LINE "\n"
     "2026-11-22 05:10:52 [] milter-helo: " LINE "\n"
     "2026-11-22 05:10:52 [x] milter-helo: " LINE "\n"
     "2026-11-22 05:10:52 [1] [2] milter-helo: " LINE "\n"
     "2026-11-22 05:10:52 " LINE "\n"
     "2026-11-22 05:10:52 milter-helo2: " LINE "\n"
     "2026-11-22 05:10:52 rejected EHLO from [192.0.2.66]: syntactically invalid argument(s): "
     "milter-helo: id=1M80TM3Y8000MR04\n",
     "192.0.2.66 ? milter-helo:_id=1M80TM3Y8000MR04 - - | outcome=rejected\n", NULL},
    {"another program that says it", "Nov 22 05:10:52 mx evil[99]: " LINE "\n", "", NULL},
};

static const struct play_row own[] = {
    {"refused, IPv6, tagged with a queue id, authenticated",
     "id=1M80TM3YB000MR05 qid=1733D65B client=2001:db8:9::9 ptr=- helo=x.example from=<> "
     "to=joe@site.example listener=submission:587 auth=joe exempt=- failed=no_ptr:reject "
     "unknown=- score=2.5 dns_ms=3 verdict=reject would=reject\n",
     "2001:db8:9::9 none x.example <> joe@site.example | auth=joe listener=submission port=587 "
     "qid=1733D65B id=1M80TM3YB000MR05 outcome=rejected would=reject\n",
     NULL},
    {"what failed tells the reverse DNS, and so does iprev=",
     "id=1M80TM3YB000MR05 qid=- client=192.0.2.1 ptr=a.example helo=x from=- to=- listener=- "
     "auth=- exempt=- failed=fcrdns:observe unknown=- score=0 dns_ms=0 verdict=accept "
     "would=accept\n"
     "id=1M80TM3YB000MR06 qid=- client=192.0.2.2 ptr=- helo=x from=- to=- listener=- auth=- "
     "exempt=- failed=- unknown=no_ptr:servfail,fcrdns:servfail score=0 dns_ms=0 verdict=defer "
     "would=defer\n"
     "id=1M80TM3YB000MR07 qid=- client=192.0.2.3 ptr=a.example iprev=pass helo=x from=- to=- "
     "listener=- auth=- exempt=- failed=- unknown=- score=0 dns_ms=0 verdict=accept "
     "would=accept\n",
     "192.0.2.1 !a.example x - - | id=1M80TM3YB000MR05 outcome=accepted would=accept\n"
     "192.0.2.2 temperror x - - | id=1M80TM3YB000MR06 outcome=deferred would=defer\n"
     "192.0.2.3 a.example x - - | id=1M80TM3YB000MR07 outcome=accepted would=accept\n",
     NULL},
    {"exempt at connect: nothing was said yet; no HELO; by no socket",
     "id=1M80TM62M000MR0V qid=- client=203.0.113.9 ptr=mail.client.example helo=- from=- to=- "
     "listener=submission:587 auth=- exempt=listener(submission) failed=- unknown=- score=0 "
     "dns_ms=0 verdict=accept would=accept\n"
     "id=1M80TM3YX000MR08 qid=- client=203.0.113.9 ptr=- helo=- from=a@client.example "
     "to=joe@site.example listener=- auth=- exempt=- failed=no_helo:observe unknown=- score=0 "
     "dns_ms=0 verdict=accept would=accept\n"
     "id=1M80TM3YX000MR09 qid=- client=- ptr=- helo=localhost from=root@site.example "
     "to=joe@site.example listener=mx.site.example auth=- exempt=local failed=- unknown=- score=0 "
     "dns_ms=0 verdict=accept would=accept\n",
     "203.0.113.9 ? ? - - | listener=submission port=587 id=1M80TM62M000MR0V outcome=accepted "
     "would=accept\n"
     "203.0.113.9 ? - a@client.example joe@site.example | id=1M80TM3YX000MR08 outcome=accepted "
     "would=accept\n"
     "local ? localhost root@site.example joe@site.example | listener=mx.site.example "
     "id=1M80TM3YX000MR09 outcome=accepted would=accept\n",
     NULL},
    {"a HELO is what it was: quotes, backslashes, bytes that are not printable",
     "id=1M80TM5YH000MR0G qid=- client=203.0.113.9 ptr=- helo=\"m\\\\xc3\\\\xbcller.example\" "
     "from=- to=- listener=- auth=- exempt=- failed=syntax:reject unknown=- score=0 dns_ms=0 "
     "verdict=reject would=reject\n"
     "id=1M80TM5ZK000MR0N qid=- client=203.0.113.9 ptr=- helo=\"\\\\\\\\back\\\"quote= verdict=x\" "
     "from=- to=- listener=- auth=- exempt=- failed=syntax:reject unknown=- score=0 dns_ms=0 "
     "verdict=reject would=reject\n"
     "id=1M80TM5ZK000MR0P qid=- client=203.0.113.9 ptr=- helo=\"-\" from=- to=- listener=- auth=- "
     "exempt=- failed=syntax:reject unknown=- score=0 dns_ms=0 verdict=reject would=reject\n",
     "203.0.113.9 ? m\xc3\xbcller.example - - | id=1M80TM5YH000MR0G outcome=rejected "
     "would=reject\n"
     "203.0.113.9 ? \\back\"quote=_verdict=x - - | id=1M80TM5ZK000MR0N outcome=rejected "
     "would=reject\n"
     "203.0.113.9 ? - - - | id=1M80TM5ZK000MR0P outcome=rejected would=reject\n",
     NULL},
    {"other lines of ours",
     "milter-helo: ready socket=unix:/run/milter-helo.sock policy=/etc/x.yaml mode=observe\n"
     "milter-helo: qid=4ABC123 removed: 2 Authentication-Results fields that claimed to be ours\n"
     "time=2026-11-22T05:10:52.123Z level=info msg=\"ready id=1 verdict=x\"\n",
     "", NULL},
    {"lines that are cut, or wrong",
     "id=1M80TM3Y8000MR04 qid=- client=203.0.113.9 ptr=mail.client.ex\n"
     "id=1M80TM3Y8000MR04 qid=- client=203.0.113.9 helo=\"a b\n"
     "id=1M80TM3Y8000MR04 qid=- client=203.0.113 verdict=accept\n"
     "id=- qid=- client=203.0.113.9 verdict=accept\n"
     "id=\n",
     "",
     "1:0: a decision without verdict=: is the line cut short?\n"
     "2:0: ends in the middle of a value: is the line cut short?\n"
     "3:0: client is no IP address: 203.0.113\n"
     "5:0: a decision without verdict=: is the line cut short?\n"},
};

#define JSON_OWN                                                                                 \
    "{\"time\": \"2026-11-22T05:04:03.217Z\", \"level\": \"info\", \"event\": \"verdict\", "     \
    "\"qid\": null, \"id\": \"1P6XJ4Y2G00B3R08\", \"client\": \"203.0.113.9\", "                 \
    "\"ptr\": \"mail.client.example\", \"helo\": \"m\\\\xc3\\\\xbcller\", \"from\": \"<>\", "    \
    "\"to\": \"c@site.example\", \"listener\": \"mx.site.example:25\", \"auth\": null, "         \
    "\"exempt\": null, \"failed\": [{\"check\": \"own_name\", \"reason\": \"name\", "            \
    "\"action\": \"reject\"}], \"unknown\": [{\"check\": \"fcrdns\", \"cause\": \"timeout\"}], " \
    "\"score\": 2.5, \"dns_ms\": 12, \"verdict\": \"accept\", \"would\": \"reject\"}"
#define JSON_WANT(server)                                                                         \
    "203.0.113.9 ? m\xc3\xbcller <> c@site.example |" server " listener=mx.site.example port=25 " \
    "id=1P6XJ4Y2G00B3R08 outcome=accepted would=reject\n"

static const struct play_row json[] = {
    {"our own log", JSON_OWN "\n", JSON_WANT(""), NULL},
    {"our own log, by syslog", "Nov 22 05:10:52 mx.site.example milter-helo[99]: " JSON_OWN "\n",
     JSON_WANT(" server=mx.site.example"), NULL},
    {"its other lines",
     "{\"time\": \"2026-11-22T05:04:03.217Z\", \"level\": \"info\", \"event\": \"message\", "
     "\"text\": \"ready\"}\n",
     "", NULL},
    {"the documented keys",
     "{\"time\": \"2026-11-22T05:04:03Z\", \"client\": \"203.0.113.9\", \"helo\": "
     "\"mail.client.example\", \"ptr\": \"mail.client.example\", \"ptr_status\": \"verified\", "
     "\"from\": \"<>\", \"rcpt\": \"joe@site.example\", \"auth\": \"joe\", \"server\": "
     "\"mx.site.example\"}\n"
     "{\"client\": \"2001:db8:0:0::9\", \"time\": 1795323193, \"ptr\": \"a.example\", "
     "\"ptr_status\": \"forged\", \"helo\": \"\", \"from\": \"\"}\n"
     "{\"client\": \"192.0.2.1\", \"ptr_status\": \"none\", \"ptr\": null}\n"
     "{\"client\": \"192.0.2.2\", \"ptr_status\": \"temperror\", \"ptr\": \"a.example\"}\n"
     "{\"client\": \"192.0.2.3\", \"ptr\": \"a.example\", \"helo\": null}\n"
     "{\"client\": \"local\"}\n",
     "203.0.113.9 mail.client.example mail.client.example <> joe@site.example | auth=joe "
     "server=mx.site.example\n"
     "2001:db8::9 !a.example - <> - |\n"
     "192.0.2.1 none ? - - |\n"
     "192.0.2.2 temperror ? - - |\n"
     "192.0.2.3 ? ? - - |\n"
     "local ? ? - - |\n",
     NULL},
    {"what is wrong is told, and the others go on",
     "{\"client\": \"192.0.2.1\", \"hello\": \"x\"}\n"
     "{\"client\": \"192.0.2.1\", \"helo\": \"client\", \"clint\": 1}\n"
     "{\"helo\": \"x\"}\n"
     "{\"client\": \"192.0.2.256\"}\n"
     "{\"client\": \"192.0.2.1\", \"time\": \"yesterday\"}\n"
     "{\"client\": \"192.0.2.1\", \"time\": 1795323193000}\n"
     "{\"client\": \"192.0.2.1\", \"ptr_status\": \"maybe\"}\n"
     "{\"client\": \"192.0.2.1\", \"ptr_status\": \"verified\"}\n"
     "{\"client\": \"192.0.2.1\", \"from\": 7}\n"
     "{\"client\": \"192.0.2.1\", \"from\": \"a\\u0000b\"}\n"
     "{\"client\": \"192.0.2.1\", \"client\": \"192.0.2.2\"}\n"
     "{\"client\": \"192.0.2.1\"\n"
     "{\"client\": \"192.0.2.9\"}\n",
     "192.0.2.9 ? ? - - |\n",
     "1:25: unknown key 'hello'; did you mean 'helo'?\n"
     "2:43: unknown key 'clint'; did you mean 'client'?\n"
     "3:0: client is missing\n"
     "4:2: client must be an IP address, or local\n"
     "5:25: time must be as 2026-11-22T04:53:13+01:00, or seconds since 1970\n"
     "6:25: time must be as 2026-11-22T04:53:13+01:00, or seconds since 1970\n"
     "7:25: ptr_status must be verified, forged, none or temperror\n"
     "8:25: ptr_status verified or forged goes with a ptr\n"
     "9:25: from must be a string without NUL\n"
     "10:25: from must be a string without NUL\n"
     "11:32: not valid JSON: duplicate object key near '\"client\"'\n"
     "12:22: not valid JSON: '}' expected near end of file\n"},
};

static void wherever_it_was_written(void **state)
{
    (void)state;
    UNIT_EACH(const struct play_row, r, frames)
        play_rows(r);
}

static void of_our_own_log(void **state)
{
    (void)state;
    UNIT_EACH(const struct play_row, r, own)
        play_rows(r);
}

static void of_json(void **state)
{
    (void)state;
    UNIT_EACH(const struct play_row, r, json)
        play_rows(r);
}

/* ---- what the text of an entry does not show ------------------------------------------------- */

struct first {
    struct log_entry entry;
    char helo[16], failed[64], unknown[64], exempt[64], score[16];
};

static void keep(char *out, size_t size, const char *text)
{
    (void)text_copy(out, size, text != NULL ? text : "-");
}

static int keep_entry(void *arg, const struct log_entry *entry)
{
    struct log_entry *copy = log_entry_copy(entry);
    struct first *first = arg;

    assert_non_null(copy);
    assert_int_equal(copy->helo_length, entry->helo_length);
    if (entry->helo != NULL)
        assert_memory_equal(copy->helo, entry->helo, entry->helo_length + 1);
    assert_string_equal(copy->client, entry->client);
    free(copy);
    first->entry = *entry;
    assert_true(entry->helo_length < sizeof first->helo);
    if (entry->helo != NULL)
        memcpy(first->helo, entry->helo, entry->helo_length);
    keep(first->failed, sizeof first->failed, entry->failed);
    keep(first->unknown, sizeof first->unknown, entry->unknown);
    keep(first->exempt, sizeof first->exempt, entry->exempt);
    keep(first->score, sizeof first->score, entry->score);
    return 1;
}

static void read_first(const char *log, struct first *first)
{
    const struct log_options options = {.entry = keep_entry, .arg = first, .now_s = PLAY_NOW};
    char path[PLAY_PATH];
    int fd = play_file(log, strlen(log), path);
    const char *paths[] = {path};
    struct log_coverage coverage;

    *first = (struct first){0};
    assert_int_equal(log_read(paths, 1, &options, &coverage), HELO_OK);
    assert_int_equal(coverage.entries, 1);
    (void)close(fd);
}

/* JSON is made to what key=value has; the time is the line's, or the one in the id. */
static void the_same_in_both_forms(void **state)
{
    static const char exempt[] =
        "{\"event\": \"verdict\", \"id\": \"1P6XJ4Y2G00B3R08\", \"client\": \"192.0.2.1\", "
        "\"exempt\": {\"kind\": \"network\", \"entry\": \"192.0.2.0/24\", \"file\": \"a.yaml\", "
        "\"line\": 12}, \"failed\": [], \"verdict\": \"accept\"}\n";
    struct first first;

    (void)state;
    read_first(JSON_OWN "\n", &first);
    assert_string_equal(first.failed, "own_name:reject");
    assert_string_equal(first.unknown, "fcrdns:timeout");
    assert_string_equal(first.exempt, "-");
    assert_string_equal(first.score, "2.5");
    assert_int_equal(first.entry.time_s, 1795323843);
    read_first(exempt, &first);
    assert_string_equal(first.exempt, "network(a.yaml:12)");
    assert_string_equal(first.failed, "-");
    read_first("2026-11-22 05:15:04 +0000 milter-helo: " LINE "\n", &first);
    assert_int_equal(first.entry.time_s, 1795324504); /* of Exim's stamp */
    read_first("Nov 22 05:15:04 mx exim[85]: 2026-11-22 05:15:05 +0000 milter-helo: " LINE "\n",
               &first);
    assert_int_equal(first.entry.time_s, 1795324505);
    read_first(LINE "\n", &first);
    assert_string_equal(first.failed, "not_fqdn:observe,localhost:reject");
    assert_int_equal(first.entry.time_s, 1795324252); /* of the id alone */
}

static void a_helo_may_have_a_nul(void **state)
{
    struct first first;

    (void)state;
    read_first("{\"client\": \"192.0.2.1\", \"helo\": \"a\\u0000b\"}\n", &first);
    assert_int_equal(first.entry.helo_length, 3);
    assert_memory_equal(first.helo, "a\0b", 3);
}

/* Nobody writes such a line but to see what becomes of it. */
static void a_line_with_too_many_values_is_none(void **state)
{
    static const char head[] = "id=1M80TM3Y8000MR04 client=203.0.113.9 helo=mail.client.example";
    enum { REPEATED = 40, VALUE = ENTRY_TEXT_MAX - 1 };
    char log[sizeof head + (REPEATED * (VALUE + 8)) + 32], *at = log;
    const char *logs[] = {log};
    struct play play;

    (void)state;
    at += snprintf(at, sizeof head, "%s", head);
    for (int i = 0; i < REPEATED; i++, at += VALUE) {
        at += snprintf(at, 8, " from=");
        memset(at, 'a', VALUE);
    }
    (void)snprintf(at, 32, " verdict=reject\n");
    play_logs(&play, logs, 1);
    assert_int_equal(play.coverage.entries, 0);
    assert_int_equal(play.coverage.fact[LOG_LINES_WRONG], 1);
    play_fini(&play);
}

static void what_was_left_out_is_counted(void **state)
{
    static const char *const logs[] = {
        "milter-helo: warning: log.rate (1000): 4711 decisions of the last 10.0 s have no line of "
        "their own: would=accept 4711, would=defer 0, would=reject 0\n",
        "time=2026-11-22T05:10:52.123Z level=warning msg=\"warning: log.rate (5): 4711 decisions "
        "of the last 10.0 s\"\n",
        "{\"event\": \"message\", \"text\": \"warning: log.rate (0): 4711 decisions\"}\n",
    };

    (void)state;
    for (size_t i = 0; i < UNIT_COUNT(logs); i++) {
        struct play play;

        play_logs(&play, &logs[i], 1);
        assert_int_equal(play.coverage.fact[LOG_OWN_LINES_DROPPED], 4711);
        assert_int_equal(play.coverage.format[LOG_FORMAT_OWN].lines, 1);
        assert_int_equal(play.coverage.entries, 0);
        play_fini(&play);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(wherever_it_was_written),
        UNIT_TEST(of_our_own_log),
        UNIT_TEST(of_json),
        UNIT_TEST(the_same_in_both_forms),
        UNIT_TEST(a_helo_may_have_a_nul),
        UNIT_TEST(a_line_with_too_many_values_is_none),
        UNIT_TEST(what_was_left_out_is_counted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
