/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cmd.c - helocheck explain --id
 *
 * CONTRACT Exit code: 0 the decision was found and told; 69 it is in none of the logs, or several
 *          could be meant; 66 it was not found, and some log could not be read.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tools/story/story.h"
#include "tools/tool.h"

/* ---- not found ------------------------------------------------------------------------------- */

/* Which files were read, and from when to when they reach. */
static void complain_where(const struct story *story)
{
    const struct log_coverage *coverage = &story->search.coverage;
    char first[STORY_TIME_SIZE], last[STORY_TIME_SIZE], path[PRINT_QUOTE_SIZE];
    unsigned long long own = coverage->format[LOG_FORMAT_OWN].lines;

    for (size_t i = 0; i < story->search.path_count; i++)
        (void)fprintf(stderr, "  searched %s\n", print_quote(path, story->search.paths[i]));
    (void)fprintf(stderr, "  %llu lines, %llu of milter-helo's own", coverage->lines, own);
    if (coverage->first_s != 0)
        (void)fprintf(stderr, ", from %s to %s", story_time(first, coverage->first_s),
                      story_time(last, coverage->last_s));
    (void)fprintf(stderr, "\n");
    if (own == 0)
        (void)fprintf(stderr, "  our own lines are where log.to of the policy says: syslog, the "
                              "journal (journalctl -u milter-helo), or a file\n");
}

/* The id itself tells when it was made. */
static void complain_when(const struct story *story)
{
    const struct log_coverage *coverage = &story->search.coverage;
    long long time_s = log_id_time_s(story->search.wanted);
    char when[STORY_TIME_SIZE];

    if (time_s == 0) {
        (void)fprintf(stderr,
                      "  an id has %d letters and digits, as in 1P6XJ4Y2G00B3R08; the last line of "
                      "a refusal has it behind id=\n",
                      LOG_ID_CHARS);
        return;
    }
    (void)fprintf(stderr, "  it was decided at %s%s\n", story_time(when, time_s),
                  coverage->first_s == 0       ? ""
                  : time_s < coverage->first_s ? ", before these logs begin: search older ones"
                  : time_s > coverage->last_s  ? ", after these logs end: search newer ones"
                                               : "");
}

static int complain(const struct story *story)
{
    const struct search *s = &story->search;
    char id[STORY_TEXT_SIZE], when[STORY_TIME_SIZE];

    if (s->guess_count > 0) {
        print_fault("explain", "no decision has the id %s; it could be", s->wanted);
        for (size_t i = 0; i < s->guess_count && i < SEARCH_GUESSES; i++)
            (void)fprintf(stderr, "  %s at %s\n", story_clean(id, s->guesses[i].entry->id),
                          story_time(when, s->guesses[i].entry->time_s));
        if (s->guess_count > SEARCH_GUESSES)
            (void)fprintf(stderr, "  or one of %zu others\n", s->guess_count - SEARCH_GUESSES);
        return TOOL_UNAVAILABLE;
    }
    print_fault("explain", "no decision has the id %s", s->wanted);
    complain_where(story);
    complain_when(story);
    return s->status == HELO_IO ? TOOL_NOINPUT : TOOL_UNAVAILABLE;
}

/* ---- run ------------------------------------------------------------------------------------- */

static int fail(const char *what, enum helo_status status)
{
    char quoted[PRINT_QUOTE_SIZE];

    print_fault("explain", "%s: %s", print_quote(quoted, what), helo_status_text(status));
    return tool_exit_of(status);
}

/* The one that the filter reads, where this machine has one. */
static const char *policy_of(const struct story_options *options)
{
    if (options->policy != NULL)
        return options->policy;
    return access(HELO_POLICY_PATH, R_OK) == 0 ? HELO_POLICY_PATH : NULL;
}

static int tell(struct story *story, const struct story_options *options)
{
    enum helo_status status = HELO_OK;
    struct bench bench;

    bench_init(&bench);
    story->policy = policy_of(options);
    if (options->zone != NULL)
        status = bench_load_zone(&bench, options->zone);
    if (status == HELO_OK)
        status = today_judge(story, &bench, options);
    if (status == HELO_OK)
        story_tell(story, stdout);
    bench_fini(&bench);
    if (status == HELO_OK)
        return 0;
    return fail(status == HELO_POLICY || options->zone == NULL
                    ? (story->policy != NULL ? story->policy : "built-in policy")
                    : options->zone,
                status);
}

int story_run(const struct story_options *options)
{
    struct story *story = calloc(1, sizeof(*story));
    enum helo_status status;
    int code;

    if (story == NULL)
        return fail("explain", HELO_NOMEM);
    story->now_s = (long long)time(NULL);
    story->search.paths = options->logs;
    story->search.path_count = options->log_count;
    if (!id_clean(story->search.wanted, options->id)) {
        print_fault("explain", "--id wants the letters and digits behind id= in a refusal, as in "
                               "1P6XJ4Y2G00B3R08");
        free(story);
        return TOOL_USAGE;
    }
    status = search_run(&story->search);
    if (status != HELO_OK)
        code = fail(options->logs[0], status);
    else if (story->search.found == NULL)
        code = complain(story);
    else
        code = tell(story, options);
    view_fini(&story->today);
    search_fini(&story->search);
    free(story);
    return code;
}
