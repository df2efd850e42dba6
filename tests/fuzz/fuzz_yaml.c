/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_yaml.c - any bytes as a policy
 *
 * What must hold: there is a policy if and only if there was no error; every finding is one
 * printable line and lies in the file; every setting and score is in its range and reads back as it
 * is written, and comes from the file or from a built-in one; of the networks around an address the
 * one that is found holds the longest; what a list has can be found in what is made of it; no code
 * of a domain list is one that stands for an error; a listener's rules are found by its name and
 * port.
 */
#include "fuzz.h"

#include <string.h>

#include "policy/load.h"

struct findings {
    size_t lines; /* of the input */
    unsigned errors;
};

static void check_finding(void *arg, const struct helo_diag *finding)
{
    struct findings *f = arg;
    char text[4096];

    f->errors += finding->severity == HELO_ERROR;
    FUZZ_MUST(strcmp(finding->path, "input") == 0);
    FUZZ_MUST(finding->line <= f->lines);
    FUZZ_MUST(finding->line != 0 || finding->column == 0);
    FUZZ_MUST(finding->source == NULL || finding->column <= strlen(finding->source) + 1);
    for (const char *p = finding->message; *p != '\0'; p++)
        FUZZ_MUST(*p >= 0x20 && *p <= 0x7e);
    (void)helo_diag_format(finding, text, sizeof(text));
}

static void check_settings(const struct helo_policy *policy)
{
    const struct diag_place nowhere = {NULL, 0, 0};
    const struct setting_row *row;
    struct diag diag;

    diag_init(&diag, NULL, NULL);
    for (size_t i = 0; (row = setting_row(i)) != NULL; i++) {
        char text[SETTING_VALUE_SIZE];
        long long value;
        long long again;

        if (row->type == SETTING_TEXT) {
            FUZZ_MUST(setting_text(&policy->settings, row) != NULL);
            continue;
        }
        value = setting_number(&policy->settings, row);
        FUZZ_MUST(row->type == SETTING_CHOICE || (value >= row->min && value <= row->max));
        FUZZ_MUST(
            setting_parse(row, setting_format(row, value, text), true, &nowhere, &diag, &again));
        FUZZ_MUST(again == value);
    }
}

static void check_networks(const struct helo_policy *policy)
{
    const struct policy_entry *entries = policy->networks.entries;

    for (size_t i = 0; i < policy->networks.count; i++) {
        const struct ip_set_row *found;
        struct cidr net;

        FUZZ_MUST(cidr_parse(entries[i].text, &net) == CIDR_OK);
        found = ip_set_find(&policy->network_set, &net.net);
        FUZZ_MUST(found != NULL && found->tag < policy->networks.count);
        FUZZ_MUST(entries[found->tag].expires_day >= entries[i].expires_day);
    }
}

/* ---- where values come from ---- */

static void check_origin(const char *file, unsigned line, size_t lines)
{
    FUZZ_MUST(file != NULL);
    if (strcmp(file, "input") == 0)
        FUZZ_MUST(line >= 1 && line <= lines);
    else
        FUZZ_MUST((file[0] == '\0') == (line == 0));
}

static void check_rules(const struct rules *rules, size_t lines)
{
    bool enabled[CHECK_COUNT] = {false};

    for (unsigned i = 0; i < REASON_COUNT; i++) {
        char text[SETTING_VALUE_SIZE];
        long long again;

        FUZZ_MUST(rules->action[i] <= HELO_ACTION_REJECT && rules->action[i] != HELO_ACTION_ACCEPT);
        FUZZ_MUST(rules->score[i] <= 1000 * SCORE_ONE);
        FUZZ_MUST(score_parse(score_format(rules->score[i], text), &again));
        FUZZ_MUST((unsigned)again == rules->score[i]);
        check_origin(rules->action_origin[i].file, rules->action_origin[i].line, lines);
        check_origin(rules->score_origin[i].file, rules->score_origin[i].line, lines);
        if (rules->action[i] != HELO_ACTION_OFF)
            enabled[reason_row((enum reason_id)i)->check] = true;
    }
    FUZZ_MUST(memcmp(enabled, rules->enabled, sizeof(enabled)) == 0);
    FUZZ_MUST(rules->score_defer <= 1000 * SCORE_ONE && rules->score_reject <= 1000 * SCORE_ONE);
}

