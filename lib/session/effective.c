/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * effective.c - helo_policy_effective(): a policy as YAML, and what is learned of this machine
 *
 * CONTRACT See policy/effective.h. What is learned stands in comments at the end: on another
 *          machine it is something else.
 */
#include "policy/effective.h"
#include "session/identity.h"

/* What one more entry of a list may have added, so that a text that ends here is one too long. */
enum { MARGIN = 16 * 1024 };

static void add_learned(const struct helo_policy *policy, const struct identity *own,
                        struct text *out)
{
    char address[IP_TEXT_SIZE];

    text_add(out, "# Learned of this machine, besides server.names and server.addresses:\n");
    for (size_t i = policy->own.name_count; i < own->name_count; i++)
        text_addf(out, "#   name %s\n", own->names[i]);
    for (size_t i = own->configured_addresses; i < own->address_count; i++)
        text_addf(out, "#   address %s\n", ip_format(&own->addresses[i], address));
    if (own->name_count <= policy->own.name_count &&
        own->address_count <= own->configured_addresses)
        text_add(out, "#   nothing\n");
}

static enum helo_status add_identity(const struct helo_policy *policy, struct text *out)
{
    struct identity own;
    enum helo_status status;

    if (policy->settings.server_learn == 0) {
        text_add(out, "# Nothing is learned of this machine (server.learn).\n");
        return HELO_OK;
    }
    status = identity_make(&own, &policy->own, true);
    if (status != HELO_OK)
        return status;
    add_learned(policy, &own, out);
    identity_fini(&own);
    return HELO_OK;
}

enum helo_status helo_policy_effective(const helo_policy *policy, char **out)
{
    struct text text;
    enum helo_status status;
    bool too_long;
    char *made;

    text_init(&text, LIMIT_YAML_BYTES);
    effective_write(policy, &text);
    status = add_identity(policy, &text);
    too_long = text.failed && text.length + MARGIN > text.limit;
    made = text_take(&text);
    if (status == HELO_OK && made == NULL)
        status = too_long ? HELO_LIMIT : HELO_NOMEM;
    if (status == HELO_OK)
        *out = made;
    else
        helo_free(made);
    return status;
}
