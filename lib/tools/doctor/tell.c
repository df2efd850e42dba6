/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tell.c - the findings for people
 */
#include <stdio.h>
#include <string.h>

#include "tools/doctor/doctor.h"
#include "tools/tool.h"

enum { LABEL_WIDTH = 10, TEXT_INDENT = 3, LINE_SIZE = 4096 };

/* "label     text", folded. */
static void say(FILE *to, const char *label, const char *text)
{
    (void)fprintf(to, "%-*s", LABEL_WIDTH, label);
    print_folded(to, LABEL_WIDTH, text);
}

/* ---- what the world sees --------------------------------------------------------------------- */

/* "mail.example.org (yes)" of a fact; a word for those that have no value. */
static const char *fact_words(const struct view *view, const char *name, char out[LINE_SIZE])
{
    struct view_fact fact;

    if (!view_find_fact(view, name, &fact) ||
        (fact.cause != NULL && strcmp(fact.cause, "open") == 0))
        return "not looked for";
    if (strcmp(fact.state, "unknown") == 0) {
        (void)snprintf(out, LINE_SIZE, "no answer from DNS (%s)",
                       fact.cause != NULL ? fact.cause : "-");
        return out;
    }
    (void)snprintf(out, LINE_SIZE, "%s", fact.value != NULL ? fact.value : "none");
    return out;
}

/* Whose names are the client's by both ways: RFC 8601 2.7.3. */
static const char *reverse_words(const struct view *view, char out[LINE_SIZE])
{
    struct view_fact fact;
    const char *words;

    if (!view_find_fact(view, "client_ptr", &fact) || strcmp(fact.state, "yes") != 0)
        return fact_words(view, "client_ptr", out);
    words = fact_words(view, "client_fcrdns", out);
    return words;
}

static void tell_world(const struct doctor *d, FILE *to)
{
    const char *helo = view_text(&d->patients[0].view, "helo");
    char words[LINE_SIZE], line[LINE_SIZE + DOCTOR_ADDRESS_SIZE];

    (void)fprintf(to, "What the world sees\n\n");
    for (size_t i = 0; i < d->patient_count; i++) {
        const struct patient *patient = &d->patients[i];

        say(to, patient->given ? "address" : "also", patient->address);
        say(to, "  PTR", reverse_words(&patient->view, words));
    }
    (void)snprintf(line, sizeof(line), "%s", helo != NULL ? helo : "(none)");
    say(to, "HELO", line);
    say(to, "  address", fact_words(&d->patients[0].view, "helo_address", words));
    if (d->helo_is_others)
        say(to, "", "the name belongs to other addresses than yours: they are not judged");
    (void)fprintf(to, "\nA PTR name with (yes) has the address, one with (no) has not.\n\n");
}

/* ---- findings -------------------------------------------------------------------------------- */

/* "rfc-safe, strict, postfix" */
static void list_receivers(const struct doctor *d, unsigned set, char out[LINE_SIZE])
{
    size_t used = 0;

    out[0] = '\0';
    for (size_t i = 0; i < d->receiver_count; i++)
        if ((set & 1u << i) != 0)
            used += (size_t)snprintf(out + used, LINE_SIZE - used, "%s%s", used > 0 ? ", " : "",
                                     d->receivers[i].profile);
}

static void tell_minds(const struct doctor *d, const struct finding *finding, FILE *to)
{
    char names[LINE_SIZE], line[LINE_SIZE + 64];

    if (finding->refused_by != 0) {
        list_receivers(d, finding->refused_by, names);
        (void)snprintf(line, sizeof(line), "refused by rules as those of: %s", names);
        (void)fprintf(to, "%*s", TEXT_INDENT, "");
        print_folded(to, TEXT_INDENT, line);
    }
    if (finding->deferred_by != 0) {
        list_receivers(d, finding->deferred_by, names);
        (void)snprintf(line, sizeof(line), "delayed by rules as those of: %s", names);
        (void)fprintf(to, "%*s", TEXT_INDENT, "");
        print_folded(to, TEXT_INDENT, line);
    }
}

