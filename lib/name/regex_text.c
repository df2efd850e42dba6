/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * regex_text.c - regular expressions as text, see regex_text.h
 *
 * One function takes the next token off an expression; both the rules and the hard names walk over
 * tokens. A token that is read otherwise by the engine costs a hard name that is less hard, no
 * more: the engine's own limits hold in any case.
 */
#include "name/regex_text.h"

#include <string.h>

#include "base/text.h"

enum token_kind {
    TOKEN_ONE,   /* one character of the name */
    TOKEN_NONE,  /* nothing of it: ^ $ \b */
    TOKEN_OPEN,  /* ( */
    TOKEN_LOOK,  /* (?= and its like */
    TOKEN_CLOSE, /* ) */
    TOKEN_OR,    /* | */
    TOKEN_REPEAT /* * + ? {n,m} */
};

struct token {
    enum token_kind kind;
    size_t length;   /* in the expression; 0: the expression ends */
    char sample;     /* of ONE: a character that it may be */
    unsigned least;  /* of REPEAT */
    bool many;       /* of REPEAT: more than once */
    const char *why; /* it is refused */
    size_t refused;  /* where in the token */
};

struct source {
    const char *text;
    size_t length;
};

/* A NUL past the end. */
static char char_at(const struct source *s, size_t at)
{
    return at < s->length ? s->text[at] : '\0';
}

static bool starts_with(const struct source *s, size_t at, const char *word)
{
    size_t length = strlen(word);

    return at + length <= s->length && memcmp(s->text + at, word, length) == 0;
}

/* ---- tokens ---------------------------------------------------------------------------------- */

static void read_escape(const struct source *s, size_t at, struct token *out)
{
    /* Letters, and what they may stand for: a character, or '\0' for none. */
    static const char known[] = "dDwWsSbBAzZ", samples[] = "0aa- a\0\0\0\0\0";
    char c = char_at(s, at + 1);
    const char *found = c != '\0' ? strchr(known, c) : NULL;
    bool is_word = (text_lower(c) >= 'a' && text_lower(c) <= 'z') || text_is_digit(c);

    *out = (struct token){.kind = TOKEN_ONE, .length = c != '\0' ? 2 : 1, .sample = text_lower(c)};
    if (found != NULL) {
        out->sample = samples[found - known];
        out->kind = out->sample != '\0' ? TOKEN_ONE : TOKEN_NONE;
    } else if (text_is_digit(c) || c == 'g' || c == 'k') {
        out->why = "back references are not accepted: groups capture nothing here";
    } else if (is_word) {
        out->why = "of letters behind a backslash only d D w W s S b B A z Z are accepted";
    }
}

/* The length of [:name:] at a '[' within a class, or 0. */
static size_t named_class(const struct source *s, size_t at)
{
    size_t i = at + 2;

    if (char_at(s, at) != '[' || char_at(s, at + 1) != ':')
        return 0;
    while (char_at(s, i) == '^' || (char_at(s, i) >= 'a' && char_at(s, i) <= 'z'))
        i++;
    return starts_with(s, i, ":]") ? i + 2 - at : 0;
}

/* One member of a class, or one end of a range. */
static void read_member(const struct source *s, size_t at, struct token *out)
{
    size_t named = named_class(s, at);

    *out = (struct token){.length = 1, .sample = text_lower(char_at(s, at))};
    if (char_at(s, at) == '\\')
        read_escape(s, at, out);
    if (named != 0)
        *out = (struct token){.length = named, .sample = strchr("dx", s->text[at + 2]) ? '0' : 'a'};
}

static void read_class(const struct source *s, size_t at, struct token *out)
{
    bool negated = char_at(s, at + 1) == '^';
    size_t i = at + 1 + negated;
    struct token member;

    *out = (struct token){.kind = TOKEN_ONE, .sample = 'a'};
    do {
        read_member(s, i, &member);
        if (member.why != NULL && out->why == NULL) {
            out->why = member.why;
            out->refused = i - at;
        }
        if (!negated && member.sample != '\0')
            out->sample = member.sample;
        i += member.length;
    } while (i < s->length && s->text[i] != ']');
    out->length = i < s->length ? i + 1 - at : s->length - at;
}

static void read_group(const struct source *s, size_t at, struct token *out)
{
    static const struct {
        const char *text;
        enum token_kind kind;
    } known[] = {
        {"(?:", TOKEN_OPEN}, {"(?>", TOKEN_OPEN},  {"(?=", TOKEN_LOOK},
        {"(?!", TOKEN_LOOK}, {"(?<=", TOKEN_LOOK}, {"(?<!", TOKEN_LOOK},
    };
    char next = char_at(s, at + 1);

    *out = (struct token){.kind = TOKEN_OPEN, .length = 1};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (starts_with(s, at, known[i].text)) {
            *out = (struct token){.kind = known[i].kind, .length = strlen(known[i].text)};
            return;
        }
    }
    if (next == '?' || next == '*')
        out->why = "of groups only ( (?: (?> (?= (?! (?<= (?<! are accepted; case is ignored "
                   "without an option";
}

