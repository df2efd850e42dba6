/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * around.c - what the same client did besides, what would be decided today, and an exemption
 */
#include <string.h>
#include <time.h>

#include "tools/exemption.h"
#include "tools/story/story.h"
#include "tools/tool.h"

/* ---- the same client ------------------------------------------------------------------------- */

enum { HELO_SHOWN = 40, FAILED_SHOWN = 60 };

/* "accept" was "accepted"; what is none of our words stays as it is. */
static const char *past_of(const char *verdict)
{
    static const char *const words[][2] = {
        {"accept", "accepted"}, {"defer", "deferred"}, {"reject", "rejected"}};

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strcmp(words[i][0], verdict) == 0)
            return words[i][1];
    return verdict;
}

/* "reject"; "accepted, would reject" where the site only observed. */
static void write_verdict(const struct log_entry *entry, char out[STORY_TEXT_SIZE])
{
    static const char *const words[] = {
        [LOG_OUTCOME_UNKNOWN] = "-",
        [LOG_OUTCOME_ACCEPTED] = "accept",
        [LOG_OUTCOME_DEFERRED] = "defer",
        [LOG_OUTCOME_REJECTED] = "reject",
    };
    const char *verdict = entry->verdict != NULL ? entry->verdict : words[entry->outcome];

    if (entry->would == NULL || strcmp(entry->would, verdict) == 0)
        (void)snprintf(out, STORY_TEXT_SIZE, "%s", verdict);
    else
        (void)snprintf(out, STORY_TEXT_SIZE, "%s, would %s", past_of(verdict), entry->would);
}

/* Text of a log, made printable; of a longer one its beginning and "...". Returns out. */
static char *shorten(char out[STORY_TEXT_SIZE], const char *text, size_t width)
{
    static const char dots[] = "...";

    story_clean(out, text);
    if (strlen(out) > width)
        memcpy(out + width - (sizeof(dots) - 1), dots, sizeof(dots));
    return out;
}

static void tell_entry(const struct log_entry *entry, const struct log_entry *found, FILE *to)
{
    char helo[STORY_TEXT_SIZE], failed[STORY_TEXT_SIZE];
    char words[STORY_TEXT_SIZE], verdict[STORY_TEXT_SIZE], when[STORY_TIME_SIZE];
    int same = entry->connection != 0 && entry->connection == found->connection;

    write_verdict(entry, words);
    (void)fprintf(to, "  %s %s%-6s helo %s, failed %s\n", story_time(when, entry->time_s),
                  same ? "(same connection) " : "", story_clean(verdict, words),
                  shorten(helo, entry->helo, HELO_SHOWN),
                  shorten(failed, entry->failed, FAILED_SHOWN));
}

void story_tell_around(const struct story *story, FILE *to)
{
    const struct search *s = &story->search;
    const struct log_entry *found = s->found;
    size_t kept = s->before_count < SEARCH_BEFORE ? s->before_count : SEARCH_BEFORE;

    if (!s->read_twice || s->before_count + s->after_count == 0)
        return;
    (void)fprintf(to, "\nThe same client, %zu before and %zu after:\n", s->before_count,
                  s->after_count);
    for (size_t i = s->before_count - kept; i < s->before_count; i++)
        tell_entry(s->before[i % SEARCH_BEFORE], found, to);
    for (size_t i = 0; i < s->after_count && i < SEARCH_AFTER; i++)
        tell_entry(s->after[i], found, to);
}

/* ---- today ----------------------------------------------------------------------------------- */

/* "no_ptr passes now, own_name is unknown now, syntax fails now" */
static void list_changes(const struct story *story, char out[STORY_TEXT_SIZE])
{
    const struct log_entry *entry = story->search.found;
    struct view_check check;
    size_t used = 0;

    out[0] = '\0';
    for (size_t i = 0; view_check(&story->today, i, &check) && used < STORY_TEXT_SIZE; i++) {
        int failed = strcmp(check.outcome, "fail") == 0;
        int was = log_list_has(entry->failed, check.name);
        int was_known = !log_list_has(entry->unknown, check.name);

        if (failed == was || (failed && !was_known))
            continue;
        used += (size_t)snprintf(out + used, STORY_TEXT_SIZE - used, "%s%s %s",
                                 used > 0 ? ", " : "", check.name,
                                 failed                                  ? "fails now"
                                 : strcmp(check.outcome, "unknown") == 0 ? "cannot be told now"
                                                                         : "does not fail now");
    }
}

