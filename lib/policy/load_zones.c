/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * load_zones.c - domain lists in DNS: rhsbl.zones
 *
 * PURPOSE  {zone: dbl.example.org, codes: [127.0.1.2-127.0.1.99, 127.0.0.2, 127.0.2.0/24]}: only
 *          answers among the codes are a listing.
 * CONTRACT Nothing is a listing that a list would also answer when it refuses: no code lies in
 *          127.255.255.0/24, none outside 127.0.0.0/8. A zone past its date is left out.
 * STANDARDS RFC 5782 2.1 (what a listing is); 127.255.255.0/24 is what lists answer in place of an
 *           error: asked through a public resolver, too often, mistyped.
 */
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "name/domain.h"
#include "policy/loader.h"

/* ---- codes ---- */

/* "ADDRESS-ADDRESS", "ADDRESS/BITS" or "ADDRESS". */
static bool parse_range(const char *text, struct ip_range *out)
{
    const char *dash = strchr(text, '-');
    char first[IP_TEXT_SIZE];
    struct cidr net;

    if (dash != NULL) {
        if ((size_t)(dash - text) >= sizeof(first))
            return false;
        memcpy(first, text, (size_t)(dash - text));
        first[dash - text] = '\0';
        return ip_parse(first, &out->first) && ip_parse(dash + 1, &out->last);
    }
    if (cidr_parse(text, &net) != CIDR_OK || net.net.family != IP_V4)
        return false;
    out->first = out->last = net.net;
    for (unsigned bit = net.bits; bit < 32; bit++)
        out->last.bytes[bit / 8] |= (uint8_t)(0x80 >> bit % 8);
    return true;
}

/* What is wrong with a range, or NULL. */
static const char *range_fault(const struct ip_range *range, const char **hint)
{
    static const uint8_t errors[] = {127, 255, 255};
    static const uint8_t never[] = {127, 0, 0, 1};

    *hint = NULL;
    if (range->first.family != IP_V4 || range->last.family != IP_V4 ||
        range->first.bytes[0] != 127 || range->last.bytes[0] != 127) {
        *hint = "a list answers in 127.0.0.0/8; anything else is a parked or hijacked name "
                "(RFC 5782 2.1)";
        return "lies outside 127.0.0.0/8";
    }
    if (memcmp(range->first.bytes, range->last.bytes, 4) > 0)
        return "ends before it begins";
    /* RFC 5782 2.1 leaves it out, and some lists answer it to who must not ask. */
    if (memcmp(range->first.bytes, never, sizeof(never)) <= 0 &&
        memcmp(range->last.bytes, never, sizeof(never)) >= 0) {
        *hint = "127.0.0.1 is no listing on any list; some say it to resolvers that must not ask";
        return "has 127.0.0.1";
    }
    if (memcmp(range->last.bytes, errors, sizeof(errors)) >= 0) {
        *hint = "127.255.255.x is what a list answers instead of an error: with it, every name "
                "would be listed";
        return "has addresses of 127.255.255.0/24";
    }
    return NULL;
}

static void add_code(struct loader *l, const struct loaded_entry *entry,
                     const struct yaml_node *node, struct rhsbl_zone *zone)
{
    struct ip_range range;
    const char *fault;
    const char *hint = "as in 127.0.0.2, 127.0.1.2-127.0.1.99 or 127.0.1.0/24";

    if (!loader_expect(l, node, KIND_TEXT, entry->key))
        return;
    fault =
        parse_range(node->text, &range) ? range_fault(&range, &hint) : "is no range of addresses";
    if (fault == NULL && zone->code_count == LIMIT_RHSBL_CODES)
        fault = "is one code too many (at most 16)";
    if (fault != NULL)
        loader_refuse(l, node, entry->key, fault, hint);
    else
        zone->codes[zone->code_count++] = range;
}

/* ---- zones ---- */

static bool is_known(const struct reference *ref, const char *name)
{
    for (size_t i = 0; i < ref->zone_count; i++) {
        if (strcmp(ref->zones[i].name, name) == 0)
            return true;
    }
    return false;
}

static void add_codes(struct loader *l, const struct loaded_entry *entry, struct rhsbl_zone *zone)
{
    const struct yaml_node *codes = entry->part[1];
    struct diag_place place = loader_place(l, codes);

    if (codes->first == NULL)
        diag_report(l->diag, HELO_ERROR, &place, "as in [127.0.1.2-127.0.1.99]",
                    "%s: '%s' is empty", entry->key, codes->key->text);
    for (const struct yaml_node *node = codes->first; node != NULL; node = node->next)
        add_code(l, entry, node, zone);
}

/* Index i of the policy's list is the reference's zone i. */
void load_rhsbl_zones(struct loader *l, const struct loaded_entry *entry)
{
    struct reference *ref = &l->policy->reference;
    struct rhsbl_zone zone = {.code_count = 0};
    uint32_t tag;

    if (!load_domain(l, entry->part[0], entry->key, 2, zone.name))
        return;
    add_codes(l, entry, &zone);
    if (is_known(ref, zone.name))
        loader_refuse(l, entry->part[0], entry->key, "stands twice",
                      "write all its codes into one entry");
    else if (!entry->expired &&
             loader_keep_entry(l, &l->policy->rhsbl_zones, entry, zone.name, &tag))
        ref->zones[ref->zone_count++] = zone;
}
