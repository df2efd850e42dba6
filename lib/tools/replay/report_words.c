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

enum { NOTE_SIZE = 384 };

/* How an entry of a list is written, and where. */
struct exempt_form {
    const char *file, *keys, *indent, *word;
};

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

/* A host name with a dot in it, as the lists of names want it. */
static int is_host_name(const char *name)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.";
    size_t length = strlen(name);

    return length > 0 && name[strspn(name, letters)] == '\0' && strchr(name, '.') != NULL &&
           strstr(name, "..") == NULL && strchr(".-", name[0]) == NULL &&
           strchr(".-", name[length - 1]) == NULL;
}

/* Quotes and backslashes of a YAML text in double quotes (YAML 1.1, 5.7). */
static void add_quoted(char *out, size_t size, const char *text)
{
    size_t used = strlen(out);

    for (; *text != '\0' && used + 3 < size; text++) {
        if (*text == '"' || *text == '\\')
            out[used++] = '\\';
        out[used++] = *text;
    }
    out[used] = '\0';
}

/* What helps whoever finds the entry in a year. */
static void make_note(const struct sender *sender, char note[NOTE_SIZE])
{
    note[0] = '\0';
    if (sender->helo[0] != '\0') {
        (void)snprintf(note, NOTE_SIZE, "HELO ");
        add_quoted(note, NOTE_SIZE, sender->helo);
    }
    if (sender->from_domain[0] == '\0' || strcmp(sender->from_domain, "<>") == 0)
        return;
    add_quoted(note, NOTE_SIZE, note[0] != '\0' ? ", mail from " : "mail from ");
    add_quoted(note, NOTE_SIZE, sender->from_domain);
}

static void write_entry(const struct report *report, const struct sender *sender,
                        const struct exempt_form *form, const char *value,
                        struct report_exemption *out)
{
    char note[NOTE_SIZE], date[REPORT_TIME];

    make_note(sender, note);
    out->file = form->file;
    (void)snprintf(out->yaml, sizeof(out->yaml),
                   "%s%s- %s: \"%s\"\n%s  note: \"%s\"\n%s  owner: postmaster\n%s  expires: %s\n",
                   form->keys, form->indent, form->word, value, form->indent, note, form->indent,
                   form->indent, report_date(date, report->expires_s));
}

void report_exemption(const struct report *report, const struct sender *sender,
                      struct report_exemption *out)
{
    static const struct exempt_form network = {"networks.yaml", "networks:\n", "  ", "net"};
    static const struct exempt_form rdns = {"milter-helo.yaml", "exempt:\n  rdns_domains:\n",
                                            "    ", "domain"};
    static const struct exempt_form helo = {"milter-helo.yaml", "exempt:\n  helo_names:\n", "    ",
                                            "name"};

    if (sender->ptr_confirmed && is_host_name(sender->suffix))
        write_entry(report, sender, &rdns, sender->suffix, out);
    else if (sender->helo_confirmed && sender->helos.count == 1 && is_host_name(sender->helo))
        write_entry(report, sender, &helo, sender->helo, out);
    else
        write_entry(report, sender, &network, sender->client, out);
}
