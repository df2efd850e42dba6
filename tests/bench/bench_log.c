/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bench_log.c - lines of mail logs per second
 *
 * READ   log_read() of a log of Postfix (accepted mail with the line that tells the HELO, and a
 *        refusal to three of them), of our own, of Exim and of JSON lines, every entry thrown away.
 *        Reference: what wc -l does, which is reading the same file and counting its newlines.
 * GZIP   The same log of Postfix compressed; reference: libarchive's undoing it alone.
 * USAGE  bench_log [ROUNDS [TEXT]]
 */
#include <archive.h>
#include <archive_entry.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bench/bench.h"
#include "tools/log/reader.h"

enum {
    MAILS = 20000, /* in a log */
    LOG_ROOM = 64 * 1024 * 1024,
    BLOCK = 256 * 1024,
    PATH_BYTES = 32
};

struct log {
    char path[PATH_BYTES];
    unsigned long long lines;
};

/* ---- logs ------------------------------------------------------------------------------------ */

static char room[LOG_ROOM];
static size_t used;
static unsigned long long lines;

__attribute__((format(printf, 1, 2))) static void add(const char *format, ...)
{
    va_list args;
    int length;

    va_start(args, format);
    length = vsnprintf(room + used, sizeof room - used, format, args);
    va_end(args);
    bench_must(length > 0 && (size_t)length < sizeof room - used, "a log fits");
    used += (size_t)length;
    lines++;
}

#define STAMP       "Nov 22 %02u:%02u:%02u mx "
#define STAMP_OF(i) (i) / 72000 % 24, (i) / 1200 % 60, (i) / 20 % 60

static void add_postfix(unsigned i)
{
    unsigned pid = 1000 + i % 80;
    char client[128], qid[32];

    (void)snprintf(client, sizeof client, "mail%u.client.example[203.0.%u.%u]", i % 5000,
                   i / 250 % 113, i % 250 + 1);
    (void)snprintf(qid, sizeof qid, "4jX%XZz%02uq", i, i % 97);
    add(STAMP "postfix/smtpd[%u]: connect from %s\n", STAMP_OF(i), pid, client);
    if (i % 3 == 0)
        add(STAMP "postfix/smtpd[%u]: NOQUEUE: reject: RCPT from %s: 554 5.7.1 Service "
                  "unavailable; Client host blocked using zen.example; from=<x%u@y.example> "
                  "to=<joe@site.example> proto=ESMTP helo=<localhost>\n",
            STAMP_OF(i), pid, client, i);
    add(STAMP "postfix/smtpd[%u]: %s: client=%s\n", STAMP_OF(i), pid, qid, client);
    add(STAMP "postfix/smtpd[%u]: %s: info: DATA from %s: helo; from=<u%u@client.example> "
              "to=<joe@site.example> proto=ESMTP helo=<mail%u.client.example>\n",
        STAMP_OF(i), pid, qid, client, i % 999, i % 5000);
    add(STAMP "postfix/cleanup[%u]: %s: message-id=<%u.%u@client.example>\n", STAMP_OF(i),
        pid + 200, qid, i, i * 7);
    add(STAMP "postfix/qmgr[95]: %s: from=<u%u@client.example>, size=254, nrcpt=1 (queue "
              "active)\n",
        STAMP_OF(i), qid, i % 999);
    add(STAMP "postfix/smtpd[%u]: disconnect from %s ehlo=1 mail=1 rcpt=1 data=1 quit=1 "
              "commands=5\n",
        STAMP_OF(i), pid, client);
    add(STAMP "postfix/virtual[102]: %s: to=<joe@site.example>, relay=virtual, delay=0.02, "
              "delays=0.01/0.01/0/0, dsn=2.0.0, status=sent (delivered to maildir)\n",
        STAMP_OF(i), qid);
    add(STAMP "postfix/qmgr[95]: %s: removed\n", STAMP_OF(i), qid);
}

static void add_own(unsigned i)
{
    add(STAMP "milter-helo[99]: id=1M80TM%05u000MR qid=- client=203.0.%u.%u "
              "ptr=mail.client.example helo=mail%u.client.example from=u%u@client.example "
              "to=joe@site.example listener=mx.site.example:25 auth=- exempt=- "
              "failed=no_address:observe,rdns_mismatch:observe unknown=- score=0 dns_ms=0 "
              "verdict=accept would=accept\n",
        STAMP_OF(i), i, i / 250 % 113, i % 250 + 1, i % 5000, i % 999);
}

static void add_exim(unsigned i)
{
    char time_text[32];

    (void)snprintf(time_text, sizeof time_text, "2026-11-22 %02u:%02u:%02u", STAMP_OF(i));
    add("%s 1xUzuc-%06u-0k <= u%u@client.example H=mail.client.example (mail%u.client.example) "
        "[203.0.%u.%u] P=esmtps X=TLS1.3:ECDHE_X25519__RSA_PSS_RSAE_SHA256__AES_256_GCM:256 CV=no "
        "S=2345 id=%u@client.example\n",
        time_text, i % 1000000, i % 999, i % 5000, i / 250 % 113, i % 250 + 1, i);
    add("%s 1xUzuc-%06u-0k => joe <joe@site.example> R=local_user T=maildir_home\n", time_text,
        i % 1000000);
    add("%s 1xUzuc-%06u-0k Completed\n", time_text, i % 1000000);
}

