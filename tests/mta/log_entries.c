/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * log_entries.c - what helocheck's reader makes of logs, one JSON object for each entry
 *
 * PURPOSE  log_entries FILE...: for the tests of the mta ring, which know what was said to the
 *          servers that wrote these logs.
 * CONTRACT Exit status 0 when all was read and nothing was wrong, else 1, and stderr says what.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "tools/log/reader.h"

enum { LINE_BYTES = 64 * 1024 };

static void add(struct text *out, const char *key, const char *value)
{
    text_addf(out, ", \"%s\": ", key);
    text_add_json(out, value);
}

static int print_entry(void *arg, const struct log_entry *e)
{
    static const char *const ptr[] = {NULL, "verified", "forged", "none", "temperror"};
    static const char *const helo[] = {"unknown", "said", "none"};
    static const char *const outcome[] = {NULL, "accepted", "deferred", "rejected"};
    struct text line;
    int ended;

    (void)arg;
    text_init(&line, LINE_BYTES);
    text_add(&line, "{\"client\": ");
    text_add_json(&line, e->client);
    add(&line, "helo_status", helo[e->helo_status]);
    add(&line, "helo", e->helo);
    add(&line, "ptr_status", ptr[e->ptr_status]);
    add(&line, "ptr", e->ptr);
    add(&line, "from", e->from);
    add(&line, "rcpt", e->rcpt);
    add(&line, "auth", e->auth);
    add(&line, "listener", e->listener);
    add(&line, "qid", e->qid);
    add(&line, "id", e->id);
    add(&line, "outcome", outcome[e->outcome]);
    text_addf(&line, ", \"connection\": %llu, \"time\": %lld}", e->connection, e->time_s);
    ended = line.failed || puts(line.data) < 0;
    text_fini(&line);
    return ended;
}

static void print_notice(void *arg, const struct log_notice *notice)
{
    unsigned *wrong = arg;

    ++*wrong;
    (void)fprintf(stderr, "%s:%llu:%u: %s\n", notice->path, notice->line, notice->column,
                  notice->message);
}

int main(int argc, char **argv)
{
    unsigned wrong = 0;
    const struct log_options options = {
        .entry = print_entry, .notice = print_notice, .arg = &wrong};
    struct log_coverage coverage;
    enum helo_status status;

    if (argc < 2) {
        (void)fprintf(stderr, "usage: log_entries FILE...\n");
        return EXIT_FAILURE;
    }
    status = log_read((const char *const *)(argv + 1), (size_t)argc - 1, &options, &coverage);
    return status == HELO_OK && wrong == 0 && fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
