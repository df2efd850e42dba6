/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_log_reader.c - several logs of the same mail, limits, and what is counted
 */
#include "log_play.h"
#include "tools/log/seen.h"
#include "tools/log/track.h"

#define AT "Nov 22 05:10:52 mx "

/* A mail that the filter has judged, and what Postfix says of it. */
#define OWN(id, qid, to)                                                                         \
    AT "milter-helo[9]: id=" id " qid=" qid                                                      \
       " client=203.0.113.9 ptr=mail.client.example helo=x.example from=a@client.example to=" to \
       " listener=- auth=- exempt=- failed=- unknown=- score=0 dns_ms=0 verdict=accept "         \
       "would=accept\n"
#define CONNECT       AT "postfix/smtpd[97]: connect from mail.client.example[203.0.113.9]\n"
#define ACCEPTED(qid) AT "postfix/smtpd[97]: " qid ": client=mail.client.example[203.0.113.9]\n"
#define DELIVERED(qid, to)                                                                       \
    AT "postfix/qmgr[95]: " qid ": from=<a@client.example>, size=1, nrcpt=1 (queue active)\n" AT \
       "postfix/smtp[95]: " qid ": to=<" to ">, relay=none, status=sent (ok)\n" AT               \
       "postfix/qmgr[95]: " qid ": removed\n"
#define DISCONNECT \
    AT "postfix/smtpd[97]: disconnect from mail.client.example[203.0.113.9] quit=1 commands=1\n"
#define AS_OWN(more, to)                                                            \
    "203.0.113.9 mail.client.example x.example a@client.example " to " | c=1 " more \
    " outcome=accepted would=accept\n"
#define ID1        "1M80TM3Y8000MR04"
#define JOE_AS_OWN AS_OWN("id=" ID1, "joe@site.example")
#define ID2        "1M80TM3Y8000MR05"
/* As contrib/exim has it written: no queue id yet. */
#define EXIM_AT "2026-11-22 05:10:52 "
#define EXIM_OWN(client, from)                                                       \
    " client=" client " ptr=- helo=x.example from=" from " to=joe@site.example "     \
    "listener=- auth=- exempt=- failed=- unknown=- score=0 dns_ms=0 verdict=accept " \
    "would=accept\n"

