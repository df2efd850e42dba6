/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_helo.c - any bytes as the argument of HELO
 *
 * What must hold: the text is printable and bounded, the kind and the other members agree, and what
 * was understood is understood again when it is said in its normal form.
 */
#include "fuzz.h"

#include <string.h>

#include "name/domain.h"
#include "name/helo_name.h"

static void text_is_printable(const struct helo_name *name)
{
    size_t length = strnlen(name->text, sizeof name->text);

    FUZZ_MUST(length <= LIMIT_HELO_TEXT);
    for (size_t i = 0; i < length; i++)
        FUZZ_MUST(name->text[i] >= 0x20 && name->text[i] <= 0x7e);
}

static void members_agree(const struct helo_name *name, size_t size)
{
    int is_bad = name->kind == HELO_NAME_BAD || name->kind == HELO_NAME_BAD_LITERAL;
    int has_address = name->kind == HELO_NAME_LITERAL || name->kind == HELO_NAME_BARE_IP;
    int is_domain = name->kind == HELO_NAME_DOMAIN;

    FUZZ_MUST(name->kind != HELO_NAME_NONE);
    FUZZ_MUST(is_bad == (name->fault != HELO_FAULT_NONE));
    FUZZ_MUST(name->position <= size + 1);
    FUZZ_MUST(is_bad || name->position == 0);
    FUZZ_MUST(has_address == (name->address.family != IP_NONE));
    FUZZ_MUST(is_domain == (name->domain[0] != '\0'));
    FUZZ_MUST(is_domain == (name->labels != 0));
    FUZZ_MUST(!name->underscore || is_domain);
    FUZZ_MUST(!name->integer_like || name->kind == HELO_NAME_BARE_IP);
    FUZZ_MUST(!name->obsolete_form || name->kind == HELO_NAME_LITERAL);
    FUZZ_MUST(helo_fault_text(name->fault)[0] != '\0');
}

static void domain_is_stable(const struct helo_name *name)
{
    struct helo_name again;
    char normal[LIMIT_NAME_CHARS + 1];

    FUZZ_MUST(strlen(name->domain) <= LIMIT_NAME_CHARS);
    FUZZ_MUST(domain_is_host_name(name->domain, true));
    FUZZ_MUST(domain_normalise(normal, name->domain) && strcmp(normal, name->domain) == 0);
    FUZZ_MUST(domain_labels(name->domain) == name->labels);
    (void)domain_organisation(name->domain);
    helo_name_parse(&again, name->domain, strlen(name->domain));
    FUZZ_MUST(again.kind == HELO_NAME_DOMAIN && strcmp(again.domain, name->domain) == 0);
    FUZZ_MUST(again.underscore == name->underscore && again.labels == name->labels);
}

/* The address said as a literal, in its normal form, is the same address. */
static void address_is_stable(const struct helo_name *name)
{
    struct helo_name again;
    char address[IP_TEXT_SIZE], literal[IP_TEXT_SIZE + 8];

    (void)snprintf(literal, sizeof literal, name->address.family == IP_V6 ? "[IPv6:%s]" : "[%s]",
                   ip_format(&name->address, address));
    helo_name_parse(&again, literal, strlen(literal));
    FUZZ_MUST(again.kind == HELO_NAME_LITERAL && ip_equal(&again.address, &name->address));
    helo_name_parse(&again, address, strlen(address));
    FUZZ_MUST(again.kind == HELO_NAME_BARE_IP && ip_equal(&again.address, &name->address));
    FUZZ_MUST(!again.integer_like);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct helo_name name;

    helo_name_parse(&name, (const char *)data, size);
    text_is_printable(&name);
    members_agree(&name, size);
    if (name.kind == HELO_NAME_DOMAIN)
        domain_is_stable(&name);
    if (name.address.family != IP_NONE)
        address_is_stable(&name);
    return 0;
}
