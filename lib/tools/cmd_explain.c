/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cmd_explain.c - helocheck explain: one verdict with all its reasons, or a batch of them
 *
 * PURPOSE  The support tool and the demonstration; see helocheck(1).
 * CONTRACT Exit code: the verdict (what the client would get, mode included), or what went wrong.
 * THREADS  one.
 */
#include <string.h>

#include "tools/batch.h"
#include "tools/case.h"
#include "tools/story/story.h"

struct explain {
    struct helo_case c;
    const char *zone;
    const char *batch;
    struct field_list logs;
    int offline;
    int json;
    int logfmt;
    int help;
};

#define EXPLAIN_FIELD(member, kind, key, option, argument, help) \
    CASE_FIELD_AT(struct explain, c, member, kind, key, option, argument, help)

static const struct field fields[] = {
    CASE_FIELDS(EXPLAIN_FIELD){
        NULL, "--zone", "FILE",
        "answer DNS from these records; without: ask the policy's name servers", FIELD_TEXT,
        offsetof(struct explain, zone)},
    {NULL, "--offline", NULL, "ask no DNS; what it would tell is unknown", FIELD_FLAG,
     offsetof(struct explain, offline)},
    {NULL, "--log", "FILE", "tell the story of --id from these logs ('-': standard input)",
     FIELD_LIST, offsetof(struct explain, logs)},
    {NULL, "--json", NULL, "print one line of JSON", FIELD_FLAG, offsetof(struct explain, json)},
    {NULL, "--logfmt", NULL, "print the line that would be logged", FIELD_FLAG,
     offsetof(struct explain, logfmt)},
    {NULL, "--batch", "FILE",
     "judge every line of FILE ('-': standard input); takes --policy, --zone", FIELD_TEXT,
     offsetof(struct explain, batch)},
    {NULL, "--help", NULL, "print this", FIELD_FLAG, offsetof(struct explain, help)},
};

enum { FIELD_COUNT = sizeof(fields) / sizeof(fields[0]) };

static int help(void)
{
    (void)printf("usage: helocheck explain --client IP --helo NAME [OPTION...]\n"
                 "       helocheck explain --id ID --log FILE... [--policy FILE] [--zone FILE]\n"
                 "       helocheck explain --batch FILE [--policy FILE] [--zone FILE]\n"
                 "\n"
                 "Says what would become of an SMTP client, and why. Nothing is sent to it.\n"
                 "\n");
    options_help(fields, FIELD_COUNT);
    (void)printf(
        "\n"
        "Exit codes with --log: 0 the decision was found, 69 it was not, and those below.\n"
        "Exit codes: 0 accept, 1 reject, 2 defer (the verdict; 'would' does not count),\n"
        "64 bad usage, 65 a line of the batch or zone is wrong, 66 a file cannot be read,\n"
        "70 no memory or no resolver, 74 the output cannot be written, 78 a policy has errors.\n");
    return 0;
}

static int is_given(const struct field *field, const struct explain *explain)
{
    const void *place = (const char *)explain + field->offset;

    switch (field->kind) {
    case FIELD_FLAG:
        return *(const int *)place != 0;
    case FIELD_TEXT:
        return *(const char *const *)place != NULL;
    case FIELD_BYTES:
        return ((const struct field_bytes *)place)->data != NULL;
    case FIELD_PORT:
        return *(const unsigned *)place != 0;
    case FIELD_LIST:
        return ((const struct field_list *)place)->count != 0;
    case FIELD_NOTE:
    default:
        return 0;
    }
}

/* The first option given that says what the lines of a batch, or of a log, say themselves. */
static const char *stray_option(const struct explain *explain, const char *taken)
{
    for (size_t i = 0; i < FIELD_COUNT; i++)
        if (fields[i].key != NULL && strcmp(fields[i].key, "policy") != 0 &&
            strcmp(fields[i].key, taken) != 0 && is_given(&fields[i], explain))
            return fields[i].option;
    return explain->logfmt ? "--logfmt" : NULL;
}

static const char *option_of(const char *key)
{
    for (size_t i = 0; i < FIELD_COUNT; i++)
        if (fields[i].key != NULL && strcmp(fields[i].key, key) == 0)
            return fields[i].option;
    return key;
}

/* The same of those for a decision in logs. */
static int check_search(const struct explain *explain)
{
    const char *stray = explain->json ? "--json" : stray_option(explain, "id");

    if (explain->logs.count == 0)
        print_fault("explain", "--id is looked for in logs: --log FILE... ('-': standard input)");
    else if (explain->c.id == NULL)
        print_fault("explain", "--log FILE is searched for a decision: --id ID is missing");
    else if (stray != NULL)
        print_fault("explain",
                    "%s does not go with --log, which takes --id, --policy, --zone and --offline",
                    stray);
    else
        return 1;
    return 0;
}

