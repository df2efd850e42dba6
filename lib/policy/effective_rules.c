/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * effective_rules.c - scalars, places, checks and their texts of an effective policy, see
 * effective.h
 */
#include <string.h>

#include "policy/builtin.h"
#include "policy/effective.h"
#include "policy/explain.h"
#include "policy/loader.h"

/* ---- scalars ---- */

/* What YAML, or a reader who knows another of its versions, could take for anything but a text. */
static bool is_bare(const char *s)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789./_-@";
    static const char *const words[] = {"null", "true", "false", "yes", "no",
                                        "on",   "off",  "y",     "n"};

    if (s[0] == '\0' || s[strspn(s, letters)] != '\0' || strchr("._-@", s[0]) != NULL)
        return false;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (text_equal_nocase(s, words[i]))
            return false;
    }
    return true;
}

void effective_scalar(struct text *out, const char *s)
{
    if (is_bare(s))
        text_add(out, s);
    else
        effective_quoted(out, s);
}

void effective_quoted(struct text *out, const char *s)
{
    text_add(out, "\"");
    for (; *s != '\0'; s++) {
        if (*s == '"' || *s == '\\')
            text_add(out, "\\");
        text_add_bytes(out, s, 1);
    }
    text_add(out, "\"");
}

void effective_indent(struct text *out, unsigned indent)
{
    text_addf(out, "%*s", (int)indent, "");
}

/* ---- places ---- */

/* The name of the built-in profile that this is the path of, or NULL. */
static const char *profile_of(const char *path)
{
    const struct builtin_file *file;

    for (size_t i = 0; (file = builtin_profile(i)) != NULL; i++) {
        if (strcmp(file->path, path) == 0)
            return file->name;
    }
    return NULL;
}

void effective_place(struct text *out, const char *file, unsigned line)
{
    const char *profile = profile_of(file);

    if (line == 0) {
        text_add(out, "default");
        return;
    }
    if (profile != NULL)
        text_addf(out, "profile %s", profile);
    else
        explain_site_text(file, out);
    text_addf(out, ":%u", line);
}

void effective_end(struct text *out, const char *file, unsigned line)
{
    text_add(out, "  # ");
    effective_place(out, file, line);
    text_add(out, "\n");
}

/* ---- checks ---- */

static bool same_place(const struct origin *a, const struct origin *b)
{
    return a->line == b->line && strcmp(a->file, b->file) == 0;
}

/*
 * A score of 0 that was written, perhaps to take back a profile's, is written again; but what is
 * off has none unless it was given one.
 */
static bool has_score(const struct rules *rules, enum reason_id reason)
{
    return rules->score[reason] != 0 ||
           (rules->action[reason] != HELO_ACTION_OFF && rules->score_origin[reason].line != 0);
}

static bool same_rule(const struct rules *rules, enum reason_id a, enum reason_id b)
{
    return rules->action[a] == rules->action[b] &&
           same_place(&rules->action_origin[a], &rules->action_origin[b]) &&
           has_score(rules, a) == has_score(rules, b) &&
           (!has_score(rules, a) || (rules->score[a] == rules->score[b] &&
                                     same_place(&rules->score_origin[a], &rules->score_origin[b])));
}

static void add_rule(struct text *out, const struct rules *rules, enum reason_id reason)
{
    const struct origin *action = &rules->action_origin[reason];
    const struct origin *score = &rules->score_origin[reason];
    char number[SETTING_VALUE_SIZE];

    if (!has_score(rules, reason)) {
        text_add(out, helo_action_text(rules->action[reason]));
        effective_end(out, action->file, action->line);
        return;
    }
    text_addf(out, "{action: %s, score: %s}  # ", helo_action_text(rules->action[reason]),
              score_format(rules->score[reason], number));
    effective_place(out, action->file, action->line);
    if (!same_place(action, score)) {
        text_add(out, "; score: ");
        effective_place(out, score->file, score->line);
    }
    text_add(out, "\n");
}

/* Of a check; they stand behind each other. */
struct reasons {
    unsigned first, end;
};

static struct reasons reasons_of(enum check_id check)
{
    struct reasons r = {0, 0};

    while (r.first < REASON_COUNT && reason_row((enum reason_id)r.first)->check != check)
        r.first++;
    for (r.end = r.first; r.end < REASON_COUNT && reason_row((enum reason_id)r.end)->check == check;
         r.end++)
        continue;
    return r;
}

static void add_check(struct text *out, const struct rules *rules, enum check_id check,
                      unsigned indent)
{
    struct reasons r = reasons_of(check);
    bool uniform = true;

    /* What is written for a whole check is not taken for each of its reasons. */
    for (unsigned i = r.first; i < r.end; i++)
        uniform = uniform && same_rule(rules, (enum reason_id)r.first, (enum reason_id)i) &&
                  load_whole_action((enum reason_id)i, rules->action[i]) == rules->action[i];
    effective_indent(out, indent);
    text_addf(out, "%s:", check_row(check)->name);
    if (uniform) {
        text_add(out, " ");
        add_rule(out, rules, (enum reason_id)r.first);
        return;
    }
    text_add(out, "\n");
    effective_indent(out, indent + 2);
    text_add(out, "reasons:\n");
    for (unsigned i = r.first; i < r.end; i++) {
        effective_indent(out, indent + 4);
        text_addf(out, "%s: ", reason_row((enum reason_id)i)->name);
        add_rule(out, rules, (enum reason_id)i);
    }
}

void effective_rules(struct text *out, const struct rules *rules, unsigned indent)
{
    for (unsigned i = 0; i < CHECK_COUNT; i++)
        add_check(out, rules, (enum check_id)i, indent);
}

/* ---- reply.texts ---- */

static bool same_reply_text(const struct reply_text *a, const struct reply_text *b)
{
    return a->text == NULL || b->text == NULL
               ? a->text == b->text
               : strcmp(a->text, b->text) == 0 && same_place(&a->origin, &b->origin);
}

static void add_reply_text(struct text *out, const char *name, const struct reply_text *reply,
                           unsigned indent)
{
    effective_indent(out, indent);
    text_addf(out, "%s: ", name);
    effective_quoted(out, reply->text);
    effective_end(out, reply->origin.file, reply->origin.line);
}

static void add_reply_texts(struct text *out, const struct reply_text *texts, enum check_id check,
                            unsigned indent)
{
    struct reasons r = reasons_of(check);
    bool uniform = true, some = false;

    for (unsigned i = r.first; i < r.end; i++) {
        uniform = uniform && same_reply_text(&texts[r.first], &texts[i]);
        some = some || texts[i].text != NULL;
    }
    if (some && uniform)
        add_reply_text(out, check_row(check)->name, &texts[r.first], indent);
    if (!some || uniform)
        return;
    effective_indent(out, indent);
    text_addf(out, "%s:\n", check_row(check)->name);
    for (unsigned i = r.first; i < r.end; i++) {
        if (texts[i].text != NULL)
            add_reply_text(out, reason_row((enum reason_id)i)->name, &texts[i], indent + 2);
    }
}

void effective_reply_texts(struct text *out, const struct helo_policy *policy, unsigned indent)
{
    bool some = false;

    for (unsigned i = 0; i < REASON_COUNT; i++)
        some = some || policy->reply_texts[i].text != NULL;
    effective_indent(out, indent);
    text_add(out, some ? "texts:\n" : "texts: {}  # default\n");
    for (unsigned i = 0; some && i < CHECK_COUNT; i++)
        add_reply_texts(out, policy->reply_texts, (enum check_id)i, indent + 2);
}
