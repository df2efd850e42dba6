/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * load_checks.c - `checks:`, by the rows of checks.def
 *
 * PURPOSE  NAME: ACTION sets every reason of a check; NAME: {action: ACTION, score: N, reasons:
 *          {REASON: ACTION or {action: ACTION, score: N}}} sets some of them apart. What is not
 *          said stays as it was: as the profile has it, else the default.
 * CONTRACT The check as a whole comes before its reasons, and the action before the score, in
 *          whatever order they stand. What is off has no score. An action for the whole check
 *          makes the reason `unconfirmed` defer at most, beside others: that is a fail while
 *          reverse DNS could not be looked up, and a failed look-up must not lose mail for good
 *          by accident. Only `reasons: {unconfirmed: reject}` does. In profiles, too.
 */
#include <stdio.h>
#include <string.h>

#include "policy/loader.h"

/* What a file may say; `accept` is not among them: a check that accepts is off. */
static const enum helo_action accepted[] = {HELO_ACTION_OFF, HELO_ACTION_OBSERVE, HELO_ACTION_TAG,
                                            HELO_ACTION_DEFER, HELO_ACTION_REJECT};

enum { ACCEPTED_COUNT = sizeof(accepted) / sizeof(accepted[0]) };

enum { CHECK_PATH_SIZE = 48, SCORE_MAX = 1000 * SCORE_ONE };

static char *check_path(enum check_id check, char out[CHECK_PATH_SIZE])
{
    (void)snprintf(out, CHECK_PATH_SIZE, "checks.%s", check_row(check)->name);
    return out;
}

/* ---- values ---- */

static bool parse_action(struct loader *l, const struct yaml_node *node, const char *name,
                         enum helo_action *out)
{
    const char *words[ACCEPTED_COUNT];

    if (!loader_expect(l, node, KIND_TEXT, name))
        return false;
    for (size_t i = 0; i < ACCEPTED_COUNT; i++) {
        words[i] = helo_action_text(accepted[i]);
        if (strcmp(node->text, words[i]) == 0) {
            *out = accepted[i];
            return true;
        }
    }
    loader_unknown(l, node, "action", words, ACCEPTED_COUNT);
    return false;
}

static bool parse_score(struct loader *l, const struct yaml_node *node, const char *name,
                        unsigned *out)
{
    long long value;

    if (!loader_expect(l, node, KIND_TEXT, name))
        return false;
    if (!node->plain || !score_parse(node->text, &value) || value > SCORE_MAX) {
        loader_refuse(l, node, name,
                      "is no score: a number from 0 to 1000 with at most two decimals, as in 2.5",
                      node->plain ? NULL : "write it without quotes");
        return false;
    }
    *out = (unsigned)value;
    return true;
}

/* ---- reasons ---- */

/* Where it is the only reason of its check (fcrdns), DNS has answered, and the check means that. */
static bool is_in_doubt(enum reason_id reason)
{
    bool alone = true;

    for (unsigned i = 0; i < REASON_COUNT; i++)
        alone = alone &&
                (i == reason || reason_row((enum reason_id)i)->check != reason_row(reason)->check);
    return !alone && strcmp(reason_row(reason)->name, "unconfirmed") == 0;
}

enum helo_action load_whole_action(enum reason_id reason, enum helo_action action)
{
    return action > HELO_ACTION_DEFER && is_in_doubt(reason) ? HELO_ACTION_DEFER : action;
}

/* A range of reasons: those of one check, or one of them. */
struct target {
    enum check_id check;
    enum reason_id only; /* REASON_COUNT: all */
    const char *name;    /* for messages */
};

static bool is_meant(const struct target *target, enum reason_id reason)
{
    return target->only == REASON_COUNT ? reason_row(reason)->check == target->check
                                        : target->only == reason;
}

static void set_action(struct loader *l, const struct target *target, const struct yaml_node *node)
{
    struct rules *rules = l->scope->rules;
    enum helo_action action;

    if (!parse_action(l, node, target->name, &action))
        return;
    for (unsigned i = 0; i < REASON_COUNT; i++) {
        if (!is_meant(target, (enum reason_id)i))
            continue;
        rules->action[i] =
            target->only == REASON_COUNT ? load_whole_action((enum reason_id)i, action) : action;
        rules->action_origin[i] = loader_origin(l, node);
        l->scope->action[i] = loader_place(l, node);
        if (action == HELO_ACTION_OFF) {
            rules->score[i] = 0;
            rules->score_origin[i] = rules->action_origin[i];
        }
    }
}

