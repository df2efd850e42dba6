/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * report_html.c - the report as one page that a browser opens without a network
 */
#include <string.h>

#include "tools/replay/html.h"
#include "tools/tool.h"

enum { PATH_SIZE = 1024 };

static void write_head(FILE *to, const struct report *report)
{
    char first[REPORT_TIME], last[REPORT_TIME];

    (void)fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n", to);
    (void)fprintf(to,
                  "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                  "style-src '%s'; base-uri 'none'; form-action 'none'\">\n",
                  html_style_hash);
    (void)fputs("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                "<meta name=\"referrer\" content=\"no-referrer\">\n"
                "<meta name=\"color-scheme\" content=\"light dark\">\n",
                to);
    (void)fprintf(to, "<title>HELO replay, %s to %s</title>\n<style>%s</style>\n</head>\n<body>\n",
                  report_date(first, report->coverage->first_s),
                  report_date(last, report->coverage->last_s), html_style);
}

static void write_policy(FILE *to, const char *label, const struct report_policy *policy)
{
    char clean[PATH_SIZE];

    if (policy->name == NULL)
        return;
    (void)fprintf(to, "<div><dt>%s</dt><dd>", label);
    html_element(to, "code", print_clean(clean, sizeof(clean), policy->name));
    (void)fprintf(to, " <small>mode %s", policy->mode);
    if (policy->profile[0] != '\0')
        (void)fputs(", profile ", to);
    html_text(to, print_clean(clean, sizeof(clean), policy->profile));
    (void)fputs("</small></dd></div>\n", to);
}

static void write_facts(FILE *to, const struct report *report)
{
    char first[REPORT_TIME], last[REPORT_TIME], mails[REPORT_NUMBER], lines[REPORT_NUMBER];

    (void)fputs("<dl class=\"facts\">\n", to);
    write_policy(to, "Policy", &report->policy);
    write_policy(to, "Against", &report->against);
    (void)fprintf(to, "<div><dt>Time</dt><dd>%s to %s <small>UTC</small></dd></div>\n",
                  report_time(first, report->coverage->first_s),
                  report_time(last, report->coverage->last_s));
    (void)fprintf(to, "<div><dt>Found</dt><dd>%s <small>in %s lines</small></dd></div>\n",
                  report_mails(mails, report->tally->all.mails),
                  report_number(lines, report->coverage->lines));
    (void)fprintf(to, "<div><dt>Judged by</dt><dd>%s</dd></div>\n</dl>\n", report_facts(report));
}

/* "0.19 %" of what is let in today. */
static void write_share(FILE *to, unsigned long long part, unsigned long long all)
{
    if (all > 0)
        (void)fprintf(to, "<small>%.2f %%</small>", 100.0 * (double)part / (double)all);
}

static void write_card(FILE *to, const char *id, const char *class, const char *label,
                       unsigned long long mails, unsigned long long of)
{
    char number[REPORT_NUMBER];

    (void)fprintf(to, "<div class=\"card %s\" id=\"%s\"><b>%s</b> ", class, id,
                  report_number(number, mails));
    write_share(to, mails, of);
    html_element(to, "span", label);
    (void)fputs("</div>\n", to);
}

static void write_cards(FILE *to, const struct report *report)
{
    const struct tally *tally = report->tally;
    unsigned long long all = slice_came_in(&tally->all);
    unsigned long long out = tally->fate[FATE_REFUSED].mails + tally->fate[FATE_DEFERRED].mails -
                             slice_came_in(&tally->fate[FATE_REFUSED]) -
                             slice_came_in(&tally->fate[FATE_DEFERRED]);

    (void)fputs("<div class=\"cards\">\n", to);
    write_card(to, "card-refused", "refused", "let in today, would be refused",
               report_lost(report, FATE_REFUSED), all);
    write_card(to, "card-deferred", "deferred", "let in today, would be deferred",
               report_lost(report, FATE_DEFERRED), all);
    write_card(to, "card-kept-out", "plain", "refused today, too", out, 0);
    write_card(to, "card-exempt", "plain", "exempt", tally->fate[FATE_EXEMPT].mails, 0);
    write_card(to, "card-unjudged", "plain", "could not be judged",
               tally->fate[FATE_UNJUDGED].mails, 0);
    (void)fputs("</div>\n", to);
}

static void write_remarks(FILE *to, const struct report *report)
{
    char number[REPORT_NUMBER];

    if (report->remark_count == 0)
        return;
    (void)fputs("<section aria-labelledby=\"remarks\"><h2 id=\"remarks\">What to know before you "
                "believe it</h2>\n<ul class=\"remarks\">\n",
                to);
    for (size_t i = 0; i < report->remark_count; i++) {
        const struct report_remark *remark = &report->remarks[i];

        (void)fprintf(to, "<li%s>", remark->is_loud ? " class=\"loud\"" : "");
        if (remark->count > 0)
            (void)fprintf(to, "<b>%s</b> ", report_number(number, remark->count));
        html_text(to, remark->text);
        if (remark->cure != NULL)
            html_element(to, "div class=\"cure\"", remark->cure);
        (void)fputs("</li>\n", to);
    }
    (void)fputs("</ul></section>\n", to);
}

static void write_lists(FILE *to, const struct report *report)
{
    html_senders(to, report, REPORT_STRICTER, "stricter", "Senders that are worse off",
                 "What becomes of their mail is worse by this policy than by the other; most mail "
                 "first.");
    html_senders(to, report, REPORT_MILDER, "milder", "Senders that are better off",
                 "What becomes of their mail is better by this policy than by the other; most mail "
                 "first.");
    html_senders(to, report, REPORT_LOST, "lost", "Senders that would lose mail",
                 "Their mail is let in today, and would be refused or deferred; most mail first. "
                 "Before you spare one, make sure that you want its mail. Keys of an entry that "
                 "its file has already stand once: write it below them, in place of [].");
    html_senders(to, report, REPORT_KEPT_OUT, "kept-out", "Senders that are refused today, too",
                 "The log shows that the mail server refused or deferred this mail already; the "
                 "policy would, too.");
}

void report_html(const struct report *report, FILE *to)
{
    write_head(to, report);
    (void)fputs("<header><p class=\"brand\">milter-helo</p>\n"
                "<h1>What the policy would do with the mail of these logs</h1>\n",
                to);
    write_facts(to, report);
    (void)fputs("</header>\n<main>\n", to);
    write_cards(to, report);
    write_remarks(to, report);
    html_fates(to, report);
    html_plot_time(to, report);
    html_findings(to, report);
    html_changes(to, report);
    write_lists(to, report);
    html_exemptions(to, report);
    html_unknown(to, report);
    html_logs(to, report);
    (void)fprintf(to,
                  "</main>\n<footer>helocheck replay %s. \"~\" and \"&ge;\": about, to 1 %%; at "
                  "least. Mails are counted by recipient.</footer>\n</body>\n</html>\n",
                  helo_version());
}
