/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ip_set.c - networks, and sets of them, see ip.h
 *
 * Sealing sorts the rows by family, then by prefix length with the longest first, then by address.
 * Each stretch of one family and length is a run; the address cut to that length is either in the
 * run or not, so one binary search decides, and the first run that has it has the most specific
 * network.
 */
#include "base/ip.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

enum { FIRST_ROOM = 16, V4_BITS = 32, V6_BITS = 128, MAPPED_BITS = 96 };

/* ---- networks -------------------------------------------------------------------------------- */

bool cidr_clear_host_bits(struct cidr *net)
{
    bool was_set = false;

    for (unsigned i = 0; i < sizeof net->net.bytes; i++) {
        unsigned kept = net->bits > i * 8 ? net->bits - i * 8 : 0; /* of this byte */
        uint8_t mask = (uint8_t)(kept >= 8 ? 0xff : 0xff00u >> kept);

        was_set = was_set || (net->net.bytes[i] & ~mask & 0xff) != 0;
        net->net.bytes[i] &= mask;
    }
    return was_set;
}

/* A prefix length without sign or leading zero; false past max. */
static bool parse_bits(const char *s, unsigned max, unsigned *out)
{
    unsigned bits = 0;

    if (*s == '\0' || strlen(s) > 3 || (s[0] == '0' && s[1] != '\0'))
        return false;
    for (; *s != '\0'; s++) {
        if (!text_is_digit(*s))
            return false;
        bits = bits * 10 + (unsigned)(*s - '0');
    }
    *out = bits;
    return bits <= max;
}

enum cidr_error cidr_parse(const char *s, struct cidr *out)
{
    char address[IP_TEXT_SIZE];
    const char *slash = strchr(s, '/');
    size_t length = slash != NULL ? (size_t)(slash - s) : strlen(s);
    struct ip ip;
    bool mapped;
    unsigned bits;

    if (length >= sizeof address)
        return CIDR_BAD_ADDRESS;
    memcpy(address, s, length);
    address[length] = '\0';
    if (!ip_parse(address, &ip))
        return CIDR_BAD_ADDRESS;
    /* ::ffff:192.0.2.0/120 is 192.0.2.0/24, and nothing shorter than /96 is a network of IPv4. */
    mapped = ip.family == IP_V4 && strchr(address, ':') != NULL;
    bits = ip.family == IP_V4 && !mapped ? V4_BITS : V6_BITS;
    if (slash != NULL && !parse_bits(slash + 1, bits, &bits))
        return CIDR_BAD_BITS;
    if (mapped) {
        if (bits < MAPPED_BITS)
            return CIDR_BAD_BITS;
        bits -= MAPPED_BITS;
    }
    *out = (struct cidr){.net = ip, .bits = (uint8_t)bits};
    return cidr_clear_host_bits(out) ? CIDR_HOST_BITS : CIDR_OK;
}

bool cidr_contains(const struct cidr *net, const struct ip *ip)
{
    return net->net.family != IP_NONE && ip_same_prefix(&net->net, ip, net->bits);
}

char *cidr_format(const struct cidr *net, char out[IP_TEXT_SIZE + 4])
{
    char address[IP_TEXT_SIZE];

    (void)snprintf(out, IP_TEXT_SIZE + 4, "%s/%u", ip_format(&net->net, address), net->bits);
    return out;
}

/* ---- sets ------------------------------------------------------------------------------------ */

void ip_set_init(struct ip_set *set)
{
    *set = (struct ip_set){0};
}

void ip_set_fini(struct ip_set *set)
{
    mem_free(set->rows);
    mem_free(set->runs);
    ip_set_init(set);
}

bool ip_set_add(struct ip_set *set, const struct cidr *net, uint32_t tag)
{
    if (set->count == set->room) {
        size_t room = set->room != 0 ? set->room * 2 : FIRST_ROOM;
        struct ip_set_row *rows = mem_grow(set->rows, room, sizeof *rows);

        if (rows == NULL)
            return false;
        set->rows = rows;
        set->room = room;
    }
    set->rows[set->count++] = (struct ip_set_row){.net = *net, .tag = tag};
    return true;
}

static int compare_bytes(const struct cidr *a, const struct cidr *b)
{
    return memcmp(a->net.bytes, b->net.bytes, sizeof a->net.bytes);
}

static int compare_rows(const void *left, const void *right)
{
    const struct ip_set_row *a = left, *b = right;
    int order;

    if (a->net.net.family != b->net.net.family)
        return a->net.net.family < b->net.net.family ? -1 : 1;
    if (a->net.bits != b->net.bits)
        return a->net.bits > b->net.bits ? -1 : 1;
    order = compare_bytes(&a->net, &b->net);
    if (order != 0)
        return order;
    return a->tag < b->tag ? -1 : a->tag > b->tag; /* of equal networks the first given is found */
}

static bool begins_run(const struct ip_set *set, size_t row)
{
    const struct cidr *now = &set->rows[row].net;
    const struct cidr *before = row != 0 ? &set->rows[row - 1].net : NULL;

    return before == NULL || now->bits != before->bits || now->net.family != before->net.family;
}

bool ip_set_seal(struct ip_set *set)
{
    struct ip_set_run *runs;
    size_t count = 0;

    if (set->count != 0)
        qsort(set->rows, set->count, sizeof set->rows[0], compare_rows);
    for (size_t i = 0; i < set->count; i++)
        count += begins_run(set, i);
    runs = mem_array(count, sizeof *runs);
    if (runs == NULL)
        return false;
    mem_free(set->runs);
    set->runs = runs;
    set->run_count = count;
    count = 0;
    for (size_t i = 0; i < set->count; i++) {
        if (begins_run(set, i)) {
            runs[count].first = i;
            runs[count].bits = set->rows[i].net.bits;
            runs[count].family = set->rows[i].net.net.family;
            count++;
        }
        runs[count - 1].count++;
    }
    return true;
}

/* The first row of the run whose network is the one that ip lies in. */
static bool find_in_run(const struct ip_set *set, const struct ip_set_run *run, const struct ip *ip,
                        size_t *out)
{
    size_t low = run->first, end = run->first + run->count, high = end;
    struct cidr wanted = {.net = *ip, .bits = run->bits};

    (void)cidr_clear_host_bits(&wanted);
    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (compare_bytes(&set->rows[middle].net, &wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *out = low;
    return low < end && compare_bytes(&set->rows[low].net, &wanted) == 0;
}

const struct ip_set_row *ip_set_find(const struct ip_set *set, const struct ip *ip)
{
    size_t row;

    for (size_t i = 0; i < set->run_count; i++) {
        if (set->runs[i].family == ip->family && find_in_run(set, &set->runs[i], ip, &row))
            return &set->rows[row];
    }
    return NULL;
}
