/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_profiles.c - the profiles are whole, and rfc-safe costs what its head says
 *
 * What each of them does with a client is tests/golden/profile-*.jsonl.
 */
#include "unit/profiles.h"

#include "policy/builtin.h"

/* ---- whole ----------------------------------------------------------------------------------- */

static bool is_built_in(const char *name)
{
    const struct builtin_file *file;

    for (size_t i = 0; (file = builtin_profile(i)) != NULL; i++) {
        if (strcmp(file->name, name) == 0)
            return true;
    }
    return false;
}

static void are_all_there(void **state)
{
    size_t count = 0;

    (void)state;
    while (builtin_profile(count) != NULL)
        count++;
    assert_int_equal(count, UNIT_COUNT(profiles));
    UNIT_EACH(const struct profile, p, profiles) {
        UNIT_EXPECT(is_built_in(p->name));
    }
}

/* A check that a profile forgets would be what the default is, now and after the next release. */
static void set_every_check(void **state)
{
    (void)state;
    UNIT_EACH(const struct profile, p, profiles) {
        helo_policy *policy = profile_load(p->name);
        char file[64];

        (void)snprintf(file, sizeof(file), "built-in profiles/%s.yaml", p->name);
        for (unsigned i = 0; i < REASON_COUNT; i++) {
            const struct reason_row *row = reason_row((enum reason_id)i);
            const struct origin *origin = &policy->rules.action_origin[i];

            if (strcmp(origin->file, file) != 0 || origin->line == 0) {
                print_error("%s.%s: ", check_row(row->check)->name, row->name);
                UNIT_EXPECT_TEXT(origin->file, file);
            }
        }
        UNIT_EXPECT(policy->versions.count > 0 &&
                    strcmp(policy->versions.entries[0].file, file) == 0);
        helo_policy_unref(policy);
    }
}

/* As the defaults of the checks: whoever names no profile has the same single grounds. */
static void rfc_safe_has_the_default_actions(void **state)
{
    helo_policy *policy = profile_load("rfc-safe");

    (void)state;
    for (unsigned i = 0; i < REASON_COUNT; i++) {
        const struct reason_row *row = reason_row((enum reason_id)i);

        unit_now.row = check_row(row->check)->name;
        UNIT_EXPECT_INT(policy->rules.action[i], row->action);
    }
    unit_now.row = NULL;
    UNIT_EXPECT_INT(policy->settings.dns_on_failure, ON_FAILURE_ACCEPT);
    helo_policy_unref(policy);
}

/* ---- what rfc-safe costs --------------------------------------------------------------------- */

/*
 * The figures of its head. A name is of one of these kinds, and of none of them else. What is not
 * known to go together is independent.
 */
static const double no_confirmed_ptr = 0.0135, no_address = 0.03, mismatch = 0.01;
static const double refused_alone = 0.000006 + 0.000042; /* localhost, bare_ip (other) */
static const double aim = 1.0 / 5000;

static const struct kind {
    const char *name;
    double rate;
    enum reason_id reason;
    double times;    /* so often has it no PTR record, compared with others */
    bool no_address; /* ever */
} kinds[] = {
    {"one label", 0.00288, REASON_not_fqdn_one_label, 3, true},
    {"dynamic, octets", 0.0003, REASON_dynamic_octets, 1, false},
    {"dynamic, words", 0.002, REASON_dynamic_words, 1, false},
};

/* What beside the kind is wrong with a client. */
struct signs {
    bool ptr, address, match; /* in order */
};

