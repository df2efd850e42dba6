/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * opinion.c - see opinion.h
 */
#include "tools/replay/opinion.h"

#include <stdlib.h>
#include <string.h>

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

static void take_result(struct opinion *out, struct opinion_result *results, size_t check,
                        const struct helo_check_result *result)
{
    int is_unknown = strcmp(result->outcome, "unknown") == 0;

    /* The name has the client's address, says the check that compares them. */
    if (strcmp(result->check, "forward_mismatch") == 0 && strcmp(result->outcome, "pass") == 0)
        out->helo_confirmed = 1;
    if (!is_unknown && strcmp(result->outcome, "fail") != 0)
        return;
    out->is_open |= is_unknown && strcmp(result->reason, "open") == 0;
    out->grounds += result->ground != 0;
    results[out->count++] = (struct opinion_result){check, *result};
}

static void take_results(struct opinion *out, struct opinion_result *results,
                         const helo_verdict *verdict)
{
    struct helo_check_result result;

    for (size_t i = 0; i < OPINION_CHECKS && helo_check_info(i) != NULL; i++)
        if (helo_verdict_check(verdict, i, &result))
            take_result(out, results, i, &result);
}

static int is_tagged(const struct opinion_result *results, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (results[i].result.action == HELO_ACTION_TAG)
            return 1;
    return 0;
}

static enum fate fate_of(const helo_verdict *verdict, int tagged)
{
    switch (helo_verdict_would(verdict)) {
    case HELO_ACTION_REJECT:
        return FATE_REFUSED;
    case HELO_ACTION_DEFER:
        return FATE_DEFERRED;
    case HELO_ACTION_OFF:
    case HELO_ACTION_OBSERVE:
    case HELO_ACTION_TAG:
    case HELO_ACTION_ACCEPT:
    default:
        return tagged ? FATE_TAGGED : FATE_ACCEPTED;
    }
}

struct opinion *opinion_make(const helo_verdict *verdict, int has_helo)
{
    struct opinion_result results[OPINION_CHECKS];
    struct opinion found = {.fate = FATE_UNJUDGED}, *made;
    struct helo_exemption exemption;

    if (helo_verdict_exemption(verdict, &exemption)) {
        found.fate = FATE_EXEMPT;
        found.exemption = exemption.kind;
    } else if (has_helo) {
        take_results(&found, results, verdict);
        found.fate = fate_of(verdict, is_tagged(results, found.count));
    }
    made = malloc(sizeof(*made) + found.count * sizeof(results[0]));
    if (made == NULL)
        return NULL;
    *made = found;
    memcpy(made->results, results, found.count * sizeof(results[0]));
    return made;
}
