/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cmd_config.c - helocheck config: is a policy good? what does it come to?
 *
 * PURPOSE  All findings of all files in one run, before a mail server meets them.
 * CONTRACT Findings go to stderr, one line for each file to stdout; with --effective the policy in
 *          its place. A warning does not fail.
 * THREADS  one.
 */
#include <string.h>

#include "tools/field.h"
#include "tools/tool.h"

struct config {
    int effective;
    int help;
};

static const struct field fields[] = {
    {NULL, "--effective", NULL,
     "print the whole policy that one file comes to, and where each value is from", FIELD_FLAG,
     offsetof(struct config, effective)},
    {NULL, "--help", NULL, "print this", FIELD_FLAG, offsetof(struct config, help)},
};

enum { FIELD_COUNT = sizeof(fields) / sizeof(fields[0]) };

static int help(void)
{
    (void)printf("usage: helocheck config FILE...\n"
                 "       helocheck config --effective FILE\n"
                 "\n"
                 "Reads policies and what they include, and reports every mistake.\n"
                 "\n");
    options_help(fields, FIELD_COUNT);
    (void)printf(
        "\n"
        "Exit codes: 0 all are good, 64 bad usage, 66 a file cannot be read, 70 no memory,\n"
        "74 the output cannot be written, 78 a policy has errors.\n");
    return 0;
}

static const char *plural(unsigned count)
{
    return count == 1 ? "" : "s";
}

/* Returns the exit code for this file. */
static int check(const char *path)
{
    struct print_diags diags = {.to = stderr};
    helo_policy *policy = NULL;
    enum helo_status status = helo_policy_load(path, print_diag, &diags, &policy);
    char clean[PRINT_QUOTE_SIZE];

    (void)print_clean(clean, sizeof(clean), path);
    if (status == HELO_OK)
        (void)printf("%s: ok (mode %s, %u warning%s)\n", clean, helo_policy_string(policy, "mode"),
                     diags.warnings, plural(diags.warnings));
    else if (status == HELO_POLICY)
        (void)printf("%s: not usable (%u error%s, %u warning%s)\n", clean, diags.errors,
                     plural(diags.errors), diags.warnings, plural(diags.warnings));
    else
        (void)printf("%s: not usable (%s)\n", clean, helo_status_text(status));
    helo_policy_unref(policy);
    return status == HELO_OK ? 0 : tool_exit_of(status);
}

static int show(const char *path)
{
    struct print_diags diags = {.to = stderr};
    helo_policy *policy = NULL;
    char *text = NULL;
    enum helo_status status = helo_policy_load(path, print_diag, &diags, &policy);
    char quoted[PRINT_QUOTE_SIZE];

    if (status == HELO_OK)
        status = helo_policy_effective(policy, &text);
    if (status == HELO_OK)
        (void)fputs(text, stdout);
    else
        print_fault("config", "%s: not usable (%s)", print_quote(quoted, path),
                    helo_status_text(status));
    helo_free(text);
    helo_policy_unref(policy);
    return status == HELO_OK ? 0 : tool_exit_of(status);
}

/* What was meant as an option would be looked for as a file; after "--" it is one. */
static const char *late_option(int argc, char **argv, int first)
{
    if (strcmp(argv[first - 1], "--") == 0)
        return NULL;
    for (int i = first; i < argc; i++) {
        if (strncmp(argv[i], "--", 2) == 0)
            return argv[i];
    }
    return NULL;
}

int cmd_config(int argc, char **argv)
{
    struct config config = {0};
    int first = options_parse(argc, argv, fields, FIELD_COUNT, &config);
    const char *late;
    char quoted[PRINT_QUOTE_SIZE];
    int worst = 0;

    if (first < 0)
        return TOOL_USAGE;
    if (config.help)
        return help();
    if (first == argc) {
        print_fault("config", "which file? usage: helocheck config FILE...");
        return TOOL_USAGE;
    }
    late = late_option(argc, argv, first);
    if (late != NULL) {
        print_fault("config", "%s: options come before the files", print_quote(quoted, late));
        return TOOL_USAGE;
    }
    if (config.effective && first + 1 < argc) {
        print_fault("config", "--effective shows one policy: helocheck config --effective FILE");
        return TOOL_USAGE;
    }
    if (config.effective)
        return show(argv[first]);
    /*
     * The codes happen to be in the order of what matters: an error in a policy before a file that
     * is not there.
     */
    for (int i = first; i < argc; i++) {
        int code = check(argv[i]);

        worst = code > worst ? code : worst;
    }
    return worst;
}
