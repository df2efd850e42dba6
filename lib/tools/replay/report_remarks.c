/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * report_remarks.c - what the logs could not show, in words, and the setting that mends it
 *
 * CONTRACT One row for each fact of log/reader.h, and those of the tally. What does not apply is
 *          not said. The most important stand first.
 */
#include "tools/replay/report.h"

static const char best_source[] =
    "Best: let milter-helo watch in \"mode: observe\" for a week, and replay its own log, "
    "which has all of it.";

/* Of the reader's facts; the count is filled in. */
static const struct {
    enum log_fact fact;
    struct report_remark remark;
} rows[] = {
    {LOG_POSTFIX_ACCEPTED_NO_HELO,
     {NULL, 0, 1,
      "mails that Postfix accepted could not be judged: it does not log the HELO of "
      "accepted mail.",
      "In main.cf: smtpd_data_restrictions = check_client_access static:{INFO helo} "
      "makes Postfix log it from then on. Or let milter-helo watch in \"mode: "
      "observe\", and replay its log.",
      "mail that Postfix accepted could not be judged: it does not log the HELO of "
      "accepted mail."}},
    {LOG_SENDMAIL_NO_HELO,
     {NULL, 0, 1, "mails of Sendmail could not be judged: Sendmail never logs the HELO.",
      best_source, "mail of Sendmail could not be judged: Sendmail never logs the HELO."}},
    {LOG_EXIM_HELO_NOT_SHOWN,
     {NULL, 0, 0,
      "entries of Exim show no HELO, as it is when HELO and confirmed reverse DNS are "
      "the same; taken for that where the protocol shows that one was said.",
      NULL,
      "entry of Exim shows no HELO, as it is when HELO and confirmed reverse DNS "
      "are the same; taken for that where the protocol shows that one was said."}},
    {LOG_POSTFIX_SAID_NONE,
     {NULL, 0, 0, "mails came without a HELO: Postfix refused them without helo=.", NULL,
      "mail came without a HELO: Postfix refused it without helo=."}},
    {LOG_POSTFIX_UNKNOWN_CLIENT,
     {NULL, 0, 0,
      "entries call the client \"unknown\": Postfix does not say whether it has no "
      "reverse DNS, a false one, or DNS failed.",
      "--dns looks it up.",
      "entry calls the client \"unknown\": Postfix does not say whether it has no "
      "reverse DNS, a false one, or DNS failed."}},
    {LOG_POSTSCREEN_NO_PTR,
     {NULL, 0, 0, "entries are postscreen's, which looks up no reverse DNS.", "--dns looks it up.",
      "entry is postscreen's, which looks up no reverse DNS."}},
    {LOG_EXIM_UNKNOWN_CLIENT,
     {NULL, 0, 0, "entries of Exim have no name for the client, and do not say why.",
      "In Exim's configuration: host_lookup = *; or --dns looks it up.",
      "entry of Exim has no name for the client, and does not say why."}},
    {LOG_SEEN_TWICE,
     {NULL, 0, 0,
      "entries were left out: the logs tell of the same mail twice, and the one that "
      "knows the HELO counts.",
      NULL,
      "entry was left out: the logs tell of the same mail twice, and the one that "
      "knows the HELO counts."}},
    {LOG_POSTFIX_REINJECTED,
     {NULL, 0, 0, "mails came back from a content filter, and were counted when they came in.",
      NULL, "mail came back from a content filter, and was counted when it came in."}},
    {LOG_QID_WITHOUT_CLIENT,
     {NULL, 0, 0,
      "lines are of mail whose arrival the logs do not show: give the older log as "
      "well, first.",
      NULL,
      "line is of mail whose arrival the logs do not show: give the older log as "
      "well, first."}},
    {LOG_OWN_LINES_DROPPED,
     {NULL, 0, 1,
      "verdicts are missing in milter-helo's own log: log.rate left them out under "
      "attack.",
      "In milter-helo.yaml: log: {rate: 0} logs every one.",
      "verdict is missing in milter-helo's own log: log.rate left it out under "
      "attack."}},
    {LOG_RCPTS_CUT,
     {NULL, 0, 0, "mails had more recipients than are remembered.", NULL,
      "mail had more recipients than are remembered."}},
    {LOG_FORGOTTEN,
     {NULL, 0, 0, "mails took so long that they were counted before all of their lines were read.",
      NULL, "mail took so long that it was counted before all of its lines were read."}},
    {LOG_NO_TIME,
     {NULL, 0, 0, "entries have no time stamp that can be read: they are not in the plot.", NULL,
      "entry has no time stamp that can be read: it is not in the plot."}},
    {LOG_LINES_WRONG,
     {NULL, 0, 1, "lines could not be understood; see above.", NULL,
      "line could not be understood; see above."}},
    {LOG_LINES_CUT,
     {NULL, 0, 0, "lines were longer than 64 KiB, and read as far as that.", NULL,
      "line was longer than 64 KiB, and read as far as that."}},
    {LOG_LINES_FOREIGN,
     {NULL, 0, 0, "lines are of programs that have nothing to do with it.", NULL,
      "line is of a program that has nothing to do with it."}},
};

