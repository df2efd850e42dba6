/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * json.c - lines of JSON: our own log, and the documented keys for every other source
 *
 * PURPOSE  An object with "verdict" or "event" is a line of our own log; any other has the keys of
 *          KEYS below, whoever made it.
 * CONTRACT What is absent, or null, is unknown; "helo": "" says that none was said. An unknown key
 *          is an error, and so is what cannot be one of its values: a line that is not understood
 *          is told, with its column, and not used.
 *              time        "2026-11-22T04:53:13+01:00", or seconds since 1970
 *              client      an IP address, or "local"; no line is without
 *              helo        what was said; as bytes, "\u0000" included
 *              ptr         the client's name
 *              ptr_status  verified, forged, none, temperror: RFC 8601 2.7.3
 *              from, rcpt  "<>" is the null sender
 *              auth        the user, when authenticated
 *              server      the receiving host
 */
#include <stdio.h>

#include "tools/log/format.h"
#include "tools/log/object.h"
#include "tools/log/own.h"
#include "tools/record.h"
#include "tools/tool.h"

static const struct key_row {
    const char *name;
} keys[] = {{"time"}, {"client"}, {"helo"},   {"ptr"}, {"ptr_status"},
            {"from"}, {"rcpt"},   {"server"}, {"auth"}};

enum { KEY_COUNT = sizeof keys / sizeof keys[0] };

struct reading {
    struct log_state *state;
    struct object *object;
    struct span line;
};

static void wrong_key(const struct reading *r, const char *key, const char *what)
{
    state_wrong(r->state, record_column(r->line.at, r->line.length, key), "%s", what);
}

/* ---- the documented keys --------------------------------------------------------------------- */

static int is_known(void *arg, const char *key)
{
    const struct reading *r = arg;
    char message[STATE_MESSAGE_SIZE], quoted[PRINT_QUOTE_SIZE];
    const char *meant;

    for (size_t i = 0; i < KEY_COUNT; i++)
        if (strcmp(keys[i].name, key) == 0)
            return 0;
    meant = print_suggest(key, keys, KEY_COUNT, sizeof keys[0], offsetof(struct key_row, name));
    (void)snprintf(message, sizeof message, "unknown key %s%s%s%s", print_quote(quoted, key),
                   meant != NULL ? "; did you mean '" : "", meant != NULL ? meant : "",
                   meant != NULL ? "'?" : "");
    wrong_key(r, key, message);
    return 1;
}

/* Returns 0 when it is there and cannot be; *out stays NULL when it is not there. */
static int take_text(const struct reading *r, const char *key, const char **out)
{
    const char *text;
    size_t length;

    if (!object_has(r->object, key))
        return 1;
    if (!object_text(r->object, key, &text, &length) || strlen(text) != length) {
        char message[STATE_MESSAGE_SIZE];

        (void)snprintf(message, sizeof message, "%s must be a string without NUL", key);
        wrong_key(r, key, message);
        return 0;
    }
    *out = state_text(r->state, (struct span){text, length});
    return 1;
}

static int take_time(const struct reading *r, struct log_entry *entry)
{
    const double latest = 1e12; /* a number of ms, taken for seconds, would be past it */
    enum stamp_form form;
    const char *text;
    size_t length;
    double number;

    if (!object_has(r->object, "time"))
        return 1;
    if (object_number(r->object, "time", &number) && number >= 0 && number < latest) {
        entry->time_s = (long long)number;
        return 1;
    }
    if (object_text(r->object, "time", &text, &length) &&
        stamp_read(&r->state->clock, text, length, &form, &entry->time_s) == length)
        return 1;
    wrong_key(r, "time", "time must be as 2026-11-22T04:53:13+01:00, or seconds since 1970");
    return 0;
}

static int take_ptr(const struct reading *r, struct log_entry *entry)
{
    static const struct {
        const char *word;
        enum log_ptr status;
    } rows[] = {{"verified", LOG_PTR_VERIFIED},
                {"forged", LOG_PTR_FORGED},
                {"none", LOG_PTR_NONE},
                {"temperror", LOG_PTR_TEMPERROR}};
    const char *status = NULL, *name = NULL;

    if (!take_text(r, "ptr", &name) || !take_text(r, "ptr_status", &status))
        return 0;
    if (status == NULL)
        return 1;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (strcmp(status, rows[i].word) != 0)
            continue;
        entry->ptr_status = rows[i].status;
        if (i >= 2)
            return 1;
        entry->ptr = name;
        if (name == NULL)
            wrong_key(r, "ptr_status", "ptr_status verified or forged goes with a ptr");
        return name != NULL;
    }
    wrong_key(r, "ptr_status", "ptr_status must be verified, forged, none or temperror");
    return 0;
}

