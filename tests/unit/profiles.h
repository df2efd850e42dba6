/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * profiles.h - the profiles of etc/profiles, as they were built in, for tests
 */
#ifndef HELO_TESTS_PROFILES_H
#define HELO_TESTS_PROFILES_H

#include <stdio.h>

#include "policy/load.h"
#include "unit/findings.h"
#include "unit/unit.h"

/* In the order in which helo-checks(7) has them. */
static const struct profile {
    const char *name;
} profiles[] = {
    {"observe"}, {"rfc-safe"},        {"strict"},      {"godaddy"},        {"rickert"},
    {"msu"},     {"fcrdns"},          {"modwest"},     {"postfix"},        {"exim"},
    {"haraka"},  {"qpsmtpd-lenient"}, {"qpsmtpd-rfc"}, {"qpsmtpd-strict"}, {"rspamd"},
};

/* The policy of a site that says nothing but this profile's name; there must be no warning. */
static inline helo_policy *profile_load(const char *name)
{
    struct findings findings = {0};
    helo_policy *policy = NULL;
    struct diag diag;
    char text[64];

    (void)snprintf(text, sizeof(text), "profile: %s\n", name);
    diag_init(&diag, keep_finding, &findings);
    if (policy_load_text(text, strlen(text), "policy", &diag, &policy) != HELO_OK ||
        findings.warnings > 0)
        fail_msg("%s: %s", name, findings.first);
    return policy;
}

#endif /* HELO_TESTS_PROFILES_H */