/* {n}, {n,} {n,m} {,m}; false when the brace is itself. */
static bool read_braces(const struct source *s, size_t at, struct token *out)
{
    size_t i = at + 1;
    unsigned least = 0;
    bool comma;

    for (; text_is_digit(char_at(s, i)); i++)
        least = least < LIMIT_HELO_TEXT ? least * 10 + (unsigned)(s->text[i] - '0') : least;
    comma = char_at(s, i) == ',';
    i += comma;
    while (comma && text_is_digit(char_at(s, i)))
        i++;
    if (char_at(s, i) != '}' || i - at < 2)
        return false;
    *out = (struct token){.kind = TOKEN_REPEAT, .length = i + 1 - at, .least = least};
    out->many = comma || least > 1;
    return true;
}

/* The token at byte `at`. */
static void read_token(const struct source *s, size_t at, struct token *out)
{
    char c = char_at(s, at);

    *out = (struct token){.kind = TOKEN_ONE, .length = at < s->length, .sample = text_lower(c)};
    switch (c) {
    case '\\':
        read_escape(s, at, out);
        break;
    case '[':
        read_class(s, at, out);
        break;
    case '(':
        read_group(s, at, out);
        break;
    case '{':
        (void)read_braces(s, at, out);
        break;
    case ')':
        out->kind = TOKEN_CLOSE;
        break;
    case '|':
        out->kind = TOKEN_OR;
        break;
    case '^':
    case '$':
        out->kind = TOKEN_NONE;
        break;
    case '*':
    case '+':
    case '?':
        *out = (struct token){.kind = TOKEN_REPEAT, .length = 1, .least = c == '+'};
        out->many = c != '?';
        break;
    case '.':
        out->sample = 'a';
        break;
    default:
        break;
    }
}

const char *regex_text_fault(const char *text, size_t length, size_t *offset)
{
    struct source source = {.text = text, .length = length};
    struct token token;
    size_t at = 0;

    for (read_token(&source, 0, &token); token.length != 0; read_token(&source, at, &token)) {
        if (token.why != NULL) {
            *offset = at + token.refused;
            return token.why;
        }
        at += token.length;
    }
    return NULL;
}

/* ---- hard names ------------------------------------------------------------------------------ */

enum { NESTING = 32 }; /* deeper groups are not followed */

/* A text that an expression could match, as far as it was walked over. */
struct sketch {
    char text[LIMIT_HELO_TEXT];
    size_t length;
    size_t atom; /* where the text of the last character or group begins */
    size_t open[NESTING];
    bool is_look[NESTING];
    size_t depth;
};

static void sketch_add(struct sketch *k, char c)
{
    if (k->length < sizeof k->text)
        k->text[k->length++] = c;
}

/* The last character or group so many times, instead of once. */
static void sketch_repeat(struct sketch *k, unsigned times)
{
    size_t length = k->length - k->atom;

    for (size_t i = length; i < length * times && k->length < sizeof k->text; i++)
        sketch_add(k, k->text[k->atom + i % length]);
}

static void sketch_close(struct sketch *k)
{
    if (k->depth == 0)
        return;
    k->depth--;
    if (k->depth >= NESTING)
        return;
    k->atom = k->open[k->depth];
    if (k->is_look[k->depth])
        k->length = k->atom;
}

static void sketch_token(struct sketch *k, const struct token *token)
{
    switch (token->kind) {
    case TOKEN_ONE:
        k->atom = k->length;
        sketch_add(k, token->sample);
        break;
    case TOKEN_NONE:
        k->atom = k->length;
        break;
    case TOKEN_OPEN:
    case TOKEN_LOOK:
        if (k->depth < NESTING) {
            k->open[k->depth] = k->length;
            k->is_look[k->depth] = token->kind == TOKEN_LOOK;
        }
        k->depth++;
        break;
    case TOKEN_CLOSE:
        sketch_close(k);
        break;
    case TOKEN_OR: /* the last alternative counts */
        k->length = k->depth == 0 ? 0 : k->depth <= NESTING ? k->open[k->depth - 1] : k->length;
        k->atom = k->length;
        break;
    case TOKEN_REPEAT:
        sketch_repeat(k, token->least);
        break;
    }
}

/* Walks up to the n-th repetition, or to the end for the one behind the last; false: no more. */
static bool sketch_make(struct sketch *k, const struct source *source, unsigned n)
{
    struct token token;

    *k = (struct sketch){0};
    for (size_t at = 0;; at += token.length) {
        read_token(source, at, &token);
        if (token.length == 0)
            break;
        if (token.kind == TOKEN_REPEAT && token.many && n-- == 0)
            return true;
        sketch_token(k, &token);
    }
    k->atom = 0;
    return n == 0;
}

bool regex_hard_name(const char *text, size_t length, unsigned n, char out[LIMIT_HELO_TEXT + 1])
{
    static const char *const fixed[] = {"a", "0", "-", ".", "a.", "0-", "a-", "0.", "0-0.", "a0"};
    enum { FIXED = sizeof fixed / sizeof fixed[0] };
    struct source source = {.text = text, .length = length};
    struct sketch k = {.length = 0};
    unsigned which = n / 2;

    if (which >= FIXED && !sketch_make(&k, &source, which - FIXED))
        return false;
    for (const char *s = which < FIXED ? fixed[which] : ""; *s != '\0'; s++)
        sketch_add(&k, *s);
    if (k.length == k.atom)
        sketch_add(&k, 'a');
    for (size_t i = k.atom; k.length < sizeof k.text; i++)
        sketch_add(&k, k.text[i]);
    memcpy(out, k.text, sizeof k.text);
    out[sizeof k.text] = '\0';
    if (n % 2 != 0)
        out[sizeof k.text - 1] = '!';
    return true;
}
