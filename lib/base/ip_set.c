/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ip_set.c - networks, and sets of them, see ip.h
 *
 * ALGORITHM
 *  1. Sealing sorts the rows by family, then by address, the wider network first: networks nest or
 *     are disjoint, so all that lie in one follow it.
 *  2. A sweep over them keeps the networks around the present place on a stack. Where one begins or
 *     ends, a range begins, and its row is the one on top; what begins at the same address as the
 *     range before replaces it. A network begins and ends once: n of them make at most 2n ranges.
 *  3. The sweep goes twice: to count, and to write into arrays of just that size.
 *  4. Finding is a binary search for the last range that begins at or before the address. It has no
 *     branch that depends on the data: a wrong guess would cost more than the step itself.
 */
#include "base/ip.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

enum { FIRST_ROOM = 16, V4_BITS = 32, V6_BITS = 128, MAPPED_BITS = 96 };

/* ---- networks -------------------------------------------------------------------------------- */

bool cidr_clear_host_bits(struct cidr *net)
{
    unsigned size = net->net.family == IP_V4 ? V4_BITS / 8 : V6_BITS / 8;
    unsigned mask = 0xffu >> net->bits % 8; /* of the byte where the prefix ends */
    unsigned set = 0;

    for (unsigned i = net->bits / 8; i < size; i++) {
        set |= net->net.bytes[i] & mask;
        net->net.bytes[i] &= (uint8_t)~mask;
        mask = 0xff;
    }
    return set != 0;
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
    char *at = out + strlen(ip_format(&net->net, out));

    *at++ = '/';
    *ip_put_byte(at, net->bits) = '\0';
    return out;
}

/* ---- points: addresses as numbers ------------------------------------------------------------ */

static uint64_t load_32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static uint64_t load_64(const uint8_t *p)
{
    return load_32(p) << 32 | load_32(p + 4);
}

static struct ip_point point_of(const struct ip *ip)
{
    if (ip->family == IP_V4)
        return (struct ip_point){0, load_32(ip->bytes)};
    return (struct ip_point){load_64(ip->bytes), load_64(ip->bytes + 8)};
}

/* All ones behind the first bits of 64. */
static uint64_t ones_behind(unsigned bits)
{
    return bits < 64 ? UINT64_MAX >> bits : 0;
}

static struct ip_point last_point(const struct cidr *net)
{
    unsigned before = net->net.family == IP_V4 ? V6_BITS - V4_BITS : 0;
    unsigned bits = before + net->bits;
    struct ip_point point = point_of(&net->net);

    point.high |= before == 0 ? ones_behind(bits) : 0;
    point.low |= ones_behind(bits > 64 ? bits - 64 : 0);
    return point;
}

static bool is_behind(const struct ip_point *a, const struct ip_point *b)
{
    return a->high > b->high || (a->high == b->high && a->low > b->low);
}

/* Of IPv4 it says all there is to say. */
uint64_t cidr_rank(const struct cidr *net)
{
    struct ip_point at = point_of(&net->net);

    return net->net.family == IP_V4 ? at.low << 8 | net->bits : UINT64_C(1) << 63 | at.high >> 1;
}

int cidr_compare(const struct cidr *a, const struct cidr *b)
{
    uint64_t a_rank = cidr_rank(a), b_rank = cidr_rank(b);
    int order;

    if (a_rank != b_rank)
        return a_rank < b_rank ? -1 : 1;
    order = memcmp(a->net.bytes, b->net.bytes, sizeof a->net.bytes);
    return order != 0 ? order : (a->bits > b->bits) - (a->bits < b->bits);
}

/* ---- sets ------------------------------------------------------------------------------------ */

#define NO_ROW UINT32_MAX

static void ranges_fini(struct ip_set_ranges *ranges)
{
    mem_free(ranges->starts_v4);
    mem_free(ranges->starts_v6);
    mem_free(ranges->rows);
    *ranges = (struct ip_set_ranges){0};
}

void ip_set_init(struct ip_set *set)
{
    *set = (struct ip_set){0};
}

void ip_set_fini(struct ip_set *set)
{
    mem_free(set->rows);
    ranges_fini(&set->v4);
    ranges_fini(&set->v6);
    ip_set_init(set);
}

bool ip_set_add(struct ip_set *set, const struct cidr *net, uint32_t tag)
{
    struct ip_set_row *row;

    if (set->count == set->room) {
        size_t room = set->room != 0 ? set->room * 2 : FIRST_ROOM;
        struct ip_set_row *rows = room < NO_ROW ? mem_grow(set->rows, room, sizeof *rows) : NULL;

        if (rows == NULL)
            return false;
        set->rows = rows;
        set->room = room;
    }
    row = &set->rows[set->count++];
    *row = (struct ip_set_row){.net = *net, .tag = tag};
    (void)cidr_clear_host_bits(&row->net);
    return true;
}

static int compare_rows(const void *left, const void *right)
{
    const struct ip_set_row *a = left, *b = right;
    int order = cidr_compare(&a->net, &b->net);

    return order != 0 ? order : (a->tag > b->tag) - (a->tag < b->tag);
}

/* Whoever adds many has often sorted them: to look is cheaper than to sort. */
static void sort_rows(struct ip_set *set)
{
    for (size_t i = 1; i < set->count; i++) {
        if (compare_rows(&set->rows[i - 1], &set->rows[i]) > 0) {
            qsort(set->rows, set->count, sizeof set->rows[0], compare_rows);
            return;
        }
    }
}