static void set_score(struct loader *l, const struct target *target, const struct yaml_node *node)
{
    struct rules *rules = l->scope->rules;
    unsigned score;

    if (!parse_score(l, node, target->name, &score))
        return;
    for (unsigned i = 0; i < REASON_COUNT; i++) {
        if (!is_meant(target, (enum reason_id)i))
            continue;
        rules->score[i] = score;
        rules->score_origin[i] = loader_origin(l, node);
        l->scope->score[i] = loader_place(l, node);
    }
}

/* ---- mappings ---- */

enum part { PART_ACTION, PART_SCORE, PART_REASONS, PART_COUNT };

static const char *const part_names[PART_COUNT] = {"action", "score", "reasons"};

/* The reason of a check that stands where `reasons` should; false: it is none. */
static bool hint_at_reason(const struct target *target, const struct yaml_node *node, char *out,
                           size_t size)
{
    const char *name = node->key->text, *action = helo_action_text(HELO_ACTION_DEFER);

    if (target->only != REASON_COUNT || reason_find(target->check, name) == REASON_COUNT)
        return false;
    for (size_t i = 0; i < ACCEPTED_COUNT; i++) {
        if (strcmp(node->text, helo_action_text(accepted[i])) == 0)
            action = node->text;
    }
    (void)snprintf(out, size, "'%s' is a reason: write reasons: {%s: %s}", name, name, action);
    return true;
}

static void report_part(struct loader *l, const struct target *target, const struct yaml_node *node,
                        size_t count)
{
    const char *what = count == PART_COUNT ? "key of a check:" : "key of a reason:";
    char hint[128];

    loader_unknown_because(
        l, node->key, what, part_names, count,
        hint_at_reason(target, node, hint, sizeof(hint)) ? hint : loader_comma_hint(node->key));
}

/* Sets the action and the score that a mapping has; count: of the parts that may stand there. */
static void take_parts(struct loader *l, const struct target *target,
                       const struct yaml_node *mapping, size_t count,
                       const struct yaml_node *part[PART_COUNT])
{
    for (const struct yaml_node *node = mapping->first; node != NULL; node = node->next) {
        size_t i = 0;

        while (i < count && strcmp(node->key->text, part_names[i]) != 0)
            i++;
        if (i < count)
            part[i] = node;
        else
            report_part(l, target, node, count);
    }
    if (part[PART_ACTION] != NULL)
        set_action(l, target, part[PART_ACTION]);
    if (part[PART_SCORE] != NULL)
        set_score(l, target, part[PART_SCORE]);
}

static void load_reason(struct loader *l, enum check_id check, const struct yaml_node *node)
{
    const struct target target = {check, reason_find(check, node->key->text), node->key->text};
    const struct yaml_node *part[PART_COUNT] = {NULL};
    const char *words[REASON_COUNT];
    size_t count = 0;

    if (target.only != REASON_COUNT) {
        if (node->kind == KIND_MAPPING)
            take_parts(l, &target, node, PART_REASONS, part);
        else
            set_action(l, &target, node);
        return;
    }
    for (unsigned i = 0; i < REASON_COUNT; i++) {
        if (reason_row((enum reason_id)i)->check == check)
            words[count++] = reason_row((enum reason_id)i)->name;
    }
    loader_unknown(l, node->key, "reason", words, count);
}

static void load_parts(struct loader *l, const struct target *target,
                       const struct yaml_node *mapping)
{
    const struct yaml_node *part[PART_COUNT] = {NULL};
    const struct yaml_node *reasons;

    take_parts(l, target, mapping, PART_COUNT, part);
    reasons = part[PART_REASONS];
    if (reasons == NULL || !loader_expect(l, reasons, KIND_MAPPING, "reasons"))
        return;
    for (const struct yaml_node *node = reasons->first; node != NULL; node = node->next)
        load_reason(l, target->check, node);
}

static void load_check(struct loader *l, const struct yaml_node *node)
{
    enum check_id check = check_find(node->key->text);
    const char *words[CHECK_COUNT];
    char path[CHECK_PATH_SIZE];
    struct target target = {check, REASON_COUNT, path};

    if (check == CHECK_COUNT) {
        for (unsigned i = 0; i < CHECK_COUNT; i++)
            words[i] = check_row((enum check_id)i)->name;
        loader_unknown(l, node->key, "check", words, CHECK_COUNT);
        return;
    }
    if (!loader_first(l, &l->layer->check_seen[check], check_path(check, path), node->key))
        return;
    if (node->kind == KIND_MAPPING)
        load_parts(l, &target, node);
    else
        set_action(l, &target, node);
}

void load_checks(struct loader *l, const struct key_row *row, const struct yaml_node *node)
{
    if (yaml_is_empty(node) || !loader_expect(l, node, KIND_MAPPING, row->path))
        return;
    for (const struct yaml_node *entry = node->first; entry != NULL; entry = entry->next)
        load_check(l, entry);
}
