/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * load_listeners.c - listeners with rules of their own: listeners
 *
 * PURPOSE  {port: 2525, name: MTA2, profile: strict, checks: {...}, score: {...}}: who comes in
 *          there is judged by other checks, scores and thresholds.
 * CONTRACT Its rules are the defaults, then its profile, then its own `checks` and `score`; nothing
 *          of what the site's say for all. Whatever else a profile sets (dns.on_failure, decide_at
 *          ...) is the same for all listeners, and warned about where it is not what is in force.
 */
#include <stdio.h>

#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "policy/loader.h"

enum { PART_PORT, PART_NAME, PART_PROFILE, PART_CHECKS, PART_SCORE };

/* ---- rules ---- */

static struct scope *make_scope(struct loader *l, const struct yaml_node *item)
{
    struct scope *scope = mem_zalloc(sizeof(*scope));
    struct scope **end = &l->listeners;

    if (scope == NULL)
        return NULL;
    while (*end != NULL)
        end = &(*end)->next;
    *end = scope;
    scope->place = loader_place(l, item);
    rules_init(&scope->own_rules);
    scope->rules = &scope->own_rules;
    scope->settings = &scope->own_settings;
    return settings_init(&scope->own_settings) ? scope : NULL;
}

static void read_rules(struct loader *l, const struct loaded_entry *entry, struct scope *scope)
{
    struct scope *scope_before = l->scope;
    struct layer *layer_before = l->layer;

    l->scope = scope;
    l->layer = &scope->layer;
    if (entry->part[PART_PROFILE] != NULL)
        load_profile_named(l, entry->part[PART_PROFILE]);
    if (entry->part[PART_CHECKS] != NULL && !l->nomem)
        load_checks(l, key_find("checks"), entry->part[PART_CHECKS]);
    if (entry->part[PART_SCORE] != NULL && !l->nomem)
        load_section(l, key_find("score"), entry->part[PART_SCORE]);
    l->scope = scope_before;
    l->layer = layer_before;
    scope->own_rules.score_defer = (unsigned)scope->own_settings.score_defer;
    scope->own_rules.score_reject = (unsigned)scope->own_settings.score_reject;
}

/* ---- entries ---- */

/* Which listener an entry is for. */
struct wanted {
    const char *name; /* NULL: any */
    unsigned port;    /* 0: any */
    const char *profile;
};

static bool is_same(const struct listener *a, const struct wanted *b)
{
    bool same_name = a->name == NULL || b->name == NULL ? a->name == b->name
                                                        : text_equal_nocase(a->name, b->name);

    return same_name && a->port == b->port;
}

/* "MTA2:2525", "MTA2", "2525": as logs name listeners. */
static void format_wanted(const struct wanted *wanted, char *out, size_t size)
{
    if (wanted->port == 0)
        (void)snprintf(out, size, "%s", wanted->name);
    else
        (void)snprintf(out, size, "%s%s%u", wanted->name != NULL ? wanted->name : "",
                       wanted->name != NULL ? ":" : "", wanted->port);
}

/* Two entries for the same listener would be a guess. */
static bool is_new(struct loader *l, const struct loaded_entry *entry, const struct wanted *wanted)
{
    struct diag_place place = loader_place(l, entry->item);

    for (size_t i = 0; i < l->policy->listeners.count; i++) {
        const struct policy_entry *other = &l->policy->listeners.entries[i];

        if (is_same(&l->policy->listener_rules[i], wanted)) {
            diag_report(l->diag, HELO_ERROR, &place, NULL,
                        "listeners: %s stands twice: first at %s:%u", other->text, other->file,
                        other->line);
            return false;
        }
    }
    return true;
}

/* False: it was reported. */
static bool take_names(struct loader *l, const struct loaded_entry *entry, struct wanted *out)
{
    const struct yaml_node *port = entry->part[PART_PORT], *name = entry->part[PART_NAME];
    const struct yaml_node *profile = entry->part[PART_PROFILE];
    struct diag_place place = loader_place(l, entry->item);
    bool good = true;

    *out = (struct wanted){.name = name != NULL ? name->text : NULL,
                           .profile = profile != NULL ? profile->text : NULL};
    if (port != NULL)
        good = load_port(l, port, entry->key, &out->port);
    if (name != NULL)
        good = load_listener_name(l, name, entry->key) && good;
    if (profile == NULL && entry->part[PART_CHECKS] == NULL) {
        diag_report(l->diag, HELO_ERROR, &place, "as in {port: 2525, profile: strict}",
                    "listeners: this entry has neither 'profile' nor 'checks'");
        return false;
    }
    return good;
}

void load_listeners(struct loader *l, const struct loaded_entry *entry)
{
    struct policy_entry named = entry->entry;
    char text[LIMIT_MACRO_TEXT + 16];
    struct wanted wanted;
    struct scope *scope;

    if (!take_names(l, entry, &wanted) || !is_new(l, entry, &wanted))
        return;
    scope = make_scope(l, entry->item);
    if (scope == NULL) {
        l->nomem = true;
        return;
    }
    read_rules(l, entry, scope);
    format_wanted(&wanted, text, sizeof(text));
    named.text = text;
    if (!l->nomem && !policy_add_listener(l->policy, &named, wanted.name, wanted.port,
                                          wanted.profile, &scope->own_rules))
        l->nomem = true;
}