static void list_grounds(const struct story *story, char out[STORY_TEXT_SIZE])
{
    struct view_check check;
    size_t used = 0;

    out[0] = '\0';
    for (size_t i = 0; view_check(&story->today, i, &check) && used < STORY_TEXT_SIZE; i++)
        if (view_is_ground(&story->today, check.name))
            used += (size_t)snprintf(out + used, STORY_TEXT_SIZE - used, "%s%s",
                                     used > 0 ? ", " : ": ", check.name);
}

/* The lines of "550 5.7.1 first\nsecond". */
static void tell_reply(const char *reply, FILE *to)
{
    char line[STORY_TEXT_SIZE];
    const char *label = "reply";

    while (reply != NULL && *reply != '\0') {
        size_t length = strcspn(reply, "\n");

        (void)snprintf(line, sizeof(line), "%.*s", (int)length, reply);
        story_say(to, label, line);
        reply += length + (reply[length] == '\n');
        label = "";
    }
}

void story_tell_today(const struct story *story, FILE *to)
{
    char text[STORY_TEXT_SIZE], policy[STORY_TEXT_SIZE], line[3 * STORY_TEXT_SIZE];
    const char *kind;

    if (story->today.json == NULL)
        return;
    (void)snprintf(line, sizeof(line), "\nToday, by %s, %s:",
                   story->policy != NULL ? story_clean(policy, story->policy)
                                         : "the built-in policy",
                   story->dns);
    print_folded(to, 0, line);
    list_grounds(story, text);
    (void)snprintf(line, sizeof(line), "%s%s%s", view_text(&story->today, "would"), text,
                   strcmp(view_text(&story->today, "mode"), "observe") == 0 && text[0] != '\0'
                       ? " (mode: observe, so it is accepted)"
                       : "");
    story_say(to, "verdict", line);
    kind = view_exempt(&story->today, "kind");
    if (kind != NULL) {
        (void)snprintf(
            line, sizeof(line), "%s %s", kind,
            view_exempt(&story->today, "entry") != NULL ? view_exempt(&story->today, "entry") : "");
        story_say(to, "exempt", line);
    } else {
        list_changes(story, text);
        story_say(to, "changed", text[0] != '\0' ? text : "nothing");
    }
    tell_reply(view_text(&story->today, "reply"), to);
}

/* ---- an exemption ---------------------------------------------------------------------------- */

static void make_note(const struct log_entry *entry, char note[EXEMPTION_NOTE])
{
    note[0] = '\0';
    exemption_note(note, "decision ");
    exemption_note(note, entry->id);
    if (entry->helo_status == LOG_HELO_SAID) {
        exemption_note(note, ", HELO ");
        exemption_note(note, entry->helo);
    }
}

/*
 * The narrowest that nobody else can have by lying: the PTR name when DNS had confirmed it, else
 * the address.
 */
void story_tell_exemption(const struct story *story, FILE *to)
{
    const long long day_s = 86400;
    const struct log_entry *entry = story->search.found;
    int by_name = entry->ptr_status == LOG_PTR_VERIFIED && exemption_is_host(entry->ptr);
    long long from_s = entry->time_s > story->now_s ? entry->time_s : story->now_s;
    time_t until = (time_t)(from_s + EXEMPTION_DAYS * day_s);
    char note[EXEMPTION_NOTE], date[STORY_TIME_SIZE], yaml[EXEMPTION_SIZE];
    struct tm tm;

    if (entry->exempt != NULL || entry->client == NULL || strcmp(entry->client, "local") == 0 ||
        gmtime_r(&until, &tm) == NULL || strftime(date, sizeof(date), "%Y-%m-%d", &tm) == 0)
        return;
    make_note(entry, note);
    exemption_write(yaml, by_name ? EXEMPTION_RDNS : EXEMPTION_NETWORK,
                    by_name ? entry->ptr : entry->client, note, date);
    (void)fprintf(to,
                  "\nTo let it through until a day, put this into the policy, below the keys that "
                  "it has,\nand have it read (systemctl reload milter-helo):\n\n%s",
                  yaml);
}
