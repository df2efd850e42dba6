/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * helo_name.c - parse and classify the argument of HELO or EHLO, see helo_name.h
 *
 * Every function here works on a slice of the argument and knows its offset, so that positions are
 * those of the bytes the client sent. The time taken is linear in the length of the argument.
 */
#include "name/helo_name.h"

#include <limits.h>
#include <string.h>

#include "base/text.h"
#include "name/domain.h"

/* Longer than any address: 45 characters of IPv6 with an IPv4 tail, or 4 numbers with some zeros in
 * front. */
enum { ADDRESS_SIZE = 64 };

struct slice {
    const char *bytes;
    size_t length;
    size_t offset; /* in the argument */
};

/* ---- slices ---------------------------------------------------------------------------------- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool is_alnum(char c)
{
    char lower = text_lower(c);

    return text_is_digit(c) || (lower >= 'a' && lower <= 'z');
}

static bool is_hex(char c)
{
    char lower = text_lower(c);

    return text_is_digit(c) || (lower >= 'a' && lower <= 'f');
}

static bool all_are(struct slice s, bool (*is)(char c))
{
    size_t i = 0;

    while (i < s.length && is(s.bytes[i]))
        i++;
    return i == s.length;
}

static struct slice part(struct slice s, size_t first, size_t length)
{
    return (struct slice){.bytes = s.bytes + first, .length = length, .offset = s.offset + first};
}

static struct slice trim(struct slice s)
{
    while (s.length != 0 && is_blank(s.bytes[s.length - 1]))
        s.length--;
    while (s.length != 0 && is_blank(s.bytes[0]))
        s = part(s, 1, s.length - 1);
    return s;
}

/* The index of c, or the length. */
static size_t find(struct slice s, char c)
{
    const char *at = s.length != 0 ? memchr(s.bytes, c, s.length) : NULL;

    return at != NULL ? (size_t)(at - s.bytes) : s.length;
}

/* As a string; false when it is too long for an address or has a NUL inside. */
static bool as_address_text(struct slice s, char out[ADDRESS_SIZE])
{
    if (s.length >= ADDRESS_SIZE || find(s, '\0') != s.length)
        return false;
    memcpy(out, s.bytes, s.length);
    out[s.length] = '\0';
    return true;
}

/* ---- faults ---------------------------------------------------------------------------------- */

static void set_fault(struct helo_name *out, enum helo_name_kind kind, enum helo_fault fault,
                      size_t position)
{
    out->kind = kind;
    out->fault = fault;
    out->position = position <= UINT_MAX ? (unsigned)position : UINT_MAX;
}

/* What no HELO may have anywhere, or NONE. */
static enum helo_fault byte_fault(char c)
{
    unsigned char byte = (unsigned char)c;

    if (is_blank(c))
        return HELO_FAULT_BLANK;
    if (byte < 0x20 || byte == 0x7f)
        return HELO_FAULT_CONTROL;
    return byte > 0x7f ? HELO_FAULT_EIGHT_BIT : HELO_FAULT_NONE;
}

/* "host:25", "http://host", "host/path": something is glued on at the ':' or '/' that is at. */
static bool is_port_or_url(struct slice s, size_t at)
{
    struct slice rest = part(s, at + 1, s.length - at - 1);

    if (s.bytes[at] == '/')
        return at != 0;
    if (s.bytes[at] != ':' || at == 0)
        return false;
    if (rest.length >= 2 && rest.bytes[0] == '/' && rest.bytes[1] == '/')
        return true;
    rest.length = find(rest, '/');
    return rest.length != 0 && all_are(rest, text_is_digit);
}

const char *helo_fault_text(enum helo_fault fault)
{
    static const char *const texts[] = {
#define FAULT_TEXT(name, text) [HELO_FAULT_##name] = text,
        HELO_FAULT_LIST(FAULT_TEXT)
#undef FAULT_TEXT
    };

    return (size_t)fault < sizeof texts / sizeof texts[0] ? texts[fault] : "";
}

/* ---- literals -------------------------------------------------------------------------------- */

