/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_effective.c - any good policy, written out and read again
 *
 * What must hold: a policy that loads can be written, what was written loads, and the two do not
 * differ, but for the name of a profile that is a file of the site's.
 */
#include "fuzz.h"

#include <string.h>

#include "policy/effective.h"
#include "policy/load.h"

static helo_policy *load(const char *text, size_t length)
{
    helo_policy *policy = NULL;
    struct diag diag;

    diag_init(&diag, NULL, NULL);
    return policy_load_text(text, length, "input", &diag, &policy) == HELO_OK ? policy : NULL;
}

static void print_change(void *arg, const char *text)
{
    (void)fprintf(arg, "differs: %s\n", text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    helo_policy *policy = load((const char *)data, size), *again;
    char *text = NULL;
    size_t lost;

    if (policy == NULL)
        return 0;
    lost = policy->profile != NULL && !effective_is_builtin_profile(policy->profile) ? 1 : 0;
    FUZZ_MUST(helo_policy_effective(policy, &text) == HELO_OK);
    again = load(text, strlen(text));
    if (again == NULL)
        (void)fputs(text, stderr);
    FUZZ_MUST(again != NULL);
    if (helo_policy_changes(policy, again, NULL, NULL) != lost)
        (void)helo_policy_changes(policy, again, print_change, stderr);
    FUZZ_MUST(helo_policy_changes(policy, again, NULL, NULL) == lost);
    FUZZ_MUST(helo_policy_changes(again, policy, NULL, NULL) == lost);
    helo_free(text);
    helo_policy_unref(again);
    helo_policy_unref(policy);
    return 0;
}
