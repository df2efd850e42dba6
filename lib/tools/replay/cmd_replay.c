/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cmd_replay.c - helocheck replay: what a policy would have done with the mail of logs
 *
 * PURPOSE  The options; replay.c does it. See helocheck(1).
 * THREADS  one.
 */
#include "tools/replay/cmd_replay.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tools/case.h"
#include "tools/replay/judge.h"
#include "tools/tool.h"

enum {
    TOP_DEFAULT = 20,
    TOP_MOST = 2048, /* as many as are kept, senders.h */
    /* A caching resolver on the same machine does not notice it; one that asks the Internet for
     * most of it sends two or three times as many. */
    RATE_DEFAULT = 100,
    RATE_MOST = 100000,
    DAY_S = 86400
};

struct words {
    struct replay_options options;
    const char *dns_rate, *top, *today;
    int help;
};

static const struct field fields[] = {
    {NULL, "--policy", "FILE",
     "judge by it; without: by the one of the filter, or the built-in one where there is none",
     FIELD_TEXT, offsetof(struct words, options.policy)},
    {NULL, "--against", "FILE", "say what differs from what this policy would do", FIELD_TEXT,
     offsetof(struct words, options.against)},
    {NULL, "--dns", NULL, "look up what the logs do not tell; without: judge by the logs alone",
     FIELD_FLAG, offsetof(struct words, options.dns)},
    {NULL, "--dns-rate", "N", "ask that many questions a second, at most; without: 100", FIELD_TEXT,
     offsetof(struct words, dns_rate)},
    {NULL, "--zone", "FILE", "--dns, but answered from these records", FIELD_TEXT,
     offsetof(struct words, options.zone)},
    {NULL, "--server-name", "NAME",
     "what this server is called; up to three times, adds to the policy's and the logs'",
     FIELD_LIST, offsetof(struct words, options.server_names)},
    {NULL, "--server-address", "IP",
     "an address of this server; up to four times, adds to the policy's", FIELD_LIST,
     offsetof(struct words, options.server_addresses)},
    {NULL, "--top", "N", "show so many senders of each list; without: 20", FIELD_TEXT,
     offsetof(struct words, top)},
    {NULL, "--json", NULL, "print one JSON document", FIELD_FLAG,
     offsetof(struct words, options.json)},
    {NULL, "--html", "FILE", "write a page for a browser, too ('-': to standard output, instead)",
     FIELD_TEXT, offsetof(struct words, options.html)},
    {NULL, "--today", "DATE",
     "YYYY-MM-DD, when it is not: for time stamps without a year, and entries to paste", FIELD_TEXT,
     offsetof(struct words, today)},
    {NULL, "--help", NULL, "print this", FIELD_FLAG, offsetof(struct words, help)},
};

enum { FIELD_COUNT = sizeof(fields) / sizeof(fields[0]) };

static void usage(FILE *to)
{
    (void)fprintf(
        to,
        "usage: helocheck replay [OPTION...] LOG...\n"
        "\n"
        "Reads mail logs and says what the policy would have done with their mail, and whose\n"
        "mail it would have refused. Nothing is sent to anybody.\n"
        "\n"
        "LOG: of Postfix, Exim or milter-helo, or JSON lines; plain or compressed; '-' for\n"
        "standard input. The older one first. As in\n"
        "\n"
        "  helocheck replay /var/log/mail.log.1 /var/log/mail.log\n"
        "  journalctl -u milter-helo --since -7d -o short-iso | helocheck replay --html r.html -\n"
        "\n");
}

static int help(void)
{
    usage(stdout);
    options_help(fields, FIELD_COUNT);
    (void)printf(
        "\n"
        "Exit codes: 0 there is a report, 64 bad usage, 65 the logs have nothing that could be\n"
        "judged, 66 a file cannot be read, 70 no memory or no resolver, 74 the output cannot be\n"
        "written, 78 a policy has errors, 130 interrupted: the report is of what was read.\n");
    return 0;
}

/* ---- values ---------------------------------------------------------------------------------- */

