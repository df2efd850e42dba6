/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * main.c - helocheck: check policies, explain verdicts
 *
 * PURPOSE  Hands over to a command of the table below; see helocheck(1).
 * THREADS  one.
 */
#include <string.h>

#include "tools/tool.h"

static int help(int argc, char **argv);
static int version(int argc, char **argv);

static const struct command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *synopsis;
    const char *summary;
} commands[] = {
    {"config", cmd_config, "config FILE...", "check policies; --effective shows what one comes to"},
    {"doctor", cmd_doctor, "doctor OPTION...", "what a sender must change for others to take mail"},
    {"explain", cmd_explain, "explain OPTION...", "what would become of an SMTP client, and why"},
    {"replay", cmd_replay, "replay LOG...", "what the policy would do with the mail of logs"},
    {"reload", cmd_reload, "reload [OPTION...]", "check the policy, then let the filter read it"},
    {"--list-checks", cmd_list_checks, "--list-checks",
     "every check, its default and its standard"},
    {"--version", version, "--version", "print the version"},
    {"--help", help, "--help", "print this"},
};

enum {
    COMMAND_COUNT = sizeof(commands) / sizeof(commands[0]),
    SYNOPSIS_WIDTH = 20,
    NAMES_SIZE = 200
};

static int help(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    (void)printf("usage: helocheck COMMAND\n\n");
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        (void)printf("  %-*s%s\n", SYNOPSIS_WIDTH, commands[i].synopsis, commands[i].summary);
    (void)printf("\n'helocheck COMMAND --help' says more of a command; helocheck(1) says all.\n");
    return 0;
}

static int version(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    (void)printf("helocheck %s\n", helo_version());
    return 0;
}

static const struct command *find(const char *name)
{
    static const char *const aliases[][2] = {
        {"-h", "--help"}, {"help", "--help"}, {"-V", "--version"}};

    for (size_t i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++)
        if (strcmp(aliases[i][0], name) == 0)
            name = aliases[i][1];
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

/* "config, explain, ...". Returns out. */
static char *name_all(char out[NAMES_SIZE])
{
    size_t used = 0;

    for (size_t i = 0; i < COMMAND_COUNT && used < NAMES_SIZE; i++)
        used += (size_t)snprintf(out + used, NAMES_SIZE - used, "%s%s", i > 0 ? ", " : "",
                                 commands[i].name);
    return out;
}

static int complain(const char *word)
{
    char quoted[PRINT_QUOTE_SIZE], names[NAMES_SIZE];
    const char *meant = print_suggest(word, commands, COMMAND_COUNT, sizeof(commands[0]),
                                      offsetof(struct command, name));

    if (meant != NULL)
        print_fault("", "no command %s; did you mean '%s'?", print_quote(quoted, word), meant);
    else
        print_fault("", "no command %s; there are %s", print_quote(quoted, word), name_all(names));
    return TOOL_USAGE;
}

int main(int argc, char **argv)
{
    const struct command *command;
    char names[NAMES_SIZE];
    int code;

    if (argc < 2) {
        print_fault("", "which command? %s", name_all(names));
        return TOOL_USAGE;
    }
    command = find(argv[1]);
    if (command == NULL)
        return complain(argv[1]);
    code = command->run(argc - 1, argv + 1);
    /* A full disk or a closed pipe must not look like a verdict. */
    if (fflush(stdout) != 0 || ferror(stdout)) {
        print_fault("", "cannot write to standard output");
        return TOOL_IO;
    }
    return code;
}
