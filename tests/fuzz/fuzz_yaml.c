/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_yaml.c - any bytes as a policy
 *
 * What must hold: there is a policy if and only if there was no error; every finding is one
 * printable line and lies in the file; every setting is in its range and reads back as it is
 * written; of the networks around an address the one that is found holds the longest.
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

static void check_lists(const struct helo_policy *policy)
{
    FUZZ_MUST(policy->own.name_count <= LIMIT_OWN_NAMES);
    FUZZ_MUST(policy->own.address_count <= LIMIT_OWN_ADDRESSES);
    FUZZ_MUST(policy->recipients.count <= LIMIT_RECIPIENTS);
    FUZZ_MUST(policy->listener_names.count <= LIMIT_LISTENERS);
    FUZZ_MUST(policy->listener_ports.count <= LIMIT_LISTENERS);
    FUZZ_MUST(policy->dns_server_count <= LIMIT_DNS_SERVERS);
    for (size_t i = 0; i < policy->listener_ports.count; i++)
        FUZZ_MUST(policy->ports[i] >= 1 && policy->ports[i] <= 65535);
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
    if (policy != NULL) {
        check_settings(policy);
        check_networks(policy);
        check_lists(policy);
    }
    helo_policy_unref(policy);
    return 0;
}
