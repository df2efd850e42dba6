/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tally.c - see tally.h
 */
#include "tools/replay/tally.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/replay/sample.h"

/* Later than that no log was written: a time stamp that is garbage must not stretch the plot. */
static const long long last_second = 4102444800; /* 2100-01-01 */

const char *fate_word(enum fate fate)
{
    static const char *const words[] = {
#define FATE_WORD(name, word, text) word,
        FATE_LIST(FATE_WORD)
#undef FATE_WORD
    };

    return words[fate];
}

const char *fate_text(enum fate fate)
{
    static const char *const texts[] = {
#define FATE_TEXT(name, word, text) text,
        FATE_LIST(FATE_TEXT)
#undef FATE_TEXT
    };

    return texts[fate];
}

/* ---- slices ---------------------------------------------------------------------------------- */

static void slice_add(struct tally *tally, struct slice *slice, const struct subject *subject)
{
    const struct log_entry *entry = subject->entry;
    int fits = 1;

    slice->mails++;
    slice->today[entry->outcome]++;
    if (entry->connection == 0)
        slice->lone++;
    else
        fits = distinct_add(&slice->connections,
                            distinct_hash(0, &entry->connection, sizeof(entry->connection)));
    if (subject->client[0] != '\0')
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
                          unsigned grounds, const struct subject *subject)
{
    struct finding *finding = find_finding(tally, check, result);

    if (finding == NULL) {
        tally->nomem = 1;
        return;
    }
    finding->ground += result->ground != 0;
    finding->alone += result->ground != 0 && grounds == 1;
    slice_add(tally, &finding->slice, subject);
}

/* Fails, and what could not be found out, each with its reason. */
static void count_findings(struct tally *tally, const struct sample *sample,
                           const struct subject *subject)
{
    for (size_t i = 0; i < sample->count; i++)
        count_finding(tally, sample->check[i], &sample->result[i], sample->grounds, subject);
    if (sample->fate == FATE_ACCEPTED || sample->fate == FATE_TAGGED)
        tally->open += sample->is_open != 0;
}

static void count_exemption(struct tally *tally, const struct sample *sample,
                            const struct subject *subject)
{
    const char *kind;

    for (size_t i = 0; i < TALLY_EXEMPTIONS && (kind = helo_exemption_kind(i)) != NULL; i++)
        if (strcmp(kind, sample->exemption.kind) == 0)
            slice_add(tally, &tally->exempt[i], subject);
}

/* ---- mails ----------------------------------------------------------------------------------- */

static int is_hit(enum fate fate)
{
    return fate == FATE_REFUSED || fate == FATE_DEFERRED;
}

static void count_sender(struct tally *tally, struct senders *table,
                         const struct judgement *judgement, const struct sample *sample)
{
    struct sender *sender = sample_count(table, judgement, sample);

    if (sender == NULL)
        tally->nomem = 1;
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

static void count_change(struct tally *tally, const struct judgement *judgement,
                         const struct sample *sample, const struct sample *other)
{
    struct senders *table = sample->fate < other->fate ? &tally->stricter : &tally->milder;
    const struct sample *blamed = sample->fate < other->fate ? sample : other;
    struct sender *sender;

    tally->change[other->fate][sample->fate]++;
    /* Neither policy refuses or defers it: no mail is at stake. */
    if (sample->fate == other->fate || (!is_hit(sample->fate) && !is_hit(other->fate)))
        return;
    sender = sample_count(table, judgement, blamed);
    if (sender == NULL) {
        tally->nomem = 1;
        return;
    }
    note_change(sender, other->fate, sample->fate);
}

static void count_hit(struct tally *tally, const struct judgement *judgement,
                      const struct sample *sample)
{
    enum log_outcome today = judgement->subject.entry->outcome;
    int kept_out = today == LOG_OUTCOME_REJECTED || today == LOG_OUTCOME_DEFERRED;

    if (is_hit(sample->fate))
        count_sender(tally, kept_out ? &tally->kept_out : &tally->lost, judgement, sample);
}

void tally_add(struct tally *tally, const struct judgement *judgement)
{
    const struct subject *subject = &judgement->subject;
    long long time_s = subject->entry->time_s;
    struct sample sample, other;

    sample_take(judgement, 0, &sample);
    slice_add(tally, &tally->all, subject);
    slice_add(tally, &tally->fate[sample.fate], subject);
    if (time_s > 0 && time_s < last_second)
        timeline_add(&tally->timeline, time_s, sample.fate);
    else
        tally->undated++;
    if (sample.fate == FATE_UNJUDGED) {
        tally->no_client += !judge_knows_client(judgement);
        tally->no_helo += judge_knows_client(judgement) != 0;
    } else if (sample.fate == FATE_EXEMPT) {
        count_exemption(tally, &sample, subject);
    }
    count_findings(tally, &sample, subject);
    count_hit(tally, judgement, &sample);
    if (tally->is_compared) {
        sample_take(judgement, 1, &other);
        count_change(tally, judgement, &sample, &other);
    }
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
