/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * load_odd_rules.c - actions and scores that are legal, but hardly meant
 *
 * PURPOSE  Of the site's rules, and of those of each listener: what RFC 5321 4.1.4 keeps from
 *          counting, scores that count for nothing, thresholds that nobody reaches.
 * CONTRACT What the site wrote is warned about where it stands, each by itself. What a profile
 *          brings along is told once, in one line, where the site names the profile: a note while
 *          such checks never count alone, for that is what profiles are made for; a warning when
 *          they do.
 * STANDARDS RFC 5321 4.1.4: a server must not refuse mail because the name does not match the
 *           address.
 */
#include <stdio.h>
#include <string.h>

#include "policy/loader.h"
#include "policy/verdict.h"

static bool is_ignored(const struct loader *l)
{
    return l->policy->settings.rfc5321_4_1_4 == RFC_IGNORE;
}

static bool is_of_profile(const struct scope *scope, const struct diag_place *place)
{
    return scope->source != NULL && place->file == &scope->source->file;
}

static bool may_refuse(const struct rules *rules, enum check_id check)
{
    for (unsigned i = 0; i < REASON_COUNT; i++) {
        if (reason_row((enum reason_id)i)->check == check && rules->action[i] >= HELO_ACTION_DEFER)
            return true;
    }
    return false;
}

/* ---- grounds that RFC 5321 forbids ---- */

/* Where the action of this check that refuses was set last; NULL: it is a default. */
static const struct diag_place *refusing_place(const struct scope *scope, enum check_id check)
{
    const struct diag_place *place = NULL;

    for (unsigned i = 0; i < REASON_COUNT; i++) {
        if (reason_row((enum reason_id)i)->check == check &&
            scope->rules->action[i] >= HELO_ACTION_DEFER && scope->action[i].file != NULL)
            place = &scope->action[i];
    }
    return place;
}

/* A list of checks' names: "forward_mismatch, rdns_mismatch". */
struct names {
    char text[128];
    size_t used;
};

static void add_name(struct names *names, enum check_id check)
{
    if (names->used < sizeof(names->text))
        names->used +=
            (size_t)snprintf(names->text + names->used, sizeof(names->text) - names->used, "%s%s",
                             names->used > 0 ? ", " : "", check_row(check)->name);
}

static void tell_profile(struct loader *l, const struct scope *scope, const struct names *names)
{
    if (is_ignored(l))
        diag_report(l->diag, HELO_WARNING, &scope->profile, NULL,
                    "this profile refuses mail for %s, which RFC 5321 4.1.4 forbids; legitimate "
                    "mail will be lost",
                    names->text);
    else
        diag_report(
            l->diag, HELO_NOTE, &scope->profile, "unless the site says 'rfc5321_4_1_4: ignore'",
            "this profile's %s: never the only ground of a refusal (RFC 5321 4.1.4)", names->text);
}

static void warn_corroborating(struct loader *l, const struct scope *scope)
{
    const char *effect = is_ignored(l) ? "legitimate mail will be lost" : "it never counts alone";
    const char *hint = is_ignored(l) ? NULL : "only with 'rfc5321_4_1_4: ignore' it does";
    struct names names = {.used = 0};

    for (unsigned i = 0; i < CHECK_COUNT; i++) {
        const struct check_row *row = check_row((enum check_id)i);
        const struct diag_place *place = refusing_place(scope, (enum check_id)i);

        if (!row->corroborating || place == NULL)
            continue;
        if (is_of_profile(scope, place))
            add_name(&names, (enum check_id)i);
        else
            diag_report(l->diag, HELO_WARNING, place, hint,
                        "%s: RFC 5321 4.1.4 forbids to refuse mail on this ground; %s", row->name,
                        effect);
    }
    if (names.used > 0)
        tell_profile(l, scope, &names);
}

/* ---- scores ---- */

static void warn_off(struct loader *l, const struct scope *scope)
{
    const struct diag_place *last = NULL; /* a score of several reasons stands once */

    for (unsigned i = 0; i < REASON_COUNT; i++) {
        const struct diag_place *place = &scope->score[i];
        const struct reason_row *row = reason_row((enum reason_id)i);

        if (scope->rules->score[i] == 0 || scope->rules->action[i] != HELO_ACTION_OFF)
            continue;
        if (last == NULL || memcmp(last, place, sizeof(*last)) != 0)
            diag_report(l->diag, HELO_WARNING, place, "'observe' runs it",
                        "checks.%s: what is off is not run, and its score never counts",
                        check_row(row->check)->name);
        last = place;
    }
}

