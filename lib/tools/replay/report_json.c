/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * report_json.c - the report for programs: one JSON document, documented in helocheck(1)
 *
 * CONTRACT Stable: members may be added, those that are there keep their names, types and meanings.
 * LIMITS   Without memory nothing is written: jansson passes a NULL on through all its calls.
 */
#include <jansson.h>
#include <string.h>

#include "tools/replay/report.h"
#include "tools/tool.h"

static json_t *number(unsigned long long n)
{
    return json_integer((json_int_t)n);
}

/* Text that is not printable ASCII is shown as \xNN: paths are the user's bytes. */
static json_t *text(const char *s)
{
    char clean[4 * SENDER_NAME];

    return s == NULL || *s == '\0' ? json_null()
                                   : json_string(print_clean(clean, sizeof(clean), s));
}

static json_t *moment(long long time_s)
{
    char out[REPORT_TIME];

    return time_s <= 0 ? json_null() : json_string(report_time_iso(out, time_s));
}

/* Whether all fitted into memory; the program has one thread, and writes one report. */
static int whole;

static void set(json_t *object, const char *key, json_t *value)
{
    if (json_object_set_new(object, key, value) != 0)
        whole = 0;
}

static void append(json_t *array, json_t *value)
{
    if (json_array_append_new(array, value) != 0)
        whole = 0;
}

static void set_slice(json_t *to, const struct slice *slice)
{
    set(to, "mails", number(slice->mails));
    set(to, "let_in_today", number(slice_came_in(slice)));
    set(to, "accepted_today", number(slice->today[LOG_OUTCOME_ACCEPTED]));
    set(to, "deferred_today", number(slice->today[LOG_OUTCOME_DEFERRED]));
    set(to, "refused_today", number(slice->today[LOG_OUTCOME_REJECTED]));
    set(to, "connections", number(slice_connections(slice)));
    set(to, "clients", number(distinct_count(&slice->clients)));
    set(to, "organisations", number(distinct_count(&slice->organisations)));
    set(to, "exact",
        json_boolean(distinct_is_exact(&slice->connections) && distinct_is_exact(&slice->clients) &&
                     distinct_is_exact(&slice->organisations)));
}

static json_t *make_slice(const struct slice *slice)
{
    json_t *made = json_object();

    set_slice(made, slice);
    return made;
}

/* ---- head ------------------------------------------------------------------------------------ */

static json_t *make_policy(const struct report_policy *policy)
{
    json_t *made;

    if (policy->name == NULL)
        return json_null();
    made = json_object();
    set(made, "name", text(policy->name));
    set(made, "mode", text(policy->mode));
    set(made, "profile", text(policy->profile));
    return made;
}

static json_t *make_logs(const struct report *report)
{
    json_t *made = json_array();

    for (size_t i = 0; i < report->log_count; i++)
        append(made, text(report->logs[i]));
    return made;
}

static json_t *make_formats(const struct log_coverage *coverage)
{
    json_t *made = json_array();

    for (size_t i = 0; i < LOG_FORMAT_COUNT; i++) {
        const struct log_format_coverage *format = &coverage->format[i];
        json_t *row;

        if (format->lines == 0)
            continue;
        row = json_object();
        set(row, "format", text(log_format_text((enum log_format)i)));
        set(row, "lines", number(format->lines));
        set(row, "entries", number(format->entries));
        set(row, "no_helo", number(format->no_helo));
        set(row, "no_ptr", number(format->no_ptr));
        set(row, "local", number(format->local));
        append(made, row);
    }
    return made;
}

static json_t *make_facts(const struct log_coverage *coverage)
{
    json_t *made = json_object();

    for (size_t i = 0; i < LOG_FACT_COUNT; i++)
        set(made, log_fact_text((enum log_fact)i), number(coverage->fact[i]));
    return made;
}

