/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * html_senders.c - the senders that are hit, as a table of the page
 */
#include "tools/replay/html.h"

/* "HELO name, one of 3" */
static void sample(FILE *to, const char *label, const char *value, const struct sender_few *few)
{
    char number[REPORT_NUMBER];

    if (value[0] == '\0')
        return;
    (void)fprintf(to, "<div><span class=\"k\">%s</span> ", label);
    html_element(to, "code", value);
    if (few != NULL && few->count > 1)
        (void)fprintf(to, " <small>one of %s</small>", report_few(number, few));
    (void)fputs("</div>", to);
}

static void name_cell(FILE *to, const struct sender *sender)
{
    (void)fputs("<th scope=\"row\">", to);
    html_element(to, "div class=\"who\"",
                 sender->organisation[0] != '\0' ? sender->organisation : sender->client);
    sample(to, "client", sender->client, &sender->clients);
    sample(to, "HELO", sender->helo, &sender->helos);
    sample(to, sender->ptr_confirmed ? "PTR" : "PTR, not confirmed", sender->ptr, NULL);
    (void)fputs("</th>", to);
}

static void why_cell(FILE *to, const struct sender *sender, int is_change)
{
    char number[REPORT_NUMBER];

    (void)fputs("<td>", to);
    if (is_change)
        (void)fprintf(to, "<div><b class=\"t-%s\">%s</b>, was %s</div>",
                      fate_word((enum fate)sender->after), fate_word((enum fate)sender->after),
                      fate_word((enum fate)sender->before));
    (void)fputs("<div class=\"chips\">", to);
    for (unsigned i = 0; i < sender->ground_count; i++) {
        const struct sender_ground *ground = &sender->grounds[i];

        (void)fprintf(to, "<span class=\"chip\">");
        html_text(to, ground->check);
        (void)fputc(':', to);
        html_text(to, ground->reason);
        (void)fprintf(to, " <b>%s</b></span> ", report_number(number, ground->mails));
    }
    (void)fprintf(to, "%s</div>", sender->ground_more ? "..." : "");
    html_element(to, "div class=\"said\"", sender->sentence);
    (void)fputs("</td>", to);
}

static void mail_cell(FILE *to, const struct sender *sender)
{
    char first[REPORT_TIME], last[REPORT_TIME];

    (void)fputs("<td>", to);
    sample(to, "from", sender->from_domain, &sender->from);
    sample(to, "to", sender->rcpt_domain, &sender->rcpt);
    (void)fprintf(to, "<div class=\"when\">%s<br>%s</div></td>",
                  report_time(first, sender->first_s), report_time(last, sender->last_s));
}

static void number_cell(FILE *to, const struct sender *sender)
{
    const char *worst = sender->rejected > 0 ? "refused" : "deferred";
    char number[REPORT_NUMBER];

    (void)fprintf(to, "<td class=\"n\"><div class=\"count t-%s\">%s%s</div>", worst,
                  sender->error > 0 ? "&ge; " : "", report_number(number, report_sure(sender)));
    if (sender->rejected > 0)
        (void)fprintf(to, "<small>%s refused</small>", report_number(number, sender->rejected));
    if (sender->deferred > 0)
        (void)fprintf(to, "<small>%s deferred</small>", report_number(number, sender->deferred));
    (void)fputs("</td>", to);
}

static void spare_row(FILE *to, const struct report *report, const struct sender *sender)
{
    struct report_exemption exemption;

    report_exemption(report, sender, &exemption);
    (void)fputs("<tr class=\"spare\"><td></td><td colspan=\"3\"><details><summary>To spare it, in ",
                to);
    html_text(to, exemption.file);
    (void)fputs("</summary>", to);
    html_lines(to, exemption.yaml);
    (void)fputs("</details></td></tr>", to);
}

static void sender_rows(FILE *to, const struct report *report, enum report_list which,
                        const struct sender *sender)
{
    (void)fputs("<tbody><tr>", to);
    number_cell(to, sender);
    name_cell(to, sender);
    why_cell(to, sender, which == REPORT_STRICTER || which == REPORT_MILDER);
    mail_cell(to, sender);
    (void)fputs("</tr>", to);
    /* An exemption here does not help against what the MTA itself refuses. */
    if (which != REPORT_KEPT_OUT)
        spare_row(to, report, sender);
    (void)fputs("</tbody>\n", to);
}

void html_senders(FILE *to, const struct report *report, enum report_list which, const char *id,
                  const char *title, const char *lead)
{
    const struct report_senders *list = &report->list[which];
    size_t shown = list->table->count < report->top ? list->table->count : report->top;
    char number[REPORT_NUMBER];

    if (list->table->count == 0)
        return;
    (void)fprintf(to, "<section aria-labelledby=\"%s\"><h2 id=\"%s\">", id, id);
    html_text(to, title);
    (void)fputs("</h2>\n", to);
    html_element(to, "p class=\"lead\"", lead);
    html_plot_senders(to, list);
    (void)fputs("<div class=\"table wide\"><table class=\"senders\"><caption>", to);
    html_text(to, title);
    (void)fputs("</caption><thead><tr><th scope=\"col\" class=\"n\">mails</th>"
                "<th scope=\"col\">sender</th><th scope=\"col\">why</th>"
                "<th scope=\"col\">mail</th></tr></thead>\n",
                to);
    for (size_t i = 0; i < shown; i++)
        sender_rows(to, report, which, list->rows[i].sender);
    (void)fputs("</table></div>\n", to);
    if (shown < list->table->count)
        (void)fprintf(to, "<p class=\"more\">%s%s more; <code>--top</code> shows them.</p>\n",
                      list->table->overflowed ? "At least " : "",
                      report_number(number, list->table->count - shown));
    (void)fputs("</section>\n", to);
}