static void tell_finding(const struct doctor *d, size_t number, FILE *to)
{
    const struct finding *finding = &d->findings[number];
    char line[LINE_SIZE];

    (void)snprintf(line, sizeof(line), "%s (%s%s%s)", finding->text, finding->check.name,
                   finding->cite != NULL ? ", " : "", finding->cite != NULL ? finding->cite : "");
    (void)fprintf(to, "%zu. ", number + 1);
    print_folded(to, TEXT_INDENT, line);
    tell_minds(d, finding, to);
    (void)snprintf(line, sizeof(line), "To mend it: %s", finding->mend);
    (void)fprintf(to, "%*s", TEXT_INDENT, "");
    print_folded(to, TEXT_INDENT, line);
    if (finding->records > 0)
        (void)fprintf(to, "%*sIn DNS:\n", TEXT_INDENT, "");
    for (size_t i = 0; i < finding->records; i++)
        (void)fprintf(to, "%*s%s\n", 2 * TEXT_INDENT + 2, "", finding->record[i]);
    if (finding->remark[0] != '\0') {
        (void)fprintf(to, "%*s", TEXT_INDENT, "");
        print_folded(to, TEXT_INDENT, finding->remark);
    }
    (void)fprintf(to, "\n");
}

/* ---- the mail server ------------------------------------------------------------------------- */

static void tell_settings(const struct doctor *d, FILE *to)
{
    char line[DOCTOR_RECORD_SIZE];

    if (!findings_need_helo(d) && d->mta == NULL)
        return;
    (void)fprintf(to, "Where the mail server sets its HELO\n\n");
    if (!d->name_is_own)
        (void)fprintf(to,
                      "Put your server's own full host name in place of %s, here and above.\n\n",
                      d->name);
    for (size_t i = 0; mta_name(i) != NULL; i++) {
        if (d->mta != NULL && strcmp(d->mta, mta_name(i)) != 0)
            continue;
        (void)fprintf(to, "%s\n", mta_title(i));
        for (size_t k = 0; mta_line(i, k, d->name, line, sizeof(line)); k++)
            (void)fprintf(to, "%*s%s\n", TEXT_INDENT, "", line);
        (void)fprintf(to, "\n");
    }
}

/* ---- receivers ------------------------------------------------------------------------------- */

/* "exim reject, strict defer": what they do otherwise than with the first address. */
static void tell_other_patient(const struct doctor *d, size_t patient, FILE *to)
{
    char line[LINE_SIZE];
    size_t used = (size_t)snprintf(line, sizeof(line), "from %s: ", d->patients[patient].address);
    size_t head = used;

    for (size_t i = 0; i < d->receiver_count && used < sizeof(line); i++)
        if (d->receivers[i].would[patient] != d->receivers[i].would[0])
            used += (size_t)snprintf(line + used, sizeof(line) - used, "%s%s %s",
                                     used > head ? ", " : "", d->receivers[i].profile,
                                     helo_action_text(d->receivers[i].would[patient]));
    if (used == head)
        (void)snprintf(line + used, sizeof(line) - used, "the same");
    print_folded(to, 0, line);
}

static void tell_receivers(const struct doctor *d, FILE *to)
{
    (void)fprintf(to, "What receivers do with mail from %s, by their rules\n\n",
                  d->patients[0].address);
    for (size_t i = 0; i < d->receiver_count; i++)
        (void)fprintf(to, "%-17s%-8s%s\n", d->receivers[i].profile,
                      helo_action_text(d->receivers[i].would[0]), d->receivers[i].who);
    if (d->patient_count > 1)
        (void)fprintf(to, "\n");
    for (size_t i = 1; i < d->patient_count; i++)
        tell_other_patient(d, i, to);
}

void tell_text(const struct doctor *d, FILE *to)
{
    tell_world(d, to);
    if (d->finding_count == 0)
        (void)fprintf(to, "Nothing is to be mended: address, reverse DNS and HELO agree.\n\n");
    else
        (void)fprintf(to, "What is to be mended, the worst first\n\n");
    for (size_t i = 0; i < d->finding_count; i++)
        tell_finding(d, i, to);
    tell_settings(d, to);
    tell_receivers(d, to);
}
