/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * reply.c - the SMTP reply of a verdict, the one place that knows codes and words for the sender's
 * side
 *
 * PURPOSE  helo_verdict_reply(). Milter, Exim and helocheck send or show the same text. What a
 *          transport makes of it (libmilter's '%', its varargs) is the front end's.
 * CONTRACT Every refusal says what was seen, how to mend it, the checks, the id that is in the log,
 *          and the site's URL and contact. Printable ASCII.
 * STANDARDS RFC 5321 4.2 and 4.2.1, RFC 3463, RFC 7372 3.
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "policy/reason.h"
#include "policy/verdict.h"

/* All that comes here is printable already: captured text, the rows' sentences, checked
 * settings. */
static void add_line(struct helo_reply *reply, const char *text)
{
    if (reply->lines < HELO_REPLY_LINES)
        text_copy(reply->line[reply->lines++], HELO_REPLY_LINE_BYTES, text);
}

/* "check=own_name,no_ptr id=... URL CONTACT" */
static void add_trailer(const struct helo_verdict *v, struct helo_reply *reply)
{
    const struct settings *settings = &v->policy->settings;
    const char *url = settings->reply_url;
    const char *contact = settings->reply_contact;
    char checks[CHECK_COUNT * 20] = "";
    char line[HELO_REPLY_LINE_BYTES];

    for (unsigned i = 0; i < CHECK_COUNT; i++) {
        size_t used = strlen(checks);

        if (v->result[i].ground)
            snprintf(checks + used, sizeof(checks) - used, "%s%s", used > 0 ? "," : "",
                     check_row((enum check_id)i)->name);
    }
    snprintf(line, sizeof(line), "check=%s id=%s%s%s%s%s", checks, v->id,
             url[0] != '\0' ? " see " : "", url, contact[0] != '\0' ? " contact " : "", contact);
    add_line(reply, line);
}

/* Who mends one fault only is refused again: another one is named, the next in the registry. */
static void add_other(const struct helo_verdict *v, enum check_id lead, struct helo_reply *reply)
{
    char sentence[REASON_TEXT_SIZE];
    char line[REASON_TEXT_SIZE + 16];

    for (unsigned i = 0; i < CHECK_COUNT; i++) {
        const struct check_result *result = &v->result[i];

        if (i == lead || !result->ground || result->outcome.kind != OUTCOME_FAIL)
            continue;
        snprintf(line, sizeof(line), "Also: %s",
                 reason_seen(sentence, result->outcome.reason, v->facts));
        add_line(reply, line);
        return;
    }
}

static void reply_to_fail(const struct helo_verdict *v, enum check_id lead,
                          struct helo_reply *reply)
{
    const struct check_row *row = check_row(lead);
    enum reason_id reason = v->result[lead].outcome.reason;
    bool reject = v->would == HELO_ACTION_REJECT;
    char sentence[REASON_TEXT_SIZE];
    char line[REASON_TEXT_SIZE + 64];

    reply->code = reject ? 550 : 450;
    snprintf(reply->enhanced, sizeof(reply->enhanced), "%c.%s", reject ? '5' : '4', row->detail);
    snprintf(line, sizeof(line), "%s: %s", reject ? "Refused" : "Not accepted until mended",
             reason_seen(sentence, reason, v->facts));
    add_line(reply, line);
    snprintf(line, sizeof(line), "To mend it: %s (%s)", reason_mend(sentence, reason, v->facts),
             row->cite);
    add_line(reply, line);
    add_other(v, lead, reply);
}

/* More names, or more addresses of one, than are looked up: verdict.c. */
static void reply_to_excess(const struct helo_verdict *v, enum check_id lead,
                            struct helo_reply *reply)
{
    const fact_mask about_helo =
        FACT_BIT(helo_address) | FACT_BIT(helo_forward) | FACT_BIT(helo_mx);
    char client[IP_TEXT_SIZE];
    char line[HELO_REPLY_LINE_BYTES];

    reply->code = 450;
    snprintf(reply->enhanced, sizeof(reply->enhanced), "4.7.1");
    if ((check_row(lead)->needs & about_helo) != 0)
        snprintf(
            line, sizeof(line),
            "Not accepted now: HELO \"%.128s\" cannot be judged: this session has said more than "
            "%d names, or this one has more than %d addresses",
            v->facts->helo.text, LIMIT_PATIENT_HELOS, LIMIT_ADDRESSES);
    else
        snprintf(
            line, sizeof(line),
            "Not accepted now: the reverse DNS of [%s] cannot be judged: this session has said "
            "more than %d names in HELO, or a PTR name has more than %d addresses",
            ip_format(&v->facts->client, client), LIMIT_PATIENT_HELOS, LIMIT_ADDRESSES);
    add_line(reply, line);
    add_line(reply,
             "To mend it: say one HELO or EHLO, with a name that has a few addresses, as the "
             "PTR record's should");
}

static void reply_to_unknown(const struct helo_verdict *v, enum check_id lead,
                             struct helo_reply *reply)
{
    enum fact_cause cause = v->result[lead].outcome.cause;
    char client[IP_TEXT_SIZE];
    char line[HELO_REPLY_LINE_BYTES];

    reply->code = 451;
    snprintf(reply->enhanced, sizeof(reply->enhanced), "4.4.3");
    snprintf(line, sizeof(line),
             "Not accepted now: DNS gave no definite answer (%s) about HELO \"%.128s\" or [%s]",
             fact_cause_text(cause), v->facts->helo.text, ip_format(&v->facts->client, client));
    add_line(reply, line);
    add_line(reply,
             "Please try again later; if it stays so, see that the name servers of both answer");
}

void helo_verdict_reply(const helo_verdict *verdict, struct helo_reply *reply)
{
    enum check_id lead = verdict_lead(verdict);

    memset(reply, 0, sizeof(*reply));
    if (lead == CHECK_COUNT)
        return;
    if (verdict->result[lead].outcome.kind == OUTCOME_FAIL)
        reply_to_fail(verdict, lead, reply);
    else if (verdict->result[lead].outcome.cause == CAUSE_BUDGET)
        reply_to_excess(verdict, lead, reply);
    else
        reply_to_unknown(verdict, lead, reply);
    add_trailer(verdict, reply);
}
