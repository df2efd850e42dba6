/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ip.c - addresses, see ip.h (networks: ip_set.c)
 */
#include "base/ip.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "base/limits.h"
#include "base/text.h"

enum { V4_BYTES = 4, V6_BYTES = 16, V6_WORDS = 8, MAPPED_BYTES = 12, DOTTED_ZEROS = 5 };

static const uint8_t mapped_prefix[MAPPED_BYTES] = {[10] = 0xff, [11] = 0xff};

/* ---- parse ----------------------------------------------------------------------------------- */

static struct ip from_v4(const uint8_t bytes[V4_BYTES])
{
    struct ip ip = {.family = IP_V4};

    memcpy(ip.bytes, bytes, V4_BYTES);
    return ip;
}

static struct ip from_v6(const uint8_t bytes[V6_BYTES])
{
    struct ip ip = {.family = IP_V6};

    if (memcmp(bytes, mapped_prefix, MAPPED_BYTES) == 0)
        return from_v4(bytes + MAPPED_BYTES);
    memcpy(ip.bytes, bytes, V6_BYTES);
    return ip;
}

/* inet_pton() is as strict as wanted: no leading zeros in a dotted quad, no zone id. */
bool ip_parse(const char *s, struct ip *out)
{
    uint8_t bytes[V6_BYTES];

    if (inet_pton(AF_INET, s, bytes) == 1) {
        *out = from_v4(bytes);
        return true;
    }
    if (inet_pton(AF_INET6, s, bytes) == 1) {
        *out = from_v6(bytes);
        return true;
    }
    return false;
}