static int read_number(const char *option, const char *text, unsigned most, unsigned *out)
{
    char quoted[PRINT_QUOTE_SIZE];
    size_t digits = text == NULL ? 0 : strspn(text, "0123456789");
    unsigned long number;

    if (text == NULL)
        return 1;
    number = digits > 0 && digits < 9 ? strtoul(text, NULL, 10) : 0;
    if (text[digits] != '\0' || number < 1 || number > most) {
        print_fault("replay", "%s takes a number, 1 to %u, not %s", option, most,
                    print_quote(quoted, text));
        return 0;
    }
    *out = (unsigned)number;
    return 1;
}

static int read_day(const char *text, long long *out)
{
    char quoted[PRINT_QUOTE_SIZE], again[sizeof("YYYY-MM-DD")];
    struct tm tm = {0};
    time_t day;
    const char *end = text == NULL ? NULL : strptime(text, "%Y-%m-%d", &tm);

    if (text == NULL)
        return 1;
    day = end == NULL || *end != '\0' ? -1 : timegm(&tm);
    /* 31 February is taken for a day in March, so what comes out must be what was said. */
    if (day <= 0 || strftime(again, sizeof(again), "%Y-%m-%d", &tm) == 0 ||
        strcmp(again, text) != 0) {
        print_fault("replay", "--today takes a date, as in 2026-11-30, not %s",
                    print_quote(quoted, text));
        return 0;
    }
    *out = (long long)day + DAY_S - 1;
    return 1;
}

static int check_servers(const struct replay_options *options)
{
    const struct helo_case c = {.client = "local",
                                .server_names = options->server_names,
                                .server_addresses = options->server_addresses};
    char error[CASE_ERROR_SIZE];
    const char *wrong = case_check(&c, error);

    if (wrong != NULL) {
        print_fault("replay", "%s %s",
                    strcmp(wrong, "server_names") == 0 ? "--server-name" : "--server-address",
                    error);
        return 0;
    }
    if (options->server_names.count > JUDGE_NAMES_MAX) {
        print_fault("replay",
                    "--server-name is taken %d times at most; the policy's server.names "
                    "takes more",
                    JUDGE_NAMES_MAX);
        return 0;
    }
    return 1;
}

static int read_values(struct words *words)
{
    struct replay_options *options = &words->options;

    options->top = TOP_DEFAULT;
    options->dns_rate = RATE_DEFAULT;
    options->dns = options->dns || options->zone != NULL;
    if (!read_number("--top", words->top, TOP_MOST, &options->top) ||
        !read_number("--dns-rate", words->dns_rate, RATE_MOST, &options->dns_rate) ||
        !read_day(words->today, &options->today_s) || !check_servers(options))
        return 0;
    if (words->dns_rate != NULL && !options->dns) {
        print_fault("replay", "--dns-rate goes with --dns");
        return 0;
    }
    if (options->json && options->html != NULL && strcmp(options->html, "-") == 0) {
        print_fault("replay", "either --json or --html -: both go to standard output");
        return 0;
    }
    return 1;
}

/* ---- logs ----------------------------------------------------------------------------------- */

/* What was meant as an option would be looked for as a file; after "--" it is one. */
static int check_logs(int argc, char **argv, int first)
{
    char quoted[PRINT_QUOTE_SIZE];
    int stdins = 0;

    if (first == argc) {
        usage(stderr);
        print_fault("replay", "which logs? 'helocheck replay --help' says more");
        return 0;
    }
    for (int i = first; i < argc; i++) {
        stdins += strcmp(argv[i], "-") == 0;
        if (strcmp(argv[first - 1], "--") != 0 && strncmp(argv[i], "--", 2) == 0) {
            print_fault("replay", "%s: options come before the logs", print_quote(quoted, argv[i]));
            return 0;
        }
    }
    if (stdins > 1)
        print_fault("replay", "'-' is given twice; standard input can be read once");
    return stdins <= 1;
}

int cmd_replay(int argc, char **argv)
{
    struct words words = {0};
    int code = TOOL_USAGE;
    int first = options_parse(argc, argv, fields, FIELD_COUNT, &words);

    if (first >= 0 && words.help) {
        code = help();
    } else if (first >= 0 && check_logs(argc, argv, first) && read_values(&words)) {
        words.options.logs = (const char *const *)argv + first;
        words.options.log_count = (size_t)(argc - first);
        code = replay_run(&words.options);
    }
    field_list_fini(&words.options.server_names);
    field_list_fini(&words.options.server_addresses);
    return code;
}
