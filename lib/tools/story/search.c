/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * search.c - see search.h
 */
#include "tools/story/search.h"

#include <stdlib.h>
#include <string.h>

#include "tools/tool.h"

/* In place of what was kept before. */
static void keep(struct search *s, struct log_entry **kept, const struct log_entry *entry)
{
    free(*kept);
    *kept = log_entry_copy(entry);
    s->nomem = s->nomem || *kept == NULL;
}

/* ---- the first reading ----------------------------------------------------------------------- */

/* The same decision may stand in several entries: one for each line that tells of it. */
static int is_guessed(const struct search *s, const char *id)
{
    for (size_t i = 0; i < s->guess_count && i < SEARCH_GUESSES; i++)
        if (strcmp(s->guesses[i].entry->id, id) == 0)
            return 1;
    return 0;
}

/* What is a part comes before what is nearly the same. */
static void note_guess(struct search *s, enum id_match match, const struct log_entry *entry)
{
    struct guess *guess;

    if (is_guessed(s, entry->id) ||
        (s->guess_count > 0 && match < s->guesses[0].match && s->guesses[0].match == ID_PART))
        return;
    if (s->guess_count > 0 && match > s->guesses[0].match)
        s->guess_count = 0;
    if (s->guess_count < SEARCH_GUESSES) {
        guess = &s->guesses[s->guess_count];
        guess->match = match;
        keep(s, &guess->entry, entry);
    }
    s->guess_count++;
}

static int look_for_id(void *arg, const struct log_entry *entry)
{
    struct search *s = arg;
    char id[ID_SIZE];
    enum id_match match;

    if (entry->id == NULL || !id_clean(id, entry->id))
        return 0;
    match = id_compare(s->wanted, id);
    if (match == ID_SAME)
        keep(s, &s->found, entry);
    else if (match != ID_OTHER)
        note_guess(s, match, entry);
    /* An MTA's log has the id in the reply: our own line may come later, and tells more. */
    return s->nomem || (match == ID_SAME && entry->verdict != NULL);
}

static void take_guess(struct search *s)
{
    if (s->found != NULL || s->guess_count != 1)
        return;
    s->found = s->guesses[0].entry;
    s->guesses[0].entry = NULL;
    s->guess_count = 0;
    s->guessed = 1;
}

/* ---- the second reading ---------------------------------------------------------------------- */

static int is_found(const struct search *s, const struct log_entry *entry)
{
    return entry->id != NULL && strcmp(entry->id, s->found->id) == 0;
}

static int look_around(void *arg, const struct log_entry *entry)
{
    struct search *s = arg;

    if (is_found(s, entry)) {
        s->is_past = 1;
        return 0;
    }
    if (entry->client == NULL || strcmp(entry->client, s->found->client) != 0)
        return 0;
    if (!s->is_past)
        keep(s, &s->before[s->before_count++ % SEARCH_BEFORE], entry);
    else if (s->after_count++ < SEARCH_AFTER)
        keep(s, &s->after[s->after_count - 1], entry);
    return s->nomem;
}

static int is_pipe_among(const struct search *s)
{
    for (size_t i = 0; i < s->path_count; i++)
        if (strcmp(s->paths[i], "-") == 0)
            return 1;
    return 0;
}

/* ---- both ------------------------------------------------------------------------------------ */

static void tell_notice(void *arg, const struct log_notice *notice)
{
    (void)arg;
    /* Of a whole file; it names the file. What is wrong with single lines is replay's affair. */
    if (notice->line == 0)
        print_fault("explain", "%s", notice->message);
}

enum helo_status search_run(struct search *s)
{
    struct log_options options = {.entry = look_for_id, .notice = tell_notice, .arg = s};
    struct log_coverage again;

    s->status = log_read(s->paths, s->path_count, &options, &s->coverage);
    take_guess(s);
    if (s->status != HELO_NOMEM && s->found != NULL && s->found->client != NULL &&
        !is_pipe_among(s) && !s->nomem) {
        options.entry = look_around;
        options.notice = NULL;
        s->read_twice = 1;
        (void)log_read(s->paths, s->path_count, &options, &again);
    }
    return s->nomem || s->status == HELO_NOMEM ? HELO_NOMEM : HELO_OK;
}

void search_fini(struct search *s)
{
    free(s->found);
    for (size_t i = 0; i < SEARCH_GUESSES; i++)
        free(s->guesses[i].entry);
    for (size_t i = 0; i < SEARCH_BEFORE; i++)
        free(s->before[i]);
    for (size_t i = 0; i < SEARCH_AFTER; i++)
        free(s->after[i]);
}