_Static_assert(sizeof(rows) / sizeof(rows[0]) == LOG_FACT_COUNT, "one row for each fact");

/* Loud ones stand before the others. */
static void add(struct report *report, const struct report_remark *remark)
{
    size_t at = report->remark_count;

    if (at == REPORT_REMARKS)
        return;
    for (; remark->is_loud && at > 0 && !report->remarks[at - 1].is_loud; at--)
        report->remarks[at] = report->remarks[at - 1];
    report->remarks[at] = *remark;
    if (remark->count == 1 && remark->one != NULL)
        report->remarks[at].text = remark->one;
    report->remark_count++;
}

static unsigned long long judged_of_what_comes_in(const struct tally *tally)
{
    unsigned long long mails = 0;

    for (size_t i = 0; i < FATES; i++)
        mails += i == FATE_UNJUDGED ? 0 : slice_came_in(&tally->fate[i]);
    return mails;
}

/* What makes the whole report less than it seems. */
static void add_wholes(struct report *report)
{
    static const struct report_remark nothing = {
        .key = "nothing_judged",
        .is_loud = 1,
        .text = "NOTHING COULD BE JUDGED: these logs do not say what any client said in HELO.",
        .cure = best_source};
    static const struct report_remark only_refused = {
        .key = "only_refused",
        .is_loud = 1,
        .text = "Only mail that is refused today could be judged. Of the mail that is accepted, "
                "which a new rule could lose, this report says nothing.",
        .cure = best_source};
    static const struct report_remark interrupted = {
        .key = "interrupted",
        .is_loud = 1,
        .text = "The replay was interrupted: this is what had been read by then."};

    if (report_judged(report) == 0)
        add(report, &nothing);
    else if (judged_of_what_comes_in(report->tally) == 0)
        add(report, &only_refused);
    if (report->interrupted)
        add(report, &interrupted);
}

static void add_counted(struct report *report)
{
    const struct log_format_coverage *formats = report->coverage->format;
    const struct report_remark remarks[] = {
        {.key = "weaker_than_logged",
         .count = report->tally->weaker,
         .is_loud = 1,
         .text = "mails are judged milder here than the log's own \"would=\" says.",
         .cure = "The policy or DNS has changed since, or --server-name is missing.",
         .one = "mail is judged milder here than the log's own \"would=\" says."},
        {.key = "no_helo",
         .count = formats[LOG_FORMAT_JSON].no_helo + formats[LOG_FORMAT_OWN].no_helo,
         .text = "entries do not say what the client said in HELO.",
         .one = "entry does not say what the client said in HELO."},
        {.key = "open",
         .count = report->dns ? 0 : report->tally->open,
         .text = "mails are accepted here although some checks could not be run: these need DNS, "
                 "and the logs do not tell all of it.",
         .cure = "--dns looks it up.",
         .one = "mail is accepted here although some checks could not be run: these need DNS, and "
                "the logs do not tell all of it."},
        {.key = "no_server_name",
         .count = report->tally->nameless,
         .text = "mails came to a server whose full name the logs do not have: own_name, "
                 "own_suffix and own_ip find only who claims to be what the policy's section "
                 "server has.",
         .cure = "Give --server-name and --server-address.",
         .one = "mail came to a server whose full name the logs do not have: own_name, own_suffix "
                "and own_ip find only who claims to be what the policy's section server has."},
    };

    for (size_t i = 0; i < sizeof(remarks) / sizeof(remarks[0]); i++)
        if (remarks[i].count > 0)
            add(report, &remarks[i]);
}

void report_find_remarks(struct report *report)
{
    const struct report_remark no_client = {"no_client", report->tally->no_client,
                                            0,           "entries do not say which client it was.",
                                            NULL,        "entry does not say which client it was."};

    report->remark_count = 0;
    add_wholes(report);
    add_counted(report);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct report_remark remark = rows[i].remark;

        remark.key = log_fact_text(rows[i].fact);
        remark.count = report->coverage->fact[rows[i].fact];
        if (remark.count > 0)
            add(report, &remark);
    }
    if (no_client.count > 0)
        add(report, &no_client);
}
