/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * zone_text.c - helo_zone_add() and helo_zone_load(): lines of a zone
 *
 * PURPOSE  "NAME [TTL] [IN] TYPE DATA", or a marker in place of TYPE and DATA; see helo.h.
 * CONTRACT Names hold letters, digits, hyphens and underscores; case and one trailing dot do not
 *          matter. The first label of an owner may be "*" (RFC 4592). An MX may be "PREFERENCE
 *          NAME" or just NAME; "." for NAME says that there is no MX (RFC 7505). A TTL that is not
 *          said is 300. Every word that is wrong is reported with its column and with what would be
 *          accepted; a file is read to its end whatever it holds.
 * THREADS  none of its own.
 * LIMITS   Lines of LIMIT_LINE bytes; LIMIT_DIAGNOSTICS findings of one file are passed on.
 * STANDARDS RFC 1035 5.1. Not: $ORIGIN, $TTL, $INCLUDE, relative names, "@", parentheses, quoting.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/mem.h"
#include "base/text.h"
#include "dns/zone.h"
#include "dns/zone_store.h"
#include "name/domain.h"

enum {
    LIMIT_LINE = 1024, /* two names of 253 characters and some numbers are 600 */
    MAX_WORDS = 7,     /* NAME TTL IN MX PREFERENCE NAME, and one too many */
    DEFAULT_TTL_S = 300
};

static const char what_is_accepted[] =
    "A, AAAA, MX, PTR, CNAME, or NXDOMAIN, NODATA, SERVFAIL, REFUSED, TIMEOUT, MALFORMED";

/* What may stand in the place of TYPE. Order: as in what_is_accepted. */
static const struct kind {
    const char *word;
    enum zone_marker marker;
    enum dns_type type; /* when marker is ZONE_NONE */
} kinds[] = {
    {"A", ZONE_NONE, DNS_A},
    {"AAAA", ZONE_NONE, DNS_AAAA},
    {"MX", ZONE_NONE, DNS_MX},
    {"PTR", ZONE_NONE, DNS_PTR},
    {"CNAME", ZONE_NONE, DNS_CNAME},
    {"NXDOMAIN", ZONE_NXDOMAIN, DNS_A},
    {"NODATA", ZONE_NODATA, DNS_A},
    {"SERVFAIL", ZONE_SERVFAIL, DNS_A},
    {"REFUSED", ZONE_REFUSED, DNS_A},
    {"TIMEOUT", ZONE_TIMEOUT, DNS_A},
    {"MALFORMED", ZONE_MALFORMED, DNS_A},
};

enum { KIND_COUNT = sizeof kinds / sizeof kinds[0] };

/* Who hears of findings, and how many there were. */
struct listener {
    helo_diag_fn *fn;
    void *arg;
    unsigned given;
};

/* A line being read. */
struct cursor {
    struct listener *listener;
    const char *path;
    unsigned line;
    const char *source;        /* the line, for the diagnostic */
    char text[LIMIT_LINE];     /* the same, cut into words by NULs */
    char *word[MAX_WORDS + 1]; /* NULL behind the last */
    size_t words;
    size_t at; /* the word being looked at */
};

/* ---- findings ------------------------------------------------------------------------------ */

