/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * report_text.c - the report for a terminal, a mail or a ticket: 100 columns
 */
#include <string.h>

#include "tools/replay/report.h"
#include "tools/tool.h"

enum { LABEL = 12, NAME = 34, INDENT = 8, PATH_SIZE = 1024 };

static void heading(FILE *to, const char *text)
{
    (void)fprintf(to, "\n%s\n", text);
}

/* ---- head ------------------------------------------------------------------------------------ */

static void print_policy(FILE *to, const char *label, const struct report_policy *policy)
{
    char name[PATH_SIZE];

    if (policy->name == NULL)
        return;
    (void)fprintf(to, "  %-*s%s (mode: %s%s%s)\n", LABEL, label,
                  print_clean(name, sizeof(name), policy->name), policy->mode,
                  policy->profile[0] != '\0' ? ", profile: " : "", policy->profile);
}

static void print_logs(const struct report *report, FILE *to)
{
    char clean[PATH_SIZE];

    for (size_t i = 0; i < report->log_count; i++)
        (void)fprintf(to, "  %-*s%s\n", LABEL, i == 0 ? "logs" : "",
                      print_clean(clean, sizeof(clean), report->logs[i]));
}

static void print_head(const struct report *report, FILE *to)
{
    const struct slice *all = &report->tally->all;
    char a[REPORT_NUMBER], b[REPORT_NUMBER], c[REPORT_NUMBER], d[REPORT_NUMBER];
    char from[REPORT_TIME], until[REPORT_TIME];

    (void)fprintf(to, "What the policy would do with the mail of these logs\n\n");
    print_policy(to, "policy", &report->policy);
    print_policy(to, "against", &report->against);
    print_logs(report, to);
    (void)fprintf(to, "  %-*s%s to %s UTC\n", LABEL, "time",
                  report_time(from, report->coverage->first_s),
                  report_time(until, report->coverage->last_s));
    (void)fprintf(to, "  %-*s%s in %s lines; clients: %s, of organisations: %s\n", LABEL, "found",
                  report_mails(a, all->mails), report_number(b, report->coverage->lines),
                  report_distinct(c, &all->clients), report_distinct(d, &all->organisations));
    (void)fprintf(to, "  %-*s%s\n", LABEL, "judged by", report_facts(report));
}

static void print_result(const struct report *report, FILE *to)
{
    unsigned long long refused = report_lost(report, FATE_REFUSED);
    unsigned long long deferred = report_lost(report, FATE_DEFERRED);
    unsigned long long all = slice_came_in(&report->tally->all);
    char a[REPORT_NUMBER], b[REPORT_NUMBER], c[REPORT_NUMBER];

    (void)fprintf(to,
                  "  %-*sof %s let in today, %s would be refused (%.2f %%), "
                  "%s deferred (%.2f %%)\n",
                  LABEL, "result", report_mails(a, all), report_number(b, refused),
                  100.0 * (double)refused / (double)(all > 0 ? all : 1), report_number(c, deferred),
                  100.0 * (double)deferred / (double)(all > 0 ? all : 1));
}

/* ---- what the logs cannot show --------------------------------------------------------------- */

static void print_remarks(const struct report *report, FILE *to)
{
    char number[REPORT_NUMBER];

    if (report->remark_count > 0)
        heading(to, "WHAT TO KNOW BEFORE YOU BELIEVE IT");
    for (size_t i = 0; i < report->remark_count; i++) {
        const struct report_remark *remark = &report->remarks[i];

        (void)fprintf(to, "%c %*s  ", remark->is_loud ? '!' : ' ', LABEL - 2,
                      remark->count == 0 ? "" : report_number(number, remark->count));
        print_folded(to, LABEL + 2, remark->text);
        if (remark->cure == NULL)
            continue;
        (void)fprintf(to, "%*s", LABEL + 2, "");
        print_folded(to, LABEL + 2, remark->cure);
    }
}

/* ---- tables ---------------------------------------------------------------------------------- */

static void print_columns(FILE *to, const char *first)
{
    (void)fprintf(to, "%-*s%*s%*s%*s%*s%*s\n", NAME, first, 11, "mails", 13, "let in today", 14,
                  "connections", 12, "clients", 16, "organisations");
}

static void print_slice(FILE *to, const char *name, const struct slice *slice)
{
    char a[REPORT_NUMBER], b[REPORT_NUMBER], c[REPORT_NUMBER], d[REPORT_NUMBER], e[REPORT_NUMBER];

    (void)fprintf(to, "  %-*s%*s%*s%*s%*s%*s\n", NAME - 2, name, 11, report_number(a, slice->mails),
                  13, report_number(b, slice_came_in(slice)), 14, report_connections(c, slice), 12,
                  report_distinct(d, &slice->clients), 16,
                  report_distinct(e, &slice->organisations));
}

