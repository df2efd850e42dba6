/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * load_patterns.c - lists of names as patterns: lists.*, exempt.tls_clients
 *
 * PURPOSE  What name/pattern.h refuses is reported with the column in the file at which it is
 *          wrong.
 * CONTRACT An expired entry is in no set, so that it hides none that holds. A list that has every
 *          name is warned about.
 */
#include <string.h>

#include "base/limits.h"
#include "policy/loader.h"

/* ---- where in the file a byte of a text stands ---- */

/* The bytes that stand for the next one or two of a text in quotes; 0: the line ends. */
static size_t quoted_length(const char *at, const char *end, char quote)
{
    static const struct {
        char letter;
        size_t digits;
    } escapes[] = {{'x', 2}, {'u', 4}, {'U', 8}};

    if (at == end || *at == '\n')
        return 0;
    if (quote == '\'')
        return *at == '\'' ? 2 : 1;
    if (*at != '\\')
        return 1;
    for (size_t i = 0; i < sizeof(escapes) / sizeof(escapes[0]) && end - at > 1; i++) {
        if (at[1] == escapes[i].letter)
            return 2 + escapes[i].digits;
    }
    return 2;
}

/* The start of a place, or NULL when there is no such line. */
static const char *find_place(const struct diag_place *place)
{
    const char *at = place->file->text;
    const char *end = at + place->file->length;

    for (unsigned line = 1; line < place->line && at != NULL; line++) {
        at = memchr(at, '\n', (size_t)(end - at));
        at = at != NULL ? at + 1 : NULL;
    }
    return at != NULL && (size_t)(end - at) >= place->column ? at + place->column - 1 : NULL;
}

/*
 * Moves the place of a text to its byte at offset. A text in quotes may have escapes before that;
 * one of several lines keeps the place where it begins. Nobody sees what is past the limit of
 * findings.
 */
static void move_place(const struct loader *l, const struct yaml_node *node, size_t offset,
                       struct diag_place *place)
{
    const char *end = place->file->text + place->file->length;
    const char *at = l->diag->given <= LIMIT_DIAGNOSTICS ? find_place(place) : NULL;
    size_t moved = 0;

    if (at == NULL)
        return;
    if (node->plain) {
        moved = strncmp(at, node->text, offset) == 0 ? offset : 0;
    } else if (*at == '\'' || *at == '"') {
        char quote = *at;

        moved = 1;
        for (size_t i = 0; i < offset; i++) {
            size_t length = quoted_length(at + moved, end, quote);

            if (length == 0 || length > (size_t)(end - at) - moved)
                return;
            moved += length;
        }
    }
    place->column += (unsigned)moved;
}

/* ---- entries ---- */

static void add_pattern(struct loader *l, const struct loaded_entry *entry,
                        struct policy_list *list, struct pattern_list *set)
{
    const struct yaml_node *node = entry->part[0];
    struct diag_place place = loader_place(l, node);
    struct pattern_fault fault;
    char quoted[DIAG_QUOTE_SIZE];
    uint32_t tag;

    if (!loader_keep_entry(l, list, entry, node->text, &tag) || entry->expired ||
        pattern_add(set, node->text, tag, &fault))
        return;
    if (fault.nomem) {
        l->nomem = true;
        return;
    }
    move_place(l, node, fault.offset, &place);
    diag_report(l->diag, HELO_ERROR, &place, NULL, "%s: %s: %s", entry->key,
                diag_quote(quoted, node->text), fault.message);
}

void load_lists_deny(struct loader *l, const struct loaded_entry *entry)
{
    add_pattern(l, entry, &l->policy->deny, &l->policy->reference.denied.patterns);
}

void load_lists_skip(struct loader *l, const struct loaded_entry *entry)
{
    add_pattern(l, entry, &l->policy->skip, &l->policy->skip_set);
}

void load_lists_mx_deny(struct loader *l, const struct loaded_entry *entry)
{
    add_pattern(l, entry, &l->policy->mx_deny, &l->policy->reference.mx_denied.patterns);
}

void load_exempt_tls_clients(struct loader *l, const struct loaded_entry *entry)
{
    add_pattern(l, entry, &l->policy->tls_clients, &l->policy->tls_set);
}

/* ---- lists that have everybody ---- */

/*
 * Names that no entry is meant for, with nothing in common: short and long, with a dot and without,
 * letters and digits. Whatever has all of them has every name.
 */
static const char *const improbable[] = {
    "a",
    "x.kq9z",
    "7",
    "q9-w7.3k.vxj",
    "an-uncommonly-long-label-of-a-name-that-nobody-has.and-another-one-below-it.zzzz",
};

enum { IMPROBABLE_COUNT = sizeof(improbable) / sizeof(improbable[0]) };

/* True: the set has all of them; *tag is of the entry that has the first. */
static bool has_everybody(const struct pattern_list *set, uint32_t *tag, bool *alone)
{
    uint32_t other;

    *alone = true;
    if (pattern_find(set, improbable[0], tag) != PATTERN_YES)
        return false;
    for (size_t i = 1; i < IMPROBABLE_COUNT; i++) {
        if (pattern_find(set, improbable[i], &other) != PATTERN_YES)
            return false;
        *alone = *alone && other == *tag;
    }
    return true;
}

/* Entries know no column: it is where their text stands in the line. */
static struct diag_place entry_place(const struct loader *l, const struct policy_entry *entry)
{
    const struct source *source = l->sources;
    struct diag_place place = {NULL, entry->line, 1};
    const char *at;
    size_t length;

    while (source != NULL && source->file.path != entry->file)
        source = source->next;
    if (source == NULL)
        return (struct diag_place){l->main != NULL ? &l->main->file : NULL, 0, 0};
    place.file = &source->file;
    at = find_place(&place);
    if (at == NULL)
        return place;
    length = (size_t)(place.file->text + place.file->length - at);
    for (size_t i = 0; i + strlen(entry->text) <= length && at[i] != '\n'; i++) {
        if (strncmp(at + i, entry->text, strlen(entry->text)) == 0) {
            place.column += (unsigned)i;
            break;
        }
    }
    return place;
}

static void warn_everybody(struct loader *l, const char *key, const struct policy_list *list,
                           const struct pattern_list *set, const char *effect)
{
    struct diag_place place;
    char quoted[DIAG_QUOTE_SIZE];
    uint32_t tag;
    bool alone;

    if (!has_everybody(set, &tag, &alone))
        return;
    place = entry_place(l, &list->entries[tag]);
    diag_report(l->diag, HELO_WARNING, &place, NULL, "%s: %s%s is every name: %s", key,
                diag_quote(quoted, list->entries[tag].text), alone ? "" : ", with others,", effect);
}

void load_patterns_odd(struct loader *l)
{
    const struct helo_policy *p = l->policy;

    if (p->rules.enabled[CHECK_listed])
        warn_everybody(l, "lists.deny", &p->deny, &p->reference.denied.patterns,
                       p->rules.action[REASON_listed_listed] >= HELO_ACTION_DEFER
                           ? "everybody is refused"
                           : "everybody fails the check listed");
    warn_everybody(l, "lists.skip", &p->skip, &p->skip_set,
                   "it spares everybody from the checks of the argument");
    warn_everybody(l, "exempt.tls_clients", &p->tls_clients, &p->tls_set,
                   "it exempts every certificate that the MTA's authorities have issued");
}