static const struct joined {
    const char *name;
    const char *logs[2]; /* the second may be NULL */
    const char *want;
    unsigned long long twice;
} joined[] = {
    {"in one file, where ours comes first: as ours, with what the MTA knows of the client",
     {CONNECT OWN(ID1, "-", "joe@site.example") ACCEPTED("F054D658")
          DISCONNECT DELIVERED("F054D658", "joe@site.example"),
      NULL},
     JOE_AS_OWN,
     1},
    {"two recipients, the second with a queue id",
     {CONNECT OWN(ID1, "-", "joe@site.example") ACCEPTED("F054D658") OWN(
          ID2, "F054D658", "ann@site.example") DISCONNECT DELIVERED("F054D658", "joe@site.example"),
      NULL},
     JOE_AS_OWN AS_OWN("qid=F054D658 id=" ID2, "ann@site.example"),
     1},
    {"of two files, ours first",
     {OWN(ID1, "-", "joe@site.example"),
      CONNECT ACCEPTED("F054D658") DISCONNECT DELIVERED("F054D658", "joe@site.example")},
     "203.0.113.9 ? x.example a@client.example joe@site.example | id=" ID1
     " outcome=accepted would=accept\n",
     1},
    {"of two files, the MTA's first: it has no HELO, so ours is wanted, too",
     {CONNECT ACCEPTED("F054D658") DISCONNECT DELIVERED("F054D658", "joe@site.example"),
      OWN(ID1, "-", "joe@site.example")},
     "203.0.113.9 mail.client.example ? a@client.example joe@site.example | c=1 qid=F054D658 "
     "outcome=accepted\n"
     "203.0.113.9 ? x.example a@client.example joe@site.example | id=" ID1
     " outcome=accepted would=accept\n",
     0},
    {"one verdict stands for one mail: the filter has not seen the second",
     {CONNECT OWN(ID1, "-", "joe@site.example") ACCEPTED("F054D658")
          DELIVERED("F054D658", "joe@site.example") ACCEPTED("F054D659")
              DISCONNECT DELIVERED("F054D659", "joe@site.example"),
      NULL},
     JOE_AS_OWN "203.0.113.9 mail.client.example ? a@client.example joe@site.example | c=1 "
                "qid=F054D659 outcome=accepted\n",
     1},
    {"an hour later is another mail",
     {OWN(ID1, "-", "joe@site.example"),
      "Nov 22 06:10:52 mx postfix/smtpd[97]: NOQUEUE: reject: RCPT from "
      "mail.client.example[203.0.113.9]: 554 5.7.1 x; from=<a@client.example> "
      "to=<joe@site.example> proto=ESMTP helo=<x.example>\n"},
     "203.0.113.9 ? x.example a@client.example joe@site.example | id=" ID1
     " outcome=accepted would=accept\n"
     "203.0.113.9 mail.client.example x.example a@client.example joe@site.example | c=1 "
     "outcome=rejected\n",
     0},
    {"our refusal, as the MTA quotes it, is the same by its id, whatever the time",
     {OWN(ID1, "-", "joe@site.example"),
      "Nov 22 06:10:52 mx postfix/smtpd[97]: NOQUEUE: milter-reject: RCPT from "
      "mail.client.example[203.0.113.9]: 550 5.7.1 check=localhost id=" ID1
      "; from=<a@client.example> to=<joe@site.example> proto=ESMTP helo=<x.example>\n"},
     "203.0.113.9 ? x.example a@client.example joe@site.example | id=" ID1
     " outcome=accepted would=accept\n",
     1},
    {"the MTA's line was read first, and had the HELO",
     {AT "postfix/smtpd[97]: NOQUEUE: milter-reject: RCPT from mail.client.example[203.0.113.9]: "
         "550 5.7.1 check=localhost id=" ID1 "; from=<a@client.example> to=<joe@site.example> "
         "proto=ESMTP helo=<x.example>\n",
      OWN(ID1, "-", "joe@site.example")},
     "203.0.113.9 mail.client.example x.example a@client.example joe@site.example | c=1 id=" ID1
     " outcome=rejected\n",
     1},
    {"the same log twice",
     {OWN(ID1, "-", "joe@site.example"), OWN(ID1, "-", "joe@site.example")},
     "203.0.113.9 ? x.example a@client.example joe@site.example | id=" ID1
     " outcome=accepted would=accept\n",
     1},
    {"what Postfix has refused by itself is its own",
     {OWN(ID1, "-", "joe@site.example"), AT
      "postfix/smtpd[97]: NOQUEUE: reject: RCPT from mail.client.example[203.0.113.9]: 554 5.7.1 "
      "x; from=<a@client.example> to=<ann@site.example> proto=ESMTP helo=<x.example>\n"},
     "203.0.113.9 ? x.example a@client.example joe@site.example | id=" ID1
     " outcome=accepted would=accept\n"
     "203.0.113.9 mail.client.example x.example a@client.example ann@site.example | c=1 "
     "outcome=rejected\n",
     0},
    {"Exim's main log has both: a mail taken, one that another of its rules has refused",
     {EXIM_AT "milter-helo: id=" ID1 EXIM_OWN("203.0.113.9", "a@client.example") EXIM_AT
      "1xUzuc-00001N-0k <= a@client.example H=mail.client.example (x.example) [203.0.113.9] "
      "P=esmtp S=234\n" EXIM_AT
      "1xUzuc-00001N-0k => joe <joe@site.example> R=local T=maildir\n" EXIM_AT
      "1xUzuc-00001N-0k Completed\n" EXIM_AT "milter-helo: id=" ID2 EXIM_OWN("2001:db8:9::9", "<>")
          EXIM_AT "H=(x.example) [2001:db8:9::9] F=<> rejected RCPT <joe@site.example>: not you\n",
      NULL},
     "203.0.113.9 ? x.example a@client.example joe@site.example | id=" ID1
     " outcome=accepted would=accept\n"
     "2001:db8:9::9 ? x.example <> joe@site.example | id=" ID2 " outcome=accepted would=accept\n",
     2},
    {"Sendmail knows the queue id from MAIL on, and writes IPv6 as it likes",
     {AT "milter-helo[9]: id=" ID1 " qid=6AM5e7sn000113 client=2001:db8:9::9 ptr=- helo=x.example "
         "from=<> to=joe@site.example listener=- auth=- exempt=- failed=- unknown=- score=0 "
         "dns_ms=0 verdict=accept would=accept\n",
      AT "sm-mta[113]: 6AM5e7sn000113: from=<>, size=27, class=0, nrcpts=1, msgid=<x>, "
         "proto=ESMTP, daemon=MTA, relay=mail.client.example [IPv6:2001:db8:9:0:0:0:0:9]\n" AT
         "sm-mta[113]: 6AM5e7sn000113: to=joe@alias.example, stat=queued\n"},
     "2001:db8:9::9 ? x.example <> joe@site.example | qid=6AM5e7sn000113 id=" ID1
     " outcome=accepted would=accept\n",
     1},
};

