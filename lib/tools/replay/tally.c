/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tally.c - see tally.h
 */
#include "tools/replay/tally.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/replay/recall.h"
#include "tools/replay/sample.h"

/* Later than that no log was written: a time stamp that is garbage must not stretch the plot. */
static const long long last_second = 4102444800; /* 2100-01-01 */

/* ---- slices ---------------------------------------------------------------------------------- */

/* Of judgements that are the same, the first has brought client and organisation to all slices. */
static void slice_add(struct tally *tally, struct slice *slice, const struct judgement *judgement)
{
    const struct subject *subject = &judgement->subject;
    const struct log_entry *entry = subject->entry;
    int fits = 1;

    slice->mails++;
    slice->today[entry->outcome]++;
    if (entry->connection == 0)
        slice->lone++;
    else
        fits = distinct_add(&slice->connections, subject->connection_key);
    if (judge_knows_client(judgement) && !judgement->is_repeated)
        fits = fits && distinct_add(&slice->clients, subject->client_key) &&
               distinct_add(&slice->organisations, subject->organisation_key);
    if (!fits)
        tally->nomem = 1;
}

static void slice_fini(struct slice *slice)
{
    distinct_fini(&slice->connections);
    distinct_fini(&slice->clients);
    distinct_fini(&slice->organisations);
}

unsigned long long slice_came_in(const struct slice *slice)
{
    return slice->today[LOG_OUTCOME_ACCEPTED] + slice->today[LOG_OUTCOME_UNKNOWN];
}

unsigned long long slice_connections(const struct slice *slice)
{
    return slice->lone + distinct_count(&slice->connections);
}

/* ---- checks ---------------------------------------------------------------------------------- */

/* By reason, then by action: the order must not depend on which mail came first. */
static int compare(const struct finding *finding, const struct helo_check_result *result,
                   int is_unknown)
{
    int order = finding->is_unknown - is_unknown;

    if (order == 0)
        order = strcmp(finding->reason, result->reason);
    return order != 0 ? order : (int)finding->action - (int)result->action;
}

static struct finding *find_finding(struct tally *tally, size_t check,
                                    const struct helo_check_result *result)
{
    int is_unknown = strcmp(result->outcome, "unknown") == 0;
    struct finding **at = &tally->findings[check];
    struct finding *made;

    while (*at != NULL && compare(*at, result, is_unknown) < 0)
        at = &(*at)->next;
    if (*at != NULL && compare(*at, result, is_unknown) == 0)
        return *at;
    made = calloc(1, sizeof(*made));
    if (made == NULL)
        return NULL;
    made->check = helo_check_info(check)->name;
    made->action = result->action;
    made->is_unknown = is_unknown;
    (void)snprintf(made->reason, sizeof(made->reason), "%s", result->reason);
    made->next = *at;
    *at = made;
    return made;
}

static void count_finding(struct tally *tally, size_t check, const struct helo_check_result *result,
                          unsigned grounds, const struct judgement *judgement)
{
    struct finding *finding = find_finding(tally, check, result);

    if (finding == NULL) {
        tally->nomem = 1;
        return;
    }
    finding->ground += result->ground != 0;
    finding->alone += result->ground != 0 && grounds == 1;
    slice_add(tally, &finding->slice, judgement);
}

/* Fails, and what could not be found out, each with its reason. */
static void count_findings(struct tally *tally, const struct judgement *judgement)
{
    const struct opinion *opinion = judgement->opinion[0];

    for (size_t i = 0; i < opinion->count; i++)
        count_finding(tally, opinion->results[i].check, &opinion->results[i].result,
                      opinion->grounds, judgement);
    if (opinion->fate == FATE_ACCEPTED || opinion->fate == FATE_TAGGED)
        tally->open += opinion->is_open != 0;
}