/* RFC 5321 4.1.3 Snum: one to three digits, decimal whatever they begin with. */
static bool parse_snums(struct slice s, struct ip *out)
{
    char quad[ADDRESS_SIZE];
    size_t length = 0;
    size_t first = 0, start = 0; /* of the present number, in s and in quad */

    if (s.length >= sizeof quad)
        return false;
    for (size_t i = 0; i < s.length; i++) {
        char c = s.bytes[i];
        bool is_last = i + 1 == s.length || s.bytes[i + 1] == '.';

        if (c == '.') {
            quad[length++] = c;
            first = i + 1;
            start = length;
        } else if (!text_is_digit(c) || i - first >= 3) {
            return false;
        } else if (c != '0' || is_last || length != start) { /* no zero in front */
            quad[length++] = c;
        }
    }
    quad[length] = '\0';
    return ip_parse(quad, out);
}

static bool parse_v6(struct slice s, struct ip *out)
{
    char text[ADDRESS_SIZE];

    return find(s, ':') != s.length && as_address_text(s, text) && ip_parse(text, out);
}

/* The content of an IPv6 literal, after its tag if it has one. */
static void parse_v6_literal(struct helo_name *out, struct slice s)
{
    size_t zone = find(s, '%');

    if (parse_v6(s, &out->address)) {
        out->kind = HELO_NAME_LITERAL;
    } else if (zone != s.length && parse_v6(part(s, 0, zone), &out->address)) {
        out->address = (struct ip){.family = IP_NONE};
        set_fault(out, HELO_NAME_BAD_LITERAL, HELO_FAULT_LITERAL_ZONE, s.offset + zone + 1);
    } else {
        set_fault(out, HELO_NAME_BAD_LITERAL, HELO_FAULT_LITERAL_ADDRESS, s.offset + 1);
    }
}

static bool is_tag_character(char c)
{
    return is_alnum(c) || c == '-';
}

/* RFC 5321 4.1.3 dcontent: printable, but for the brackets and the backslash. */
static bool is_dcontent(char c)
{
    return c >= '!' && c <= '~' && c != '[' && c != '\\' && c != ']';
}

/* RFC 5321 4.1.3 General-address-literal: Standardized-tag ":" 1*dcontent, the tag an Ldh-str. */
static bool is_general(struct slice s)
{
    size_t colon = find(s, ':');
    struct slice tag = part(s, 0, colon);

    if (colon == 0 || colon + 1 >= s.length || (colon <= 4 && all_are(tag, is_hex)))
        return false;
    return all_are(tag, is_tag_character) && is_alnum(s.bytes[colon - 1]) &&
           all_are(s, is_dcontent);
}

static bool has_v6_tag(struct slice s)
{
    static const char tag[] = "ipv6:";
    size_t i = 0;

    while (i < sizeof tag - 1 && i < s.length && text_lower(s.bytes[i]) == tag[i])
        i++;
    return i == sizeof tag - 1;
}

/* What stands between the brackets. */
static void parse_content(struct helo_name *out, struct slice s)
{
    for (size_t i = 0; i < s.length; i++) {
        enum helo_fault fault = byte_fault(s.bytes[i]);

        if (fault != HELO_FAULT_NONE) {
            set_fault(out, HELO_NAME_BAD_LITERAL, fault, s.offset + i + 1);
            return;
        }
    }
    if (s.length == 0) {
        set_fault(out, HELO_NAME_BAD_LITERAL, HELO_FAULT_LITERAL_EMPTY, s.offset + 1);
    } else if (parse_snums(s, &out->address)) {
        out->kind = HELO_NAME_LITERAL;
    } else if (has_v6_tag(s)) {
        parse_v6_literal(out, part(s, 5, s.length - 5));
    } else if (is_general(s)) {
        out->kind = HELO_NAME_LITERAL_GENERAL;
    } else {
        parse_v6_literal(out, s);
        out->obsolete_form = out->kind == HELO_NAME_LITERAL;
    }
}

/* RFC 5321 4.1.1.1: "optionally followed by information that will help to identify the client
 * system". */
static void parse_literal(struct helo_name *out, struct slice s)
{
    size_t close = find(s, ']');

    if (close == s.length) {
        set_fault(out, HELO_NAME_BAD_LITERAL, HELO_FAULT_LITERAL_OPEN, 0);
        return;
    }
    parse_content(out, part(s, 1, close - 1));
    if (out->fault == HELO_FAULT_NONE && close + 1 < s.length && !is_blank(s.bytes[close + 1])) {
        out->address = (struct ip){.family = IP_NONE};
        out->obsolete_form = false;
        set_fault(out, HELO_NAME_BAD_LITERAL, HELO_FAULT_LITERAL_TAIL, s.offset + close + 2);
    }
}