static void check_listeners(const struct helo_policy *policy, size_t lines)
{
    for (size_t i = 0; i < policy->listeners.count; i++) {
        const struct listener *listener = &policy->listener_rules[i];
        const struct rules *found;

        check_rules(&listener->rules, lines);
        FUZZ_MUST(listener->entry == &policy->listeners.entries[i]);
        FUZZ_MUST(listener->name != NULL || listener->port != 0);
        FUZZ_MUST(listener->port <= 65535);
        found = policy_rules(policy, listener->name != NULL ? listener->name : "", listener->port,
                             listener->entry->expires_day);
        FUZZ_MUST(found != &policy->rules);
    }
}

/* ---- lists ---- */

static void check_entries(const struct policy_list *list, size_t most, size_t lines)
{
    FUZZ_MUST(list->count <= most);
    for (size_t i = 0; i < list->count; i++) {
        FUZZ_MUST(list->entries[i].text[0] != '\0');
        FUZZ_MUST(list->entries[i].expires_day >= 0);
        check_origin(list->entries[i].file, list->entries[i].line, lines);
    }
}

static void check_lists(const struct helo_policy *policy, size_t lines)
{
    check_entries(&policy->own_names, LIMIT_OWN_NAMES, lines);
    check_entries(&policy->own_addresses, LIMIT_OWN_ADDRESSES, lines);
    check_entries(&policy->networks, LIMIT_LIST_ENTRIES, lines);
    check_entries(&policy->recipients, LIMIT_RECIPIENTS, lines);
    check_entries(&policy->listener_names, LIMIT_LISTENERS, lines);
    check_entries(&policy->listener_ports, LIMIT_LISTENERS, lines);
    check_entries(&policy->dns_server_list, LIMIT_DNS_SERVERS, lines);
    check_entries(&policy->helo_names, LIMIT_NAME_ENTRIES, lines);
    check_entries(&policy->rdns_domains, LIMIT_NAME_ENTRIES, lines);
    check_entries(&policy->tls_clients, LIMIT_NAME_ENTRIES, lines);
    check_entries(&policy->deny, LIMIT_NAME_ENTRIES, lines);
    check_entries(&policy->skip, LIMIT_NAME_ENTRIES, lines);
    check_entries(&policy->mx_deny, LIMIT_NAME_ENTRIES, lines);
    check_entries(&policy->special_tlds, LIMIT_NAME_ENTRIES, lines);
    check_entries(&policy->dialup_words, LIMIT_NAME_ENTRIES, lines);
    check_entries(&policy->veto_words, LIMIT_NAME_ENTRIES, lines);
    check_entries(&policy->senders, LIMIT_NAME_ENTRIES, lines);
    check_entries(&policy->pools, LIMIT_NAME_ENTRIES, lines);
    check_entries(&policy->rhsbl_zones, LIMIT_RHSBL_ZONES, lines);
    check_entries(&policy->listeners, LIMIT_LISTENERS, lines);
    FUZZ_MUST(policy->own.name_count == policy->own_names.count);
    FUZZ_MUST(policy->own.address_count == policy->own_addresses.count);
    FUZZ_MUST(policy->dns_server_count == policy->dns_server_list.count);
    for (size_t i = 0; i < policy->listener_ports.count; i++)
        FUZZ_MUST(policy->ports[i] >= 1 && policy->ports[i] <= 65535);
}