/* The most that all checks together can score; one check fails for one reason at a time. */
struct most {
    unsigned alone;
    unsigned corroborating; /* counts for as much as the others, at most: policy/verdict.h */
    struct names names;     /* of those */
};

static struct most find_most(const struct loader *l, const struct rules *rules)
{
    struct most most = {.alone = 0};
    unsigned of_check[CHECK_COUNT] = {0};

    for (unsigned i = 0; i < REASON_COUNT; i++) {
        enum check_id check = reason_row((enum reason_id)i)->check;

        if (rules->action[i] != HELO_ACTION_OFF && rules->score[i] > of_check[check])
            of_check[check] = rules->score[i];
    }
    for (unsigned i = 0; i < CHECK_COUNT; i++) {
        if (!check_row((enum check_id)i)->corroborating || is_ignored(l)) {
            most.alone += of_check[i];
        } else if (of_check[i] > 0) {
            most.corroborating += of_check[i];
            add_name(&most.names, (enum check_id)i);
        }
    }
    return most;
}

static unsigned sum_of(const struct most *most)
{
    return verdict_score_sum(most->alone, most->corroborating);
}

bool odd_may_refuse(const struct loader *l, const struct rules *rules)
{
    struct most most = find_most(l, rules);
    unsigned sum = sum_of(&most);

    for (unsigned i = 0; i < CHECK_COUNT; i++) {
        if (may_refuse(rules, (enum check_id)i))
            return true;
    }
    return (rules->score_defer > 0 && rules->score_defer <= sum) ||
           (rules->score_reject > 0 && rules->score_reject <= sum);
}

/* Scores of the site's that no threshold makes anything of. */
static void warn_no_threshold(struct loader *l, const struct scope *scope)
{
    for (unsigned i = 0; i < REASON_COUNT; i++) {
        const struct diag_place *place = &scope->score[i];

        if (scope->rules->score[i] == 0 || scope->rules->action[i] == HELO_ACTION_OFF ||
            is_of_profile(scope, place))
            continue;
        diag_report(l->diag, HELO_WARNING, place, "as in score: {defer: 5, reject: 10}",
                    "scores count for nothing without score.defer or score.reject");
        return;
    }
}

static void warn_unreached(struct loader *l, const struct scope *scope, const char *key,
                           unsigned threshold, const struct most *most)
{
    struct diag_place place = odd_place(l, scope, key);
    char wanted[SETTING_VALUE_SIZE], sum[SETTING_VALUE_SIZE];

    if (threshold > sum_of(most))
        diag_report(l->diag, HELO_WARNING, &place, NULL,
                    "%s is %s, and all scores together are %s: it is never reached", key,
                    score_format(threshold, wanted), score_format(sum_of(most), sum));
}

static void warn_thresholds(struct loader *l, const struct scope *scope)
{
    const struct rules *rules = scope->rules;
    const char *first = rules->score_defer > 0 ? "score.defer" : "score.reject";
    struct diag_place place = odd_place(l, scope, first);
    struct most most = find_most(l, rules);

    if (rules->score_defer == 0 && rules->score_reject == 0) {
        warn_no_threshold(l, scope);
    } else if (most.alone == 0 && most.corroborating == 0) {
        diag_report(l->diag, HELO_WARNING, &place, NULL, "%s is set, but no check has a score",
                    first);
    } else if (most.alone == 0) {
        diag_report(l->diag, HELO_WARNING, &place, "give others a score, too",
                    "%s: only %s have a score, and they never count alone (RFC 5321 4.1.4)", first,
                    most.names.text);
    } else {
        warn_unreached(l, scope, "score.defer", rules->score_defer, &most);
        warn_unreached(l, scope, "score.reject", rules->score_reject, &most);
    }
    if (rules->score_defer > 0 && rules->score_reject > 0 &&
        rules->score_defer >= rules->score_reject) {
        place = odd_place(l, scope, "score.defer");
        diag_report(l->diag, HELO_WARNING, &place, NULL,
                    "score.defer is not below score.reject: nobody will be deferred for a score");
    }
}

void load_odd_rules(struct loader *l, const struct scope *scope)
{
    warn_corroborating(l, scope);
    warn_off(l, scope);
    warn_thresholds(l, scope);
}
