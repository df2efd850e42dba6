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

#include "policy/lists.h"
#include "policy/load.h"

static void print_finding(void *arg, const struct helo_diag *finding)
{
    char text[2048];

    (void)arg;
    (void)helo_diag_format(finding, text, sizeof(text));
    (void)printf("%s\n", text);
}

/* " (PATH:LINE)", or nothing for what is built in. */
static void print_place(const char *file, unsigned line)
{
    if (line != 0)
        (void)printf(" (%s:%u)", file, line);
    (void)printf("\n");
}

/* ---- settings and rules ---- */

static void print_settings(const struct helo_policy *policy, const struct helo_policy *builtin)
{
    char value[SETTING_VALUE_SIZE];
    const struct setting_row *row;

    for (size_t i = 0; (row = setting_row(i)) != NULL; i++) {
        const struct origin *origin = &policy->setting_origin[i];

        if (row->type == SETTING_TEXT) {
            const char *text = setting_text(&policy->settings, row);

            if (strcmp(text, setting_text(&builtin->settings, row)) == 0)
                continue;
            (void)printf("%s: \"%s\"", row->key, text);
        } else {
            long long number = setting_number(&policy->settings, row);

            if (number == setting_number(&builtin->settings, row))
                continue;
            (void)printf("%s: %s", row->key, setting_format(row, number, value));
        }
        print_place(origin->file, origin->line);
    }
}

static void print_reply_texts(const struct helo_policy *policy)
{
    for (unsigned i = 0; i < REASON_COUNT; i++) {
        const struct reason_row *row = reason_row((enum reason_id)i);
        const struct reply_text *reply = &policy->reply_texts[i];

        if (reply->text == NULL)
            continue;
        (void)printf("reply.texts.%s.%s: \"%s\"", check_row(row->check)->name, row->name,
                     reply->text);
        print_place(reply->origin.file, reply->origin.line);
    }
}

/* What differs from the defaults. */
static void print_rules(const char *prefix, const struct rules *rules, const struct rules *builtin)
{
    char value[SETTING_VALUE_SIZE];

    for (unsigned i = 0; i < REASON_COUNT; i++) {
        const struct reason_row *row = reason_row((enum reason_id)i);
        const char *check = check_row(row->check)->name;

        if (rules->action[i] != builtin->action[i]) {
            (void)printf("%schecks.%s.%s: %s", prefix, check, row->name,
                         helo_action_text(rules->action[i]));
            print_place(rules->action_origin[i].file, rules->action_origin[i].line);
        }
        if (rules->score[i] != builtin->score[i]) {
            (void)printf("%schecks.%s.%s: score %s", prefix, check, row->name,
                         score_format(rules->score[i], value));
            print_place(rules->score_origin[i].file, rules->score_origin[i].line);
        }
    }
    for (unsigned i = 0; i < CHECK_COUNT; i++) {
        if (rules->enabled[i] != builtin->enabled[i])
            (void)printf("%schecks.%s is %srun\n", prefix, check_row((enum check_id)i)->name,
                         rules->enabled[i] ? "" : "not ");
    }
}

static void print_listeners(const struct helo_policy *policy, const struct helo_policy *builtin)
{
    char defer[SETTING_VALUE_SIZE], reject[SETTING_VALUE_SIZE];

    for (size_t i = 0; i < policy->listeners.count; i++) {
        const struct listener *listener = &policy->listener_rules[i];

        (void)printf("listener %s: port %u, name %s, profile %s, score %s to %s\n",
                     listener->entry->text, listener->port,
                     listener->name != NULL ? listener->name : "-",
                     listener->profile != NULL ? listener->profile : "-",
                     score_format(listener->rules.score_defer, defer),
                     score_format(listener->rules.score_reject, reject));
        print_rules("  ", &listener->rules, &builtin->rules);
    }
}

/* ---- lists ---- */

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