/* Each row of a set is of an entry of the list; each domain finds one that is the same. */
static void check_domains(const struct domain_set *set, const struct policy_list *list)
{
    for (size_t i = 0; i < set->count; i++) {
        const struct domain_set_row *found = domain_set_find(set, set->rows[i].domain);

        FUZZ_MUST(set->rows[i].tag < list->count);
        FUZZ_MUST(set->rows[i].scope == DOMAIN_BELOW ||
                  (found != NULL && strcmp(found->domain, set->rows[i].domain) == 0));
    }
}

static void check_dated(const struct dated_patterns *dated, const struct policy_list *list)
{
    FUZZ_MUST(dated->count == list->count);
    FUZZ_MUST(dated->patterns.names.count + dated->patterns.count <= list->count);
    check_domains(&dated->patterns.names, list);
    for (size_t i = 0; i < list->count; i++)
        FUZZ_MUST(dated->until[i] == list->entries[i].expires_day);
}

static void check_zones(const struct reference *ref)
{
    static const uint8_t errors[] = {127, 255, 255};

    for (size_t i = 0; i < ref->zone_count; i++) {
        const struct rhsbl_zone *zone = &ref->zones[i];

        FUZZ_MUST(zone->code_count >= 1 && zone->code_count <= LIMIT_RHSBL_CODES);
        for (size_t j = 0; j < zone->code_count; j++) {
            FUZZ_MUST(zone->codes[j].first.bytes[0] == 127);
            FUZZ_MUST(memcmp(zone->codes[j].last.bytes, errors, sizeof(errors)) < 0);
            FUZZ_MUST(ip_range_contains(&zone->codes[j], &zone->codes[j].first));
        }
    }
}

static void check_sets(const struct helo_policy *policy)
{
    const struct reference *ref = &policy->reference;

    check_domains(&policy->helo_set, &policy->helo_names);
    check_domains(&policy->rdns_set, &policy->rdns_domains);
    check_domains(&policy->skip_set.names, &policy->skip);
    check_domains(&policy->tls_set.names, &policy->tls_clients);
    check_domains(&ref->special_tlds, &policy->special_tlds);
    check_domains(&ref->sender_names, &policy->senders);
    check_domains(&ref->pool_domains, &policy->pools);
    check_dated(&ref->denied, &policy->deny);
    check_dated(&ref->mx_denied, &policy->mx_deny);
    check_zones(ref);
    FUZZ_MUST(ref->sender_count == policy->senders.count);
    FUZZ_MUST(ref->zone_count == policy->rhsbl_zones.count);
    FUZZ_MUST(ref->dialup_words.count <= policy->dialup_words.count);
    FUZZ_MUST(ref->veto_words.count <= policy->veto_words.count);
    for (size_t i = 0; i < ref->sender_count; i++)
        FUZZ_MUST(ref->senders[i].hosts.count > 0);
}

static void check_policy(const struct helo_policy *policy, size_t lines)
{
    for (size_t i = 0; i < SETTING_ROWS; i++)
        check_origin(policy->setting_origin[i].file, policy->setting_origin[i].line, lines);
    check_settings(policy);
    check_rules(&policy->rules, lines);
    check_listeners(policy, lines);
    check_networks(policy);
    check_lists(policy, lines);
    check_sets(policy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct findings findings = {.lines = 1};
    struct helo_policy *policy = NULL;
    enum helo_status status;
    struct diag diag;

    for (size_t i = 0; i < size; i++)
        findings.lines += data[i] == '\n';
    diag_init(&diag, check_finding, &findings);
    status = policy_load_text((const char *)data, size, "input", &diag, &policy);
    FUZZ_MUST(status == HELO_OK || status == HELO_POLICY);
    FUZZ_MUST((status == HELO_OK) == (policy != NULL));
    FUZZ_MUST((status == HELO_OK) == (diag.errors == 0));
    FUZZ_MUST(findings.errors <= diag.errors);
    if (policy != NULL)
        check_policy(policy, findings.lines);
    helo_policy_unref(policy);
    return 0;
}
