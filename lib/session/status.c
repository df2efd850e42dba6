/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * status.c - the small things of helo.h: texts of status codes, the version, memory handed out,
 *            whose a name is
 */
#include "base/mem.h"
#include "include/helo.h"
#include "name/domain.h"

static const char *const status_texts[] = {
#define HELO_STATUS_TEXT(name, text) [HELO_##name] = text,
    HELO_STATUS_LIST(HELO_STATUS_TEXT)
#undef HELO_STATUS_TEXT
};

const char *helo_status_text(enum helo_status status)
{
    return (size_t)status < sizeof(status_texts) / sizeof(status_texts[0]) ? status_texts[status]
                                                                           : "unknown status";
}

const char *helo_version(void)
{
    return HELO_VERSION_TEXT;
}

void helo_free(void *memory)
{
    mem_free(memory);
}

const char *helo_organisational_domain(const char *name)
{
    char lower[LIMIT_NAME_CHARS + 1];
    const char *organisation;

    if (name == NULL || !domain_normalise(lower, name))
        return NULL;
    organisation = domain_organisation(lower);
    return organisation != NULL ? name + (organisation - lower) : NULL;
}
