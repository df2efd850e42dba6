/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sample.c - see sample.h
 */
#include "tools/replay/sample.h"

#include <stdio.h>
#include <string.h>

#include "tools/replay/distinct.h"
#include "tools/tool.h"

static uint64_t text_key(const char *text)
{
    return distinct_hash(0, text, strlen(text));
}

static void add_ground(struct sender *sender, const struct helo_check_result *result)
{
    struct sender_ground *ground = sender->grounds;
    struct sender_ground *end = ground + sender->ground_count;

    while (ground < end && (strcmp(ground->check, result->check) != 0 ||
                            strcmp(ground->reason, result->reason) != 0))
        ground++;
    if (ground == end && sender->ground_count == SENDER_GROUNDS) {
        sender->ground_more = 1;
        return;
    }
    if (ground == end) {
        ground->check = result->check;
        (void)snprintf(ground->reason, sizeof(ground->reason), "%s", result->reason);
        sender->ground_count++;
    }
    ground->mails++;
}

/* Takes labels off the left of the suffix until the name ends in it. */
static void shorten_suffix(char *suffix, const char *name)
{
    size_t length = strlen(name);

    while (suffix[0] != '\0') {
        size_t tail = strlen(suffix);
        const char *dot;

        if (tail <= length && strcmp(name + length - tail, suffix) == 0 &&
            (tail == length || name[length - tail - 1] == '.'))
            return;
        dot = strchr(suffix, '.');
        if (dot == NULL)
            suffix[0] = '\0';
        else
            memmove(suffix, dot + 1, strlen(dot));
    }
}

/* "Refused: client [192.0.2.1] ..." without the part that is the same everywhere. */
static void take_sentence(struct sender *sender, const helo_verdict *verdict)
{
    struct helo_reply reply;
    const char *text;

    helo_verdict_reply(verdict, &reply);
    if (reply.code == 0 || reply.lines == 0)
        return;
    text = strstr(reply.line[0], ": ");
    (void)snprintf(sender->sentence, sizeof(sender->sentence), "%s",
                   text != NULL ? text + 2 : reply.line[0]);
}

static int take_first(struct sender *sender, const struct judgement *judgement, size_t policy)
{
    const struct subject *subject = &judgement->subject;
    const struct log_entry *entry = subject->entry;
    const helo_verdict *verdict = judge_verdict(judgement, policy);
    const char *helo = entry->helo_status == LOG_HELO_SAID ? entry->helo : NULL;

    memcpy(sender->organisation, subject->organisation, sizeof(sender->organisation));
    memcpy(sender->client, subject->client, sizeof(sender->client));
    memcpy(sender->ptr, subject->ptr, sizeof(sender->ptr));
    if (helo != NULL)
        (void)print_clean(sender->helo, sizeof(sender->helo), helo);
    sender->ptr_confirmed = subject->ptr_confirmed;
    sender->helo_confirmed = judgement->opinion[policy]->helo_confirmed;
    if (subject->ptr_confirmed)
        memcpy(sender->suffix, subject->ptr, sizeof(sender->suffix));
    if (verdict != NULL)
        take_sentence(sender, verdict);
    return verdict != NULL;
}

static void take_more(struct sender *sender, const struct subject *subject,
                      const struct opinion *opinion)
{
    const struct log_entry *entry = subject->entry;
    char from[SENDER_NAME], rcpt[SENDER_NAME];

    (void)subject_domain(from, sizeof(from), entry->from);
    (void)subject_domain(rcpt, sizeof(rcpt), entry->rcpt);
    if (sender->from_domain[0] == '\0' || strcmp(sender->from_domain, "<>") == 0)
        memcpy(sender->from_domain, from, sizeof(from));
    if (sender->rcpt_domain[0] == '\0')
        memcpy(sender->rcpt_domain, rcpt, sizeof(rcpt));
    sender_few_add(&sender->clients, subject->client_key);
    if (from[0] != '\0')
        sender_few_add(&sender->from, text_key(from));
    if (rcpt[0] != '\0')
        sender_few_add(&sender->rcpt, text_key(rcpt));
    if (entry->helo_status == LOG_HELO_SAID)
        sender_few_add(&sender->helos, distinct_hash(0, entry->helo, entry->helo_length));
    sender->ptr_confirmed &= subject->ptr_confirmed;
    sender->helo_confirmed &= opinion->helo_confirmed;
    shorten_suffix(sender->suffix, subject->ptr);
}

static void take_time(struct sender *sender, long long time_s)
{
    if (time_s <= 0)
        return;
    if (sender->first_s == 0 || time_s < sender->first_s)
        sender->first_s = time_s;
    if (time_s > sender->last_s)
        sender->last_s = time_s;
}

struct sender *sample_count(struct senders *table, const struct judgement *judgement, size_t policy)
{
    const struct subject *subject = &judgement->subject;
    const struct opinion *opinion = judgement->opinion[policy];
    int fresh;
    struct sender *sender = senders_count_one(
        table, subject->organisation[0] != '\0' ? subject->organisation_key : subject->client_key,
        &fresh);

    if (sender == NULL || (fresh && !take_first(sender, judgement, policy)))
        return NULL;
    take_more(sender, subject, opinion);
    take_time(sender, subject->entry->time_s);
    sender->rejected += opinion->fate == FATE_REFUSED;
    sender->deferred += opinion->fate == FATE_DEFERRED;
    sender->accepted_today += subject->entry->outcome == LOG_OUTCOME_ACCEPTED;
    for (size_t i = 0; i < opinion->count; i++)
        if (opinion->results[i].result.ground)
            add_ground(sender, &opinion->results[i].result);
    return sender;
}