static void two_logs_of_one_mail(void **state)
{
    (void)state;
    UNIT_EACH(const struct joined, r, joined) {
        struct play play;

        play_logs(&play, r->logs, r->logs[1] != NULL ? 2 : 1);
        UNIT_EXPECT_TEXT(play_text(&play.entries), r->want);
        UNIT_EXPECT_INT(play.coverage.fact[LOG_SEEN_TWICE], r->twice);
        play_fini(&play);
    }
}

/* ---- limits ---------------------------------------------------------------------------------- */

static void play_one(struct play *play, struct text *log)
{
    const char *text = play_text(log);

    assert_false(log->failed);
    play_logs(play, &text, 1);
    text_fini(log);
}

/* More mail in the queue than there are rows: the oldest is handed out as it is. */
static void the_oldest_makes_room(void **state)
{
    enum { MORE = TRACK_MAILS + 100 };
    struct text log;
    struct play play;

    (void)state;
    text_init(&log, 64 * PLAY_TEXT);
    for (unsigned i = 0; i < MORE; i++)
        text_addf(&log, "Nov 22 05:10:52 mx postfix/smtpd[%u]: 4%08X: client=unknown[192.0.2.1]\n",
                  i % 100, i);
    play_one(&play, &log);
    assert_int_equal(play.coverage.entries, MORE);
    assert_int_equal(play.coverage.fact[LOG_FORGOTTEN], MORE - TRACK_MAILS);
    assert_memory_equal(play_text(&play.entries), "192.0.2.1 ? ? - - | c=1 qid=400000000\n", 38);
    play_fini(&play);
}

/* More processes than there are rows: lines without a row get one, and nothing is mixed up. */
static void connections_are_bounded(void **state)
{
    enum { MORE = 3 * TRACK_CONNECTIONS };
    struct text log;
    struct play play;

    (void)state;
    text_init(&log, 64 * PLAY_TEXT);
    for (unsigned i = 0; i < MORE; i++)
        text_addf(&log,
                  "Nov 22 05:10:52 mx postfix/smtpd[%u]: connect from a%u.example[192.0.2.%u]\n", i,
                  i, i % 250);
    text_add(&log, "Nov 22 05:10:52 mx postfix/smtpd[0]: F054D658: client=a0.example[192.0.2.0]\n"
                   "Nov 22 05:10:52 mx postfix/smtpd[12287]: F054D659: "
                   "client=a12287.example[192.0.2.37]\n");
    play_one(&play, &log);
    assert_string_equal(play_text(&play.entries),
                        "192.0.2.0 a0.example ? - - | c=12289 qid=F054D658\n"
                        "192.0.2.37 a12287.example ? - - | c=12288 qid=F054D659\n");
    play_fini(&play);
}

static void recipients_and_values_are_bounded(void **state)
{
    struct text log;
    struct play play;

    (void)state;
    text_init(&log, 64 * PLAY_TEXT);
    text_add(&log, ACCEPTED("F054D658"));
    for (unsigned i = 0; i < 2000; i++)
        text_addf(&log, AT "postfix/smtp[1]: F054D658: to=<u%u@site.example>, relay=none, x\n", i);
    text_add(&log, AT "postfix/smtpd[98]: NOQUEUE: reject: RCPT from unknown[192.0.2.1]: 554 5.7.1 "
                      "x; from=<> to=<a@b> proto=SMTP helo=<");
    for (unsigned i = 0; i < 3000; i++)
        text_add(&log, "x");
    text_add(&log, ">\n");
    play_one(&play, &log);
    assert_int_equal(play.coverage.fact[LOG_RCPTS_CUT], 1);
    assert_in_range(play.coverage.entries, 100, 2000); /* RFC 5321 4.5.3.1.8 */
    assert_true(strlen(play_text(&play.entries)) < 200000);
    play_fini(&play);
}

