/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * html_tables.c - the tables of the page
 */
#include <string.h>

#include "tools/replay/html.h"
#include "tools/tool.h"

enum { NAME_SIZE = 2 * SENDER_REASON + 4, PATH_SIZE = 1024 };

static void begin_section(FILE *to, const char *id, const char *title, const char *lead)
{
    (void)fprintf(to, "<section aria-labelledby=\"%s\"><h2 id=\"%s\">", id, id);
    html_text(to, title);
    (void)fputs("</h2>\n", to);
    if (lead == NULL)
        return;
    html_element(to, "p class=\"lead\"", lead);
    (void)fputc('\n', to);
}

/* names ends with NULL; the first is of text, the others are of numbers. */
static void begin_table(FILE *to, const char *caption, const char *const *names)
{
    (void)fputs("<div class=\"table\"><table><caption>", to);
    html_text(to, caption);
    (void)fputs("</caption><thead><tr>", to);
    for (size_t i = 0; names[i] != NULL; i++)
        html_element(to, i == 0 ? "th scope=\"col\"" : "th scope=\"col\" class=\"n\"", names[i]);
    (void)fputs("</tr></thead><tbody>\n", to);
}

static void end_table(FILE *to)
{
    (void)fputs("</tbody></table></div>\n", to);
}

static void end_section(FILE *to)
{
    (void)fputs("</section>\n", to);
}

static void cell(FILE *to, const char *text)
{
    html_element(to, "td class=\"n\"", text);
}

static void slice_cells(FILE *to, const struct slice *slice)
{
    char text[REPORT_NUMBER];

    html_cell_number(to, slice->mails);
    html_cell_number(to, slice_came_in(slice));
    cell(to, report_connections(text, slice));
    cell(to, report_distinct(text, &slice->clients));
    cell(to, report_distinct(text, &slice->organisations));
}

/* ---- what would become of it ----------------------------------------------------------------- */

void html_fates(FILE *to, const struct report *report)
{
    static const char *const names[] = {
        "", "mails", "let in today", "connections", "clients", "organisations", NULL};
    const struct tally *tally = report->tally;

    begin_section(to, "fates", "What would become of it",
                  "Let in today: the log does not show that the mail server refused or deferred "
                  "it. Only such mail can be lost.");
    html_plot_share(to, tally);
    begin_table(to, "Mails by what would become of them", names);
    for (size_t fate = 0; fate < FATES; fate++) {
        (void)fprintf(to, "<tr id=\"fate-%s\"><th scope=\"row\"><i class=\"b-%s\"></i>",
                      fate_word((enum fate)fate), fate_word((enum fate)fate));
        html_text(to, fate_text((enum fate)fate));
        (void)fputs("</th>", to);
        slice_cells(to, &tally->fate[fate]);
        (void)fputs("</tr>\n", to);
    }
    (void)fputs("<tr id=\"fate-all\" class=\"sum\"><th scope=\"row\">all</th>", to);
    slice_cells(to, &tally->all);
    (void)fputs("</tr>\n", to);
    end_table(to);
    end_section(to);
}

void html_exemptions(FILE *to, const struct report *report)
{
    static const char *const names[] = {
        "exempt by", "mails", "let in today", "connections", "clients", "organisations", NULL};

    if (report->tally->fate[FATE_EXEMPT].mails == 0)
        return;
    begin_section(to, "exempt", "Who is not judged", NULL);
    begin_table(to, "Mails by the exemption that spares them", names);
    for (size_t i = 0; i < TALLY_EXEMPTIONS && helo_exemption_kind(i) != NULL; i++) {
        if (report->tally->exempt[i].mails == 0)
            continue;
        (void)fputs("<tr>", to);
        html_element(to, "th scope=\"row\"", helo_exemption_kind(i));
        slice_cells(to, &report->tally->exempt[i]);
        (void)fputs("</tr>\n", to);
    }
    end_table(to);
    end_section(to);
}

/* ---- checks ---------------------------------------------------------------------------------- */

static void finding_row(FILE *to, const struct finding *finding)
{
    char name[NAME_SIZE], text[REPORT_NUMBER];

    (void)snprintf(name, sizeof(name), "%s:%s", finding->check, finding->reason);
    (void)fputs("<tr><th scope=\"row\"><code>", to);
    html_text(to, name);
    (void)fputs("</code></th>", to);
    html_element(to, "td class=\"n\"", helo_action_text(finding->action));
    html_cell_number(to, finding->slice.mails);
    html_cell_number(to, slice_came_in(&finding->slice));
    html_cell_number(to, finding->ground);
    html_cell_number(to, finding->alone);
    cell(to, report_distinct(text, &finding->slice.clients));
    cell(to, report_distinct(text, &finding->slice.organisations));
    (void)fputs("</tr>\n", to);
}