static json_t *make_remarks(const struct report *report)
{
    json_t *made = json_array();

    for (size_t i = 0; i < report->remark_count; i++) {
        const struct report_remark *remark = &report->remarks[i];
        json_t *row = json_object();

        set(row, "key", text(remark->key));
        set(row, "count", number(remark->count));
        set(row, "important", json_boolean(remark->is_loud));
        set(row, "text", json_string(remark->text));
        set(row, "cure", remark->cure != NULL ? json_string(remark->cure) : json_null());
        append(made, row);
    }
    return made;
}

/* ---- counts ---------------------------------------------------------------------------------- */

static json_t *make_fates(const struct tally *tally)
{
    json_t *made = json_object();

    for (size_t i = 0; i < FATES; i++)
        set(made, fate_word((enum fate)i), make_slice(&tally->fate[i]));
    return made;
}

static json_t *make_finding(const struct finding *finding)
{
    json_t *made = json_object();

    set(made, "check", text(finding->check));
    set(made, "outcome", text(finding->is_unknown ? "unknown" : "fail"));
    set(made, "reason", text(finding->reason));
    set(made, "action", text(helo_action_text(finding->action)));
    set(made, "ground", number(finding->ground));
    set(made, "only_ground", number(finding->alone));
    set_slice(made, &finding->slice);
    return made;
}

static json_t *make_findings(const struct tally *tally)
{
    json_t *made = json_array();

    for (size_t i = 0; i < TALLY_CHECKS; i++)
        for (const struct finding *at = tally->findings[i]; at != NULL; at = at->next)
            append(made, make_finding(at));
    return made;
}

static json_t *make_exemptions(const struct tally *tally)
{
    json_t *made = json_array();

    for (size_t i = 0; i < TALLY_EXEMPTIONS && helo_exemption_kind(i) != NULL; i++) {
        json_t *row;

        if (tally->exempt[i].mails == 0)
            continue;
        row = json_object();
        set(row, "kind", text(helo_exemption_kind(i)));
        set_slice(row, &tally->exempt[i]);
        append(made, row);
    }
    return made;
}

static json_t *make_timeline(const struct timeline *timeline)
{
    json_t *made = json_object(), *buckets = json_array();

    set(made, "width_s", number((unsigned long long)timeline_width_s(timeline)));
    for (size_t i = 0; i < timeline->used; i++) {
        json_t *row = json_object();

        set(row, "start", moment(timeline_start(timeline, i)));
        for (size_t fate = 0; fate < FATES; fate++)
            set(row, fate_word((enum fate)fate), number(timeline->count[i][fate]));
        append(buckets, row);
    }
    set(made, "buckets", buckets);
    return made;
}

/* ---- senders --------------------------------------------------------------------------------- */

static json_t *make_grounds(const struct sender *sender)
{
    json_t *made = json_array();

    for (unsigned i = 0; i < sender->ground_count; i++) {
        json_t *row = json_object();

        set(row, "check", text(sender->grounds[i].check));
        set(row, "reason", text(sender->grounds[i].reason));
        set(row, "mails", number(sender->grounds[i].mails));
        append(made, row);
    }
    return made;
}

static json_t *make_few(const char *sample, const struct sender_few *few)
{
    json_t *made = json_object();

    set(made, "sample", text(sample));
    set(made, "different", number(few->count));
    set(made, "exact", json_boolean(!few->more));
    return made;
}

static json_t *make_exemption(const struct report *report, const struct sender *sender)
{
    struct report_exemption exemption;
    json_t *made = json_object();

    report_exemption(report, sender, &exemption);
    set(made, "file", text(exemption.file));
    set(made, "yaml", json_string(exemption.yaml));
    return made;
}

