/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * settings_text.c - values of settings as text; see settings.h
 *
 * PURPOSE  What a file may say of a setting that is no text, and how its value is written.
 * CONTRACT Nothing is guessed: a duration has its unit, a number is plain decimal, a truth value is
 *          true or false. What is written reads back as the same value.
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "policy/settings.h"

/* ---- units ----------------------------------------------------------------------------------- */

/* meant: what people write for it; NULL for the unit itself. */
struct unit {
    const char *name;
    long long factor;
    const char *meant;
};

static const struct unit durations[] = {
    {"ms", 1, NULL},       {"s", 1000, NULL},    {"min", 60000, NULL},  {"h", 3600000, NULL},
    {"d", 86400000, NULL}, {"msec", 0, "ms"},    {"sec", 0, "s"},       {"secs", 0, "s"},
    {"second", 0, "s"},    {"seconds", 0, "s"},  {"S", 0, "s"},         {"m", 0, "min"},
    {"mins", 0, "min"},    {"minute", 0, "min"}, {"minutes", 0, "min"}, {"hr", 0, "h"},
    {"hour", 0, "h"},      {"hours", 0, "h"},    {"H", 0, "h"},         {"day", 0, "d"},
    {"days", 0, "d"},      {"D", 0, "d"},        {NULL, 0, NULL},
};

static const struct unit sizes[] = {
    {"B", 1, NULL},   {"KiB", 1024, NULL}, {"MiB", 1048576, NULL}, {"b", 0, "B"},
    {"k", 0, "KiB"},  {"K", 0, "KiB"},     {"kB", 0, "KiB"},       {"KB", 0, "KiB"},
    {"kb", 0, "KiB"}, {"kib", 0, "KiB"},   {"m", 0, "MiB"},        {"M", 0, "MiB"},
    {"MB", 0, "MiB"}, {"mb", 0, "MiB"},    {"mib", 0, "MiB"},      {NULL, 0, NULL},
};

/* What differs between numbers with and without units. */
static const struct {
    const struct unit *units; /* NULL: none */
    const char *accepted;
    const char *example;
} scales[] = {
    [SETTING_NUMBER] = {NULL, NULL, "a whole number"},
    [SETTING_DURATION] = {durations, "ms, s, min, h, d",
                          "a whole number with its unit (ms, s, min, h, d), as in 5s"},
    [SETTING_SCORE] = {NULL, NULL, "a number with at most two decimals, as in 2.5"},
    [SETTING_SIZE] = {sizes, "B, KiB, MiB",
                      "a whole number with its unit (B, KiB, MiB), as in 16MiB"},
};

static const struct unit *find_unit(const struct unit *units, const char *name)
{
    for (; units->name != NULL; units++) {
        if (strcmp(units->name, name) == 0)
            return units;
    }
    return NULL;
}

static char *format_scaled(const struct unit *units, long long value, char out[SETTING_VALUE_SIZE])
{
    const struct unit *best = &units[0];

    for (const struct unit *u = units; u->meant == NULL && u->name != NULL; u++) {
        if (value != 0 && value % u->factor == 0)
            best = u;
    }
    (void)snprintf(out, SETTING_VALUE_SIZE, "%lld%s", value / best->factor, best->name);
    return out;
}

char *score_format(long long hundredths, char out[SETTING_VALUE_SIZE])
{
    int length =
        snprintf(out, SETTING_VALUE_SIZE, "%lld.%02lld", hundredths / 100, hundredths % 100);

    /* 2.50 is 2.5, and 3.00 is 3. */
    while (length > 0 && out[length - 1] == '0')
        out[--length] = '\0';
    if (length > 0 && out[length - 1] == '.')
        out[length - 1] = '\0';
    return out;
}

