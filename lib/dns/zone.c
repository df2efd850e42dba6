/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * zone.c - DNS records in memory: kept, and asked
 *
 * PURPOSE  See zone.h. zone_text.c reads the text form.
 * CONTRACT As an authoritative server for the whole tree of names would answer: a name that exists
 *          without records of the type is NODATA, also when it exists only because there are names
 *          below it (RFC 8020 2); a name that does not exist is NXDOMAIN unless the nearest
 *          existing name above it has a "*" child (RFC 4592 3.3.1).
 * ALGORITHM A chained table of names; with each name all names above it are entered.
 * OWNERSHIP Names and records belong to the zone and go with it.
 * THREADS  Reading changes nothing.
 * LIMITS   LIMIT_ZONE_RECORDS lines.
 * STANDARDS RFC 1034 4.3.2, RFC 4592, RFC 7505 (null MX), RFC 8020.
 */
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "dns/siphash.h"
#include "dns/zone.h"
#include "dns/zone_store.h"

enum {
    MIN_SLOTS = 64,
    NEGATIVE_TTL_S = 300 /* nothing says otherwise */
};

struct zone_record {
    struct zone_record *next; /* in the order of the lines */
    enum dns_type type;
    uint32_t ttl_s;
    struct ip address;
    char target[LIMIT_NAME_CHARS + 1];
};

struct zone_name {
    struct zone_name *next;
    struct zone_record *first, *last;
    enum zone_marker marker;
    uint32_t marker_ttl_s;
    char text[];
};

struct helo_zone {
    struct zone_name **slots;
    size_t slot_count; /* a power of two */
    size_t name_count;
    size_t record_count;
};

static const enum dns_status marker_status[] = {
    [ZONE_NONE] = DNS_NODATA,         [ZONE_NXDOMAIN] = DNS_NXDOMAIN, [ZONE_NODATA] = DNS_NODATA,
    [ZONE_SERVFAIL] = DNS_SERVFAIL,   [ZONE_REFUSED] = DNS_REFUSED,   [ZONE_TIMEOUT] = DNS_TIMEOUT,
    [ZONE_MALFORMED] = DNS_MALFORMED,
};

static size_t slot_of(const char *name, size_t slot_count)
{
    /* No secret: a zone is written by the site, not by clients. */
    static const uint64_t key[2] = {0, 0};

    return siphash(key, name, strlen(name)) & (slot_count - 1);
}

static struct zone_name *find_name(const helo_zone *zone, const char *name)
{
    struct zone_name *n = zone->slots[slot_of(name, zone->slot_count)];

    while (n != NULL && strcmp(n->text, name) != 0)
        n = n->next;
    return n;
}

/* ---- making -------------------------------------------------------------------------------- */

enum helo_status helo_zone_create(helo_zone **out)
{
    helo_zone *zone = mem_zalloc(sizeof *zone);

    if (zone == NULL)
        return HELO_NOMEM;
    zone->slot_count = MIN_SLOTS;
    zone->slots = mem_array(zone->slot_count, sizeof(struct zone_name *));
    if (zone->slots == NULL) {
        mem_free(zone);
        return HELO_NOMEM;
    }
    *out = zone;
    return HELO_OK;
}

static void free_name(struct zone_name *name)
{
    while (name->first != NULL) {
        struct zone_record *next = name->first->next;

        mem_free(name->first);
        name->first = next;
    }
    mem_free(name);
}

void helo_zone_free(helo_zone *zone)
{
    if (zone == NULL)
        return;
    for (size_t i = 0; i < zone->slot_count; i++) {
        while (zone->slots[i] != NULL) {
            struct zone_name *next = zone->slots[i]->next;

            free_name(zone->slots[i]);
            zone->slots[i] = next;
        }
    }
    mem_free(zone->slots);
    mem_free(zone);
}

/* Twice the slots. Without memory for them chains get longer, that is all. */
static void grow(helo_zone *zone)
{
    size_t count = zone->slot_count * 2;
    struct zone_name **slots = mem_array(count, sizeof(struct zone_name *));

    if (slots == NULL)
        return;
    for (size_t i = 0; i < zone->slot_count; i++) {
        while (zone->slots[i] != NULL) {
            struct zone_name *n = zone->slots[i];
            size_t slot = slot_of(n->text, count);

            zone->slots[i] = n->next;
            n->next = slots[slot];
            slots[slot] = n;
        }
    }
    mem_free(zone->slots);
    zone->slots = slots;
    zone->slot_count = count;
}

static struct zone_name *find_or_add(helo_zone *zone, const char *name)
{
    struct zone_name *n = find_name(zone, name);
    size_t bytes = strlen(name) + 1;

    if (n != NULL)
        return n;
    if (zone->name_count >= zone->slot_count)
        grow(zone);
    n = mem_zalloc(sizeof *n + bytes);
    if (n == NULL)
        return NULL;
    memcpy(n->text, name, bytes);
    n->next = zone->slots[slot_of(name, zone->slot_count)];
    zone->slots[slot_of(name, zone->slot_count)] = n;
    zone->name_count++;
    return n;
}

static const char *parent_of(const char *name)
{
    const char *dot = strchr(name, '.');

    return dot == NULL ? NULL : dot + 1;
}

static void append(struct zone_name *name, struct zone_record *record)
{
    if (name->last == NULL)
        name->first = record;
    else
        name->last->next = record;
    name->last = record;
}

enum zone_put_result zone_put(helo_zone *zone, const struct zone_line *line)
{
    struct zone_name *name = find_or_add(zone, line->owner);
    struct zone_record *record;

