/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * story.c - what the log has of a decision, and what the sender is to do
 */
#include <string.h>
#include <time.h>

#include "tools/story/story.h"
#include "tools/tool.h"

/* ---- words ----------------------------------------------------------------------------------- */

void story_say(FILE *to, const char *label, const char *text)
{
    (void)fprintf(to, "%-*s", STORY_LABEL, label);
    print_folded(to, STORY_LABEL, text);
}

char *story_clean(char out[STORY_TEXT_SIZE], const char *text)
{
    return print_clean(out, STORY_TEXT_SIZE, text != NULL ? text : "-");
}

char *story_time(char out[STORY_TIME_SIZE], long long time_s)
{
    time_t when = (time_t)time_s;
    struct tm tm;

    if (time_s <= 0 || gmtime_r(&when, &tm) == NULL ||
        strftime(out, STORY_TIME_SIZE, "%Y-%m-%d %H:%M:%S UTC", &tm) == 0)
        (void)snprintf(out, STORY_TIME_SIZE, "at an unknown time");
    return out;
}

int story_next(const char **at, char check[STORY_WORD_SIZE], char word[STORY_WORD_SIZE])
{
    size_t length, colon;

    if (*at == NULL || **at == '\0' || strcmp(*at, "-") == 0)
        return 0;
    length = strcspn(*at, ",");
    colon = strcspn(*at, ":");
    colon = colon < length ? colon : length;
    (void)snprintf(check, STORY_WORD_SIZE, "%.*s", (int)colon, *at);
    (void)snprintf(word, STORY_WORD_SIZE, "%.*s", (int)(length - colon - (colon < length)),
                   *at + colon + (colon < length));
    *at += length + ((*at)[length] == ',');
    return 1;
}

/* ---- who, what, when ------------------------------------------------------------------------- */

static void say_client(const struct log_entry *entry, FILE *to)
{
    static const char *const words[] = {
        [LOG_PTR_UNKNOWN] = "reverse DNS not known",
        [LOG_PTR_VERIFIED] = "its confirmed name is ",
        [LOG_PTR_FORGED] = "reverse DNS says, and DNS does not confirm, ",
        [LOG_PTR_NONE] = "no reverse DNS",
        [LOG_PTR_TEMPERROR] = "DNS did not answer about it",
    };
    char client[STORY_TEXT_SIZE], ptr[STORY_TEXT_SIZE], line[3 * STORY_TEXT_SIZE];
    int has_name = entry->ptr != NULL &&
                   (entry->ptr_status == LOG_PTR_VERIFIED || entry->ptr_status == LOG_PTR_FORGED);

    (void)snprintf(line, sizeof(line), "%s (%s%s)", story_clean(client, entry->client),
                   words[entry->ptr_status], has_name ? story_clean(ptr, entry->ptr) : "");
    story_say(to, "client", line);
}

static void say_helo(const struct log_entry *entry, FILE *to)
{
    char helo[STORY_TEXT_SIZE];

    if (entry->helo_status == LOG_HELO_SAID)
        story_say(to, "helo", story_clean(helo, entry->helo));
    else
        story_say(to, "helo",
                  entry->helo_status == LOG_HELO_NONE ? "none was said" : "the log does not say");
}

static void say_listener(const struct log_entry *entry, FILE *to)
{
    char name[STORY_TEXT_SIZE], port[16] = "", line[STORY_TEXT_SIZE + sizeof(port)];

    if (entry->listener == NULL && entry->listener_port == 0)
        return;
    if (entry->listener_port != 0)
        (void)snprintf(port, sizeof(port), ":%u", entry->listener_port);
    (void)snprintf(line, sizeof(line), "%s%s",
                   entry->listener != NULL ? story_clean(name, entry->listener) : "", port);
    story_say(to, "listener", line);
}

static void say_place(const struct log_entry *entry, FILE *to)
{
    char path[STORY_TEXT_SIZE], line[STORY_TEXT_SIZE + 32];

    (void)snprintf(line, sizeof(line), "%s:%llu", story_clean(path, entry->path), entry->line);
    story_say(to, "log", line);
}

static void tell_facts(const struct log_entry *entry, FILE *to)
{
    char text[STORY_TEXT_SIZE], when[STORY_TIME_SIZE];

    story_say(to, "decision", story_clean(text, entry->id));
    story_say(to, "when", story_time(when, entry->time_s));
    say_client(entry, to);
    say_helo(entry, to);
    story_say(to, "from", story_clean(text, entry->from));
    story_say(to, "to", story_clean(text, entry->rcpt));
    if (entry->auth != NULL)
        story_say(to, "auth", story_clean(text, entry->auth));
    say_listener(entry, to);
    if (entry->qid != NULL)
        story_say(to, "queue id", story_clean(text, entry->qid));
    say_place(entry, to);
}

/* ---- the verdict ----------------------------------------------------------------------------- */

/* The MTA's log has the answer, and not our reasons. */
static const char *outcome_words(enum log_outcome outcome)
{
    static const char *const words[] = {
        [LOG_OUTCOME_UNKNOWN] = "not in this log",
        [LOG_OUTCOME_ACCEPTED] = "accepted",
        [LOG_OUTCOME_DEFERRED] = "deferred (4xx)",
        [LOG_OUTCOME_REJECTED] = "refused (5xx)",
    };

    return words[outcome];
}

