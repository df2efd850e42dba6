/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * reply.c - the SMTP reply of a verdict, the one place that knows codes and words for the sender's
 * side
 *
 * PURPOSE  helo_verdict_reply(). Milter, Exim and helocheck send or show the same text. What a
 *          transport makes of it (libmilter's '%', its varargs) is the front end's.
 * CONTRACT Every refusal says what was seen, how to mend it, the checks, the id that is in the log,
 *          and the site's URL and contact. Printable ASCII. What a site adds, or says in place of
 *          the first two, is in reply_site.c.
 * STANDARDS RFC 5321 4.2 and 4.2.1, RFC 3463, RFC 7372 3.
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "policy/reason.h"
#include "policy/reply.h"

/* All that comes here is printable already: captured text, the rows' sentences, checked
 * settings. */
void reply_add_line(struct helo_reply *reply, const char *text)
{
    if (reply->lines < HELO_REPLY_LINES)
        text_copy(reply->line[reply->lines++], HELO_REPLY_LINE_BYTES, text);
}

/* What is wrong, in the site's words or in ours. */
static void describe(const struct helo_verdict *v, enum check_id check, char out[REASON_TEXT_SIZE])
{
    if (reply_has_own_text(v, check))
        reply_own_text(v, check, out, REASON_TEXT_SIZE);
    else
        reason_seen(out, v->result[check].outcome.reason, v->facts);
}

/*
 * Who mends one fault only is refused again: the others are named too, as many as a line has room
 * for, in the order of the registry.
 */
static void add_others(const struct helo_verdict *v, enum check_id lead, struct helo_reply *reply)
{
    char sentence[REASON_TEXT_SIZE];
    char line[HELO_REPLY_LINE_BYTES] = "";
    size_t used = 0;

    for (unsigned i = 0; i < CHECK_COUNT; i++) {
        const struct check_result *result = &v->result[i];

        if (i == lead || !result->ground || result->outcome.kind != OUTCOME_FAIL)
            continue;
        describe(v, (enum check_id)i, sentence);
        /* A sentence is given whole, or not at all. */
        if (used + strlen(sentence) + sizeof("Also: ") > sizeof(line) - sizeof(", and more"))
            text_copy(sentence, sizeof(sentence), "more");
        used += (size_t)snprintf(line + used, sizeof(line) - used, "%s%s",
                                 used == 0 ? "Also: " : "; ", sentence);
        if (strcmp(sentence, "more") == 0)
            break;
    }
    if (used > 0)
        reply_add_line(reply, line);
}

/* No ground is as strong as the verdict: several are together. */
static bool is_by_several(const struct helo_verdict *v, enum check_id lead)
{
    unsigned grounds = 0;

    for (unsigned i = 0; i < CHECK_COUNT; i++)
        grounds += v->result[i].ground;
    return v->result[lead].action < v->would && grounds > 1;
}

/* Some ground of a deferral is what DNS said once. */
static bool is_by_stale(const struct helo_verdict *v)
{
    bool stale = false;

    for (unsigned i = 0; i < CHECK_COUNT; i++)
        stale |= v->result[i].ground && v->result[i].stale;
    return stale;
}

/* How the first line of a refusal begins. */
static const char *opening(const struct helo_verdict *v, bool by_several)
{
    bool passing = v->softened || is_by_stale(v);

    if (v->would == HELO_ACTION_REJECT)
        return by_several ? "Refused for several signs together" : "Refused";
    if (by_several)
        return passing ? "Not accepted now, for several signs together"
                       : "Not accepted until mended, for several signs together";
    return passing ? "Not accepted now" : "Not accepted until mended";
}

/* What was seen, and how it is mended. */
static void add_sentences(const struct helo_verdict *v, enum check_id lead,
                          struct helo_reply *reply)
{
    enum reason_id reason = v->result[lead].outcome.reason;
    char sentence[REASON_TEXT_SIZE];
    char line[REASON_TEXT_SIZE + 64];

    snprintf(line, sizeof(line), "%s: %s", opening(v, is_by_several(v, lead)),
             reason_seen(sentence, reason, v->facts));
    reply_add_line(reply, line);
    snprintf(line, sizeof(line), "To mend it: %s (%s)", reason_mend(sentence, reason, v->facts),
             check_row(lead)->cite);
    reply_add_line(reply, line);
}

static void reply_to_fail(const struct helo_verdict *v, enum check_id lead,
                          struct helo_reply *reply)
{
    bool reject = v->would == HELO_ACTION_REJECT;
    bool by_score = v->result[lead].action < v->would;

    reply->code = reject ? 550 : 450;
    /* A sum has no subject of its own. */
    snprintf(reply->enhanced, sizeof(reply->enhanced), "%c.%s", reject ? '5' : '4',
             by_score ? "7.1" : check_row(lead)->detail);
    if (reply_has_own_text(v, lead))
        reply_add_own_text(v, lead, reply);
    else
        add_sentences(v, lead, reply);
    if (is_by_stale(v))
        reply_add_line(reply,
                       "DNS does not answer now, so this goes by what it said before; please try "
                       "again later");
    else
        add_others(v, lead, reply);
}

/* More names, or more addresses of one, or more at a time, than are looked up: verdict.c. */
static void reply_to_excess(const struct helo_verdict *v, enum check_id lead,
                            struct helo_reply *reply)
{
    char client[IP_TEXT_SIZE];
    char line[HELO_REPLY_LINE_BYTES];

    reply->code = 450;
    snprintf(reply->enhanced, sizeof(reply->enhanced), "4.7.1");
    if ((check_row(lead)->needs & ~FACTS_OF_CLIENT) != 0)
        snprintf(
            line, sizeof(line),
            "Not accepted now: HELO \"%.128s\" cannot be judged: this session has said more than "
            "%d names, this one has more than %d addresses or %d aliases in a row, or too many "
            "look-ups are under way",
            v->facts->helo.text, LIMIT_PATIENT_HELOS, LIMIT_ADDRESSES, LIMIT_CNAME_STEPS);
    else
        snprintf(
            line, sizeof(line),
            "Not accepted now: the reverse DNS of [%s] cannot be judged: this session has said "
            "more than %d names in HELO, a PTR name has more than %d addresses or %d aliases in a "
            "row, or too many look-ups are under way",
            ip_format(&v->facts->client, client), LIMIT_PATIENT_HELOS, LIMIT_ADDRESSES,
            LIMIT_CNAME_STEPS);
    reply_add_line(reply, line);
    reply_add_line(reply,
                   "To mend it: say one HELO or EHLO, with a name that has a few addresses, as the "
                   "PTR record's should; else try again later, in fewer sessions at a time");
}

/* The name is too hard for one of the site's patterns; nobody's DNS has to do with it. */
static void reply_to_pattern(const struct helo_verdict *v, struct helo_reply *reply)
{
    char line[HELO_REPLY_LINE_BYTES];

    reply->code = 450;
    snprintf(reply->enhanced, sizeof(reply->enhanced), "4.7.1");
    snprintf(
        line, sizeof(line),
        "Not accepted now: this site's list of names could not be searched for HELO \"%.128s\"",
        v->facts->helo.text);
    reply_add_line(reply, line);
    reply_add_line(reply,
                   "To mend it: make your mail server say its full host name; if it does, ask this "
                   "site");
}

/* One of these facts is unknown, and not only not waited for. */
static bool is_in_doubt(const struct helo_verdict *v, fact_mask facts)
{
    bool found = false;

    for (unsigned i = 0; i < FACT_COUNT; i++)
        found |= (facts & 1u << i) != 0 && v->facts->fact[i].state == FACT_UNKNOWN &&
                 v->facts->fact[i].cause != CAUSE_PENDING;
    return found;
}

/* Neither the client's doing nor his name servers'. */
static void reply_to_no_resolver(struct helo_reply *reply)
{
    reply->code = 451;
    snprintf(reply->enhanced, sizeof(reply->enhanced), "4.4.3");
    reply_add_line(reply,
                   "Not accepted now: this site's own DNS resolver cannot be asked (resolver)");
    reply_add_line(reply, "Please try again later; nothing has to be mended on your side");
}

static void reply_to_unknown(const struct helo_verdict *v, enum check_id lead,
                             struct helo_reply *reply)
{
    fact_mask needs = check_row(lead)->needs;
    bool helo = is_in_doubt(v, needs & ~FACTS_OF_CLIENT);
    bool ptr = is_in_doubt(v, needs & FACTS_OF_CLIENT);
    char name[LIMIT_HELO_TEXT + 16] = "";
    enum fact_cause cause = v->result[lead].outcome.cause;
    char client[IP_TEXT_SIZE];
    char line[HELO_REPLY_LINE_BYTES];

    reply->code = 451;
    snprintf(reply->enhanced, sizeof(reply->enhanced), "4.4.3");
    if (helo || !ptr)
        snprintf(name, sizeof(name), "HELO \"%.128s\"", v->facts->helo.text);
    snprintf(
        line, sizeof(line), "Not accepted now: DNS gave no definite answer (%s) about %s%s%s%s%s",
        fact_cause_text(cause), name, helo && ptr ? " and " : "", ptr ? "the reverse DNS of [" : "",
        ptr ? ip_format(&v->facts->client, client) : "", ptr ? "]" : "");
    reply_add_line(reply, line);
    reply_add_line(
        reply, "Please try again later; if it stays so, see that the name servers for that answer");
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
    else if (verdict->result[lead].outcome.cause == CAUSE_PATTERN)
        reply_to_pattern(verdict, reply);
    else if (verdict->result[lead].outcome.cause == CAUSE_RESOLVER)
        reply_to_no_resolver(reply);
    else
        reply_to_unknown(verdict, lead, reply);
    reply_add_trailer(verdict, lead, reply);
}
