/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * html.h - how the report is written as a page: escaping, the plots, the parts of the page
 *
 * CONTRACT Whatever comes from a log goes through html_text(): it is inert wherever it stands. The
 *          page has no script, asks for nothing, and says so to the browser
 *          (Content-Security-Policy with the hash of its one style sheet), so attributes "style"
 *          are not used.
 * THREADS  one.
 * STANDARDS HTML (WHATWG), SVG 1.1, CSP level 3.
 */
#ifndef HELO_REPLAY_HTML_H
#define HELO_REPLAY_HTML_H

#include <stdio.h>

#include "tools/replay/report.h"

/* The page's style sheet, replay/style.css, and its hash as CSP wants it; see embed.cmake. */
extern const char html_style[];
extern const char html_style_hash[];

/* Text, or the value of an attribute in double quotes: & < > " ' are escaped. */
void html_text(FILE *to, const char *text);
/* "<TAG CLASS>text</TAG>"; tag may have attributes behind it, as in "td class=\"n\"". */
void html_element(FILE *to, const char *tag, const char *text);
/* "<pre>", with its line feeds. */
void html_lines(FILE *to, const char *text);
/* A cell with a number, thousands parted. */
void html_cell_number(FILE *to, unsigned long long number);

/* ---- html_plots.c ---------------------------------------------------------------------------- */

/* Mails over time, a stacked bar for each bucket. */
void html_plot_time(FILE *to, const struct report *report);
/* What each check found, a bar for each, by what would become of the mail. */
void html_plot_checks(FILE *to, const struct report *report);
/* The senders with the most mail. */
void html_plot_senders(FILE *to, const struct report_senders *list);
/* One bar of all mail, by what would become of it. */
void html_plot_share(FILE *to, const struct tally *tally);

/* ---- html_senders.c -------------------------------------------------------------------------- */

void html_senders(FILE *to, const struct report *report, enum report_list which, const char *id,
                  const char *title, const char *lead);

/* ---- html_tables.c --------------------------------------------------------------------------- */

void html_fates(FILE *to, const struct report *report);
void html_findings(FILE *to, const struct report *report);
void html_unknown(FILE *to, const struct report *report);
void html_exemptions(FILE *to, const struct report *report);
void html_changes(FILE *to, const struct report *report);
void html_logs(FILE *to, const struct report *report);

#endif /* HELO_REPLAY_HTML_H */