/* Returns false, for the caller to pass on. column 0: the line as a whole. */
static bool complain(struct cursor *c, size_t column, const char *hint, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static bool complain(struct cursor *c, size_t column, const char *hint, const char *format, ...)
{
    char message[256];
    struct helo_diag diag = {.severity = HELO_ERROR,
                             .path = c->path,
                             .line = c->line,
                             .column = (unsigned)column,
                             .message = message,
                             .source = c->source,
                             .hint = hint};
    va_list ap;

    if (c->listener->fn == NULL || ++c->listener->given > LIMIT_DIAGNOSTICS)
        return false;
    va_start(ap, format);
    (void)vsnprintf(message, sizeof message, format, ap);
    va_end(ap);
    if (c->listener->given == LIMIT_DIAGNOSTICS)
        diag = (struct helo_diag){
            .severity = HELO_NOTE, .path = c->path, .message = "more findings are left out"};
    c->listener->fn(c->listener->arg, &diag);
    return false;
}

/* 1-based column of the word being looked at; behind the last word when there is none. */
static size_t column_of(const struct cursor *c, size_t word)
{
    if (word < c->words)
        return (size_t)(c->word[word] - c->text) + 1;
    if (c->words == 0)
        return 1;
    return (size_t)(c->word[c->words - 1] - c->text) + strlen(c->word[c->words - 1]) + 1;
}

static bool wrong(struct cursor *c, const char *what, const char *accepted)
{
    char quoted[DIAG_QUOTE_SIZE];

    if (c->at >= c->words)
        return complain(c, column_of(c, c->at), NULL, "%s is missing; accepted is %s", what,
                        accepted);
    return complain(c, column_of(c, c->at), NULL, "%s is not %s; accepted is %s",
                    diag_quote(quoted, c->word[c->at]), what, accepted);
}

/* ---- words --------------------------------------------------------------------------------- */

/* Returns false when the line is too long; a comment and what follows are gone afterwards. */
static bool split(struct cursor *c, const char *text)
{
    size_t length = strcspn(text, ";#\r\n");
    char *p = c->text;

    if (length >= sizeof c->text)
        return false;
    memcpy(c->text, text, length);
    c->text[length] = '\0';
    while (c->words < MAX_WORDS && *(p += strspn(p, " \t")) != '\0') {
        c->word[c->words++] = p;
        p += strcspn(p, " \t");
        if (*p != '\0')
            *p++ = '\0';
    }
    return true;
}

static bool parse_number(const char *word, unsigned long most, unsigned long *out)
{
    char *end;

    if (*word < '0' || *word > '9')
        return false;
    errno = 0;
    *out = strtoul(word, &end, 10);
    return errno == 0 && *end == '\0' && *out <= most;
}

static bool parse_name(const char *word, char out[LIMIT_NAME_CHARS + 1])
{
    return domain_normalise(out, word) && domain_is_host_name(out, true);
}

/* ---- the parts of a line ------------------------------------------------------------------- */

/* An address in place of a reverse name is put down in *is_address: only a PTR may follow. */
static bool read_owner(struct cursor *c, struct zone_line *line, bool *is_address)
{
    const char *word = c->word[0];
    struct ip address;
    bool star = strncmp(word, "*.", 2) == 0;

    *is_address = ip_parse(word, &address);
    if (*is_address)
        ip_reverse_name(&address, line->owner);
    else if (!domain_normalise(line->owner, word) ||
             !domain_is_host_name(line->owner + (star ? 2 : 0), true))
        return wrong(
            c, "a name",
            "letters, digits, hyphens, underscores and dots, \"*.\" in front, or an address");
    c->at = 1;
    return true;
}

static bool read_ttl(struct cursor *c, struct zone_line *line)
{
    unsigned long ttl_s = DEFAULT_TTL_S;

    if (c->at < c->words && c->word[c->at][0] >= '0' && c->word[c->at][0] <= '9') {
        if (!parse_number(c->word[c->at], 0x7fffffff, &ttl_s))
            return wrong(c, "a time to live", "a number of seconds below 2147483648 (RFC 2181 8)");
        c->at++;
    }
    line->ttl_s = (uint32_t)ttl_s;
    if (c->at < c->words && text_equal_nocase(c->word[c->at], "IN"))
        c->at++;
    return true;
}

static bool read_kind(struct cursor *c, struct zone_line *line)
{
    const char *words[KIND_COUNT];
    char quoted[DIAG_QUOTE_SIZE];
    char hint[64];
    const char *meant;

    if (c->at >= c->words)
        return wrong(c, "a type", what_is_accepted);
    for (size_t i = 0; i < KIND_COUNT; i++) {
        words[i] = kinds[i].word;
        if (text_equal_nocase(c->word[c->at], kinds[i].word)) {
            line->marker = kinds[i].marker;
            line->type = kinds[i].type;
            c->at++;
            return true;
        }
    }
    meant = diag_suggest(c->word[c->at], words, KIND_COUNT);
    if (meant != NULL)
        (void)snprintf(hint, sizeof hint, "did you mean %s?", meant);
    return complain(c, column_of(c, c->at), meant == NULL ? NULL : hint,
                    "%s is not a type; accepted is %s", diag_quote(quoted, c->word[c->at]),
                    what_is_accepted);
}

static bool read_address(struct cursor *c, struct zone_line *line)
{
    bool v4 = line->type == DNS_A;
    const char *word = c->at < c->words ? c->word[c->at] : "";

    /*
     * A mapped IPv6 address is IPv4 once parsed, and is no data of an A record; a real server would
     * not serve it.
     */
    if (!ip_parse(word, &line->address) || line->address.family != (v4 ? IP_V4 : IP_V6))
        return v4 ? wrong(c, "an IPv4 address", "four numbers, as in 192.0.2.1")
                  : wrong(c, "an IPv6 address", "RFC 4291 text, as in 2001:db8::1");
    c->at++;
    return true;
}

static bool read_target(struct cursor *c, struct zone_line *line)
{
    unsigned long preference;

    if (line->type == DNS_MX && c->at + 1 < c->words) {
        if (!parse_number(c->word[c->at], 65535, &preference))
            return wrong(c, "a preference", "a number up to 65535");
        c->at++;
    }
    if (line->type == DNS_MX && c->at < c->words && strcmp(c->word[c->at], ".") == 0)
        line->target[0] = '\0';
    else if (c->at >= c->words || !parse_name(c->word[c->at], line->target))
        return wrong(c, "a host name", "letters, digits, hyphens, underscores and dots");
    c->at++;
    return true;
}

static bool read_data(struct cursor *c, struct zone_line *line)
{
    if (line->marker != ZONE_NONE)
        return true;
    return line->type == DNS_A || line->type == DNS_AAAA ? read_address(c, line)
                                                         : read_target(c, line);
}

static bool read_line(struct cursor *c, struct zone_line *line)
{
    char quoted[DIAG_QUOTE_SIZE];
    bool is_address = false;

    if (!read_owner(c, line, &is_address) || !read_ttl(c, line) || !read_kind(c, line))
        return false;
    if (is_address && line->marker == ZONE_NONE && line->type != DNS_PTR)
        return complain(c, 1, NULL,
                        "an address can only have a PTR or a marker; accepted is a name");
    if (!read_data(c, line))
        return false;
    if (c->at < c->words)
        return complain(c, column_of(c, c->at), NULL,
                        "%s is one word too many; accepted is NAME [TTL] [IN] TYPE DATA",
                        diag_quote(quoted, c->word[c->at]));
    return true;
}

static enum helo_status store(helo_zone *zone, struct cursor *c, const struct zone_line *line)
{
    switch (zone_put(zone, line)) {
    case ZONE_PUT_OK:
        return HELO_OK;
    case ZONE_PUT_NOMEM:
        return HELO_NOMEM;
    case ZONE_PUT_FULL:
        (void)complain(c, 0, NULL, "the zone is full; accepted are %d records", LIMIT_ZONE_RECORDS);
        return HELO_LIMIT;
    case ZONE_PUT_MARKED:
        break;
    }
    (void)complain(
        c, 1, NULL,
        "the name has records and a marker, or two markers; accepted is one marker alone");
    return HELO_INVALID;
}

static enum helo_status add(helo_zone *zone, const char *text, const char *path, unsigned number,
                            struct listener *listener)
{
    struct cursor c = {.listener = listener, .path = path, .line = number, .source = text};
    struct zone_line line = {.ttl_s = DEFAULT_TTL_S};

    if (!split(&c, text)) {
        (void)complain(&c, 0, NULL, "the line is too long; accepted are %d bytes", LIMIT_LINE - 1);
        return HELO_INVALID;
    }
    if (c.words == 0)
        return HELO_OK;
    return read_line(&c, &line) ? store(zone, &c, &line) : HELO_INVALID;
}

/* ---- public -------------------------------------------------------------------------------- */

enum helo_status helo_zone_add(helo_zone *zone, const char *text, const char *path, unsigned line,
                               helo_diag_fn *fn, void *arg)
{
    struct listener listener = {.fn = fn, .arg = arg};

    return add(zone, text, path, line, &listener);
}

/* The next line without its end; what does not fit is passed over. False at the end of the file. */
static bool next_line(FILE *file, char *out, size_t size)
{
    size_t length = 0;
    int ch = getc(file);

    if (ch == EOF)
        return false;
    for (; ch != EOF && ch != '\n'; ch = getc(file))
        if (length + 1 < size)
            out[length++] = ch == '\0' ? '\x01' : (char)ch; /* not an end, but still in no name */
    out[length] = '\0';
    return true;
}

/* The first failure is the one returned, but for a lack of room, which ends it all. */
static enum helo_status add_lines(helo_zone *zone, FILE *file, const char *path,
                                  struct listener *listener)
{
    enum helo_status result = HELO_OK;
    char text[LIMIT_LINE + 1]; /* one more than is accepted, so that it is seen */

    for (unsigned number = 1; next_line(file, text, sizeof text); number++) {
        enum helo_status status = add(zone, text, path, number, listener);

        if (status == HELO_NOMEM || status == HELO_LIMIT)
            return status;
        if (result == HELO_OK)
            result = status;
    }
    return ferror(file) != 0 ? HELO_IO : result;
}

enum helo_status helo_zone_load(helo_zone *zone, const char *path, helo_diag_fn *fn, void *arg)
{
    struct listener listener = {.fn = fn, .arg = arg};
    enum helo_status status;
    FILE *file = fopen(path, "re");

    if (file == NULL)
        return HELO_IO;
    status = add_lines(zone, file, path, &listener);
    (void)fclose(file);
    return status;
}
