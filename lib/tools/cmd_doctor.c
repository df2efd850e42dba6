/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cmd_doctor.c - helocheck doctor: what a sender must change
 *
 * PURPOSE  For senders' postmasters; see helocheck(1) and doctor/doctor.h.
 * CONTRACT Exit code: 0 nothing is to be mended, 1 some rules refuse mail for what is, 2 none does.
 * THREADS  one.
 */
#include <stdlib.h>
#include <string.h>

#include "tools/bench.h"
#include "tools/doctor/doctor.h"

struct command {
    struct field_list clients;
    const char *helo;
    const char *from;
    const char *rcpt;
    const char *mta;
    const char *zone;
    int json;
    int help;
};

static const struct field fields[] = {
    {NULL, "--client", "IP", "the address your mail comes from, as others see it; repeatable",
     FIELD_LIST, offsetof(struct command, clients)},
    {NULL, "--helo", "NAME", "what your mail server says in HELO or EHLO", FIELD_TEXT,
     offsetof(struct command, helo)},
    {NULL, "--from", "ADDR", "an address your mail is from", FIELD_TEXT,
     offsetof(struct command, from)},
    {NULL, "--rcpt", "ADDR", "an address that refused it", FIELD_TEXT,
     offsetof(struct command, rcpt)},
    {NULL, "--mta", "NAME",
     "show how this one is set: postfix, exim, sendmail, exchange, opensmtpd", FIELD_TEXT,
     offsetof(struct command, mta)},
    {NULL, "--zone", "FILE",
     "answer DNS from these records; without: ask the system's name servers", FIELD_TEXT,
     offsetof(struct command, zone)},
    {NULL, "--json", NULL, "print one line of JSON", FIELD_FLAG, offsetof(struct command, json)},
    {NULL, "--help", NULL, "print this", FIELD_FLAG, offsetof(struct command, help)},
};

enum { FIELD_COUNT = sizeof(fields) / sizeof(fields[0]) };

static int help(void)
{
    (void)printf(
        "usage: helocheck doctor --client IP --helo NAME [OPTION...]\n"
        "\n"
        "Is your mail refused for its HELO? Says what is wrong, and what to change: records\n"
        "in DNS, and the setting of your mail server.\n"
        "\n");
    options_help(fields, FIELD_COUNT);
    (void)printf(
        "\n"
        "Exit codes: 0 nothing is to be mended, 1 something is that some receivers refuse,\n"
        "2 something is that none refuses, 64 bad usage, 65 a line of the zone is wrong,\n"
        "66 it cannot be read, 70 no memory or no resolver, 74 the output cannot be written.\n");
    return 0;
}

/* ---- usage ----------------------------------------------------------------------------------- */

static int check_clients(const struct command *command)
{
    char quoted[PRINT_QUOTE_SIZE], error[CASE_ERROR_SIZE];

    for (size_t i = 0; i < command->clients.count; i++) {
        const struct helo_case c = {.client = command->clients.items[i]};

        if (case_check(&c, error) != NULL || strcmp(c.client, "local") == 0) {
            print_fault("doctor", "--client %s is no IP address", print_quote(quoted, c.client));
            return 0;
        }
        if (!examine_is_public(c.client)) {
            print_fault("doctor",
                        "--client %s is an address that nobody outside sees: name the one that NAT "
                        "gives your mail, as a refusal or a header Received: has it",
                        print_quote(quoted, c.client));
            return 0;
        }
    }
    return 1;
}

static int check_mta(const char *mta)
{
    char quoted[PRINT_QUOTE_SIZE], names[PRINT_QUOTE_SIZE] = "";

    for (size_t i = 0; mta_name(i) != NULL; i++) {
        size_t used = strlen(names);

        if (strcmp(mta, mta_name(i)) == 0)
            return 1;
        (void)snprintf(names + used, sizeof(names) - used, "%s%s", i > 0 ? ", " : "", mta_name(i));
    }
    print_fault("doctor", "--mta %s: there are %s", print_quote(quoted, mta), names);
    return 0;
}

/* Whether the options make sense together; says so when not. */
static int check_usage(const struct command *command)
{
    if (command->clients.count == 0) {
        print_fault("doctor", "--client is missing: the IP address your mail comes from");
        return 0;
    }
    if (command->helo == NULL) {
        print_fault("doctor", "--helo is missing: what your mail server says; its log, or a header "
                              "Received: at the receiver, shows it");
        return 0;
    }
    if (command->clients.count > DOCTOR_GIVEN) {
        print_fault("doctor", "--client takes %d addresses at most", DOCTOR_GIVEN);
        return 0;
    }
    return check_clients(command) && (command->mta == NULL || check_mta(command->mta));
}

/* ---- run ------------------------------------------------------------------------------------- */

static int exit_of(const struct doctor *d)
{
    for (size_t i = 0; i < d->finding_count; i++)
        if (d->findings[i].refused_by != 0)
            return TOOL_REJECT;
    return d->finding_count > 0 ? TOOL_DEFER : TOOL_ACCEPT;
}

static int fail(const char *what, enum helo_status status)
{
    char quoted[PRINT_QUOTE_SIZE];

    print_fault("doctor", "%s: %s", print_quote(quoted, what), helo_status_text(status));
    return tool_exit_of(status);
}

static int run(const struct command *command, struct bench *bench, struct doctor *d)
{
    enum helo_status status = HELO_OK;

    d->c.helo = (struct field_bytes){command->helo, strlen(command->helo)};
    d->c.from = command->from;
    d->c.rcpt = command->rcpt;
    d->given = command->clients;
    d->mta = command->mta;
    if (command->zone != NULL)
        status = bench_load_zone(bench, command->zone);
    if (status != HELO_OK)
        return fail(command->zone, status);
    status = examine(d, bench->zone);
    if (status != HELO_OK)
        return fail(command->clients.items[0], status);
    findings_make(d);
    if (command->json)
        tell_json(d, stdout);
    else
        tell_text(d, stdout);
    return exit_of(d);
}

/* The examination is too large for a stack that threads may have. */
static int run_on_heap(const struct command *command)
{
    struct doctor *d = calloc(1, sizeof(*d));
    struct bench bench;
    int code;

    if (d == NULL)
        return fail("doctor", HELO_NOMEM);
    bench_init(&bench);
    code = run(command, &bench, d);
    examine_fini(d);
    bench_fini(&bench);
    free(d);
    return code;
}

int cmd_doctor(int argc, char **argv)
{
    struct command command = {0};
    char quoted[PRINT_QUOTE_SIZE];
    int code = TOOL_USAGE;
    int first = options_parse(argc, argv, fields, FIELD_COUNT, &command);

    if (first >= 0 && command.help)
        code = help();
    else if (first >= 0 && first < argc)
        print_fault("doctor",
                    "unexpected %s; every value has its option, see 'helocheck doctor --help'",
                    print_quote(quoted, argv[first]));
    else if (first >= 0 && check_usage(&command))
        code = run_on_heap(&command);
    field_list_fini(&command.clients);
    return code;
}