static void print_fates(const struct report *report, FILE *to)
{
    const struct tally *tally = report->tally;

    heading(to, "WHAT WOULD BECOME OF IT");
    print_columns(to, "");
    for (size_t i = 0; i < FATES; i++)
        print_slice(to, fate_text((enum fate)i), &tally->fate[i]);
    print_slice(to, "all", &tally->all);
}

static void print_exemptions(const struct report *report, FILE *to)
{
    if (report->tally->fate[FATE_EXEMPT].mails == 0)
        return;
    heading(to, "EXEMPT BY");
    print_columns(to, "");
    for (size_t i = 0; i < TALLY_EXEMPTIONS && helo_exemption_kind(i) != NULL; i++)
        if (report->tally->exempt[i].mails > 0)
            print_slice(to, helo_exemption_kind(i), &report->tally->exempt[i]);
}

static void print_finding(FILE *to, const struct finding *finding)
{
    char name[2 * SENDER_REASON + 4], a[REPORT_NUMBER], b[REPORT_NUMBER], c[REPORT_NUMBER],
        d[REPORT_NUMBER], e[REPORT_NUMBER];

    (void)snprintf(name, sizeof(name), "%s:%s", finding->check, finding->reason);
    (void)fprintf(to, "  %-*s%-8s%*s%*s%*s%*s%*s\n", NAME - 2, name,
                  helo_action_text(finding->action), 10, report_number(a, finding->slice.mails), 13,
                  report_number(b, slice_came_in(&finding->slice)), 11,
                  report_number(c, finding->ground), 11, report_number(d, finding->alone), 10,
                  report_distinct(e, &finding->slice.clients));
}

static void print_findings(const struct report *report, FILE *to)
{
    size_t printed = 0;

    heading(to, "WHAT THE CHECKS FOUND");
    (void)fprintf(to, "%-*s%-8s%*s%*s%*s%*s%*s\n", NAME, "", "action", 10, "mails", 13,
                  "let in today", 11, "a ground", 11, "the only", 10, "clients");
    for (size_t i = 0; i < TALLY_CHECKS; i++) {
        for (const struct finding *at = report->tally->findings[i]; at != NULL; at = at->next) {
            if (at->is_unknown)
                continue;
            print_finding(to, at);
            printed++;
        }
    }
    if (printed == 0)
        (void)fprintf(to, "  nothing\n");
}

static void print_unknown(const struct report *report, FILE *to)
{
    int begun = 0;
    char number[REPORT_NUMBER];

    for (size_t i = 0; i < TALLY_CHECKS; i++) {
        for (const struct finding *at = report->tally->findings[i]; at != NULL; at = at->next) {
            if (!at->is_unknown)
                continue;
            if (!begun)
                heading(to, report->dns ? "CHECKS WITHOUT AN ANSWER FROM DNS"
                                        : "CHECKS THAT THE LOGS ALONE DO NOT ANSWER (--dns does)");
            begun = 1;
            (void)fprintf(to, "  %-*s%-10s%*s\n", NAME - 2, at->check,
                          strcmp(at->reason, "open") == 0 ? "" : at->reason, 9,
                          report_number(number, at->slice.mails));
        }
    }
}

/* ---- senders --------------------------------------------------------------------------------- */

/* "; NAME", or "; NAME and others: 3 in all". */
static void print_sample(FILE *to, const char *label, const char *value,
                         const struct sender_few *few)
{
    char number[REPORT_NUMBER];

    if (value[0] == '\0')
        return;
    (void)fprintf(to, "%*s%-8s%s", INDENT, "", label, value);
    if (few != NULL && few->count > 1)
        (void)fprintf(to, "  (one of %s)", report_few(number, few));
    (void)fputc('\n', to);
}

static void print_why(FILE *to, const struct sender *sender)
{
    char number[REPORT_NUMBER];

    (void)fprintf(to, "%*s%-8s", INDENT, "", "why");
    for (unsigned i = 0; i < sender->ground_count; i++)
        (void)fprintf(to, "%s%s:%s (%s)", i > 0 ? ", " : "", sender->grounds[i].check,
                      sender->grounds[i].reason, report_number(number, sender->grounds[i].mails));
    (void)fprintf(to, "%s\n", sender->ground_more ? ", ..." : "");
    if (sender->sentence[0] == '\0')
        return;
    (void)fprintf(to, "%*s", INDENT + 8, "");
    print_folded(to, INDENT + 8, sender->sentence);
}

/* The entry to paste, line by line, so that it keeps its columns. */
static void print_spare(const struct report *report, FILE *to, const struct sender *sender)
{
    struct report_exemption exemption;
    const char *line = exemption.yaml;

    report_exemption(report, sender, &exemption);
    (void)fprintf(to, "%*s%-8sin %s:\n", INDENT, "", "spare", exemption.file);
    for (size_t length; *line != '\0'; line += length + (line[length] == '\n')) {
        length = strcspn(line, "\n");
        (void)fprintf(to, "%*s%.*s\n", INDENT + 8, "", (int)length, line);
    }
}

