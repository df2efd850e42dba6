/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * reason.c - see reason.h
 */
#include "policy/reason.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "facts/reference.h"

enum { FIELD_SIZE = REASON_FIELD_SIZE };

typedef void field_fn(const struct facts *f, char out[FIELD_SIZE]);

static void field_helo(const struct facts *f, char out[FIELD_SIZE])
{
    if (!text_copy(out, FIELD_SIZE, f->helo.text))
        memcpy(out + FIELD_SIZE - 4, "...", 4);
}

static void field_client(const struct facts *f, char out[FIELD_SIZE])
{
    char text[IP_TEXT_SIZE];

    text_copy(out, FIELD_SIZE, ip_format(&f->client, text));
}

/* As the client may say it: RFC 5321 4.1.3. */
static void field_literal(const struct facts *f, char out[FIELD_SIZE])
{
    char text[IP_TEXT_SIZE];

    snprintf(out, FIELD_SIZE, "[%s%s]", f->client.family == IP_V6 ? "IPv6:" : "",
             ip_format(&f->client, text));
}

/* A confirmed name before any other. */
static void field_ptr(const struct facts *f, char out[FIELD_SIZE])
{
    size_t best = 0;

    for (size_t i = f->ptr_count; i-- > 0;) {
        if (f->ptr[i].confirmed.state == FACT_YES)
            best = i;
    }
    if (f->fact[FACT_client_ptr].state == FACT_NO)
        text_copy(out, FIELD_SIZE, "nothing");
    else if (f->ptr_count == 0)
        text_copy(out, FIELD_SIZE, "a name that is no host name");
    else if (!text_copy(out, FIELD_SIZE, f->ptr[best].name))
        memcpy(out + FIELD_SIZE - 4, "...", 4);
}

static void field_fault(const struct facts *f, char out[FIELD_SIZE])
{
    text_copy(out, FIELD_SIZE, helo_fault_text(f->helo.fault));
}

static void field_position(const struct facts *f, char out[FIELD_SIZE])
{
    out[0] = '\0';
    if (f->helo.position > 0)
        snprintf(out, FIELD_SIZE, " at position %u", f->helo.position);
}

static void field_form(const struct facts *f, char out[FIELD_SIZE])
{
    char text[IP_TEXT_SIZE];

    out[0] = '\0';
    if (f->helo.integer_like)
        snprintf(out, FIELD_SIZE, " (an integer-like form of %s)",
                 ip_format(&f->helo.address, text));
}

/* The suffix that is listed, home.arpa for one, or the last label. */
static void field_tld(const struct facts *f, char out[FIELD_SIZE])
{
    const struct domain_set_row *row =
        f->ref != NULL ? domain_set_find(&f->ref->special_tlds, f->helo.domain) : NULL;
    const char *dot = strrchr(f->helo.domain, '.');

    if (row != NULL)
        snprintf(out, FIELD_SIZE, ".%s", row->domain);
    else
        text_copy(out, FIELD_SIZE, dot != NULL ? dot : f->helo.domain);
}

static void field_own(const struct facts *f, char out[FIELD_SIZE])
{
    const char *own = facts_own_name_above(f, f->helo.domain);

    text_copy(out, FIELD_SIZE, own != NULL ? own : "");
}

static void field_before(const struct facts *f, char out[FIELD_SIZE])
{
    text_copy(out, FIELD_SIZE, f->helo_before);
}

static void field_names(const struct facts *f, char out[FIELD_SIZE])
{
    snprintf(out, FIELD_SIZE, "%u", f->client_names);
}

static void field_address(const struct facts *f, char out[FIELD_SIZE])
{
    char text[IP_TEXT_SIZE];

    text_copy(out, FIELD_SIZE,
              f->helo_address_count > 0 ? ip_format(&f->helo_addresses[0], text) : "nothing");
}

static void field_zone(const struct facts *f, char out[FIELD_SIZE])
{
    bool known = f->ref != NULL && f->rhsbl_zone < f->ref->zone_count;

    text_copy(out, FIELD_SIZE, known ? f->ref->zones[f->rhsbl_zone].name : "");
}

static void field_code(const struct facts *f, char out[FIELD_SIZE])
{
    char text[IP_TEXT_SIZE];

    text_copy(out, FIELD_SIZE, ip_format(&f->rhsbl_code, text));
}

static void field_mx(const struct facts *f, char out[FIELD_SIZE])
{
    text_copy(out, FIELD_SIZE, f->mx_name);
}

static const struct {
    const char *name;
    field_fn *fill;
} fields[] = {
    {"helo", field_helo},     {"client", field_client}, {"literal", field_literal},
    {"ptr", field_ptr},       {"fault", field_fault},   {"position", field_position},
    {"form", field_form},     {"tld", field_tld},       {"own", field_own},
    {"before", field_before}, {"names", field_names},   {"address", field_address},
    {"zone", field_zone},     {"code", field_code},     {"mx", field_mx},
};

enum { FIELD_COUNT = sizeof(fields) / sizeof(fields[0]) };

const char *reason_field_name(size_t i)
{
    return i < FIELD_COUNT ? fields[i].name : NULL;
}

size_t reason_field(char out[REASON_FIELD_SIZE], const char *s, const struct facts *f)
{
    for (size_t i = 0; s[0] == '{' && i < FIELD_COUNT; i++) {
        size_t length = strlen(fields[i].name);

        if (strncmp(s + 1, fields[i].name, length) == 0 && s[length + 1] == '}') {
            fields[i].fill(f, out);
            return length + 2;
        }
    }
    return 0;
}

static char *fill_template(char out[REASON_TEXT_SIZE], const char *template, const struct facts *f)
{
    size_t used = 0;

    while (*template != '\0' && used + 1 < REASON_TEXT_SIZE) {
        char value[FIELD_SIZE] = {template[0], '\0'};
        size_t length = reason_field(value, template, f);

        template += length > 0 ? length : 1;
        text_copy(out + used, REASON_TEXT_SIZE - used, value);
        used += strlen(out + used);
    }
    out[used] = '\0';
    return out;
}

char *reason_seen(char out[REASON_TEXT_SIZE], enum reason_id reason, const struct facts *facts)
{
    return fill_template(out, reason_row(reason)->seen, facts);
}

char *reason_mend(char out[REASON_TEXT_SIZE], enum reason_id reason, const struct facts *facts)
{
    return fill_template(out, reason_row(reason)->mend, facts);
}
