/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_log.c - any bytes as a mail log
 *
 * What must hold: every entry is bounded and has a client that is an address (or none), whatever
 * the line says; what is told is printable; the numbers add up. A compressed file is any bytes,
 * too.
 */
#include "fuzz.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tools/log/reader.h"

enum { PATH_BYTES = 32 };

struct heard {
    unsigned long long entries;
};

static void must_be_bounded(const char *text)
{
    FUZZ_MUST(text == NULL || strlen(text) <= ENTRY_TEXT_MAX);
}

static int is_address(const char *client)
{
    unsigned char bytes[sizeof(struct in6_addr)];

    return inet_pton(AF_INET, client, bytes) == 1 || inet_pton(AF_INET6, client, bytes) == 1;
}

static int hear_entry(void *arg, const struct log_entry *e)
{
    struct heard *heard = arg;
    const char *const texts[] = {e->client, e->ptr,     e->from,  e->rcpt,   e->auth,
                                 e->server, e->id,      e->qid,   e->failed, e->unknown,
                                 e->exempt, e->verdict, e->would, e->score,  e->listener};
    int has_ptr = e->ptr_status == LOG_PTR_VERIFIED || e->ptr_status == LOG_PTR_FORGED;

    heard->entries++;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        must_be_bounded(texts[i]);
    FUZZ_MUST(e->client != NULL && (strcmp(e->client, "local") == 0 || is_address(e->client)));
    FUZZ_MUST((e->ptr != NULL) == has_ptr);
    FUZZ_MUST((e->helo != NULL) == (e->helo_status == LOG_HELO_SAID));
    FUZZ_MUST(e->helo_length <= ENTRY_TEXT_MAX);
    FUZZ_MUST(e->helo == NULL || e->helo[e->helo_length] == '\0');
    FUZZ_MUST(e->listener_port <= 65535 && e->line > 0 && e->path != NULL);
    return 0;
}

static void hear_notice(void *arg, const struct log_notice *notice)
{
    (void)arg;
    FUZZ_MUST(notice->message[0] != '\0');
    for (const char *c = notice->message; *c != '\0'; c++)
        FUZZ_MUST(*c >= 0x20 && *c <= 0x7e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct heard heard = {0};
    const struct log_options options = {
        .entry = hear_entry, .notice = hear_notice, .arg = &heard, .now_s = 1795348800};
    struct log_coverage coverage;
    unsigned long long entries = 0, lines = 0;
    char path[PATH_BYTES];
    const char *paths[] = {path};
    enum helo_status status;
    int fd = memfd_create("log", MFD_CLOEXEC);

    if (fd < 0 || write(fd, data, size) != (ssize_t)size)
        return 0;
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    status = log_read(paths, 1, &options, &coverage);
    (void)close(fd);
    FUZZ_MUST(status == HELO_OK || status == HELO_IO);
    for (size_t i = 0; i < LOG_FORMAT_COUNT; i++) {
        entries += coverage.format[i].entries;
        lines += coverage.format[i].lines;
    }
    FUZZ_MUST(entries == coverage.entries && entries == heard.entries);
    FUZZ_MUST(lines + coverage.fact[LOG_LINES_FOREIGN] <= coverage.lines);
    return 0;
}
