/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * load_replies.c - `reply.texts`, by the rows of checks.def; and the fields of all texts of `reply`
 *
 * PURPOSE  NAME: TEXT stands for our sentences whatever the reason, NAME: {REASON: TEXT} where it
 *          is that one.
 * CONTRACT A text is ASCII, has no field that is not known for every reason it stands for, and
 *          fits into a reply when its fields are short.
 * STANDARDS RFC 5321 4.2 (ASCII), 4.5.3.1.5 (a reply line has 512 bytes)
 */
#include <stdio.h>
#include <string.h>

#include "policy/loader.h"
#include "policy/site_text.h"

enum {
    TEXT_BYTES = 600, /* two reply lines of 400 hold it, and some of what its fields bring */
    TEXT_PATH_SIZE = 64
};

/* ---- fields ---- */

/* "{id} {check} ..." */
static void format_accepted(enum site_text_kind kind, enum reason_id reason, char *out, size_t size)
{
    const char *names[2 * SITE_TEXT_FIELDS];
    size_t count = site_text_fields(kind, reason, names);
    size_t used = 0;

    for (size_t i = 0; i < count && used < size; i++)
        used += (size_t)snprintf(out + used, size - used, "%s{%s}", i == 0 ? "" : " ", names[i]);
}

static const char *suggest_field(enum site_text_kind kind, enum reason_id reason, const char *field)
{
    const char *names[2 * SITE_TEXT_FIELDS];
    size_t count = site_text_fields(kind, reason, names);

    return diag_suggest(field, names, count);
}

bool load_fields_check(const char *key, const char *text, enum site_text_kind kind,
                       enum reason_id reason, const struct diag_place *place, struct diag *diag)
{
    char field[SITE_TEXT_NAME], accepted[256], hint[64] = "", quoted[DIAG_QUOTE_SIZE];
    const char *fault = site_text_fault(text, kind, reason, field);
    const char *meant;

    if (fault == NULL)
        return true;
    if (field[0] == '\0') {
        diag_report(diag, HELO_ERROR, place, fault, "%s: %s cannot be used", key,
                    diag_quote(quoted, text));
        return false;
    }
    format_accepted(kind, reason, accepted, sizeof(accepted));
    meant = suggest_field(kind, reason, field);
    if (meant != NULL)
        (void)snprintf(hint, sizeof(hint), "did you mean {%s}?", meant);
    diag_report(diag, HELO_ERROR, place, meant != NULL ? hint : NULL,
                "%s: unknown field {%s} (accepted: %s)", key, field, accepted);
    return false;
}

/* ---- texts ---- */

/* What is wrong with it, its fields aside; or NULL. */
static const char *text_fault(const char *text)
{
    size_t length = strlen(text);

    if (length == 0)
        return "leave the key out for our own sentences";
    for (const char *s = text; *s != '\0'; s++) {
        if (*s < ' ' || *s > '~')
            return "in a reply only ASCII can stand (RFC 5321 4.2)";
    }
    if (text[0] == ' ' || text[length - 1] == ' ')
        return "a text neither begins nor ends with a blank";
    return length <= TEXT_BYTES ? NULL : "a text of more than 600 bytes does not fit into a reply";
}

static bool check_text(struct loader *l, const struct yaml_node *node, const char *path,
                       enum reason_id reason)
{
    struct diag_place place = loader_place(l, node);

    return load_fields_check(path, node->text, SITE_TEXT_REPLY, reason, &place, l->diag);
}

/* only: REASON_COUNT for every reason of the check. */
static void take_text(struct loader *l, enum check_id check, enum reason_id only,
                      const struct yaml_node *node, const char *path)
{
    struct origin origin = loader_origin(l, node);
    const char *fault;

    if (!loader_expect(l, node, KIND_TEXT, path))
        return;
    fault = text_fault(node->text);
    if (fault != NULL) {
        loader_refuse(l, node, path, "cannot be used", fault);
        return;
    }
    for (unsigned i = 0; i < REASON_COUNT; i++) {
        enum reason_id reason = (enum reason_id)i;

        if (reason_row(reason)->check != check || (only != REASON_COUNT && only != reason))
            continue;
        if (!check_text(l, node, path, reason))
            return;
        if (!policy_add_reply_text(l->policy, reason, node->text, &origin))
            l->nomem = true;
    }
}

/* ---- mappings ---- */

/* "reply.texts.bare_ip", "reply.texts.bare_ip.client" */
static void format_path(char path[TEXT_PATH_SIZE], enum check_id check, const char *reason)
{
    (void)snprintf(path, TEXT_PATH_SIZE, "reply.texts.%s%s%s", check_row(check)->name,
                   reason != NULL ? "." : "", reason != NULL ? reason : "");
}

static void load_reason_text(struct loader *l, enum check_id check, const struct yaml_node *node)
{
    enum reason_id reason = reason_find(check, node->key->text);
    const char *words[REASON_COUNT];
    char path[TEXT_PATH_SIZE];
    size_t count = 0;

    if (reason != REASON_COUNT) {
        format_path(path, check, reason_row(reason)->name);
        take_text(l, check, reason, node, path);
        return;
    }
    for (unsigned i = 0; i < REASON_COUNT; i++) {
        if (reason_row((enum reason_id)i)->check == check)
            words[count++] = reason_row((enum reason_id)i)->name;
    }
    /* `checks` has its reasons a level below. */
    loader_unknown_because(l, node->key, "reason", words, count,
                           strcmp(node->key->text, "reasons") == 0
                               ? "here the reasons stand at once: {REASON: \"TEXT\"}"
                               : NULL);
}

static void load_check_text(struct loader *l, const struct yaml_node *node)
{
    enum check_id check = check_find(node->key->text);
    const char *words[CHECK_COUNT];
    char path[TEXT_PATH_SIZE];

    if (check == CHECK_COUNT) {
        for (unsigned i = 0; i < CHECK_COUNT; i++)
            words[i] = check_row((enum check_id)i)->name;
        loader_unknown(l, node->key, "check", words, CHECK_COUNT);
        return;
    }
    format_path(path, check, NULL);
    if (!loader_first(l, &l->layer->text_seen[check], path, node->key))
        return;
    if (node->kind == KIND_MAPPING)
        for (const struct yaml_node *entry = node->first; entry != NULL; entry = entry->next)
            load_reason_text(l, check, entry);
    else
        take_text(l, check, REASON_COUNT, node, path);
}

void load_reply_texts(struct loader *l, const struct key_row *row, const struct yaml_node *node)
{
    if (yaml_is_empty(node) || !loader_expect(l, node, KIND_MAPPING, row->path))
        return;
    for (const struct yaml_node *entry = node->first; entry != NULL && !l->nomem;
         entry = entry->next)
        load_check_text(l, entry);
}