/* ---- addresses without brackets, and domains ------------------------------------------------- */

static bool parse_bare_address(struct helo_name *out, struct slice s)
{
    char text[ADDRESS_SIZE];

    if (s.length != 0 && s.bytes[s.length - 1] == '.')
        s.length--;
    if (!as_address_text(s, text))
        return false;
    if (!ip_parse(text, &out->address)) {
        /* Who pads with zeros, as in 192.000.002.010, means them as decimal. */
        out->integer_like = parse_snums(s, &out->address) || ip_parse_loose(text, &out->address);
        if (!out->integer_like)
            return false;
    }
    out->kind = HELO_NAME_BARE_IP;
    return true;
}

static enum helo_fault character_fault(struct slice s, size_t at)
{
    enum helo_fault fault = byte_fault(s.bytes[at]);

    if (fault == HELO_FAULT_NONE)
        fault = is_port_or_url(s, at) ? HELO_FAULT_PORT_OR_URL : HELO_FAULT_CHARACTER;
    return fault;
}

/* Asked here once: many checks want to know, for each recipient. */
static void find_owner(struct helo_name *out)
{
    size_t length = strlen(out->domain);
    const char *organisation = domain_organisation(out->domain);
    const char *registrable = domain_registrable(out->domain);

    out->organisation =
        (uint8_t)(organisation != NULL ? (size_t)(organisation - out->domain) : length);
    out->registrable =
        (uint8_t)(registrable != NULL ? (size_t)(registrable - out->domain) : length);
    out->public_suffix = domain_has_public_suffix(out->domain);
}

const char *helo_organisation(const struct helo_name *name)
{
    const char *organisation = name->domain + name->organisation;

    return organisation[0] != '\0' ? organisation : NULL;
}

const char *helo_registrable(const struct helo_name *name)
{
    const char *registrable = name->domain + name->registrable;

    return registrable[0] != '\0' ? registrable : NULL;
}

static void parse_domain(struct helo_name *out, struct slice s)
{
    static const enum helo_fault faults[] = {
        [DOMAIN_OK] = HELO_FAULT_NONE,
        [DOMAIN_CHARACTER] = HELO_FAULT_CHARACTER,
        [DOMAIN_EMPTY_LABEL] = HELO_FAULT_EMPTY_LABEL,
        [DOMAIN_LABEL_LENGTH] = HELO_FAULT_LABEL_LENGTH,
        [DOMAIN_NAME_LENGTH] = HELO_FAULT_NAME_LENGTH,
        [DOMAIN_HYPHEN] = HELO_FAULT_HYPHEN,
        [DOMAIN_NUMERIC_TLD] = HELO_FAULT_NUMERIC_TLD,
    };
    struct domain_finding found = domain_check(s.bytes, s.length);
    enum helo_fault fault = faults[found.fault];
    size_t length = s.length;

    if (found.fault == DOMAIN_CHARACTER)
        fault = character_fault(s, found.offset);
    if (fault != HELO_FAULT_NONE) {
        bool whole = fault == HELO_FAULT_NAME_LENGTH;

        set_fault(out, HELO_NAME_BAD, fault, whole ? 0 : s.offset + found.offset + 1);
        return;
    }
    out->kind = HELO_NAME_DOMAIN;
    out->underscore = found.underscore;
    length -= s.bytes[length - 1] == '.';
    memcpy(out->domain, s.bytes, length);
    out->domain[length] = '\0';
    text_lower_all(out->domain);
    out->labels = domain_labels(out->domain);
    find_owner(out);
}

/* ---- the argument ---------------------------------------------------------------------------- */

void helo_name_parse(struct helo_name *out, const char *argument, size_t length)
{
    struct slice s = trim((struct slice){.bytes = argument, .length = length});

    memset(out, 0, sizeof *out);
    (void)text_printable(out->text, sizeof out->text, argument, length);
    if (s.length == 0) {
        set_fault(out, HELO_NAME_BAD, HELO_FAULT_EMPTY, 0);
    } else if (s.bytes[0] == '[') {
        parse_literal(out, s);
    } else if (!parse_bare_address(out, s)) {
        parse_domain(out, s);
    }
}
