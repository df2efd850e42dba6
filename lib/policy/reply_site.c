/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * reply_site.c - what a site adds to a reply, or says in place of our sentences
 *
 * PURPOSE  The last line of every reply, and reply.texts.
 * CONTRACT By the last line a refusal can always be found: the checks, the id and, where the site
 *          speaks itself, the standard that our sentence would have named. What a client says may
 *          be long: a URL is given whole, or without its query, or not at all; a contact whole, or
 *          as far as its first field.
 * STANDARDS RFC 5321 4.5.3.1.5 (a reply line has 512 bytes), RFC 3986 3.4 (query).
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "policy/reply.h"
#include "policy/site_text.h"

enum {
    OWN_LINES = 2, /* as many as our own sentences take */
    OWN_SIZE = OWN_LINES * HELO_REPLY_LINE_BYTES,
    CHECKS_LEAST = 48, /* of the last line; what follows them has the rest */
    TAIL_SIZE = HELO_REPLY_LINE_BYTES - CHECKS_LEAST
};

/* ---- reply.texts ---- */

static const char *own_text(const struct helo_verdict *v, enum check_id check)
{
    const struct outcome *outcome = &v->result[check].outcome;

    return outcome->kind == OUTCOME_FAIL ? v->policy->reply_texts[outcome->reason].text : NULL;
}

bool reply_has_own_text(const struct helo_verdict *v, enum check_id check)
{
    return own_text(v, check) != NULL;
}

/* Ends a text that goes on with dots, at a blank when there is no room for them. */
static void end_with_dots(char *text, size_t size)
{
    static const char dots[] = "...";
    size_t length = strlen(text);

    if (length + sizeof(dots) > size) {
        length = size - sizeof(dots);
        while (length > 0 && text[length] != ' ')
            length--;
    }
    memcpy(text + length, dots, sizeof(dots));
}

void reply_own_text(const struct helo_verdict *v, enum check_id check, char *out, size_t size)
{
    if (!site_text_fill(v, check, own_text(v, check), SITE_TEXT_REPLY, out, size))
        end_with_dots(out, size);
}

/* How much of a text a line takes: all of it, or as far as the last blank that fits. */
static size_t line_length(const char *text)
{
    size_t length = strlen(text);

    if (length < HELO_REPLY_LINE_BYTES)
        return length;
    length = HELO_REPLY_LINE_BYTES - 1;
    while (length > 0 && text[length] != ' ')
        length--;
    return length > 0 ? length : HELO_REPLY_LINE_BYTES - 1;
}

void reply_add_own_text(const struct helo_verdict *v, enum check_id check, struct helo_reply *reply)
{
    char text[OWN_SIZE], line[HELO_REPLY_LINE_BYTES];
    const char *at = text;

    reply_own_text(v, check, text, sizeof(text));
    for (unsigned i = 0; i < OWN_LINES && *at != '\0'; i++) {
        size_t length = line_length(at);

        (void)snprintf(line, sizeof(line), "%.*s", (int)length, at);
        at += length + strspn(at + length, " ");
        if (i + 1 == OWN_LINES && *at != '\0')
            end_with_dots(line, sizeof(line));
        reply_add_line(reply, line);
    }
}

/* ---- the last line ---- */

/* The names of all grounds, or as many as fit and ",...": whoever asks has the id. */
static void list_grounds(const struct helo_verdict *v, char *out, size_t size)
{
    static const char more[] = ",...";
    size_t used = 0;

    out[0] = '\0';
    for (unsigned i = 0; i < CHECK_COUNT; i++) {
        const char *name = check_row((enum check_id)i)->name;

        if (!v->result[i].ground)
            continue;
        if (used > 0 && used + 1 + strlen(name) + sizeof(more) > size) {
            text_copy(out + used, size - used, more);
            return;
        }
        text_copy(out + used, size - used, used > 0 ? "," : "");
        used += strlen(out + used);
        text_copy(out + used, size - used, name);
        used += strlen(out + used);
    }
}

/* Fills in a URL or a contact, or what is left of it when its fields are too long; false: nothing
 * is. */
static bool fill_or_less(const struct helo_verdict *v, enum check_id lead, const char *text,
                         char *out, size_t size)
{
    enum site_text_kind kind = site_text_is_url(text) ? SITE_TEXT_URL : SITE_TEXT_PLAIN;
    size_t length = strcspn(text, kind == SITE_TEXT_URL ? "?#" : "{");
    char less[HELO_REPLY_LINE_BYTES];

    if (site_text_fill(v, lead, text, kind, out, size))
        return true;
    while (length > 0 && text[length - 1] == ' ')
        length--;
    (void)snprintf(less, sizeof(less), "%.*s", (int)length, text);
    return length > 0 && site_text_fill(v, lead, less, kind, out, size);
}

/* Adds "LEAD TEXT" in room bytes of out; nothing when it does not fit, or there is no text. */
static void add_part(const struct helo_verdict *v, enum check_id lead, const char *word,
                     const char *text, char *out, size_t room)
{
    size_t head = strlen(word);
    char part[TAIL_SIZE];

    out[0] = '\0';
    if (text[0] != '\0' && head < room && fill_or_less(v, lead, text, part, room - head))
        (void)snprintf(out, room, "%s%s", word, part);
}

/* "check=own_name,no_ptr id=... (RFC 5321 4.1.1.1) see URL contact CONTACT" */
void reply_add_trailer(const struct helo_verdict *v, enum check_id lead, struct helo_reply *reply)
{
    const struct settings *settings = &v->policy->settings;
    const char *cite = reply_has_own_text(v, lead) ? check_row(lead)->cite : "";
    char id[TAIL_SIZE], contact[TAIL_SIZE], url[TAIL_SIZE];
    char line[HELO_REPLY_LINE_BYTES] = "check=";
    size_t room = TAIL_SIZE;
    size_t head = strlen(line);

    (void)snprintf(id, sizeof(id), " id=%s%s%s%s", v->id, cite[0] != '\0' ? " (" : "", cite,
                   cite[0] != '\0' ? ")" : "");
    room -= strlen(id);
    /* Whom to ask comes before the page's query. */
    add_part(v, lead, " contact ", settings->reply_contact, contact, room);
    room -= strlen(contact);
    add_part(v, lead, " see ", settings->reply_url, url, room);
    list_grounds(v, line + head, sizeof(line) - head - strlen(id) - strlen(contact) - strlen(url));
    head += strlen(line + head);
    (void)snprintf(line + head, sizeof(line) - head, "%s%s%s", id, url, contact);
    reply_add_line(reply, line);
}