static void add_json(unsigned i)
{
    add("{\"time\": \"2026-11-22T%02u:%02u:%02uZ\", \"client\": \"203.0.%u.%u\", \"helo\": "
        "\"mail%u.client.example\", \"ptr\": \"mail.client.example\", \"ptr_status\": "
        "\"verified\", \"from\": \"u%u@client.example\", \"rcpt\": \"joe@site.example\"}\n",
        STAMP_OF(i), i / 250 % 113, i % 250 + 1, i % 5000, i % 999);
}

static struct log store(const char *bytes, size_t length)
{
    int fd = memfd_create("log", 0); /* open until the end */
    struct log log = {.lines = lines};

    bench_must(fd >= 0 && write(fd, bytes, length) == (ssize_t)length, "a file in memory");
    (void)snprintf(log.path, sizeof log.path, "/proc/self/fd/%d", fd);
    return log;
}

static struct log make(void (*add_mail)(unsigned i))
{
    used = 0;
    lines = 0;
    for (unsigned i = 0; i < MAILS; i++)
        add_mail(i);
    return store(room, used);
}

/* What is in `room`, compressed. */
static struct log make_gzip(void)
{
    static char packed[LOG_ROOM];
    size_t length = 0;
    struct archive *archive = archive_write_new();
    struct archive_entry *entry = archive_entry_new();

    bench_must(archive != NULL && entry != NULL, "memory");
    (void)archive_write_add_filter_gzip(archive);
    (void)archive_write_set_format_raw(archive);
    archive_entry_set_filetype(entry, AE_IFREG);
    bench_must(archive_write_open_memory(archive, packed, sizeof packed, &length) == ARCHIVE_OK &&
                   archive_write_header(archive, entry) == ARCHIVE_OK &&
                   archive_write_data(archive, room, used) == (la_ssize_t)used &&
                   archive_write_close(archive) == ARCHIVE_OK,
               "gzip");
    archive_entry_free(entry);
    (void)archive_write_free(archive);
    return store(packed, length);
}

/* ---- operations: times is a number of lines, all those of the log ---------------------------- */

static int count_entry(void *arg, const struct log_entry *entry)
{
    unsigned long long *entries = arg;

    *entries += entry->line > 0;
    return 0;
}

static uint64_t read_log(void *arg, size_t times)
{
    const struct log *log = arg;
    unsigned long long entries = 0;
    const struct log_options options = {.entry = count_entry, .arg = &entries, .now_s = 1795348800};
    const char *paths[] = {log->path};
    struct log_coverage coverage;

    bench_must(log_read(paths, 1, &options, &coverage) == HELO_OK && coverage.lines == times &&
                   coverage.fact[LOG_LINES_FOREIGN] == 0 && entries >= MAILS,
               "all of the log is read");
    return entries;
}

/* As wc -l does. */
static uint64_t count_lines(void *arg, size_t times)
{
    static char block[BLOCK];
    const struct log *log = arg;
    FILE *file = fopen(log->path, "rb");
    uint64_t found = 0;
    ssize_t bytes;

    bench_must(file != NULL, "the log is there");
    while ((bytes = read(fileno(file), block, sizeof block)) > 0)
        for (const char *at = block; (at = memchr(at, '\n', (size_t)(block + bytes - at))) != NULL;
             at++)
            found++;
    (void)fclose(file);
    bench_must(found == times, "the lines are counted");
    return found;
}

static uint64_t unpack(void *arg, size_t times)
{
    static char block[BLOCK];
    const struct log *log = arg;
    struct archive *archive = archive_read_new();
    struct archive_entry *entry;
    uint64_t found = 0;
    la_ssize_t bytes;

    (void)archive_read_support_filter_gzip(archive);
    (void)archive_read_support_format_raw(archive);
    bench_must(archive_read_open_filename(archive, log->path, BLOCK) == ARCHIVE_OK &&
                   archive_read_next_header(archive, &entry) == ARCHIVE_OK,
               "the archive is there");
    while ((bytes = archive_read_data(archive, block, sizeof block)) > 0)
        found += (uint64_t)bytes;
    (void)archive_read_free(archive);
    bench_must(found > times, "it is undone");
    return found;
}

int main(int argc, char **argv)
{
    const struct bench_options options = bench_options(argc, argv);
    struct log postfix = make(add_postfix), packed = make_gzip(), own = make(add_own),
               exim = make(add_exim), json = make(add_json);
    const struct bench_row rows[] = {
        {"postfix: newlines counted", count_lines, &postfix, postfix.lines, 0},
        {"postfix: read", read_log, &postfix, postfix.lines, 0},
        {"postfix, gzip: undone", unpack, &packed, packed.lines, 2},
        {"postfix, gzip: read", read_log, &packed, packed.lines, 2},
        {"our own: newlines counted", count_lines, &own, own.lines, 4},
        {"our own: read", read_log, &own, own.lines, 4},
        {"exim: newlines counted", count_lines, &exim, exim.lines, 6},
        {"exim: read", read_log, &exim, exim.lines, 6},
        {"json: newlines counted", count_lines, &json, json.lines, 8},
        {"json: read", read_log, &json, json.lines, 8},
    };

    bench_run("lines of logs", rows, BENCH_COUNT(rows), &options);
    return 0;
}
