/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cmd_batch.c - helocheck explain --batch: one JSON case per line in, one JSON verdict per line out
 *
 * PURPOSE  A test bench: for our golden tests, and for whoever wants to know what we would say of a
 *          million sessions.
 * CONTRACT Every line that is not blank gives exactly one line, in the same order and at once, so
 *          that a program may hold a conversation. A line that cannot be judged gives {"error":
 *          ..., "line": N}, a diagnostic on stderr, and, at the end, TOOL_DATA; the other lines are
 *          judged all the same.
 * LIMITS   BATCH_LINE_BYTES a line, BENCH_POLICIES policies.
 * THREADS  one.
 */
#include "tools/batch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tools/record.h"

enum { BATCH_LINE_BYTES = 1024 * 1024, SOURCE_SIZE = 240, PATH_SIZE = 4096 };

struct batch {
    struct bench *bench;
    const char *path;   /* as in diagnostics */
    const char *policy; /* or NULL */
    FILE *file;
    char *line; /* BATCH_LINE_BYTES and a NUL */
    size_t length;
    unsigned number; /* of the line, 1-based */
    int too_long;
    int bad; /* lines that were not judged */
};

/*
 * Reads the next line without its end, all of it, but keeps no more than fits. Returns 0 at the end
 * of the file.
 */
static int next_line(struct batch *batch)
{
    int c = getc(batch->file);

    if (c == EOF)
        return 0;
    batch->number++;
    batch->length = 0;
    batch->too_long = 0;
    for (; c != EOF && c != '\n'; c = getc(batch->file)) {
        if (batch->length == BATCH_LINE_BYTES)
            batch->too_long = 1;
        else
            batch->line[batch->length++] = (char)c;
    }
    batch->line[batch->length] = '\0';
    return 1;
}

static int is_blank(const struct batch *batch)
{
    return !batch->too_long && strspn(batch->line, " \t\r") == batch->length;
}

/*
 * The line as it can be shown below a diagnostic; NULL when the column lies behind what is shown.
 */
static const char *source_line(const struct batch *batch, unsigned column, char out[SOURCE_SIZE])
{
    size_t length = batch->length < SOURCE_SIZE ? batch->length : SOURCE_SIZE - 1;

    if (column == 0 || column > length)
        return NULL;
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)batch->line[i];

        out[i] = byte < 0x20 || byte > 0x7e ? '?' : batch->line[i];
    }
    out[length] = '\0';
    return out;
}

static void report(struct batch *batch, const struct record_error *error)
{
    char hint[PRINT_QUOTE_SIZE], source[SOURCE_SIZE];
    struct helo_diag diag = {
        .severity = HELO_ERROR,
        .path = batch->path,
        .line = batch->number,
        .column = error->column,
        .message = error->message,
        .source = source_line(batch, error->column, source),
    };

    if (error->meant != NULL) {
        (void)snprintf(hint, sizeof(hint), "did you mean '%s'?", error->meant);
        diag.hint = hint;
    }
    batch->bad = 1;
    print_diag(&batch->bench->diags, &diag);
    (void)printf("{\"error\": ");
    print_json_string(stdout, error->message);
    (void)printf(", \"line\": %u}\n", batch->number);
}

/* A member is well-formed JSON, and yet says nothing that can be used. */
static void blame(const struct batch *batch, const char *key, const char *what,
                  struct record_error *error)
{
    *error = (struct record_error){.column = record_column(batch->line, batch->length, key)};
    (void)snprintf(error->message, sizeof(error->message), "%s %s", key, what);
}

/*
 * A path in a batch is relative to the batch, as an include is to its policy. Returns NULL when it
 * is too long.
 */
static const char *resolve(const struct batch *batch, const char *path, char out[PATH_SIZE])
{
    const char *slash = strrchr(batch->path, '/');
    int length;

    if (*path == '/' || slash == NULL)
        return path;
    length = snprintf(out, PATH_SIZE, "%.*s/%s", (int)(slash - batch->path), batch->path, path);
    return length > 0 && length < PATH_SIZE ? out : NULL;
}

static enum helo_status find_policy(const struct batch *batch, const struct helo_case *c,
                                    struct bench_row **row, struct record_error *error)
{
    char buffer[PATH_SIZE], quoted[PRINT_QUOTE_SIZE], what[CASE_ERROR_SIZE];
    const char *path = c->policy != NULL ? resolve(batch, c->policy, buffer) : batch->policy;
    enum helo_status status = HELO_LIMIT;

    if (c->policy == NULL || path != NULL)
        status = bench_policy(batch->bench, path, row);
    if (status != HELO_OK) {
        (void)snprintf(what, sizeof(what), "%s cannot be used: %s",
                       print_quote(quoted, c->policy != NULL ? c->policy : ""),
                       helo_status_text(status));
        blame(batch, "policy", what, error);
    }
    return status;
}

struct zone_finding {
    char message[CASE_ERROR_SIZE]; /* the first; "" when there was none */
};