static double rate_of(const struct kind *k, const struct signs *s)
{
    double ptr = no_confirmed_ptr * k->times;
    double address = k->no_address ? 1 : no_address;

    return k->rate * (s->ptr ? 1 - ptr : ptr) * (s->address ? 1 - address : address) *
           (s->match ? 1 - mismatch : mismatch);
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* As policy/verdict.c adds up. A name of one label is of no organisation. */
static unsigned score_of(const struct rules *rules, const struct kind *k, const struct signs *s)
{
    unsigned alone = rules->score[k->reason], corroborating = 0;

    if (!s->ptr)
        alone += rules->score[REASON_no_ptr_missing];
    else if (!s->match || k->no_address)
        corroborating += rules->score[REASON_rdns_mismatch_other];
    if (!s->address)
        alone += rules->score[REASON_no_address_missing];
    else if (!s->match)
        corroborating += rules->score[REASON_forward_mismatch_other];
    return alone + least(corroborating, alone);
}

static void rfc_safe_costs_1_in_5000(void **state)
{
    helo_policy *policy = profile_load("rfc-safe");
    const struct rules *rules = &policy->rules;
    double hit = refused_alone;

    (void)state;
    assert_int_equal(rules->score[REASON_no_ptr_missing], rules->score[REASON_fcrdns_unconfirmed]);
    UNIT_EACH(const struct kind, k, kinds) {
        for (unsigned i = 0; i < 8; i++) {
            const struct signs s = {(i & 1) != 0, (i & 2) != 0, (i & 4) != 0};

            if (score_of(rules, k, &s) >= rules->score_defer)
                hit += rate_of(k, &s);
        }
    }
    if (hit > aim || hit < aim / 2)
        fail_msg("rfc-safe hits 1 legitimate connection of %.0f", 1 / hit);
    helo_policy_unref(policy);
}

/* Signs without a figure: with the commonest others they must not be enough. */
static const struct sum {
    const char *name;
    enum reason_id reasons[6]; /* ends with REASON_COUNT */
    enum helo_action want;
} sums[] = {
    {"the three of CHECKS.md",
     {REASON_not_fqdn_one_label, REASON_no_address_missing, REASON_no_ptr_missing, REASON_COUNT},
     HELO_ACTION_DEFER},
    {"the same, not confirmed",
     {REASON_not_fqdn_one_label, REASON_no_address_missing, REASON_fcrdns_unconfirmed,
      REASON_COUNT},
     HELO_ACTION_DEFER},
    {"a small company's server",
     {REASON_not_fqdn_one_label, REASON_no_address_missing, REASON_helo_changed_other,
      REASON_rdns_mismatch_other, REASON_COUNT},
     HELO_ACTION_ACCEPT},
    {"Active Directory",
     {REASON_special_tld_reserved, REASON_no_address_missing, REASON_no_ptr_missing,
      REASON_helo_changed_other, REASON_COUNT},
     HELO_ACTION_ACCEPT},
    {"no top-level domain",
     {REASON_special_tld_unknown, REASON_no_address_missing, REASON_no_ptr_missing,
      REASON_helo_changed_other, REASON_COUNT},
     HELO_ACTION_ACCEPT},
    {"behind NAT",
     {REASON_literal_mismatch_private, REASON_no_ptr_missing, REASON_helo_changed_other,
      REASON_COUNT},
     HELO_ACTION_ACCEPT},
    {"internal addresses in DNS",
     {REASON_bogus_address_bogus, REASON_no_ptr_missing, REASON_forward_mismatch_other,
      REASON_helo_changed_other, REASON_COUNT},
     HELO_ACTION_ACCEPT},
    {"no HELO", {REASON_no_helo_missing, REASON_no_ptr_missing, REASON_COUNT}, HELO_ACTION_ACCEPT},
    {"a host of ours",
     {REASON_own_suffix_claimed, REASON_no_address_missing, REASON_no_ptr_missing,
      REASON_helo_changed_other, REASON_COUNT},
     HELO_ACTION_ACCEPT},
    {"nothing but that it does not match",
     {REASON_forward_mismatch_other, REASON_rdns_mismatch_other, REASON_COUNT},
     HELO_ACTION_ACCEPT},
    {"a certainty",
     {REASON_dynamic_octets, REASON_no_address_missing, REASON_no_ptr_missing, REASON_COUNT},
     HELO_ACTION_REJECT},
};

static unsigned sum_of(const struct rules *rules, const enum reason_id *reasons)
{
    unsigned alone = 0, corroborating = 0;

    for (; *reasons != REASON_COUNT; reasons++)
        *(check_row(reason_row(*reasons)->check)->corroborating ? &corroborating : &alone) +=
            rules->score[*reasons];
    return alone + least(corroborating, alone);
}

static void rfc_safe_adds_up(void **state)
{
    helo_policy *policy = profile_load("rfc-safe");
    const struct rules *rules = &policy->rules;

    (void)state;
    UNIT_EACH(const struct sum, r, sums) {
        unsigned sum = sum_of(rules, r->reasons);

        UNIT_EXPECT_INT(sum >= rules->score_reject  ? HELO_ACTION_REJECT
                        : sum >= rules->score_defer ? HELO_ACTION_DEFER
                                                    : HELO_ACTION_ACCEPT,
                        r->want);
    }
    helo_policy_unref(policy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(are_all_there),
        UNIT_TEST(set_every_check),
        UNIT_TEST(rfc_safe_has_the_default_actions),
        UNIT_TEST(rfc_safe_costs_1_in_5000),
        UNIT_TEST(rfc_safe_adds_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
