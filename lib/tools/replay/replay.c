/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * replay.c - from logs to a report
 *
 *   log lines -> entries (log/) -> verdicts (judge, pool) -> tally -> report
 *
 * CONTRACT SIGINT and SIGTERM end the reading, and the report is of what was read; a second one
 *          ends the program.
 * THREADS  one; with --dns those of pool.c.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tools/replay/cmd_replay.h"
#include "tools/replay/pool.h"
#include "tools/replay/progress.h"
#include "tools/replay/report.h"
#include "tools/tool.h"

static const char builtin_name[] = "the built-in policy";

struct replay {
    const struct replay_options *options;
    struct report report;
    struct tally *tally;
    struct log_coverage coverage;
    helo_policy *policy[JUDGE_POLICIES];
    helo_zone *zone;
    struct judge_bench bench;
    struct judge *judge; /* or: */
    struct pool *pool;
    struct progress progress;
    struct print_diags diags;
    enum helo_status status; /* of judging */
};

static volatile sig_atomic_t stopped;

static void stop(int number)
{
    (void)number;
    stopped = 1;
}

static void catch_signals(void)
{
    struct sigaction action;

    memset(&action, 0, sizeof(action));
    action.sa_handler = stop;
    action.sa_flags = (int)(SA_RESTART | SA_RESETHAND);
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
}

/* ---- policies -------------------------------------------------------------------------------- */

static int fail(const char *what, enum helo_status status)
{
    char quoted[PRINT_QUOTE_SIZE];

    print_fault("replay", "%s: %s", print_quote(quoted, what), helo_status_text(status));
    return tool_exit_of(status);
}

static void name_policy(const helo_policy *policy, const char *name, struct report_policy *out)
{
    const char *profile = helo_policy_string(policy, "profile");

    out->name = name;
    out->mode = helo_policy_string(policy, "mode");
    out->profile = profile != NULL ? profile : "";
}

/* path NULL: the file that the filter uses, if it can be read. */
static int load_policy(struct replay *replay, size_t i, const char *path,
                       struct report_policy *name)
{
    enum helo_status status;

    if (path == NULL && access(HELO_POLICY_PATH, R_OK) == 0)
        path = HELO_POLICY_PATH;
    if (path != NULL)
        status = helo_policy_load(path, print_diag, &replay->diags, &replay->policy[i]);
    else
        status = helo_policy_default(&replay->policy[i]);
    if (status != HELO_OK)
        return fail(path != NULL ? path : builtin_name, status);
    name_policy(replay->policy[i], path != NULL ? path : builtin_name, name);
    return 0;
}

static int load_zone(struct replay *replay)
{
    const char *path = replay->options->zone;
    enum helo_status status;

    if (path == NULL)
        return 0;
    status = helo_zone_create(&replay->zone);
    if (status == HELO_OK)
        status = helo_zone_load(replay->zone, path, print_diag, &replay->diags);
    if (status == HELO_INVALID)
        print_fault("replay", "the zone has errors");
    else if (status != HELO_OK)
        return fail(path, status);
    return status == HELO_OK ? 0 : TOOL_DATA;
}

/* From the threads of whoever notices it: nothing is counted. */
static void warn(void *arg, const struct helo_diag *diag)
{
    struct print_diags diags = {.to = stderr};

    (void)arg;
    print_diag(&diags, diag);
}

static int make_engines(struct replay *replay)
{
    const struct helo_engine_options options = {.size = sizeof(options),
                                                .zone = replay->zone,
                                                .all_facts = 1,
                                                .warn = replay->options->dns ? warn : NULL,
                                                .offline = !replay->options->dns};

    for (size_t i = 0; i < JUDGE_POLICIES && replay->policy[i] != NULL; i++) {
        enum helo_status status =
            helo_engine_create(replay->policy[i], &options, &replay->bench.engine[i]);

        if (status != HELO_OK)
            return fail(i == 0 ? replay->report.policy.name : replay->report.against.name, status);
    }
    return 0;
}

static int make_judges(struct replay *replay)
{
    const struct replay_options *options = replay->options;
    enum helo_status status = HELO_OK;

    replay->bench.server_names = &options->server_names;
    replay->bench.server_addresses = &options->server_addresses;
    replay->bench.dns = options->dns;
    replay->tally = malloc(sizeof(*replay->tally));
    if (replay->tally == NULL)
        return fail("memory", HELO_NOMEM);
    tally_init(replay->tally, options->against != NULL);
    if (options->dns) {
        /* Records in memory answer at once. */
        status = pool_create(&replay->bench, replay->tally, options->dns_rate,
                             options->zone != NULL ? 1 : POOL_WORKERS, &replay->pool);
    } else {
        replay->judge = judge_create(&replay->bench, JUDGE_SESSIONS);
        status = replay->judge != NULL ? HELO_OK : HELO_NOMEM;
    }
    return status == HELO_OK ? 0 : fail("memory", status);
}

static int prepare(struct replay *replay)
{
    const struct replay_options *options = replay->options;
    int code = load_policy(replay, 0, options->policy, &replay->report.policy);

    if (code == 0 && options->against != NULL)
        code = load_policy(replay, 1, options->against, &replay->report.against);
    if (code == 0)
        code = load_zone(replay);
    if (code == 0)
        code = make_engines(replay);
    return code == 0 ? make_judges(replay) : code;
}

/* ---- reading --------------------------------------------------------------------------------- */