/* Whether the options make sense together; says so when not. */
static int check_usage(const struct explain *explain)
{
    char error[CASE_ERROR_SIZE];
    const char *wrong;

    if (explain->json && explain->logfmt) {
        print_fault("explain", "either --json or --logfmt");
        return 0;
    }
    if (explain->batch != NULL) {
        wrong = explain->logs.count > 0 ? "--log" : stray_option(explain, "");
        if (wrong != NULL)
            print_fault("explain", "%s does not go with --batch, which takes --policy and --zone",
                        wrong);
        return wrong == NULL;
    }
    if (explain->logs.count > 0 || (explain->c.id != NULL && explain->c.client == NULL))
        return check_search(explain);
    wrong = case_check(&explain->c, error);
    if (wrong != NULL)
        print_fault("explain", "%s %s", option_of(wrong), error);
    return wrong == NULL;
}

static int exit_of_action(enum helo_action action)
{
    if (action == HELO_ACTION_REJECT)
        return TOOL_REJECT;
    return action == HELO_ACTION_DEFER ? TOOL_DEFER : TOOL_ACCEPT;
}

static int fail(const char *what, enum helo_status status)
{
    char quoted[PRINT_QUOTE_SIZE];

    print_fault("explain", "%s: %s", print_quote(quoted, what), helo_status_text(status));
    return tool_exit_of(status);
}

static int explain_one(struct bench *bench, struct bench_row *row, const struct explain *explain)
{
    enum helo_format format = explain->json     ? HELO_FORMAT_JSON
                              : explain->logfmt ? HELO_FORMAT_LOG
                                                : HELO_FORMAT_TEXT;
    enum helo_action action;
    helo_engine *engine;
    char *text;
    enum helo_status status = bench_engine(bench, row, &engine);

    if (status == HELO_OK)
        status = case_judge(engine, &explain->c, format, &action, &text);
    if (status != HELO_OK)
        return fail(explain->c.client, status);
    (void)printf("%s%s", text, format == HELO_FORMAT_TEXT ? "" : "\n");
    helo_free(text);
    return exit_of_action(action);
}

static int run(struct bench *bench, const struct explain *explain)
{
    const char *policy = explain->c.policy;
    struct bench_row *row;
    enum helo_status status = HELO_OK;

    if (explain->zone != NULL)
        status = bench_load_zone(bench, explain->zone);
    if (status == HELO_INVALID) {
        print_fault("explain", "the zone has errors");
        return TOOL_DATA;
    }
    if (status != HELO_OK)
        return fail(explain->zone, status);
    status = bench_policy(bench, policy, &row);
    if (status != HELO_OK)
        return fail(policy != NULL ? policy : "built-in policy", status);
    if (explain->batch != NULL)
        return batch_run(bench, explain->batch, policy);
    return explain_one(bench, row, explain);
}

static int search(const struct explain *explain)
{
    const struct story_options options = {
        .id = explain->c.id,
        .logs = explain->logs.items,
        .log_count = explain->logs.count,
        .policy = explain->c.policy,
        .zone = explain->zone,
        .offline = explain->offline,
    };

    return story_run(&options);
}

/*
 * "--log mail.log*": a shell makes many words of it. Returns the first word that is no file; -1 for
 * an option among them.
 */
static int take_logs(struct explain *explain, int argc, char **argv, int first)
{
    char quoted[PRINT_QUOTE_SIZE];

    for (; explain->logs.count > 0 && first < argc; first++) {
        if (strncmp(argv[first], "--", 2) == 0) {
            print_fault("explain", "%s: options come before the files",
                        print_quote(quoted, argv[first]));
            return -1;
        }
        if (!field_list_add(&explain->logs, argv[first]))
            break;
    }
    return first;
}

int cmd_explain(int argc, char **argv)
{
    struct explain explain = {0};
    struct bench bench;
    char quoted[PRINT_QUOTE_SIZE];
    int code = TOOL_USAGE;
    int first = options_parse(argc, argv, fields, FIELD_COUNT, &explain);

    bench_init(&bench);
    if (first >= 0)
        first = take_logs(&explain, argc, argv, first);
    bench.offline = explain.offline;
    if (first >= 0 && explain.help)
        code = help();
    else if (first >= 0 && first < argc)
        print_fault("explain",
                    "unexpected %s; every value has its option, see 'helocheck explain --help'",
                    print_quote(quoted, argv[first]));
    else if (first >= 0 && check_usage(&explain))
        code = explain.logs.count > 0 ? search(&explain) : run(&bench, &explain);
    bench_fini(&bench);
    case_fini(&explain.c);
    field_list_fini(&explain.logs);
    return code;
}
