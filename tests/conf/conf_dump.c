/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * conf_dump.c - what the loader makes of one policy
 *
 * PURPOSE  The engine of tests/conf: every finding, then every setting, action and list entry that
 *          differs from the built-in policy, one line each.
 * USAGE    conf_dump FILE; exit code 0: a policy, 78: it has errors, 66: cannot be read, 71:
 *          anything else.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "policy/load.h"

static void print_finding(void *arg, const struct helo_diag *finding)
{
    char text[2048];

    (void)arg;
    (void)helo_diag_format(finding, text, sizeof(text));
    (void)printf("%s\n", text);
}

static void print_settings(const struct settings *s, const struct settings *builtin)
{
    char value[SETTING_VALUE_SIZE];
    const struct setting_row *row;

    for (size_t i = 0; (row = setting_row(i)) != NULL; i++) {
        if (row->type == SETTING_TEXT) {
            if (strcmp(setting_text(s, row), setting_text(builtin, row)) != 0)
                (void)printf("%s: \"%s\"\n", row->key, setting_text(s, row));
        } else if (setting_number(s, row) != setting_number(builtin, row)) {
            (void)printf("%s: %s\n", row->key, setting_format(row, setting_number(s, row), value));
        }
    }
}

static void print_actions(const struct helo_policy *policy, const struct helo_policy *builtin)
{
    for (unsigned i = 0; i < REASON_COUNT; i++) {
        const struct reason_row *row = reason_row((enum reason_id)i);

        if (policy->action[i] != builtin->action[i])
            (void)printf("checks.%s.%s: %s\n", check_row(row->check)->name, row->name,
                         helo_action_text(policy->action[i]));
    }
    for (unsigned i = 0; i < CHECK_COUNT; i++) {
        if (!policy->enabled[i])
            (void)printf("checks.%s is not run\n", check_row((enum check_id)i)->name);
    }
}

static void print_date(int64_t day)
{
    time_t seconds = day != INT64_MAX ? (time_t)day * 86400 : 0;
    struct tm tm;

    if (day != INT64_MAX && gmtime_r(&seconds, &tm) != NULL)
        (void)printf(" expires=%04d-%02d-%02d", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
}

static bool same_list(const struct policy_list *a, const struct policy_list *b)
{
    bool same = a->count == b->count;

    for (size_t i = 0; same && i < a->count; i++)
        same = strcmp(a->entries[i].text, b->entries[i].text) == 0;
    return same;
}

static void print_list(const char *key, const struct policy_list *list,
                       const struct policy_list *builtin)
{
    if (same_list(list, builtin))
        return;
    (void)printf("%s: %zu\n", key, list->count);
    for (size_t i = 0; i < list->count; i++) {
        const struct policy_entry *e = &list->entries[i];

        (void)printf("  %s at %s:%u", e->text, e->file, e->line);
        if (e->note != NULL)
            (void)printf(" note=\"%s\"", e->note);
        if (e->owner != NULL)
            (void)printf(" owner=\"%s\"", e->owner);
        print_date(e->expires_day);
        (void)printf("\n");
    }
}

/* The entries that can be found: those without an effect are not there. */
static void print_set(const struct helo_policy *policy)
{
    char text[IP_TEXT_SIZE + 4];

    for (size_t i = 0; i < policy->network_set.count; i++) {
        const struct ip_set_row *row = &policy->network_set.rows[i];

        (void)printf("  found: %s, entry %u\n", cidr_format(&row->net, text), row->tag);
    }
}

static void print_own(const struct helo_policy *policy)
{
    char text[IP_TEXT_SIZE];

    for (size_t i = 0; i < policy->own.name_count; i++)
        (void)printf("server.names: %s\n", policy->own.names[i]);
    for (size_t i = 0; i < policy->own.address_count; i++)
        (void)printf("server.addresses: %s\n", ip_format(&policy->own.addresses[i], text));
    for (size_t i = 0; i < policy->dns_server_count; i++)
        (void)printf("dns.servers: %s\n", policy->dns_servers[i]);
}

static void print_policy(const struct helo_policy *policy, const struct helo_policy *builtin)
{
    print_settings(&policy->settings, &builtin->settings);
    print_actions(policy, builtin);
    print_own(policy);
    print_list("networks", &policy->networks, &builtin->networks);
    print_set(policy);
    print_list("exempt.recipients", &policy->recipients, &builtin->recipients);
    print_list("exempt.listener_ports", &policy->listener_ports, &builtin->listener_ports);
    print_list("exempt.listener_names", &policy->listener_names, &builtin->listener_names);
    for (size_t i = 0; i < policy->listener_ports.count; i++) {
        if (strtoul(policy->listener_ports.entries[i].text, NULL, 10) != policy->ports[i])
            (void)printf("port %zu is %u\n", i, policy->ports[i]);
    }
}

int main(int argc, char **argv)
{
    static const int codes[] = {[HELO_OK] = 0, [HELO_POLICY] = 78, [HELO_IO] = 66};
    helo_policy *policy = NULL;
    helo_policy *builtin = NULL;
    enum helo_status status;

    if (argc != 2 || helo_policy_default(&builtin) != HELO_OK)
        return 71;
    status = helo_policy_load(argv[1], print_finding, NULL, &policy);
    (void)printf("-- %s\n", helo_status_text(status));
    if (status == HELO_OK)
        print_policy(policy, builtin);
    helo_policy_unref(policy);
    helo_policy_unref(builtin);
    return status == HELO_OK || status == HELO_POLICY || status == HELO_IO ? codes[status] : 71;
}