    if (name == NULL)
        return ZONE_PUT_NOMEM;
    for (const char *above = parent_of(line->owner); above != NULL; above = parent_of(above))
        if (find_or_add(zone, above) == NULL)
            return ZONE_PUT_NOMEM;
    if (name->marker != ZONE_NONE || (line->marker != ZONE_NONE && name->first != NULL))
        return ZONE_PUT_MARKED;
    if (zone->record_count == LIMIT_ZONE_RECORDS)
        return ZONE_PUT_FULL;
    if (line->marker != ZONE_NONE) {
        name->marker = line->marker;
        name->marker_ttl_s = line->ttl_s;
    } else {
        record = mem_zalloc(sizeof *record);
        if (record == NULL)
            return ZONE_PUT_NOMEM;
        record->type = line->type;
        record->ttl_s = line->ttl_s;
        record->address = line->address;
        (void)text_copy(record->target, sizeof record->target, line->target);
        append(name, record);
    }
    zone->record_count++;
    return ZONE_PUT_OK;
}

/* ---- asking -------------------------------------------------------------------------------- */

/* The name itself, or the wildcard that stands for it, or NULL. RFC 4592 3.3.1. */
static const struct zone_name *lookup(const helo_zone *zone, const char *name)
{
    const struct zone_name *found = find_name(zone, name);
    char wildcard[LIMIT_NAME_CHARS + 1];

    if (found != NULL)
        return found;
    for (const char *above = parent_of(name); above != NULL; above = parent_of(above)) {
        if (find_name(zone, above) == NULL)
            continue;
        /*
         * "*." and what is above are no longer than the name: a label has one character at least.
         */
        wildcard[0] = '*';
        wildcard[1] = '.';
        (void)text_copy(wildcard + 2, sizeof wildcard - 2, above);
        return find_name(zone, wildcard);
    }
    return NULL;
}

/* What was found along a chain of names. */
struct gathered {
    uint32_t ttl_s;
    unsigned cnames;
    bool null_mx;
    size_t address_count, name_count;
    struct ip addresses[LIMIT_ADDRESSES +
                        1]; /* one more than is kept: dns_answer_create_*() sees that it was cut */
    char names[LIMIT_MX_NAMES + 1][LIMIT_NAME_CHARS + 1];
};

static void gather_record(struct gathered *g, const struct zone_record *record)
{
    if (record->ttl_s < g->ttl_s)
        g->ttl_s = record->ttl_s;
    if (record->type == DNS_A || record->type == DNS_AAAA) {
        if (g->address_count <= LIMIT_ADDRESSES)
            g->addresses[g->address_count++] = record->address;
    } else if (record->target[0] == '\0') {
        g->null_mx = true;
    } else if (g->name_count <= dns_names_kept(record->type)) {
        (void)text_copy(g->names[g->name_count++], LIMIT_NAME_CHARS + 1, record->target);
    }
}

/*
 * Gathers the records of the type; returns the name's first CNAME when there are none of the type.
 */
static const struct zone_record *gather(struct gathered *g, const struct zone_name *name,
                                        enum dns_type type)
{
    const struct zone_record *cname = NULL;
    bool any = false;

    for (const struct zone_record *r = name->first; r != NULL; r = r->next) {
        if (r->type == type) {
            gather_record(g, r);
            any = true;
        } else if (r->type == DNS_CNAME && cname == NULL) {
            cname = r;
        }
    }
    return any ? NULL : cname;
}

/* Follows the chain to its end. *marker is what stands there. False: too long, or a loop. */
static bool walk(const helo_zone *zone, const struct dns_question *question, struct gathered *g,
                 enum zone_marker *marker)
{
    const struct zone_name *name = lookup(zone, question->name);

    for (;;) {
        *marker = name == NULL ? ZONE_NXDOMAIN : name->marker;
        if (name == NULL)
            return true;
        if (*marker != ZONE_NONE) {
            if (name->marker_ttl_s < g->ttl_s)
                g->ttl_s = name->marker_ttl_s;
            return true;
        }

        const struct zone_record *cname = gather(g, name, question->type);

        if (cname == NULL)
            return true;
        if (g->cnames == LIMIT_CNAME_STEPS)
            return false;
        g->cnames++;
        if (cname->ttl_s < g->ttl_s)
            g->ttl_s = cname->ttl_s;
        name = lookup(zone, cname->target);
    }
}

static enum helo_status make_answer(const struct gathered *g, enum dns_type type,
                                    enum dns_status status, struct dns_answer **out)
{
    uint32_t negative_s = g->ttl_s < NEGATIVE_TTL_S || g->null_mx ? g->ttl_s : NEGATIVE_TTL_S;

    if (g->address_count > 0)
        return dns_answer_create_addresses(g->addresses, g->address_count, g->ttl_s, out);
    if (g->name_count > 0)
        return dns_answer_create_names(type, (const char(*)[LIMIT_NAME_CHARS + 1]) g->names,
                                       g->name_count, g->ttl_s, out);
    return dns_answer_create(status, dns_status_is_definite(status) ? negative_s : 0, out);
}

enum helo_status zone_answer(const helo_zone *zone, const struct dns_question *question,
                             bool *silent, struct dns_answer **out)
{
    struct gathered g;
    enum zone_marker marker = ZONE_NONE;
    struct dns_answer *answer = NULL;
    enum dns_status status;

    memset(&g, 0, offsetof(struct gathered, addresses));
    g.ttl_s = UINT32_MAX;
    status = walk(zone, question, &g, &marker) ? marker_status[marker] : DNS_TOO_LONG;
    *silent = status == DNS_TIMEOUT;
    if (*silent)
        return HELO_OK;
    if (make_answer(&g, question->type, status, &answer) != HELO_OK)
        return HELO_NOMEM;
    answer->cnames = g.cnames;
    *out = answer;
    return HELO_OK;
}