/* ---- the sweep ------------------------------------------------------------------------------- */

struct sweep {
    const struct ip_set *set;
    struct ip_set_ranges *out; /* counts only while it has no room */
    struct ip_point start;     /* of the last range */
    struct ring {
        struct ip_point last;
        uint32_t row;
    } ring[V6_BITS + 1]; /* each narrower than the one before */
    size_t depth;
};

static void begin_range(struct sweep *s, struct ip_point start, uint32_t row)
{
    struct ip_set_ranges *out = s->out;

    if (out->count != 0 && start.high == s->start.high && start.low == s->start.low)
        out->count--;
    s->start = start;
    if (out->rows != NULL)
        out->rows[out->count] = row;
    if (out->starts_v4 != NULL)
        out->starts_v4[out->count] = (uint32_t)start.low;
    if (out->starts_v6 != NULL)
        out->starts_v6[out->count] = start;
    out->count++;
}

/* The innermost network ends; what is around it goes on, unless there is no further address. */
static void end_ring(struct sweep *s, enum ip_family family)
{
    struct ip_point next = s->ring[--s->depth].last;

    next.low++;
    next.high += next.low == 0;
    if (family == IP_V4 ? next.low > UINT32_MAX : next.low == 0 && next.high == 0)
        return;
    begin_range(s, next, s->depth != 0 ? s->ring[s->depth - 1].row : NO_ROW);
}

static void sweep_row(struct sweep *s, uint32_t index)
{
    const struct cidr *net = &s->set->rows[index].net;
    struct ip_point first = point_of(&net->net);

    while (s->depth != 0 && is_behind(&first, &s->ring[s->depth - 1].last))
        end_ring(s, net->net.family);
    /* Of equal networks the first has the lowest tag. */
    if (s->depth != 0 && s->set->rows[s->ring[s->depth - 1].row].net.bits == net->bits)
        return;
    begin_range(s, first, index);
    s->ring[s->depth++] = (struct ring){last_point(net), index};
}

static void sweep_family(const struct ip_set *set, enum ip_family family, struct ip_set_ranges *out)
{
    struct sweep sweep = {.set = set, .out = out};

    out->count = 0;
    for (uint32_t i = 0; i < set->count; i++) {
        if (set->rows[i].net.net.family == family)
            sweep_row(&sweep, i);
    }
    while (sweep.depth != 0)
        end_ring(&sweep, family);
}

static bool make_ranges(const struct ip_set *set, enum ip_family family, struct ip_set_ranges *out)
{
    sweep_family(set, family, out);
    out->rows = mem_array(out->count, sizeof *out->rows);
    if (family == IP_V4)
        out->starts_v4 = mem_array(out->count, sizeof *out->starts_v4);
    else
        out->starts_v6 = mem_array(out->count, sizeof *out->starts_v6);
    if (out->rows == NULL || (out->starts_v4 == NULL && out->starts_v6 == NULL))
        return false;
    sweep_family(set, family, out);
    return true;
}

bool ip_set_seal(struct ip_set *set)
{
    struct ip_set_ranges v4 = {0}, v6 = {0};

    sort_rows(set);
    if (!make_ranges(set, IP_V4, &v4) || !make_ranges(set, IP_V6, &v6)) {
        ranges_fini(&v4);
        ranges_fini(&v6);
        return false;
    }
    ranges_fini(&set->v4);
    ranges_fini(&set->v6);
    set->v4 = v4;
    set->v6 = v6;
    return true;
}

/* ---- finding --------------------------------------------------------------------------------- */

/* The last range that begins at or before the address; count when none does. */
static size_t find_v4(const struct ip_set_ranges *ranges, uint32_t address)
{
    const uint32_t *starts = ranges->starts_v4;
    size_t at = 0;

    if (ranges->count == 0 || starts[0] > address)
        return ranges->count;
    for (size_t left = ranges->count, half; left > 1; left -= half) {
        half = left / 2;
        at += starts[at + half] <= address ? half : 0;
    }
    return at;
}

static size_t find_v6(const struct ip_set_ranges *ranges, struct ip_point address)
{
    const struct ip_point *starts = ranges->starts_v6;
    size_t at = 0;

    if (ranges->count == 0 || is_behind(&starts[0], &address))
        return ranges->count;
    for (size_t left = ranges->count, half; left > 1; left -= half) {
        const struct ip_point *middle;

        half = left / 2;
        middle = &starts[at + half];
        at += (middle->high < address.high) |
                      ((middle->high == address.high) & (middle->low <= address.low))
                  ? half
                  : 0;
    }
    return at;
}

const struct ip_set_row *ip_set_find(const struct ip_set *set, const struct ip *ip)
{
    const struct ip_set_ranges *ranges = ip->family == IP_V4 ? &set->v4 : &set->v6;
    struct ip_point address = point_of(ip);
    size_t at;

    if (ip->family == IP_NONE)
        return NULL;
    at = ip->family == IP_V4 ? find_v4(ranges, (uint32_t)address.low) : find_v6(ranges, address);
    return at < ranges->count && ranges->rows[at] != NO_ROW ? &set->rows[ranges->rows[at]] : NULL;
}
