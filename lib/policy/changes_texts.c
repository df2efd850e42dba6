/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * changes_texts.c - reply.texts of two policies; see changes.c
 *
 * CONTRACT One line for a check where all its reasons had one text and have another, else one for
 *          each reason that differs:
 *              reply.texts.own_name: "Hello", was ours (milter-helo.yaml:40)
 */
#include "policy/changes.h"

static void add_reply_text(struct text *line, const struct reply_text *reply)
{
    if (reply->text != NULL)
        changes_add_text(line, reply->text);
    else
        text_add(line, "ours");
}

/* whole: for all of the check's reasons. */
static void tell_reply_text(struct changes *c, enum reason_id reason, bool whole)
{
    const struct reason_row *row = reason_row(reason);
    const struct reply_text *now = &c->policy->reply_texts[reason];
    struct text line;

    text_init(&line, CHANGES_LINE_BYTES);
    text_addf(&line, "reply.texts.%s%s%s: ", check_row(row->check)->name, whole ? "" : ".",
              whole ? "" : row->name);
    add_reply_text(&line, now);
    text_add(&line, ", was ");
    add_reply_text(&line, &c->former->reply_texts[reason]);
    if (now->text != NULL)
        changes_add_place(&line, now->origin.file, now->origin.line);
    changes_tell(c, &line);
}

/* Both texts of all reasons from first to end are those of the first. */
static bool is_uniform(const struct changes *c, unsigned first, unsigned end)
{
    const struct reply_text *former = c->former->reply_texts, *now = c->policy->reply_texts;
    bool uniform = true;

    for (unsigned i = first; i < end; i++)
        uniform = uniform && changes_same_text(former[first].text, former[i].text) &&
                  changes_same_text(now[first].text, now[i].text);
    return uniform;
}

void changes_of_reply_texts(struct changes *c)
{
    /* The reasons of a check stand behind each other. */
    for (unsigned first = 0, end; first < REASON_COUNT; first = end) {
        enum check_id check = reason_row((enum reason_id)first)->check;
        bool whole;

        end = first;
        while (end < REASON_COUNT && reason_row((enum reason_id)end)->check == check)
            end++;
        whole = is_uniform(c, first, end);
        for (unsigned i = first; i < (whole ? first + 1 : end); i++) {
            if (!changes_same_text(c->former->reply_texts[i].text, c->policy->reply_texts[i].text))
                tell_reply_text(c, (enum reason_id)i, whole);
        }
    }
}