static void print_sender(const struct report *report, FILE *to, enum report_list which, size_t rank)
{
    const struct sender *sender = report->list[which].rows[rank].sender;
    char number[REPORT_NUMBER], first[REPORT_TIME], last[REPORT_TIME];

    (void)fprintf(to, "\n%4zu. %s%s  ", rank + 1, sender->error > 0 ? "at least " : "",
                  report_mails(number, report_sure(sender)));
    if (which == REPORT_STRICTER || which == REPORT_MILDER)
        (void)fprintf(to, "%s, was %s  ", fate_word((enum fate)sender->after),
                      fate_word((enum fate)sender->before));
    (void)fprintf(to, "%s\n",
                  sender->organisation[0] != '\0' ? sender->organisation : sender->client);
    print_sample(to, "client", sender->client, &sender->clients);
    print_sample(to, "HELO", sender->helo, &sender->helos);
    print_sample(to, sender->ptr_confirmed || sender->ptr[0] == '\0' ? "PTR" : "PTR (?)",
                 sender->ptr[0] != '\0' ? sender->ptr : "-", NULL);
    print_sample(to, "from", sender->from_domain, &sender->from);
    print_sample(to, "to", sender->rcpt_domain, &sender->rcpt);
    (void)fprintf(to, "%*s%-8s%s to %s\n", INDENT, "", "seen", report_time(first, sender->first_s),
                  report_time(last, sender->last_s));
    print_why(to, sender);
    /* An exemption here does not help against what the MTA itself refuses. */
    if (which != REPORT_KEPT_OUT)
        print_spare(report, to, sender);
}

static void print_senders(const struct report *report, FILE *to, enum report_list which,
                          const char *title)
{
    const struct report_senders *list = &report->list[which];
    size_t shown = list->table->count < report->top ? list->table->count : report->top;
    char number[REPORT_NUMBER];

    if (list->table->count == 0)
        return;
    heading(to, title);
    for (size_t i = 0; i < shown; i++)
        print_sender(report, to, which, i);
    if (shown < list->table->count)
        (void)fprintf(to, "\n%*s%s%s more; --top shows them\n", 6, "",
                      list->table->overflowed ? "at least " : "",
                      report_number(number, list->table->count - shown));
}

/* ---- two policies ---------------------------------------------------------------------------- */

static void print_changes(const struct report *report, FILE *to)
{
    char number[REPORT_NUMBER];
    int changed = 0;

    heading(to, "WHAT CHANGES, AGAINST THE OTHER POLICY");
    for (size_t before = 0; before < FATES; before++) {
        for (size_t after = 0; after < FATES; after++) {
            if (before == after || report->tally->change[before][after] == 0)
                continue;
            changed = 1;
            (void)fprintf(to, "%*s mail%s  %s, was %s\n", LABEL + 2,
                          report_number(number, report->tally->change[before][after]),
                          report->tally->change[before][after] == 1 ? " " : "s",
                          fate_word((enum fate)after), fate_word((enum fate)before));
        }
    }
    if (!changed)
        (void)fprintf(to, "  nothing\n");
    print_senders(report, to, REPORT_STRICTER, "SENDERS THAT ARE WORSE OFF, MOST MAIL FIRST");
    print_senders(report, to, REPORT_MILDER, "SENDERS THAT ARE BETTER OFF, MOST MAIL FIRST");
}

void report_text(const struct report *report, FILE *to)
{
    print_head(report, to);
    print_result(report, to);
    print_remarks(report, to);
    print_fates(report, to);
    print_exemptions(report, to);
    print_findings(report, to);
    print_unknown(report, to);
    if (report->tally->is_compared)
        print_changes(report, to);
    print_senders(report, to, REPORT_LOST,
                  "SENDERS WHOSE MAIL IS LET IN TODAY AND WOULD BE REFUSED OR DEFERRED, MOST MAIL "
                  "FIRST");
    print_senders(report, to, REPORT_KEPT_OUT,
                  "SENDERS THAT ARE REFUSED TODAY, TOO, MOST MAIL FIRST");
    (void)fprintf(to, "\nlet in today: the log does not show that the MTA refused or deferred it; "
                      "only such mail can be lost.\n");
    (void)fprintf(to,
                  "a ground: of the refusal or deferral; the only: there is no other, so without "
                  "it the mail is accepted.\n");
    (void)fprintf(
        to, "Before you spare a sender, make sure that you want its mail. Keys of an "
            "entry that its file has\nalready stand once: write it below them, in place of []. "
            "'~': about, to 1 %%.\n");
}