void html_findings(FILE *to, const struct report *report)
{
    static const char *const names[] = {"check:reason", "action",        "mails",
                                        "let in today", "a ground",      "the only ground",
                                        "clients",      "organisations", NULL};

    begin_section(to, "checks", "What the checks found",
                  "The full part of a bar is mail that is let in today. The only ground: without "
                  "this check, that mail would be accepted.");
    html_plot_checks(to, report);
    begin_table(to, "Mails by check and reason", names);
    for (size_t i = 0; i < TALLY_CHECKS; i++)
        for (const struct finding *at = report->tally->findings[i]; at != NULL; at = at->next)
            if (!at->is_unknown)
                finding_row(to, at);
    end_table(to);
    end_section(to);
}

void html_unknown(FILE *to, const struct report *report)
{
    static const char *const names[] = {"check", "why not", "mails", NULL};
    int begun = 0;

    for (size_t i = 0; i < TALLY_CHECKS; i++) {
        for (const struct finding *at = report->tally->findings[i]; at != NULL; at = at->next) {
            if (!at->is_unknown)
                continue;
            if (!begun) {
                begin_section(to, "unknown", "What could not be found out",
                              "Checks that need what the logs do not tell, or what DNS did not "
                              "answer. \"open\": helocheck replay --dns asks DNS.");
                begin_table(to, "Mails by check without an answer", names);
            }
            begun = 1;
            (void)fputs("<tr>", to);
            html_element(to, "th scope=\"row\"", at->check);
            cell(to, at->reason);
            html_cell_number(to, at->slice.mails);
            (void)fputs("</tr>\n", to);
        }
    }
    if (!begun)
        return;
    end_table(to);
    end_section(to);
}

/* ---- two policies, logs ---------------------------------------------------------------------- */

void html_changes(FILE *to, const struct report *report)
{
    static const char *const names[] = {"by the other policy", "by this one", "mails", NULL};
    char other[PATH_SIZE];

    if (!report->tally->is_compared)
        return;
    begin_section(to, "changes", "What changes", NULL);
    (void)fputs("<p class=\"lead\">Against <code>", to);
    html_text(to, print_clean(other, sizeof(other), report->against.name));
    (void)fputs("</code>.</p>\n", to);
    begin_table(to, "Mails by what becomes of them under the two policies", names);
    for (size_t before = 0; before < FATES; before++) {
        for (size_t after = 0; after < FATES; after++) {
            if (before == after || report->tally->change[before][after] == 0)
                continue;
            (void)fputs("<tr>", to);
            html_element(to, "th scope=\"row\"", fate_text((enum fate)before));
            cell(to, fate_text((enum fate)after));
            html_cell_number(to, report->tally->change[before][after]);
            (void)fputs("</tr>\n", to);
        }
    }
    end_table(to);
    end_section(to);
}

void html_logs(FILE *to, const struct report *report)
{
    static const char *const names[] = {"written by",     "lines",         "entries",
                                        "HELO not known", "PTR not known", NULL};
    char clean[PATH_SIZE];

    begin_section(to, "logs", "The logs", NULL);
    (void)fputs("<ul class=\"files\">", to);
    for (size_t i = 0; i < report->log_count; i++) {
        (void)fputs("<li>", to);
        html_element(to, "code", print_clean(clean, sizeof(clean), report->logs[i]));
        (void)fputs("</li>", to);
    }
    (void)fputs("</ul>\n", to);
    begin_table(to, "Lines and entries by the program that wrote them", names);
    for (size_t i = 0; i < LOG_FORMAT_COUNT; i++) {
        const struct log_format_coverage *format = &report->coverage->format[i];

        if (format->lines == 0)
            continue;
        (void)fputs("<tr>", to);
        html_element(to, "th scope=\"row\"", log_format_text((enum log_format)i));
        html_cell_number(to, format->lines);
        html_cell_number(to, format->entries);
        html_cell_number(to, format->no_helo);
        html_cell_number(to, format->no_ptr);
        (void)fputs("</tr>\n", to);
    }
    end_table(to);
    end_section(to);
}
