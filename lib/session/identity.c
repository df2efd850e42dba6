/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * identity.c - see identity.h
 */
#include "session/identity.h"

#include <ifaddrs.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"
#include "name/domain.h"

static enum helo_status copy_configured(struct identity *out, const struct identity *configured)
{
    out->names = mem_array(LIMIT_OWN_NAMES, sizeof(out->names[0]));
    out->addresses = mem_array(LIMIT_OWN_ADDRESSES, sizeof(out->addresses[0]));
    if (out->names == NULL || out->addresses == NULL)
        return HELO_NOMEM;
    for (size_t i = 0; i < configured->name_count && i < LIMIT_OWN_NAMES; i++)
        memcpy(out->names[out->name_count++], configured->names[i], sizeof(out->names[0]));
    for (size_t i = 0; i < configured->address_count && i < LIMIT_OWN_ADDRESSES; i++)
        out->addresses[out->address_count++] = configured->addresses[i];
    out->configured_addresses = out->address_count;
    return HELO_OK;
}

bool identity_host_name(char out[LIMIT_NAME_CHARS + 1])
{
    char name[HOST_NAME_MAX + 1] = "";

    return gethostname(name, sizeof(name) - 1) == 0 && domain_is_host_name(name, true) &&
           domain_normalise(out, name);
}

static void learn_host_name(struct identity *out)
{
    char name[LIMIT_NAME_CHARS + 1];

    if (out->name_count < LIMIT_OWN_NAMES && identity_host_name(name) && domain_labels(name) >= 2)
        memcpy(out->names[out->name_count++], name, sizeof(name));
}

static void learn_addresses(struct identity *out)
{
    struct ifaddrs *list;

    if (getifaddrs(&list) != 0)
        return;
    for (const struct ifaddrs *i = list; i != NULL && out->address_count < LIMIT_OWN_ADDRESSES;
         i = i->ifa_next) {
        struct ip ip;

        if (i->ifa_addr == NULL || !ip_from_sockaddr(i->ifa_addr, &ip))
            continue;
        if (ip_classify(&ip) != IP_LOOPBACK && ip_classify(&ip) != IP_LINK_LOCAL)
            out->addresses[out->address_count++] = ip;
    }
    freeifaddrs(list);
}

enum helo_status identity_make(struct identity *out, const struct identity *configured, bool learn)
{
    struct identity made = {0};
    enum helo_status status = copy_configured(&made, configured);

    if (status != HELO_OK) {
        identity_fini(&made);
        return status;
    }
    if (learn) {
        learn_host_name(&made);
        learn_addresses(&made);
    }
    *out = made;
    return HELO_OK;
}

void identity_fini(struct identity *identity)
{
    mem_free(identity->names);
    mem_free(identity->addresses);
    *identity = (struct identity){0};
}