char *setting_format(const struct setting_row *row, long long value, char out[SETTING_VALUE_SIZE])
{
    const char *word = NULL;

    if (row->type == SETTING_BOOL)
        word = value != 0 ? "true" : "false";
    else if (row->type == SETTING_CHOICE)
        word = row->words[value];
    if (row->type == SETTING_SCORE)
        return score_format(value, out);
    if (word == NULL && scales[row->type].units != NULL)
        return format_scaled(scales[row->type].units, value, out);
    if (word != NULL)
        (void)snprintf(out, SETTING_VALUE_SIZE, "%s", word);
    else
        (void)snprintf(out, SETTING_VALUE_SIZE, "%lld", value);
    return out;
}

/* ---- reading --------------------------------------------------------------------------------- */

/* What setting_parse() and the functions below hand on. */
struct reading {
    const struct setting_row *row;
    const char *text;
    bool plain;
    const struct diag_place *place;
    struct diag *diag;
};

/* unit: the one that was probably meant, or NULL. */
static bool refuse_unit(const struct reading *r, const char *digits_end, const struct unit *unit)
{
    const char *accepted = scales[r->row->type].accepted;
    char quoted[DIAG_QUOTE_SIZE];
    char hint[64] = "";

    if (unit != NULL && digits_end - r->text < 20)
        (void)snprintf(hint, sizeof(hint), "did you mean '%.*s%s'?", (int)(digits_end - r->text),
                       r->text, unit->meant != NULL ? unit->meant : unit->name);
    if (*digits_end == '\0')
        diag_report(r->diag, HELO_ERROR, r->place, NULL, "%s: %s has no unit (accepted: %s)",
                    r->row->key, diag_quote(quoted, r->text), accepted);
    else
        diag_report(r->diag, HELO_ERROR, r->place, hint[0] != '\0' ? hint : NULL,
                    "%s: unknown unit in %s (accepted: %s)", r->row->key,
                    diag_quote(quoted, r->text), accepted);
    return false;
}

static bool refuse_range(const struct reading *r)
{
    char quoted[DIAG_QUOTE_SIZE];
    char min[SETTING_VALUE_SIZE];
    char max[SETTING_VALUE_SIZE];

    diag_report(r->diag, HELO_ERROR, r->place, NULL, "%s: %s is out of range (%s to %s)",
                r->row->key, diag_quote(quoted, r->text), setting_format(r->row, r->row->min, min),
                setting_format(r->row, r->row->max, max));
    return false;
}

static bool refuse_form(const struct reading *r)
{
    bool quotes = scales[r->row->type].units == NULL && !r->plain;
    char quoted[DIAG_QUOTE_SIZE];

    diag_report(r->diag, HELO_ERROR, r->place, quotes ? "write it without quotes" : NULL,
                "%s: %s is not %s", r->row->key, diag_quote(quoted, r->text),
                scales[r->row->type].example);
    return false;
}

/* Digits up to end, then what the type of the row allows. */
static bool has_form(const struct reading *r, const char *end)
{
    if (end == r->text || (r->text[0] == '0' && end - r->text > 1))
        return false; /* 010 is eight for some and ten for others */
    if (scales[r->row->type].units != NULL)
        return *end != '.' && *end != ',';
    return *end == '\0' && r->plain; /* in quotes it is a text */
}

static bool parse_scaled(const struct reading *r, long long *out)
{
    const struct unit *units = scales[r->row->type].units;
    const char *end = r->text + strspn(r->text, "0123456789");
    long long factor = 1;
    long long value = 0;

    if (!has_form(r, end))
        return refuse_form(r);
    if (units != NULL) {
        const struct unit *unit = find_unit(units, end + strspn(end, " "));

        if (unit == NULL || unit->meant != NULL || *end == ' ')
            return refuse_unit(r, end, unit);
        factor = unit->factor;
    }
    for (const char *p = r->text; p < end; p++) {
        value = value * 10 + (*p - '0');
        if (value > r->row->max / factor)
            return refuse_range(r);
    }
    if (value * factor < r->row->min)
        return refuse_range(r);
    *out = value * factor;
    return true;
}

