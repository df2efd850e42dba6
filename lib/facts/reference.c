/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * reference.c - see reference.h
 */
#include "facts/reference.h"

#include <string.h>

#include "base/mem.h"

void reference_init(struct reference *ref)
{
    memset(ref, 0, sizeof(*ref));
    domain_set_init(&ref->special_tlds);
    pattern_list_init(&ref->denied.patterns);
    pattern_list_init(&ref->mx_denied.patterns);
    word_set_init(&ref->dialup_words);
    word_set_init(&ref->veto_words);
    domain_set_init(&ref->sender_names);
    domain_set_init(&ref->pool_domains);
    ip_set_init(&ref->pool_networks);
}

static void dated_fini(struct dated_patterns *list)
{
    pattern_list_fini(&list->patterns);
    mem_free(list->until);
}

void reference_fini(struct reference *ref)
{
    domain_set_fini(&ref->special_tlds);
    dated_fini(&ref->denied);
    dated_fini(&ref->mx_denied);
    word_set_fini(&ref->dialup_words);
    word_set_fini(&ref->veto_words);
    domain_set_fini(&ref->sender_names);
    for (size_t i = 0; i < ref->sender_count; i++)
        domain_set_fini(&ref->senders[i].hosts);
    mem_free(ref->senders);
    domain_set_fini(&ref->pool_domains);
    ip_set_fini(&ref->pool_networks);
    memset(ref, 0, sizeof(*ref));
}

bool ip_range_contains(const struct ip_range *range, const struct ip *ip)
{
    return ip->family == range->first.family &&
           memcmp(ip->bytes, range->first.bytes, sizeof(ip->bytes)) >= 0 &&
           memcmp(ip->bytes, range->last.bytes, sizeof(ip->bytes)) <= 0;
}

enum pattern_match dated_find(const struct dated_patterns *list, const char *text, int64_t today,
                              uint32_t *tag)
{
    enum pattern_match match = pattern_find(&list->patterns, text, tag);

    return match == PATTERN_YES && today > list->until[*tag] ? PATTERN_NO : match;
}