/* One process that says another HELO each time must not fill its row. */
static void a_row_is_used_again(void **state)
{
    struct text log;
    struct play play;
    const char *last;

    (void)state;
    text_init(&log, 64 * PLAY_TEXT);
    for (unsigned i = 0; i < 1000; i++)
        text_addf(&log,
                  AT "postfix/smtpd[98]: NOQUEUE: warn: RCPT from a.example[192.0.2.1]: x; "
                     "from=<> to=<a@b> proto=SMTP helo=<h%u.%0200u.example>\n",
                  i, i);
    text_add(&log, AT "postfix/smtpd[98]: F054D658: client=a.example[192.0.2.1]\n");
    play_one(&play, &log);
    last = play_text(&play.entries);
    assert_non_null(strstr(last, "192.0.2.1 a.example h999."));
    play_fini(&play);
}

/* ---- what is counted, and told --------------------------------------------------------------- */

static void everything_is_counted(void **state)
{
    static const char *const log =
        "\n"
        "-- Boot 1234 --\n" AT "dovecot: imap-login: Login: user=<joe>\n" ACCEPTED("F054D658")
            DELIVERED("F054D658", "joe@site.example") AT
        "postfix/pickup[94]: 5465566F: uid=0 from=<root>\n" AT
        "postfix/smtp[95]: ABCDEF012: to=<a@b>, relay=none, x\n" AT
        "postfix/postscreen[98]: NOQUEUE: reject: RCPT from [192.0.2.7]:1: 550 x; from=<>, "
        "to=<a@b>, proto=SMTP, helo=<x>\n" AT
        "sm-mta[1]: 6AM5e7sn000113: from=<>, size=27, nrcpts=1, relay=[192.0.2.1]\n"
        "2026-11-22 04:00:00 1xUzuc-00001N-0k <= a@b.example H=a.example [192.0.2.8] P=esmtp S=1\n"
        "2026-11-22 04:00:00 H=(x) [192.0.2.9] rejected MAIL <a@b>\n"
        "{\"client\": \"127.0.0.1\"}\n"
        "{\"client\"\n";
    static const struct {
        enum log_fact fact;
        unsigned long long want;
    } facts[] = {
        {LOG_LINES_FOREIGN, 2},
        {LOG_LINES_CUT, 0},
        {LOG_LINES_WRONG, 1},
        {LOG_NO_TIME, 1},
        {LOG_POSTFIX_SAID_NONE, 0},
        {LOG_POSTFIX_ACCEPTED_NO_HELO, 1},
        {LOG_POSTFIX_UNKNOWN_CLIENT, 0},
        {LOG_POSTSCREEN_NO_PTR, 1},
        {LOG_QID_WITHOUT_CLIENT, 1},
        {LOG_EXIM_HELO_NOT_SHOWN, 1},
        {LOG_EXIM_UNKNOWN_CLIENT, 1},
        {LOG_SENDMAIL_NO_HELO, 1},
    };
    struct play play;

    (void)state;
    play_logs(&play, &log, 1);
    for (size_t i = 0; i < UNIT_COUNT(facts); i++)
        if (play.coverage.fact[facts[i].fact] != facts[i].want)
            fail_msg("%s is %llu", log_fact_text(facts[i].fact), play.coverage.fact[facts[i].fact]);
    assert_int_equal(play.coverage.files, 1);
    assert_int_equal(play.coverage.lines, 15);
    assert_int_equal(play.coverage.entries, 7);
    assert_int_equal(play.coverage.format[LOG_FORMAT_POSTFIX].lines, 7);
    assert_int_equal(play.coverage.format[LOG_FORMAT_POSTFIX].entries, 3);
    assert_int_equal(play.coverage.format[LOG_FORMAT_POSTFIX].no_helo, 1);
    assert_int_equal(play.coverage.format[LOG_FORMAT_POSTFIX].local, 1);
    assert_int_equal(play.coverage.format[LOG_FORMAT_EXIM].entries, 2);
    assert_int_equal(play.coverage.format[LOG_FORMAT_EXIM].no_ptr, 1);
    assert_int_equal(play.coverage.format[LOG_FORMAT_JSON].lines, 2);
    assert_int_equal(play.coverage.format[LOG_FORMAT_JSON].local, 1);
    assert_int_equal(play.coverage.first_s, 1795320000);
    assert_int_equal(play.coverage.last_s, 1795324252);
    play_fini(&play);
}

