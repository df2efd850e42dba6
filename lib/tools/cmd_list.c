/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cmd_list.c - helocheck --list-checks: the registry as a table
 *
 * THREADS  one.
 */
#include "tools/tool.h"

enum { NAME_WIDTH = 18, ACTION_WIDTH = 9, CITE_WIDTH = 24 };

static void print_row(const char *name, const char *action, const char *cite, const char *summary)
{
    (void)printf("%-*s%-*s%-*s", NAME_WIDTH, name, ACTION_WIDTH, action, CITE_WIDTH, cite);
    print_folded(stdout, NAME_WIDTH + ACTION_WIDTH + CITE_WIDTH, summary);
}

int cmd_list_checks(int argc, char **argv)
{
    const struct helo_check_info *info;
    int corroborating = 0;

    if (argc > 1) {
        print_fault("", "%s takes nothing after it", argv[0]);
        return TOOL_USAGE;
    }
    print_row("CHECK", "DEFAULT", "STANDARD", "FAILS WHEN");
    for (size_t i = 0; (info = helo_check_info(i)) != NULL; i++) {
        char name[NAME_WIDTH + 1];

        (void)snprintf(name, sizeof(name), "%s%s", info->name, info->corroborating ? "*" : "");
        corroborating += info->corroborating;
        print_row(name, helo_action_text(info->action), info->cite, info->summary);
    }
    (void)printf(
        "\nDEFAULT is the strongest action of the check's reasons in the built-in policy.\n");
    if (corroborating > 0)
        (void)printf("* never the only ground of a refusal (RFC 5321 4.1.4)\n");
    return 0;
}