static void print_list(const char *key, const struct policy_list *list)
{
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

/* ---- what is made of lists: the entries that can be found ---- */

static void print_networks(const void *arg)
{
    const struct ip_set *set = arg;
    char text[IP_TEXT_SIZE + 4];

    for (size_t i = 0; i < set->count; i++)
        (void)printf("  found: %s, entry %u\n", cidr_format(&set->rows[i].net, text),
                     set->rows[i].tag);
}

static void print_domains(const void *arg)
{
    static const char *const scopes[] = {
        [DOMAIN_EXACT] = "", [DOMAIN_WITHIN] = " and below", [DOMAIN_BELOW] = " below"};
    const struct domain_set *set = arg;

    for (size_t i = 0; i < set->count; i++)
        (void)printf("  found: %s%s, entry %u\n", set->rows[i].domain, scopes[set->rows[i].scope],
                     set->rows[i].tag);
}

static void print_patterns(const void *arg)
{
    const struct pattern_list *set = arg;

    print_domains(&set->names);
    if (set->count > 0)
        (void)printf("  found: %zu wildcards and expressions\n", set->count);
}

static void print_dated(const void *arg)
{
    const struct dated_patterns *dated = arg;

    print_patterns(&dated->patterns);
    for (size_t i = 0; i < dated->count; i++) {
        if (dated->until[i] != INT64_MAX) {
            (void)printf("  entry %zu until", i);
            print_date(dated->until[i]);
            (void)printf("\n");
        }
    }
}

static void print_words(const void *arg)
{
    const struct word_set *set = arg;

    for (size_t i = 0; i < set->count; i++)
        (void)printf("  found: %s\n", set->words[i]);
}

static void print_senders(const void *arg)
{
    const struct reference *ref = arg;

    print_domains(&ref->sender_names);
    for (size_t i = 0; i < ref->sender_count; i++) {
        for (size_t j = 0; j < ref->senders[i].hosts.count; j++)
            (void)printf("  entry %zu comes from %s\n", i, ref->senders[i].hosts.rows[j].domain);
    }
}

static void print_pools(const void *arg)
{
    const struct reference *ref = arg;

    print_networks(&ref->pool_networks);
    print_domains(&ref->pool_domains);
}

static void print_zones(const void *arg)
{
    const struct reference *ref = arg;
    char first[IP_TEXT_SIZE], last[IP_TEXT_SIZE];

    for (size_t i = 0; i < ref->zone_count; i++) {
        const struct rhsbl_zone *zone = &ref->zones[i];

        for (size_t j = 0; j < zone->code_count; j++)
            (void)printf("  %s: %s to %s\n", zone->name, ip_format(&zone->codes[j].first, first),
                         ip_format(&zone->codes[j].last, last));
    }
}

#define AT(member) offsetof(struct helo_policy, member)

/* What is made of a list, where something is. */
static const struct {
    const char *key;
    void (*print)(const void *set);
    size_t set;
} sets[] = {
    {"networks", print_networks, AT(network_set)},
    {"exempt.helo_names", print_domains, AT(helo_set)},
    {"exempt.rdns_domains", print_domains, AT(rdns_set)},
    {"exempt.tls_clients", print_patterns, AT(tls_set)},
    {"lists.deny", print_dated, AT(reference.denied)},
    {"lists.skip", print_patterns, AT(skip_set)},
    {"lists.mx_deny", print_dated, AT(reference.mx_denied)},
    {"data.special_tlds", print_domains, AT(reference.special_tlds)},
    {"data.dialup_words", print_words, AT(reference.dialup_words)},
    {"data.veto_words", print_words, AT(reference.veto_words)},
    {"data.senders", print_senders, AT(reference)},
    {"data.pools", print_pools, AT(reference)},
    {"rhsbl.zones", print_zones, AT(reference)},
};

static void print_set(const char *key, const struct helo_policy *policy)
{
    for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
        if (strcmp(sets[i].key, key) == 0)
            sets[i].print((const char *)policy + sets[i].set);
    }
}

static void print_lists(const struct helo_policy *policy, const struct helo_policy *builtin)
{
    const struct list_row *row;

    for (size_t i = 0; (row = list_row(i)) != NULL; i++) {
        const struct policy_list *list = list_of(policy, row);

        if (same_list(list, list_of(builtin, row)))
            continue;
        print_list(row->key, list);
        print_set(row->key, policy);
    }
}

/* ---- a policy ---- */

/* What checks and resolvers see must be what is shown to people. */
static void print_oddities(const struct helo_policy *policy)
{
    for (size_t i = 0; i < policy->listener_ports.count; i++) {
        if (strtoul(policy->listener_ports.entries[i].text, NULL, 10) != policy->ports[i])
            (void)printf("port %zu is %u\n", i, policy->ports[i]);
    }
    if (policy->own.name_count != policy->own_names.count ||
        policy->own.address_count != policy->own_addresses.count ||
        policy->dns_server_count != policy->dns_server_list.count ||
        policy->reference.sender_count != policy->senders.count ||
        policy->reference.zone_count != policy->rhsbl_zones.count)
        (void)printf("lists and what is made of them differ in length\n");
}

static void print_policy(const struct helo_policy *policy, const struct helo_policy *builtin)
{
    if (policy->profile != NULL) {
        (void)printf("profile: %s", policy->profile);
        print_place(policy->profile_origin.file, policy->profile_origin.line);
    }
    for (size_t i = 0; i < policy->versions.count; i++) {
        const struct policy_entry *version = &policy->versions.entries[i];

        if (strncmp(version->file, "built-in ", 9) != 0) {
            (void)printf("version: %s", version->text);
            print_place(version->file, version->line);
        }
    }
    print_settings(policy, builtin);
    print_reply_texts(policy);
    print_rules("", &policy->rules, &builtin->rules);
    print_lists(policy, builtin);
    print_listeners(policy, builtin);
    print_oddities(policy);
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