/* One file that is not there does not keep the others from being read. */
static void a_file_that_is_not_there(void **state)
{
    struct play play = {0};
    const struct log_options options = {
        .entry = play_entry, .notice = play_notice, .arg = &play, .now_s = PLAY_NOW};
    static const char log[] = "{\"client\": \"192.0.2.1\"}\n";
    char path[PLAY_PATH];
    int fd = play_file(log, strlen(log), path);
    const char *paths[] = {"/nonexistent/mail.log", path};

    (void)state;
    text_init(&play.entries, PLAY_TEXT);
    text_init(&play.notices, PLAY_TEXT);
    assert_int_equal(log_read(paths, 2, &options, &play.coverage), HELO_IO);
    assert_string_equal(play_text(&play.entries), "192.0.2.1 ? ? - - |\n");
    assert_string_equal(play_text(&play.notices),
                        "0:0: /nonexistent/mail.log: No such file or directory\n");
    assert_int_equal(play.coverage.files, 1);
    (void)close(fd);
    play_fini(&play);
}

/* Twenty findings of a file are told, all are counted. */
static void notices_are_bounded(void **state)
{
    struct text log;
    struct play play;
    size_t lines = 0;

    (void)state;
    text_init(&log, PLAY_TEXT);
    for (unsigned i = 0; i < 1000; i++)
        text_add(&log, "{}\n");
    play_one(&play, &log);
    for (const char *at = play_text(&play.notices); (at = strchr(at, '\n')) != NULL; at++)
        lines++;
    assert_int_equal(lines, LOG_NOTICES_MAX);
    assert_int_equal(play.coverage.fact[LOG_LINES_WRONG], 1000);
    play_fini(&play);
}

struct told {
    unsigned entries, calls;
    unsigned long long lines;
};

static int stop_at_two(void *arg, const struct log_entry *entry)
{
    struct told *told = arg;

    (void)entry;
    return ++told->entries == 2;
}

static void count_call(void *arg, const struct log_progress *progress)
{
    struct told *told = arg;

    told->calls++;
    assert_true(progress->lines >= told->lines && progress->file < progress->files);
    told->lines = progress->lines;
}

static void the_caller_may_end_it(void **state)
{
    static const char log[] = "{\"client\": \"192.0.2.1\"}\n{\"client\": \"192.0.2.2\"}\n"
                              "{\"client\": \"192.0.2.3\"}\n" ACCEPTED("F054D658");
    struct told told = {0};
    const struct log_options options = {
        .entry = stop_at_two, .progress = count_call, .arg = &told, .now_s = PLAY_NOW};
    char path[PLAY_PATH];
    int fd = play_file(log, strlen(log), path);
    const char *paths[] = {path, path};
    struct log_coverage coverage;

    (void)state;
    assert_int_equal(log_read(paths, 2, &options, &coverage), HELO_OK);
    assert_int_equal(told.entries, 2);
    assert_int_equal(told.calls, 1);
    assert_int_equal(coverage.lines, 2);
    (void)close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(two_logs_of_one_mail),     UNIT_TEST(the_oldest_makes_room),
        UNIT_TEST(connections_are_bounded),  UNIT_TEST(recipients_and_values_are_bounded),
        UNIT_TEST(a_row_is_used_again),      UNIT_TEST(everything_is_counted),
        UNIT_TEST(a_file_that_is_not_there), UNIT_TEST(notices_are_bounded),
        UNIT_TEST(the_caller_may_end_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