static void keep_finding(void *arg, const struct helo_diag *diag)
{
    struct zone_finding *finding = arg;

    if (finding->message[0] == '\0')
        (void)snprintf(finding->message, sizeof(finding->message), "%s%s%s", diag->message,
                       diag->hint != NULL ? "; " : "", diag->hint != NULL ? diag->hint : "");
}

static enum helo_status fill_zone(const struct batch *batch, const struct helo_case *c,
                                  helo_zone *zone, struct record_error *error)
{
    struct zone_finding finding = {""};
    char what[CASE_ERROR_SIZE + 32];
    enum helo_status status = HELO_OK;

    for (size_t i = 0; i < c->zone.count && status == HELO_OK; i++) {
        status = helo_zone_add(zone, c->zone.items[i], batch->path, batch->number, keep_finding,
                               &finding);
        if (status == HELO_OK)
            continue;
        (void)snprintf(what, sizeof(what), "entry %zu: %s", i + 1,
                       finding.message[0] != '\0' ? finding.message : helo_status_text(status));
        blame(batch, "zone", what, error);
    }
    return status;
}

/* With records of its own: an engine for this one case; it has no thread. */
static enum helo_status judge_with_zone(const struct batch *batch, const struct helo_case *c,
                                        const struct bench_row *row, char **text,
                                        struct record_error *error)
{
    struct helo_engine_options options = {.size = sizeof(options), .all_facts = 1};
    enum helo_action action;
    helo_engine *engine = NULL;
    helo_zone *zone = NULL;
    enum helo_status status = helo_zone_create(&zone);

    if (status == HELO_OK)
        status = fill_zone(batch, c, zone, error);
    options.zone = zone;
    if (status == HELO_OK)
        status = helo_engine_create(row->policy, &options, &engine);
    if (status == HELO_OK)
        status = case_judge(engine, c, HELO_FORMAT_JSON, &action, text);
    helo_engine_destroy(engine);
    helo_zone_free(zone);
    return status;
}

static enum helo_status judge(const struct batch *batch, const struct helo_case *c, char **text,
                              struct record_error *error)
{
    char what[CASE_ERROR_SIZE];
    const char *key = case_check(c, what);
    struct bench_row *row;
    enum helo_action action;
    helo_engine *engine;
    enum helo_status status;

    if (key != NULL) {
        blame(batch, key, what, error);
        return HELO_INVALID;
    }
    status = find_policy(batch, c, &row, error);
    if (status == HELO_OK && c->zone.items != NULL)
        return judge_with_zone(batch, c, row, text, error);
    if (status == HELO_OK)
        status = bench_engine(batch->bench, row, &engine);
    return status == HELO_OK ? case_judge(engine, c, HELO_FORMAT_JSON, &action, text) : status;
}

/* Returns 0 when going on makes no sense. */
static int judge_line(struct batch *batch)
{
    struct record_error error = {0};
    enum helo_status status = HELO_INVALID;
    struct record record;
    char *text = NULL;

    if (batch->too_long) {
        (void)snprintf(error.message, sizeof(error.message), "the line has more than %d bytes",
                       BATCH_LINE_BYTES);
    } else if (record_read(&record, batch->line, batch->length, &error)) {
        status = judge(batch, &record.c, &text, &error);
        record_fini(&record);
    }
    if (status == HELO_OK)
        (void)puts(text);
    else if (error.message[0] != '\0')
        report(batch, &error);
    else
        print_fault("explain", "line %u: %s", batch->number, helo_status_text(status));
    helo_free(text);
    return (status == HELO_OK || error.message[0] != '\0') && fflush(stdout) == 0;
}

static int run(struct batch *batch)
{
    int go_on = 1;

    while (go_on && next_line(batch))
        if (!is_blank(batch))
            go_on = judge_line(batch);
    if (ferror(batch->file)) {
        print_fault("explain", "cannot read the batch: %s", strerror(errno));
        return TOOL_NOINPUT;
    }
    if (!go_on && !ferror(stdout))
        return TOOL_INTERNAL;
    return batch->bad ? TOOL_DATA : 0;
}

int batch_run(struct bench *bench, const char *path, const char *policy)
{
    int from_stdin = strcmp(path, "-") == 0;
    struct batch batch = {
        .bench = bench,
        .path = from_stdin ? "<stdin>" : path,
        .policy = policy,
        .file = from_stdin ? stdin : fopen(path, "r"),
        .line = malloc(BATCH_LINE_BYTES + 1),
    };
    char quoted[PRINT_QUOTE_SIZE];
    int code = TOOL_INTERNAL;

    if (batch.file == NULL) {
        print_fault("explain", "cannot read %s: %s", print_quote(quoted, path), strerror(errno));
        code = TOOL_NOINPUT;
    } else if (batch.line == NULL) {
        print_fault("explain", "%s", helo_status_text(HELO_NOMEM));
    } else {
        code = run(&batch);
    }
    if (batch.file != NULL && !from_stdin)
        (void)fclose(batch.file);
    free(batch.line);
    return code;
}