static int take_entry(void *arg, const struct log_entry *entry)
{
    struct replay *replay = arg;
    struct judgement judgement;

    if (replay->pool != NULL) {
        replay->status = pool_add(replay->pool, entry);
    } else {
        replay->status = judge_entry(replay->judge, entry, &judgement);
        if (replay->status == HELO_OK)
            tally_add(replay->tally, &judgement);
    }
    return stopped || replay->status != HELO_OK;
}

static void take_notice(void *arg, const struct log_notice *notice)
{
    struct replay *replay = arg;
    const struct helo_diag diag = {.severity = HELO_WARNING,
                                   .path = notice->path,
                                   .line = (unsigned)notice->line,
                                   .column = notice->column,
                                   .message = notice->message};

    progress_wipe(&replay->progress);
    /* Of a file as a whole: with its path. */
    if (notice->line == 0)
        print_fault("replay", "%s", notice->message);
    else
        print_diag(&replay->diags, &diag);
}

static void take_progress(void *arg, const struct log_progress *at)
{
    progress_show(&((struct replay *)arg)->progress, at);
}

/* Returns an exit code; TOOL_NOINPUT goes with a report of what could be read. */
static int read_logs(struct replay *replay)
{
    const struct replay_options *options = replay->options;
    const struct log_options how = {.entry = take_entry,
                                    .notice = take_notice,
                                    .progress = take_progress,
                                    .arg = replay,
                                    .now_s = options->today_s};
    enum helo_status status, judged;

    catch_signals();
    progress_init(&replay->progress, options->logs, options->log_count);
    status = log_read(options->logs, options->log_count, &how, &replay->coverage);
    judged = replay->status;
    if (replay->pool != NULL) {
        enum helo_status finished = pool_finish(replay->pool, stopped);

        replay->pool = NULL;
        judged = judged == HELO_OK ? finished : judged;
    }
    progress_fini(&replay->progress);
    if (judged != HELO_OK || replay->tally->nomem)
        return fail("judging", judged != HELO_OK ? judged : HELO_NOMEM);
    if (status != HELO_OK && status != HELO_IO)
        return fail("reading", status);
    return status == HELO_IO ? TOOL_NOINPUT : 0;
}

/* ---- the report ------------------------------------------------------------------------------ */

/* Before the long reading, not after it. */
static int open_html(const char *path, FILE **out)
{
    char quoted[PRINT_QUOTE_SIZE];

    *out = path == NULL ? NULL : strcmp(path, "-") == 0 ? stdout : fopen(path, "we");
    if (path != NULL && *out == NULL)
        print_fault("replay", "cannot write %s: %s", print_quote(quoted, path), strerror(errno));
    return path == NULL || *out != NULL;
}

static int close_html(const char *path, FILE *html)
{
    char quoted[PRINT_QUOTE_SIZE];
    int failed;

    if (html == NULL || html == stdout)
        return 1;
    failed = ferror(html);
    failed = fclose(html) != 0 || failed;
    if (failed)
        print_fault("replay", "cannot write %s", print_quote(quoted, path));
    return !failed;
}

static int write_report(const struct replay_options *options, const struct report *report,
                        FILE *html)
{
    int written = 1;

    if (html != NULL)
        report_html(report, html);
    if (options->json)
        written = report_json(report, stdout);
    else if (html != stdout)
        report_text(report, stdout);
    return written;
}

static int report_all(struct replay *replay, FILE *html, int code)
{
    const struct replay_options *options = replay->options;
    struct report *report = &replay->report;
    long long now = options->today_s > 0 ? options->today_s : (long long)time(NULL);
    int written;

    report->logs = options->logs;
    report->log_count = options->log_count;
    report->coverage = &replay->coverage;
    report->tally = replay->tally;
    report->dns = options->dns;
    report->zone = options->zone != NULL;
    report->interrupted = stopped;
    report->top = options->top;
    written = report_make(report, now) && write_report(options, report, html);
    if (written && report_judged(report) == 0)
        print_fault("replay", "nothing could be judged: the logs do not say what clients said in "
                              "HELO; see helocheck(1)");
    report_fini(report);
    if (!written)
        return fail("report", HELO_NOMEM);
    if (code != 0)
        return code;
    if (stopped)
        return TOOL_INTERRUPTED;
    return report_judged(report) == 0 ? TOOL_DATA : 0;
}

static void clear(struct replay *replay)
{
    if (replay->pool != NULL)
        (void)pool_finish(replay->pool, 1);
    judge_free(replay->judge);
    if (replay->tally != NULL)
        tally_fini(replay->tally);
    free(replay->tally);
    for (size_t i = 0; i < JUDGE_POLICIES; i++) {
        helo_engine_destroy(replay->bench.engine[i]);
        helo_policy_unref(replay->policy[i]);
    }
    helo_zone_free(replay->zone);
}

/* Once it is certain that there will be a report. */
static int read_and_report(struct replay *replay)
{
    const struct replay_options *options = replay->options;
    FILE *html;
    int code;

    if (!open_html(options->html, &html))
        return TOOL_IO;
    code = read_logs(replay);
    /* Where not one file could be opened there is nothing to report. */
    if (code == 0 || (code == TOOL_NOINPUT && replay->coverage.lines > 0))
        code = report_all(replay, html, code);
    return close_html(options->html, html) ? code : TOOL_IO;
}

int replay_run(const struct replay_options *options)
{
    struct replay *replay = calloc(1, sizeof(*replay));
    int code;

    if (replay == NULL)
        return fail("memory", HELO_NOMEM);
    replay->options = options;
    replay->diags.to = stderr;
    code = prepare(replay);
    if (code == 0)
        code = read_and_report(replay);
    clear(replay);
    free(replay);
    return code;
}
