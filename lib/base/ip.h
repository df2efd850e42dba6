/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ip.h - addresses, networks, and sets of networks
 *
 * PURPOSE  Parse, compare in binary, classify. Text is never compared: [192.0.2.10] is not
 *          192.0.2.1.
 * CONTRACT IPv4-mapped IPv6 (::ffff:192.0.2.1, RFC 4291 2.5.5.2) is IPv4 from the moment it is
 *          parsed.
 * THREADS  none of its own; a built set is read-only.
 * STANDARDS RFC 4291, RFC 5952 (format), RFC 4632 (CIDR), RFC 6890 (special-purpose addresses)
 */
#ifndef HELO_BASE_IP_H
#define HELO_BASE_IP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sockaddr;

enum ip_family { IP_NONE = 0, IP_V4 = 4, IP_V6 = 6 };

struct ip {
    enum ip_family family;
    uint8_t bytes[16]; /* network order; IPv4 uses the first four, the rest is zero */
};

enum { IP_TEXT_SIZE = 46 };

/* What an address may be used for (RFC 6890). */
enum ip_class {
    IP_PUBLIC,
    IP_UNSPECIFIED,   /* 0.0.0.0/8, :: */
    IP_LOOPBACK,      /* 127/8, ::1 */
    IP_PRIVATE,       /* RFC 1918, 100.64/10 (RFC 6598), fc00::/7 (RFC 4193) */
    IP_LINK_LOCAL,    /* 169.254/16, fe80::/10 */
    IP_MULTICAST,     /* 224/4, ff00::/8 */
    IP_DOCUMENTATION, /* RFC 5737, RFC 3849 */
    IP_RESERVED       /* 240/4 and the rest of RFC 6890 */
};

/* Strict: dotted quad of decimals without leading zeros, or RFC 4291 text without zone id. */
bool ip_parse(const char *s, struct ip *out);
/* Whatever else inet_aton() takes: integer, hexadecimal, octal, fewer than four parts; not what
 * ip_parse() takes. */
bool ip_parse_loose(const char *s, struct ip *out);
/* As address literals and macros have it: an address, or "IPv6:" (any case) and one. */
bool ip_parse_tagged(const char *s, struct ip *out);
bool ip_from_sockaddr(const struct sockaddr *sa, struct ip *out);
/* RFC 5952 text, at most IP_TEXT_SIZE bytes with the NUL; "" for IP_NONE. Returns out. */
char *ip_format(const struct ip *ip, char out[IP_TEXT_SIZE]);
/* Writes up to three decimal digits, without a NUL. Returns the place behind them. */
char *ip_put_byte(char *at, uint8_t byte);
bool ip_equal(const struct ip *a, const struct ip *b);
/* The first bits are equal, and so are the families. */
bool ip_same_prefix(const struct ip *a, const struct ip *b, unsigned bits);
enum ip_class ip_classify(const struct ip *ip);
/* Private, link-local or loopback: nobody on the Internet has it, and many inside do. */
bool ip_is_inside(const struct ip *ip);
/* "2.0.192.in-addr.arpa"-like name of the PTR record (RFC 1035 3.5, RFC 3596 2.5); out has
 * LIMIT_NAME_CHARS + 1. */
void ip_reverse_name(const struct ip *ip, char *out);
/* The reverse of ip_reverse_name(), without case; one trailing dot is ignored. */
bool ip_from_reverse_name(const char *name, struct ip *out);

struct cidr {
    struct ip net;
    uint8_t bits; /* 0..32, 0..128 */
};

enum cidr_error { CIDR_OK, CIDR_BAD_ADDRESS, CIDR_BAD_BITS, CIDR_HOST_BITS };

/* ADDRESS or ADDRESS/BITS. With CIDR_HOST_BITS, *out is the network that was probably meant. */
enum cidr_error cidr_parse(const char *s, struct cidr *out);
/* Makes net the network that its address lies in; true when a bit was set past its prefix. */
bool cidr_clear_host_bits(struct cidr *net);
bool cidr_contains(const struct cidr *net, const struct ip *ip);
/* Orders by family, then by address, the wider first: what lies in a network follows it. */
int cidr_compare(const struct cidr *a, const struct cidr *b);
/* For sorting many: what has the lower rank comes first; of equal ranks cidr_compare() decides. */
uint64_t cidr_rank(const struct cidr *net);
/* "192.0.2.0/24"; at most IP_TEXT_SIZE + 4 bytes. Returns out. */
char *cidr_format(const struct cidr *net, char out[IP_TEXT_SIZE + 4]);

/*
 * Networks to be searched; the most specific one that contains an address is found. Sealing cuts
 * the networks into disjoint ranges, each with its most specific row, so that finding is one binary
 * search whatever lengths are in use: 100,000 networks cost some hundred nanoseconds.
 */
struct ip_set_row {
    struct cidr net;
    uint32_t tag; /* the caller's index */
};

/* An address as a number; of IPv4 in low. */
struct ip_point {
    uint64_t high, low;
};

/* Of one family. A range ends where the next begins. */
struct ip_set_ranges {
    uint32_t *starts_v4;        /* ascending; NULL when this is IPv6 */
    struct ip_point *starts_v6; /* ascending; NULL when this is IPv4 */
    uint32_t *rows;             /* the most specific one of each range; UINT32_MAX: in no network */
    size_t count;
};

struct ip_set {
    struct ip_set_row *rows; /* sealed: by family, address, the wider first, tag */
    size_t count;
    size_t room;
    struct ip_set_ranges v4, v6; /* made by ip_set_seal() */
};

void ip_set_init(struct ip_set *set);
void ip_set_fini(struct ip_set *set);
/* Bits set past the prefix are cleared. False: no memory. */
bool ip_set_add(struct ip_set *set, const struct cidr *net, uint32_t tag);
/* After the last add, before the first find. False: no memory. */
bool ip_set_seal(struct ip_set *set);
/* The most specific row that contains ip, or NULL; of rows with the same network the one with the
 * lowest tag. */
const struct ip_set_row *ip_set_find(const struct ip_set *set, const struct ip *ip);

#endif /* HELO_BASE_IP_H */
