/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tell_json.c - the findings for programs: one object on one line, as helocheck(1) documents it
 *
 * CONTRACT Every text is printable ASCII: it comes from a verdict's JSON, which has none other.
 */
#include <stdio.h>
#include <string.h>

#include "tools/doctor/doctor.h"
#include "tools/tool.h"

static void text(FILE *to, const char *key, const char *value)
{
    (void)fprintf(to, "\"%s\": ", key);
    if (value != NULL)
        print_json_string(to, value);
    else
        (void)fprintf(to, "null");
}

/* The value of a fact, null when there is none or DNS did not answer. */
static void fact(FILE *to, const char *key, const struct view *view, const char *name)
{
    struct view_fact found = {NULL, NULL, NULL};

    (void)view_find_fact(view, name, &found);
    text(to, key, found.value);
}

static void receivers(const struct doctor *d, const char *key, unsigned set, FILE *to)
{
    const char *separator = "";

    (void)fprintf(to, ", \"%s\": [", key);
    for (size_t i = 0; i < d->receiver_count; i++) {
        if ((set & 1u << i) == 0)
            continue;
        (void)fprintf(to, "%s", separator);
        print_json_string(to, d->receivers[i].profile);
        separator = ", ";
    }
    (void)fprintf(to, "]");
}

static void finding(const struct doctor *d, const struct finding *f, FILE *to)
{
    (void)fprintf(to, "{");
    text(to, "check", f->check.name);
    (void)fprintf(to, ", ");
    text(to, "reason", f->check.reason);
    (void)fprintf(to, ", ");
    text(to, "address", f->patient->address);
    (void)fprintf(to, ", ");
    text(to, "text", f->text);
    (void)fprintf(to, ", ");
    text(to, "mend", f->mend);
    (void)fprintf(to, ", \"records\": [");
    for (size_t i = 0; i < f->records; i++) {
        (void)fprintf(to, "%s", i > 0 ? ", " : "");
        print_json_string(to, f->record[i]);
    }
    (void)fprintf(to, "], \"change_helo\": %s", f->change_helo ? "true" : "false");
    receivers(d, "refused_by", f->refused_by, to);
    receivers(d, "delayed_by", f->deferred_by, to);
    (void)fprintf(to, "}");
}

/* What each does with mail from this address. */
static void profiles(const struct doctor *d, size_t patient, FILE *to)
{
    (void)fprintf(to, ", \"profiles\": {");
    for (size_t i = 0; i < d->receiver_count; i++) {
        (void)fprintf(to, "%s", i > 0 ? ", " : "");
        text(to, d->receivers[i].profile, helo_action_text(d->receivers[i].would[patient]));
    }
    (void)fprintf(to, "}");
}

static void addresses(const struct doctor *d, FILE *to)
{
    (void)fprintf(to, "\"addresses\": [");
    for (size_t i = 0; i < d->patient_count; i++) {
        const struct patient *patient = &d->patients[i];

        (void)fprintf(to, "%s{", i > 0 ? ", " : "");
        text(to, "address", patient->address);
        (void)fprintf(to, ", \"given\": %s, ", patient->given ? "true" : "false");
        fact(to, "ptr", &patient->view, "client_fcrdns");
        profiles(d, i, to);
        (void)fprintf(to, "}");
    }
    (void)fprintf(to, "]");
}

void tell_json(const struct doctor *d, FILE *to)
{
    (void)fprintf(to, "{");
    text(to, "helo", view_text(&d->patients[0].view, "helo"));
    (void)fprintf(to, ", ");
    fact(to, "helo_addresses", &d->patients[0].view, "helo_address");
    (void)fprintf(to, ", ");
    addresses(d, to);
    (void)fprintf(to, ", \"findings\": [");
    for (size_t i = 0; i < d->finding_count; i++) {
        (void)fprintf(to, "%s", i > 0 ? ", " : "");
        finding(d, &d->findings[i], to);
    }
    (void)fprintf(to, "], ");
    text(to, "name", d->name_is_own ? d->name : NULL);
    (void)fprintf(to, "}\n");
}