static void tell_verdict(const struct log_entry *entry, FILE *to)
{
    char verdict[STORY_TEXT_SIZE], would[STORY_TEXT_SIZE], line[3 * STORY_TEXT_SIZE];

    if (entry->verdict == NULL) {
        (void)snprintf(line, sizeof(line), "%s; our own line, with the reasons, is not in it",
                       outcome_words(entry->outcome));
        story_say(to, "verdict", line);
        return;
    }
    story_clean(verdict, entry->verdict);
    story_clean(would, entry->would != NULL ? entry->would : entry->verdict);
    if (strcmp(verdict, would) == 0)
        (void)snprintf(line, sizeof(line), "%s", verdict);
    else
        (void)snprintf(line, sizeof(line), "%s (would %s in mode: enforce)", verdict, would);
    story_say(to, "verdict", line);
    if (entry->score != NULL && strcmp(entry->score, "0") != 0)
        story_say(to, "score", story_clean(verdict, entry->score));
    if (entry->exempt != NULL) {
        (void)snprintf(line, sizeof(line), "%s: %s", story_clean(would, entry->exempt),
                       strncmp(entry->exempt, "skip", 4) == 0
                           ? "the checks of what is said, by itself, were not run"
                           : "it was not judged");
        story_say(to, "exempt", line);
    }
}

/* ---- checks ---------------------------------------------------------------------------------- */

static const struct helo_check_info *find_info(const char *check)
{
    const struct helo_check_info *info;

    for (size_t i = 0; (info = helo_check_info(i)) != NULL; i++)
        if (strcmp(info->name, check) == 0)
            return info;
    return NULL;
}

static void tell_line(FILE *to, const char *text)
{
    (void)fprintf(to, "    ");
    print_folded(to, 4, text);
}

/* Sentences with a field in them would need what the log does not have. */
static void tell_mends(const char *check, FILE *to)
{
    const struct helo_reason_info *info;
    const char *last = "";
    char line[STORY_TEXT_SIZE];

    for (size_t i = 0; (info = helo_reason_info(i)) != NULL; i++) {
        if (strcmp(info->check, check) != 0 || strchr(info->mend, '{') != NULL ||
            strcmp(info->mend, last) == 0)
            continue;
        (void)snprintf(line, sizeof(line), "%s: %s", last[0] == '\0' ? "To mend it" : "Or",
                       info->mend);
        tell_line(to, line);
        last = info->mend;
    }
}

static void tell_check(const struct story *story, const char *check, const char *action, FILE *to)
{
    const struct helo_check_info *info = find_info(check);
    struct view_check today;
    char line[STORY_TEXT_SIZE], name[STORY_TEXT_SIZE];

    (void)fprintf(to, "\n%s: %s\n", story_clean(name, check), story_clean(line, action));
    if (info == NULL) {
        tell_line(to, "This version of the program has no such check.");
        return;
    }
    (void)snprintf(line, sizeof(line), "It fails when: %s (%s).", info->summary, info->cite);
    tell_line(to, line);
    if (story->today.json == NULL || !view_find_check(&story->today, check, &today) ||
        strcmp(today.outcome, "fail") != 0) {
        tell_mends(check, to);
        return;
    }
    (void)snprintf(line, sizeof(line), "Here: %s.", today.text);
    tell_line(to, line);
    (void)snprintf(line, sizeof(line), "To mend it: %s.", today.mend);
    tell_line(to, line);
}

/* Its action says that by itself it is worth a refusal, a delay or a mark. */
static int is_weighty(const char *action)
{
    return strcmp(action, "reject") == 0 || strcmp(action, "defer") == 0 ||
           strcmp(action, "tag") == 0;
}

/* The weighty ones in full; when there is none (scores), all of them are. */
static void tell_failed(const struct story *story, FILE *to)
{
    const char *failed = story->search.found->failed;
    char check[STORY_WORD_SIZE], action[STORY_WORD_SIZE], others[STORY_TEXT_SIZE] = "";
    char shown[STORY_TEXT_SIZE];
    int weighty = 0;
    size_t used = 0;

    for (const char *at = failed; story_next(&at, check, action);)
        weighty |= is_weighty(action);
    for (const char *at = failed; story_next(&at, check, action);) {
        if (is_weighty(action) || !weighty)
            tell_check(story, check, action, to);
        else if (used < sizeof(others))
            used += (size_t)snprintf(others + used, sizeof(others) - used, "%s%s",
                                     used > 0 ? ", " : "", check);
    }
    if (used > 0) {
        (void)fprintf(to, "\nFailed too, and only observed: ");
        print_folded(to, 0, story_clean(shown, others));
    }
}

static void tell_unknown(const struct log_entry *entry, FILE *to)
{
    char check[STORY_WORD_SIZE], cause[STORY_WORD_SIZE], line[STORY_TEXT_SIZE] = "";
    char shown[STORY_TEXT_SIZE];
    size_t used = 0;

    for (const char *at = entry->unknown; story_next(&at, check, cause);)
        if (strcmp(cause, "open") != 0 && used < sizeof(line))
            used += (size_t)snprintf(line + used, sizeof(line) - used, "%s%s (%s)",
                                     used > 0 ? ", " : "", check, cause);
    if (used == 0)
        return;
    (void)fprintf(to, "\nCould not be told, since DNS gave no definite answer: ");
    print_folded(to, 0, story_clean(shown, line));
}

/* ---- all ------------------------------------------------------------------------------------- */

static void tell_guess(const struct search *s, FILE *to)
{
    char id[STORY_TEXT_SIZE];

    if (s->guessed)
        (void)fprintf(to, "No decision has the id %s. This one is %s:\n\n",
                      print_clean(id, sizeof(id), s->wanted),
                      s->guesses[0].match == ID_PART ? "the only one that has it as a part"
                                                     : "the only one that is nearly the same");
}

void story_tell(const struct story *story, FILE *to)
{
    tell_guess(&story->search, to);
    tell_facts(story->search.found, to);
    tell_verdict(story->search.found, to);
    tell_failed(story, to);
    tell_unknown(story->search.found, to);
    story_tell_around(story, to);
    story_tell_today(story, to);
    story_tell_exemption(story, to);
}