static int take_helo(const struct reading *r, struct log_entry *entry)
{
    const char *text;
    size_t length;

    if (!object_has(r->object, "helo"))
        return 1;
    if (!object_text(r->object, "helo", &text, &length)) {
        wrong_key(r, "helo", "helo must be a string; empty: none was said");
        return 0;
    }
    entry->helo_status = length > 0 ? LOG_HELO_SAID : LOG_HELO_NONE;
    if (length > 0) {
        struct span helo = state_bytes(r->state, (struct span){text, length});

        entry->helo = helo.at;
        entry->helo_length = helo.length;
    }
    return 1;
}

static int take_client(const struct reading *r, struct log_entry *entry)
{
    struct span client;

    if (!take_text(r, "client", &entry->client))
        return 0;
    if (entry->client == NULL) {
        state_wrong(r->state, 0, "client is missing");
        return 0;
    }
    client = span_of(entry->client);
    if (strcmp(entry->client, "local") != 0 && !state_is_address(r->state, &client)) {
        wrong_key(r, "client", "client must be an IP address, or local");
        return 0;
    }
    entry->client = client.at;
    return 1;
}

static void read_documented(struct reading *r, const struct frame *frame)
{
    struct log_entry entry = state_entry(r->state, frame);

    if (object_each(r->object, is_known, r) == 0 && take_client(r, &entry) &&
        take_time(r, &entry) && take_helo(r, &entry) && take_ptr(r, &entry) &&
        take_text(r, "from", &entry.from) && take_text(r, "rcpt", &entry.rcpt) &&
        take_text(r, "auth", &entry.auth) && take_text(r, "server", &entry.server)) {
        if (entry.from != NULL && entry.from[0] == '\0')
            entry.from = "<>";
        state_emit(r->state, LOG_FORMAT_JSON, &entry);
    }
}

/* ---- our own log ----------------------------------------------------------------------------- */

/* "KIND(FILE:LINE)", "KIND(ENTRY)", "KIND", as key=value has it. */
static const char *exempt_text(const struct reading *r)
{
    char kind[32], entry[ENTRY_TEXT_MAX], file[ENTRY_TEXT_MAX], line[32], out[ENTRY_TEXT_MAX];
    const char *k = object_inner(r->object, "exempt", "kind", kind, sizeof kind);
    const char *e = object_inner(r->object, "exempt", "entry", entry, sizeof entry);
    const char *f = object_inner(r->object, "exempt", "file", file, sizeof file);
    const char *l = object_inner(r->object, "exempt", "line", line, sizeof line);

    if (k == NULL)
        return NULL;
    if (f != NULL && l != NULL)
        (void)snprintf(out, sizeof out, "%s(%s:%s)", k, f, l);
    else if (e != NULL)
        (void)snprintf(out, sizeof out, "%s(%s)", k, e);
    else
        (void)snprintf(out, sizeof out, "%s", k);
    return state_text(r->state, span_of(out));
}

static const char *pairs_text(const struct reading *r, const char *key, const char *word)
{
    char out[ENTRY_TEXT_MAX];

    return object_pairs(r->object, key, "check", word, out, sizeof out)
               ? state_text(r->state, span_of(out))
               : NULL;
}

static void read_own(const struct reading *r, const struct frame *frame)
{
    struct own own = {0};
    const struct {
        const char *key;
        const char **value;
    } texts[] = {
#define OWN_TEXT_ROW(key) {#key, &own.key},
        OWN_TEXTS(OWN_TEXT_ROW)
#undef OWN_TEXT_ROW
    };
    double score;

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (!take_text(r, texts[i].key, texts[i].value))
            return;
    if (own.event != NULL && strcmp(own.event, "verdict") != 0) {
        own_message(r->state, own.text != NULL ? own.text : "");
        return;
    }
    own.exempt = exempt_text(r);
    own.failed = pairs_text(r, "failed", "action");
    own.unknown = pairs_text(r, "unknown", "cause");
    if (object_number(r->object, "score", &score)) {
        char text[32];

        (void)snprintf(text, sizeof text, "%g", score);
        own.score = state_text(r->state, span_of(text));
    }
    own_emit(r->state, frame, &own);
}

enum log_format format_json(struct log_state *state, const struct frame *frame)
{
    char message[OBJECT_MESSAGE_SIZE];
    unsigned column;
    struct object *object =
        object_parse(frame->message.at, frame->message.length, &column, message);
    struct reading r = {.state = state, .object = object, .line = frame->message};
    enum log_format format = LOG_FORMAT_JSON;

    if (object == NULL) {
        state_wrong(state, column, "%s", message);
        return frame->program.length > 0 ? LOG_FORMAT_OWN : LOG_FORMAT_JSON;
    }
    if (object_has(object, "verdict") || object_has(object, "event"))
        format = LOG_FORMAT_OWN;
    if (format == LOG_FORMAT_OWN)
        read_own(&r, frame);
    else
        read_documented(&r, frame);
    object_free(object);
    return format;
}
