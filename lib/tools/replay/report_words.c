/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * report_words.c - numbers, times and exemptions, in the words of all forms of the report
 *
 * CONTRACT An exemption is the narrowest that spares all of the sender's mail in the log and cannot
 *          be had by lying: by the PTR name when DNS has confirmed it; by the HELO when that has
 *          the client's address; else by the address itself.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "tools/replay/report.h"

/* ---- numbers --------------------------------------------------------------------------------- */

char *report_number(char out[REPORT_NUMBER], unsigned long long number)
{
    char digits[REPORT_NUMBER];
    size_t length = (size_t)snprintf(digits, sizeof(digits), "%llu", number);
    size_t used = 0;

    for (size_t i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            out[used++] = ',';
        out[used++] = digits[i];
    }
    out[used] = '\0';
    return out;
}

const char *report_facts(const struct report *report)
{
    if (report->zone)
        return "the logs, and DNS as the zone has it";
    return report->dns ? "the logs, and DNS as it is now" : "what the logs tell alone";
}

char *report_mails(char out[REPORT_NUMBER], unsigned long long number)
{
    char text[REPORT_NUMBER];

    (void)snprintf(out, REPORT_NUMBER, "%.30s mail%s", report_number(text, number),
                   number == 1 ? "" : "s");
    return out;
}

static char *maybe_about(char out[REPORT_NUMBER], unsigned long long number, int is_exact)
{
    char text[REPORT_NUMBER];

    (void)snprintf(out, REPORT_NUMBER, "%s%s", is_exact ? "" : "~", report_number(text, number));
    return out;
}

char *report_distinct(char out[REPORT_NUMBER], const struct distinct *set)
{
    return maybe_about(out, distinct_count(set), distinct_is_exact(set));
}

char *report_connections(char out[REPORT_NUMBER], const struct slice *slice)
{
    return maybe_about(out, slice_connections(slice), distinct_is_exact(&slice->connections));
}

unsigned long long report_sure(const struct sender *sender)
{
    return sender->mails - sender->error;
}

char *report_few(char out[REPORT_NUMBER], const struct sender_few *few)
{
    (void)snprintf(out, REPORT_NUMBER, "%u%s", few->count, few->more ? " or more" : "");
    return out;
}

/* ---- times ----------------------------------------------------------------------------------- */

static int split_time(long long time_s, struct tm *out)
{
    time_t when = (time_t)time_s;

    return time_s > 0 && gmtime_r(&when, out) != NULL;
}

char *report_time(char out[REPORT_TIME], long long time_s)
{
    struct tm tm;

    if (!split_time(time_s, &tm) || strftime(out, REPORT_TIME, "%Y-%m-%d %H:%M", &tm) == 0)
        (void)snprintf(out, REPORT_TIME, "-");
    return out;
}

char *report_time_iso(char out[REPORT_TIME], long long time_s)
{
    struct tm tm;

    if (!split_time(time_s, &tm) || strftime(out, REPORT_TIME, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
        (void)snprintf(out, REPORT_TIME, "-");
    return out;
}

char *report_date(char out[REPORT_TIME], long long time_s)
{
    struct tm tm;

    if (!split_time(time_s, &tm) || strftime(out, REPORT_TIME, "%Y-%m-%d", &tm) == 0)
        (void)snprintf(out, REPORT_TIME, "-");
    return out;
}

/* ---- exemptions ------------------------------------------------------------------------------ */

/* What helps whoever finds the entry in a year. */
static void make_note(const struct sender *sender, char note[EXEMPTION_NOTE])
{
    note[0] = '\0';
    if (sender->helo[0] != '\0') {
        exemption_note(note, "HELO ");
        exemption_note(note, sender->helo);
    }
    if (sender->from_domain[0] == '\0' || strcmp(sender->from_domain, "<>") == 0)
        return;
    exemption_note(note, note[0] != '\0' ? ", mail from " : "mail from ");
    exemption_note(note, sender->from_domain);
}

/* A HELO that was cut to be shown is another name, which the client may have chosen, too. */
static int is_whole_name(const struct sender *sender)
{
    return sender->helos.count == 1 && strlen(sender->helo) + 1 < sizeof(sender->helo) &&
           exemption_is_host(sender->helo);
}

/* Below a public suffix everybody has a name. */
static int is_somebodys(const char *suffix)
{
    return exemption_is_host(suffix) && helo_organisational_domain(suffix) != NULL;
}

void report_exemption(const struct report *report, const struct sender *sender,
                      struct report_exemption *out)
{
    enum exemption_list list = EXEMPTION_NETWORK;
    char note[EXEMPTION_NOTE], date[REPORT_TIME];

    if (sender->ptr_confirmed && is_somebodys(sender->suffix))
        list = EXEMPTION_RDNS;
    else if (sender->helo_confirmed && is_whole_name(sender))
        list = EXEMPTION_HELO;
    make_note(sender, note);
    out->file = exemption_file(list);
    exemption_write(out->yaml, list,
                    list == EXEMPTION_RDNS   ? sender->suffix
                    : list == EXEMPTION_HELO ? sender->helo
                                             : sender->client,
                    note, report_date(date, report->expires_s));
}
