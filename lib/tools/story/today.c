/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * today.c - what the log tells, judged again
 *
 * CONTRACT What DNS can tell today is asked, and not taken from the log, so that a sender who has
 *          mended it is seen to have. Offline, what the log says of reverse DNS is what there is.
 */
#include <string.h>

#include "tools/case.h"
#include "tools/story/story.h"

static void fill_case(const struct log_entry *entry, int offline, struct helo_case *c)
{
    *c = (struct helo_case){
        .client = entry->client,
        .from = entry->from,
        .rcpt = entry->rcpt,
        .auth = entry->auth,
        .listener_name = entry->listener,
        .listener_port = entry->listener_port,
        .id = entry->id,
    };
    if (entry->helo_status == LOG_HELO_SAID)
        c->helo = (struct field_bytes){entry->helo, entry->helo_length};
    if (!offline)
        return;
    c->ptr = entry->ptr_status == LOG_PTR_VERIFIED ? entry->ptr : NULL;
    c->iprev = log_entry_iprev(entry);
    c->ptr_seen = entry->ptr_status == LOG_PTR_FORGED ? entry->ptr : NULL;
}

static enum helo_status judge(struct story *story, struct bench *bench, struct bench_row *row)
{
    const struct log_entry *entry = story->search.found;
    helo_engine *engine;
    enum helo_action action;
    struct helo_case c;
    char *json = NULL;
    enum helo_status status = bench_engine(bench, row, &engine);

    if (status != HELO_OK)
        return status;
    fill_case(entry, bench->offline, &c);
    if (entry->server != NULL && !field_list_add(&c.server_names, entry->server))
        return HELO_NOMEM;
    status = case_judge(engine, &c, HELO_FORMAT_JSON, &action, &json);
    if (status == HELO_OK && !view_read(&story->today, json))
        status = HELO_NOMEM;
    helo_free(json);
    case_fini(&c);
    return status;
}

enum helo_status today_judge(struct story *story, struct bench *bench,
                             const struct story_options *options)
{
    struct bench_row *row;
    enum helo_status status;

    bench->offline = options->offline;
    story->dns = options->zone != NULL ? "with the records of --zone"
                 : options->offline    ? "without DNS, by what the log tells"
                                       : "with what DNS says now";
    /* It cannot be judged whose HELO is not known, or who is not. */
    if (story->search.found->client == NULL || story->search.found->helo_status == LOG_HELO_UNKNOWN)
        return HELO_OK;
    status = bench_policy(bench, story->policy, &row);
    return status == HELO_OK ? judge(story, bench, row) : status;
}