static json_t *make_sender(const struct report *report, enum report_list which, size_t rank)
{
    const struct sender *sender = report->list[which].rows[rank].sender;
    int is_change = which == REPORT_STRICTER || which == REPORT_MILDER;
    json_t *made = json_object();

    set(made, "mails", number(report_sure(sender)));
    set(made, "exact", json_boolean(sender->error == 0));
    set(made, "refused", number(sender->rejected));
    set(made, "deferred", number(sender->deferred));
    set(made, "accepted_today", number(sender->accepted_today));
    set(made, "organisation", text(sender->organisation));
    set(made, "client", make_few(sender->client, &sender->clients));
    set(made, "helo", make_few(sender->helo, &sender->helos));
    set(made, "ptr", text(sender->ptr));
    set(made, "ptr_confirmed", json_boolean(sender->ptr_confirmed));
    set(made, "from_domain", make_few(sender->from_domain, &sender->from));
    set(made, "rcpt_domain", make_few(sender->rcpt_domain, &sender->rcpt));
    set(made, "first", moment(sender->first_s));
    set(made, "last", moment(sender->last_s));
    set(made, "grounds", make_grounds(sender));
    set(made, "sentence", text(sender->sentence));
    set(made, "before", is_change ? text(fate_word((enum fate)sender->before)) : json_null());
    set(made, "after", is_change ? text(fate_word((enum fate)sender->after)) : json_null());
    set(made, "exemption", make_exemption(report, sender));
    return made;
}

static json_t *make_list(const struct report *report, enum report_list which)
{
    const struct report_senders *list = &report->list[which];
    json_t *made = json_object(), *rows = json_array();

    set(made, "senders", number(list->table->count));
    set(made, "exact", json_boolean(!list->table->overflowed));
    for (size_t i = 0; i < list->table->count && i < report->top; i++)
        append(rows, make_sender(report, which, i));
    set(made, "rows", rows);
    return made;
}

static json_t *make_changes(const struct report *report)
{
    const struct tally *tally = report->tally;
    json_t *made, *counts = json_array();

    for (size_t before = 0; before < FATES; before++) {
        for (size_t after = 0; after < FATES; after++) {
            json_t *row;

            if (tally->change[before][after] == 0)
                continue;
            row = json_object();
            set(row, "before", text(fate_word((enum fate)before)));
            set(row, "after", text(fate_word((enum fate)after)));
            set(row, "mails", number(tally->change[before][after]));
            append(counts, row);
        }
    }
    made = json_object();
    set(made, "counts", counts);
    set(made, "stricter", make_list(report, REPORT_STRICTER));
    set(made, "milder", make_list(report, REPORT_MILDER));
    return made;
}

/* ---- the document ---------------------------------------------------------------------------- */

static void set_head(json_t *made, const struct report *report)
{
    set(made, "policy", make_policy(&report->policy));
    set(made, "against", make_policy(&report->against));
    set(made, "dns", json_boolean(report->dns));
    set(made, "interrupted", json_boolean(report->interrupted));
    set(made, "logs", make_logs(report));
    set(made, "lines", number(report->coverage->lines));
    set(made, "first", moment(report->coverage->first_s));
    set(made, "last", moment(report->coverage->last_s));
    set(made, "formats", make_formats(report->coverage));
    set(made, "coverage", make_facts(report->coverage));
    set(made, "remarks", make_remarks(report));
}

int report_json(const struct report *report, FILE *to)
{
    const struct tally *tally = report->tally;
    json_t *made = json_object();
    int written;

    whole = 1;
    set_head(made, report);
    set(made, "all", make_slice(&tally->all));
    set(made, "fates", make_fates(tally));
    set(made, "no_helo", number(tally->no_helo));
    set(made, "no_client", number(tally->no_client));
    set(made, "open", number(tally->open));
    set(made, "undated", number(tally->undated));
    set(made, "checks", make_findings(tally));
    set(made, "exemptions", make_exemptions(tally));
    set(made, "timeline", make_timeline(&report->timeline));
    set(made, "lost", make_list(report, REPORT_LOST));
    set(made, "kept_out", make_list(report, REPORT_KEPT_OUT));
    set(made, "changes", tally->is_compared ? make_changes(report) : json_null());
    written = whole && json_dumpf(made, to, JSON_INDENT(1)) == 0;
    json_decref(made);
    if (written)
        (void)fputc('\n', to);
    return written;
}