bool score_parse(const char *text, long long *out)
{
    size_t whole = strspn(text, "0123456789");
    const char *rest = text + whole;
    size_t decimals = *rest == '.' ? strspn(rest + 1, "0123456789") : 0;
    long long value = 0;

    if (whole == 0 || whole > 6 || (text[0] == '0' && whole > 1))
        return false;
    if (*rest == '.' ? decimals == 0 || decimals > 2 || rest[1 + decimals] != '\0' : *rest != '\0')
        return false;
    for (size_t i = 0; i < whole; i++)
        value = value * 10 + (text[i] - '0');
    for (size_t i = 0; i < 2; i++)
        value = value * 10 + (i < decimals ? rest[1 + i] - '0' : 0);
    *out = value;
    return true;
}

static bool parse_score(const struct reading *r, long long *out)
{
    long long value;

    if (!r->plain || !score_parse(r->text, &value))
        return refuse_form(r);
    if (value < r->row->min || value > r->row->max)
        return refuse_range(r);
    *out = value;
    return true;
}

static bool parse_bool(const struct reading *r, long long *out)
{
    static const struct {
        const char *word;
        const char *meant;
    } others[] = {{"yes", "true"},  {"on", "true"},    {"1", "true"},  {"y", "true"},
                  {"no", "false"},  {"off", "false"},  {"0", "false"}, {"n", "false"},
                  {"true", "true"}, {"false", "false"}};
    char quoted[DIAG_QUOTE_SIZE];
    char hint[40] = "";

    if (r->plain && (strcmp(r->text, "true") == 0 || strcmp(r->text, "false") == 0)) {
        *out = r->text[0] == 't';
        return true;
    }
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        if (text_equal_nocase(r->text, others[i].word))
            (void)snprintf(hint, sizeof(hint), "did you mean %s%s?", others[i].meant,
                           r->plain ? "" : ", without quotes");
    }
    diag_report(r->diag, HELO_ERROR, r->place, hint[0] != '\0' ? hint : NULL,
                "%s: %s is neither true nor false", r->row->key, diag_quote(quoted, r->text));
    return false;
}

static bool parse_choice(const struct reading *r, long long *out)
{
    char accepted[128] = "";
    char hint[64] = "";
    char quoted[DIAG_QUOTE_SIZE];
    const char *meant;
    size_t count = 0;
    size_t used = 0;

    for (; r->row->words[count] != NULL; count++) {
        if (strcmp(r->text, r->row->words[count]) == 0) {
            *out = (long long)count;
            return true;
        }
    }
    for (size_t i = 0; i < count && used < sizeof(accepted); i++)
        used += (size_t)snprintf(accepted + used, sizeof(accepted) - used, "%s%s",
                                 i > 0 ? ", " : "", r->row->words[i]);
    meant = diag_suggest(r->text, r->row->words, count);
    if (meant != NULL)
        (void)snprintf(hint, sizeof(hint), "did you mean '%s'?", meant);
    diag_report(r->diag, HELO_ERROR, r->place, meant != NULL ? hint : NULL,
                "%s: unknown value %s (accepted: %s)", r->row->key, diag_quote(quoted, r->text),
                accepted);
    return false;
}

bool setting_parse(const struct setting_row *row, const char *text, bool plain,
                   const struct diag_place *place, struct diag *diag, long long *out)
{
    static bool (*const parse[])(const struct reading *, long long *) = {
        [SETTING_NUMBER] = parse_scaled, [SETTING_DURATION] = parse_scaled,
        [SETTING_SIZE] = parse_scaled,   [SETTING_BOOL] = parse_bool,
        [SETTING_CHOICE] = parse_choice, [SETTING_SCORE] = parse_score,
    };
    const struct reading r = {row, text, plain, place, diag};

    return parse[row->type](&r, out);
}