static void count_exemption(struct tally *tally, const struct judgement *judgement)
{
    const char *kind;

    for (size_t i = 0; i < TALLY_EXEMPTIONS && (kind = helo_exemption_kind(i)) != NULL; i++)
        if (strcmp(kind, judgement->opinion[0]->exemption) == 0)
            slice_add(tally, &tally->exempt[i], judgement);
}

/* ---- mails ----------------------------------------------------------------------------------- */

static int is_hit(enum fate fate)
{
    return fate == FATE_REFUSED || fate == FATE_DEFERRED;
}

static unsigned difference(unsigned a, unsigned b)
{
    return a > b ? a - b : b - a;
}

static void note_change(struct sender *sender, enum fate before, enum fate after)
{
    if (sender->is_changed &&
        difference(before, after) <= difference(sender->before, sender->after))
        return;
    sender->is_changed = 1;
    sender->before = before;
    sender->after = after;
}

/* Policy 1 is the other one, what is compared with. */
static void count_change(struct tally *tally, const struct judgement *judgement)
{
    enum fate now = judgement->opinion[0]->fate, before = judgement->opinion[1]->fate;
    size_t blamed = now < before ? 0 : 1;
    struct sender *sender;

    tally->change[before][now]++;
    /* Neither policy refuses or defers it: no mail is at stake. */
    if (now == before || (!is_hit(now) && !is_hit(before)))
        return;
    sender = sample_count(now < before ? &tally->stricter : &tally->milder, judgement, blamed);
    if (sender == NULL) {
        tally->nomem = 1;
        return;
    }
    note_change(sender, before, now);
}

static void count_hit(struct tally *tally, const struct judgement *judgement)
{
    enum log_outcome today = judgement->subject.entry->outcome;
    int kept_out = today == LOG_OUTCOME_REJECTED || today == LOG_OUTCOME_DEFERRED;
    struct senders *table = kept_out ? &tally->kept_out : &tally->lost;

    if (is_hit(judgement->opinion[0]->fate) && sample_count(table, judgement, 0) == NULL)
        tally->nomem = 1;
}

void tally_add(struct tally *tally, const struct judgement *judgement)
{
    const struct opinion *opinion = judgement->opinion[0];
    long long time_s = judgement->subject.entry->time_s;

    slice_add(tally, &tally->all, judgement);
    slice_add(tally, &tally->fate[opinion->fate], judgement);
    if (time_s > 0 && time_s < last_second)
        timeline_add(&tally->timeline, time_s, opinion->fate);
    else
        tally->undated++;
    if (opinion->fate == FATE_UNJUDGED) {
        tally->no_client += !judge_knows_client(judgement);
        tally->no_helo += judge_knows_client(judgement) != 0;
    } else if (opinion->fate == FATE_EXEMPT) {
        count_exemption(tally, judgement);
    }
    tally->nameless += opinion->fate < FATE_EXEMPT && judgement->is_nameless;
    tally->weaker += recall_is_weaker(judgement->subject.entry, opinion->fate) != 0;
    count_findings(tally, judgement);
    count_hit(tally, judgement);
    if (tally->is_compared)
        count_change(tally, judgement);
}

void tally_init(struct tally *tally, int is_compared)
{
    memset(tally, 0, sizeof(*tally));
    tally->is_compared = is_compared;
}

void tally_fini(struct tally *tally)
{
    slice_fini(&tally->all);
    for (size_t i = 0; i < FATES; i++)
        slice_fini(&tally->fate[i]);
    for (size_t i = 0; i < TALLY_EXEMPTIONS; i++)
        slice_fini(&tally->exempt[i]);
    for (size_t i = 0; i < TALLY_CHECKS; i++) {
        while (tally->findings[i] != NULL) {
            struct finding *finding = tally->findings[i];

            tally->findings[i] = finding->next;
            slice_fini(&finding->slice);
            free(finding);
        }
    }
    senders_fini(&tally->lost);
    senders_fini(&tally->kept_out);
    senders_fini(&tally->stricter);
    senders_fini(&tally->milder);
}
