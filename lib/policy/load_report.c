/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * load_report.c - what is wrong with a node, in words that all keys share
 */
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "policy/loader.h"

enum { ACCEPTED_SHOWN = 8, HINT_SIZE = 96 };

bool loader_first(struct loader *l, struct diag_place *seen, const char *name,
                  const struct yaml_node *node)
{
    struct diag_place place = loader_place(l, node);

    if (seen->file == NULL) {
        *seen = place;
        return true;
    }
    diag_report(l->diag, HELO_ERROR, &place, NULL, "%s is set twice: first at %s:%u:%u", name,
                seen->file->path, seen->line, seen->column);
    return false;
}

/* What stands there, or is wanted there. */
static const char *const kind_names[] = {
    [KIND_TEXT] = "a single value",
    [KIND_LIST] = "a list",
    [KIND_MAPPING] = "a section of keys",
    [KIND_BROKEN] = "nothing",
};

bool loader_expect(struct loader *l, const struct yaml_node *node, enum yaml_kind kind,
                   const char *name)
{
    static const char *const hints[] = {
        [KIND_TEXT] = NULL,
        [KIND_LIST] =
            "write a list in brackets, as in [one, two], or one entry per line, each after '- '",
        [KIND_MAPPING] = "write its keys below it, indented, each as 'key: value'",
        [KIND_BROKEN] = NULL,
    };
    struct diag_place place = loader_place(l, node);

    if (node->kind == kind)
        return true;
    if (node->kind != KIND_BROKEN)
        diag_report(l->diag, HELO_ERROR, &place, hints[kind], "%s: %s is wanted here, not %s", name,
                    kind_names[kind], yaml_is_empty(node) ? "nothing" : kind_names[node->kind]);
    return false;
}

void loader_refuse(struct loader *l, const struct yaml_node *node, const char *key,
                   const char *fault, const char *hint)
{
    struct diag_place place = loader_place(l, node);
    char quoted[DIAG_QUOTE_SIZE];

    diag_report(l->diag, HELO_ERROR, &place, hint, "%s: %s %s", key, diag_quote(quoted, node->text),
                fault);
}

/* " (accepted: one, two)", where that is short enough to be read. */
static void add_accepted(char *out, size_t size, const char *const *words, size_t count)
{
    size_t used = 0;

    out[0] = '\0';
    for (size_t i = 0; i < count && count <= ACCEPTED_SHOWN && used < size; i++)
        used += (size_t)snprintf(out + used, size - used, "%s%s%s", i == 0 ? " (accepted: " : ", ",
                                 words[i], i + 1 == count ? ")" : "");
}

/* Where to find words that are too many for one line; NULL: nowhere. */
static const char *where_named(const char *what)
{
    return strcmp(what, "check") == 0 ? "helocheck --list-checks names them" : NULL;
}

void loader_report_unknown(struct loader *l, const struct yaml_node *word, const char *what,
                           const char *accepted, const char *hint)
{
    struct diag_place place = loader_place(l, word);
    char quoted[DIAG_QUOTE_SIZE];

    diag_report(l->diag, HELO_ERROR, &place, hint, "unknown %s %s%s", what,
                diag_quote(quoted, word->text), accepted);
}

void loader_unknown_because(struct loader *l, const struct yaml_node *word, const char *what,
                            const char *const *words, size_t count, const char *hint)
{
    char accepted[160] = "";
    char meant_hint[HINT_SIZE];
    const char *meant = NULL;

    /* Nobody sees what is past the limit: no work is spent on it. */
    if (l->diag->given <= LIMIT_DIAGNOSTICS) {
        meant = hint == NULL ? diag_suggest(word->text, words, count) : NULL;
        add_accepted(accepted, sizeof(accepted), words, count);
    }
    if (meant != NULL)
        (void)snprintf(meant_hint, sizeof(meant_hint), "did you mean '%s'?", meant);
    if (hint == NULL)
        hint = meant != NULL ? meant_hint : count > ACCEPTED_SHOWN ? where_named(what) : NULL;
    loader_report_unknown(l, word, what, accepted, hint);
}

const char *loader_comma_hint(const struct yaml_node *key)
{
    const char *text = key->text;

    return text[0] != '\0' && text[strspn(text, "0123456789")] == '\0'
               ? "a decimal point, as in 2.5"
               : NULL;
}

void loader_unknown(struct loader *l, const struct yaml_node *word, const char *what,
                    const char *const *words, size_t count)
{
    loader_unknown_because(l, word, what, words, count, NULL);
}