static int digit_value(char c)
{
    if (text_is_digit(c))
        return c - '0';
    c = text_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* One number as C writes it: 0x for hexadecimal, 0 for octal. Returns what follows it, or NULL. */
static const char *parse_number(const char *s, uint32_t *out)
{
    uint64_t value = 0;
    int base = 10, digit;
    const char *first;

    if (s[0] == '0' && text_lower(s[1]) == 'x') {
        base = 16;
        s += 2;
    } else if (s[0] == '0') {
        base = 8;
    }
    for (first = s; (digit = digit_value(*s)) >= 0 && digit < base; s++) {
        value = value * (unsigned)base + (unsigned)digit;
        if (value > UINT32_MAX)
            return NULL;
    }
    *out = (uint32_t)value;
    return s != first ? s : NULL;
}

/*
 * Not inet_aton() itself: that takes text after a blank, and trusts the C library's idea of which
 * forms there are. Of N numbers the first N-1 are a byte each, and the last fills the rest.
 */
bool ip_parse_loose(const char *s, struct ip *out)
{
    uint32_t value = 0, number;
    unsigned shift = 32;
    struct ip strict;

    if (ip_parse(s, &strict))
        return false;
    for (int part = 0; part < V4_BYTES; part++) {
        s = parse_number(s, &number);
        if (s == NULL)
            return false;
        if (*s == '\0') {
            if (shift < 32 && number >> shift != 0)
                return false;
            value |= number;
            *out = from_v4((const uint8_t[]){(uint8_t)(value >> 24), (uint8_t)(value >> 16),
                                             (uint8_t)(value >> 8), (uint8_t)value});
            return true;
        }
        if (*s != '.' || number > UINT8_MAX)
            return false;
        s++;
        shift -= 8;
        value |= number << shift;
    }
    return false;
}

bool ip_parse_tagged(const char *s, struct ip *out)
{
    static const char tag[] = "ipv6:";
    size_t i = 0;

    while (tag[i] != '\0' && text_lower(s[i]) == tag[i])
        i++;
    return tag[i] == '\0' ? strchr(s + i, ':') != NULL && ip_parse(s + i, out) : ip_parse(s, out);
}

bool ip_from_sockaddr(const struct sockaddr *sa, struct ip *out)
{
    if (sa == NULL)
        return false;
    /* Copied, since the caller's storage need not be aligned for the larger types. */
    if (sa->sa_family == AF_INET) {
        struct sockaddr_in in;

        memcpy(&in, sa, sizeof in);
        *out = from_v4((const uint8_t *)&in.sin_addr);
        return true;
    }
    if (sa->sa_family == AF_INET6) {
        struct sockaddr_in6 in6;

        memcpy(&in6, sa, sizeof in6);
        *out = from_v6(in6.sin6_addr.s6_addr);
        return true;
    }
    return false;
}

/* ---- format and compare ---------------------------------------------------------------------- */

char *ip_put_byte(char *at, uint8_t byte)
{
    if (byte >= 100)
        *at++ = (char)('0' + byte / 100);
    if (byte >= 10)
        *at++ = (char)('0' + byte / 10 % 10);
    *at++ = (char)('0' + byte % 10);
    return at;
}

/* The next two are what inet_ntop() does; it goes through sprintf(), which a policy of 100,000
 * networks feels, and a busy log. */
static void format_v4(const uint8_t *bytes, char *out)
{
    for (unsigned i = 0; i < V4_BYTES; i++) {
        out = ip_put_byte(out, bytes[i]);
        *out++ = i + 1 < V4_BYTES ? '.' : '\0';
    }
}

static char *put_word(char *at, unsigned word)
{
    static const char hex[] = "0123456789abcdef";

    for (unsigned shift = 16; shift > 0; shift -= 4) {
        if (word >> (shift - 4) != 0 || shift == 4)
            *at++ = hex[word >> (shift - 4) & 0xf];
    }
    return at;
}

/* The length of the longest run of zero words, and where the first such begins; 0: none of two. */
static unsigned longest_zeros(const unsigned *words, unsigned *start)
{
    unsigned longest = 1, run = 0;

    *start = 0;
    for (unsigned i = 0; i < V6_WORDS; i++) {
        run = words[i] == 0 ? run + 1 : 0;
        if (run > longest) {
            longest = run;
            *start = i + 1 - run;
        }
    }
    return longest > 1 ? longest : 0;
}

/* RFC 5952 4. */
static void format_v6(const uint8_t *bytes, char *out)
{
    unsigned words[V6_WORDS], start, zeros;

    for (unsigned i = 0; i < V6_WORDS; i++)
        words[i] = (unsigned)bytes[2 * i] << 8 | bytes[2 * i + 1];
    zeros = longest_zeros(words, &start);
    if (zeros >= DOTTED_ZEROS && start == 0) {
        /* RFC 5952 5: what may have an IPv4 address in it. The size is enough: it cannot fail. */
        (void)inet_ntop(AF_INET6, bytes, out, IP_TEXT_SIZE);
        return;
    }
    for (unsigned i = 0; i < V6_WORDS;) {
        if (zeros != 0 && i == start) {
            *out++ = ':';
            i += zeros;
            if (i == V6_WORDS)
                *out++ = ':';
        } else {
            if (i != 0)
                *out++ = ':';
            out = put_word(out, words[i++]);
        }
    }
    *out = '\0';
}

char *ip_format(const struct ip *ip, char out[IP_TEXT_SIZE])
{
    out[0] = '\0';
    if (ip->family == IP_V4)
        format_v4(ip->bytes, out);
    else if (ip->family == IP_V6)
        format_v6(ip->bytes, out);
    return out;
}

bool ip_equal(const struct ip *a, const struct ip *b)
{
    return a->family == b->family && memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

bool ip_same_prefix(const struct ip *a, const struct ip *b, unsigned bits)
{
    unsigned whole = bits / 8, rest = bits % 8;

    if (a->family != b->family || bits > sizeof a->bytes * 8 ||
        memcmp(a->bytes, b->bytes, whole) != 0) {
        return false;
    }
    return rest == 0 || (a->bytes[whole] ^ b->bytes[whole]) >> (8 - rest) == 0;
}

/* ---- what an address may be used for --------------------------------------------------------- */

struct ip_class_row {
    uint8_t prefix[6];
    uint8_t bits;
    enum ip_class class;
};

/* The first row that fits counts. What RFC 6890 calls global stays public. */
static const struct ip_class_row v4_classes[] = {
    {{0}, 8, IP_UNSPECIFIED},               /* RFC 1122 3.2.1.3 */
    {{10}, 8, IP_PRIVATE},                  /* RFC 1918 */
    {{100, 64}, 10, IP_PRIVATE},            /* RFC 6598 */
    {{127}, 8, IP_LOOPBACK},                /* RFC 1122 3.2.1.3 */
    {{169, 254}, 16, IP_LINK_LOCAL},        /* RFC 3927 */
    {{172, 16}, 12, IP_PRIVATE},            /* RFC 1918 */
    {{192, 0, 0}, 24, IP_RESERVED},         /* RFC 6890 2.1 */
    {{192, 0, 2}, 24, IP_DOCUMENTATION},    /* RFC 5737 */
    {{192, 168}, 16, IP_PRIVATE},           /* RFC 1918 */
    {{198, 18}, 15, IP_RESERVED},           /* RFC 2544 */
    {{198, 51, 100}, 24, IP_DOCUMENTATION}, /* RFC 5737 */
    {{203, 0, 113}, 24, IP_DOCUMENTATION},  /* RFC 5737 */
    {{224}, 4, IP_MULTICAST},               /* RFC 5771 */
    {{240}, 4, IP_RESERVED},                /* RFC 1112 4 */
    {{0}, 0, IP_PUBLIC},
};

static const struct ip_class_row v6_classes[] = {
    {{0x20, 0x01, 0x0d, 0xb8}, 32, IP_DOCUMENTATION}, /* RFC 3849 */
    {{0x3f, 0xff}, 20, IP_DOCUMENTATION},             /* RFC 9637 */
    {{0x20, 0x01, 0x00}, 23, IP_RESERVED},            /* RFC 2928: Teredo, ORCHID, benchmarks */
    {{0x20}, 3, IP_PUBLIC},                           /* RFC 4291 2.4 */
    {{0xfc}, 7, IP_PRIVATE},                          /* RFC 4193 */
    {{0xfe, 0x80}, 10, IP_LINK_LOCAL},                /* RFC 4291 2.5.6 */
    {{0xfe, 0xc0}, 10, IP_PRIVATE},                   /* RFC 3879: the former site-local */
    {{0xff}, 8, IP_MULTICAST},                        /* RFC 4291 2.7 */
    {{0}, 0, IP_RESERVED},
};

/* Rows of more than six bytes. */
static enum ip_class classify_v6_special(const struct ip *ip)
{
    static const struct ip unspecified = {.family = IP_V6};
    static const struct ip loopback = {.family = IP_V6, .bytes = {[15] = 1}};
    static const struct ip nat64 = {.family = IP_V6, .bytes = {0x00, 0x64, 0xff, 0x9b}};

    if (ip_equal(ip, &unspecified))
        return IP_UNSPECIFIED;
    if (ip_equal(ip, &loopback))
        return IP_LOOPBACK;
    /* RFC 6052 2.1: an IPv4 host behind a translator. */
    return ip_same_prefix(ip, &nat64, 96) ? IP_PUBLIC : IP_RESERVED;
}

enum ip_class ip_classify(const struct ip *ip)
{
    const struct ip_class_row *row = ip->family == IP_V4 ? v4_classes : v6_classes;

    if (ip->family == IP_NONE)
        return IP_UNSPECIFIED;
    for (;; row++) {
        struct ip prefix = {.family = ip->family};

        memcpy(prefix.bytes, row->prefix, sizeof row->prefix);
        if (ip_same_prefix(ip, &prefix, row->bits))
            break;
    }
    return ip->family == IP_V6 && row->bits == 0 ? classify_v6_special(ip) : row->class;
}

bool ip_is_inside(const struct ip *ip)
{
    enum ip_class class = ip_classify(ip);

    return class == IP_PRIVATE || class == IP_LINK_LOCAL || class == IP_LOOPBACK;
}

/* ---- names of PTR records -------------------------------------------------------------------- */

static const char v4_zone[] = ".in-addr.arpa"; /* RFC 1035 3.5 */
static const char v6_zone[] = ".ip6.arpa";     /* RFC 3596 2.5 */

void ip_reverse_name(const struct ip *ip, char *out)
{
    static const char hex[] = "0123456789abcdef";
    const uint8_t *b = ip->bytes;

    out[0] = '\0';
    if (ip->family == IP_V4) {
        (void)snprintf(out, LIMIT_NAME_CHARS + 1, "%u.%u.%u.%u%s", b[3], b[2], b[1], b[0], v4_zone);
    } else if (ip->family == IP_V6) {
        for (int i = V6_BYTES - 1; i >= 0; i--) {
            *out++ = hex[b[i] & 0xf];
            *out++ = '.';
            *out++ = hex[b[i] >> 4];
            *out++ = '.';
        }
        memcpy(out - 1, v6_zone, sizeof v6_zone); /* over the last dot */
    }
}

/* head: the labels before the zone. */
static bool from_reverse_v4(const char *head, struct ip *out)
{
    struct ip turned;

    if (!ip_parse(head, &turned) || turned.family != IP_V4 || strchr(head, ':') != NULL)
        return false;
    *out = from_v4(
        (const uint8_t[]){turned.bytes[3], turned.bytes[2], turned.bytes[1], turned.bytes[0]});
    return true;
}

static bool from_reverse_v6(const char *head, struct ip *out)
{
    uint8_t bytes[V6_BYTES] = {0};

    if (strlen(head) != V6_BYTES * 4 - 1)
        return false;
    for (size_t i = 0; i < V6_BYTES * 2; i++) {
        int nibble = digit_value(head[i * 2]);
        char after = head[i * 2 + 1];

        if (nibble < 0 || (after != '.' && after != '\0'))
            return false;
        bytes[V6_BYTES - 1 - i / 2] |= (uint8_t)(i % 2 == 0 ? nibble : nibble << 4);
    }
    *out = from_v6(bytes);
    return true;
}

bool ip_from_reverse_name(const char *name, struct ip *out)
{
    static const struct {
        const char *zone;
        bool (*parse)(const char *head, struct ip *out);
    } zones[] = {{v4_zone, from_reverse_v4}, {v6_zone, from_reverse_v6}};
    char head[LIMIT_NAME_CHARS + 2]; /* and a final dot */
    size_t length;

    if (!text_copy(head, sizeof head, name))
        return false;
    length = strlen(head);
    if (length != 0 && head[length - 1] == '.')
        head[--length] = '\0';
    for (size_t i = 0; i < sizeof zones / sizeof zones[0]; i++) {
        size_t tail = strlen(zones[i].zone);

        if (length > tail && text_equal_nocase(head + length - tail, zones[i].zone)) {
            head[length - tail] = '\0';
            return zones[i].parse(head, out);
        }
    }
    return false;
}
