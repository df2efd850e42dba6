/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * state.c - what the readers of the formats share, see state.h
 */
#include "tools/log/state.h"

#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>

#include "tools/tool.h"

/* ---- keys ------------------------------------------------------------------------------------ */

uint64_t state_key_process(const struct frame *frame, struct span program)
{
    uint64_t hash = span_hash(span_hash(span_seed(), frame->host), program);
    struct span pid = {(const char *)&frame->pid, sizeof frame->pid};

    return span_hash(hash, pid);
}

uint64_t state_key_mail(struct span host, struct span qid)
{
    return span_hash(span_hash(span_seed(), host), qid);
}

/* Addresses are compared without regard to case: two programs may spell them in two ways. */
static uint64_t hash_folded(uint64_t hash, const char *text)
{
    for (; text != NULL && *text != '\0'; text++) {
        unsigned char folded = (unsigned char)*text;

        folded |= folded >= 'A' && folded <= 'Z' ? 0x20 : 0;
        hash = (hash ^ folded) * 0x100000001b3u;
    }
    return (hash ^ 0xff) * 0x100000001b3u;
}

/* Who wrote a mark: ours is looked for by the MTAs' readers, and theirs by ours. */
enum writer { WRITER_OWN, WRITER_MTA };

static uint64_t mark_of(enum writer writer, char kind, const char *a, const char *b, const char *c)
{
    uint64_t hash = (span_seed() ^ (uint64_t)writer) * 0x100000001b3u ^ (uint64_t)kind;

    return hash_folded(hash_folded(hash_folded(hash, a), b), c);
}

/* ---- text ------------------------------------------------------------------------------------ */

struct span state_bytes(struct log_state *state, struct span value)
{
    size_t length = value.length < ENTRY_TEXT_MAX ? value.length : ENTRY_TEXT_MAX;
    char *text = state->text + state->text_used;

    if (state->text_used + length + 1 > sizeof state->text) {
        state->text_full = 1;
        return SPAN("");
    }
    memcpy(text, value.at, length);
    text[length] = '\0';
    state->text_used += length + 1;
    return (struct span){text, length};
}

const char *state_text(struct log_state *state, struct span value)
{
    return state_bytes(state, value).at;
}

const char *state_server(struct log_state *state, struct span host)
{
    return host.length > 0 && memchr(host.at, '.', host.length) != NULL ? state_text(state, host)
                                                                        : NULL;
}

int state_is_address(struct log_state *state, struct span *address)
{
    char text[INET6_ADDRSTRLEN];
    unsigned char bytes[sizeof(struct in6_addr)];
    int family;

    (void)span_take(address, SPAN("IPv6:"));
    if (address->length == 0 || address->length >= sizeof text)
        return 0;
    memcpy(text, address->at, address->length);
    text[address->length] = '\0';
    family = memchr(text, ':', address->length) != NULL ? AF_INET6 : AF_INET;
    if (inet_pton(family, text, bytes) != 1)
        return 0;
    if (family == AF_INET6 && inet_ntop(family, bytes, text, sizeof text) != NULL)
        *address = span_of(state_text(state, span_of(text)));
    return address->length > 0;
}

int state_is_qid(struct span qid)
{
    if (qid.length < 5 || qid.length > 32)
        return 0;
    for (size_t i = 0; i < qid.length; i++) {
        char folded = (char)(qid.at[i] | 0x20);

        if (!span_is_digit(qid.at[i]) && (folded < 'a' || folded > 'z') && qid.at[i] != '-')
            return 0;
    }
    return 1;
}

/* ---- findings -------------------------------------------------------------------------------- */

void state_notice(struct log_state *state, unsigned long long line, unsigned column,
                  const char *message)
{
    struct log_notice notice = {
        .path = state->path, .line = line, .column = column, .message = message};

    if (state->options->notice != NULL && state->notices++ < LOG_NOTICES_MAX)
        state->options->notice(state->options->arg, &notice);
}

void state_wrong(struct log_state *state, unsigned column, const char *format, ...)
{
    char message[STATE_MESSAGE_SIZE], clean[2 * STATE_MESSAGE_SIZE];
    va_list args;

    state_count(state, LOG_LINES_WRONG);
    va_start(args, format);
    (void)vsnprintf(message, sizeof message, format, args);
    va_end(args);
    state_notice(state, state->line, column, print_clean(clean, sizeof clean, message));
}

/* ---- clients that are connected -------------------------------------------------------------- */

uint64_t state_key_client(struct span client)
{
    return span_hash(span_hash(span_seed(), SPAN("client")), client);
}

void state_connected(struct log_state *state, const struct track_row *connection)
{
    const char *client = row_get(connection, ROW_CLIENT), *ptr = row_get(connection, ROW_PTR);
    struct track_row *row;
    uint64_t key;

    if (client == NULL)
        return;
    key = state_key_client(span_of(client));
    row = track_find(&state->connections, key);
    if (row == NULL)
        row = track_add(&state->connections, key);
    row->expected++;
    row->connection = connection->connection;
    row->ptr_status = connection->ptr_status;
    row_unset(row, ROW_PTR);
    if (ptr != NULL)
        state_set(state, row, ROW_PTR, span_of(ptr));
}

void state_disconnected(struct log_state *state, struct span client)
{
    struct track_row *row = track_find(&state->connections, state_key_client(client));

    if (row != NULL && (row->expected <= 1 || --row->expected == 0))
        track_remove(&state->connections, row);
}

void state_add_connection(const struct log_state *state, struct log_entry *entry)
{
    const struct track_row *row =
        track_find(&state->connections, state_key_client(span_of(entry->client)));

    if (row == NULL)
        return;
    if (row->expected == 1)
        entry->connection = row->connection;
    if (entry->ptr_status == LOG_PTR_UNKNOWN && row->ptr_status != LOG_PTR_UNKNOWN) {
        entry->ptr_status = row->ptr_status;
        entry->ptr = row_get(row, ROW_PTR);
    }
}

/* ---- entries --------------------------------------------------------------------------------- */

struct log_entry state_entry(const struct log_state *state, const struct frame *frame)
{
    return (struct log_entry){.time_s = frame->time_s, .path = state->path, .line = state->line};
}

static int is_local(const char *client)
{
    return client != NULL && (strcmp(client, "local") == 0 || strncmp(client, "127.", 4) == 0 ||
                              strcmp(client, "::1") == 0);
}

/* Our own log tells of it, better. */
static int is_told_by_own(struct log_state *state, const struct log_entry *entry)
{
    struct seen *seen = &state->seen;
    long long time_s = entry->time_s;
    const char *client = entry->client, *from = entry->from;

    if (client == NULL || !state->has_own)
        return 0;
    return (entry->id != NULL &&
            seen_find(seen, mark_of(WRITER_OWN, 'i', entry->id, NULL, NULL), 0, 0)) ||
           (entry->qid != NULL &&
            seen_find(seen, mark_of(WRITER_OWN, 'q', entry->qid, client, NULL), time_s, 0)) ||
           seen_find(seen, mark_of(WRITER_OWN, 'm', client, from, entry->rcpt), time_s, 1) ||
           /* Decided at MAIL: for all recipients. At connect, where the client was exempt: for
              all it did, but not where the MTA's line knows more, the HELO. */
           (from != NULL &&
            seen_find(seen, mark_of(WRITER_OWN, 'm', client, from, NULL), time_s, 0)) ||
           (entry->helo_status == LOG_HELO_UNKNOWN &&
            seen_find(seen, mark_of(WRITER_OWN, 'm', client, NULL, NULL), time_s, 0));
}

/* The same verdict in two files, or the MTA's line was read before: then it is judged already. */
static int is_told_by_mta(struct log_state *state, const struct log_entry *entry)
{
    struct seen *seen = &state->seen;

    if (entry->id != NULL && seen_find(seen, mark_of(WRITER_OWN, 'i', entry->id, NULL, NULL), 0, 0))
        return 1;
    if (!state->has_mta)
        return 0;
    return (entry->id != NULL &&
            seen_find(seen, mark_of(WRITER_MTA, 'i', entry->id, NULL, NULL), 0, 0)) ||
           seen_find(seen, mark_of(WRITER_MTA, 'm', entry->client, entry->from, entry->rcpt),
                     entry->time_s, 1);
}

static void remember(struct log_state *state, enum writer writer, const struct log_entry *entry)
{
    struct seen *seen = &state->seen;
    int kept = 1;

    state->has_own = state->has_own || writer == WRITER_OWN;
    state->has_mta = state->has_mta || writer == WRITER_MTA;
    if (entry->id != NULL)
        kept = seen_add(seen, mark_of(writer, 'i', entry->id, NULL, NULL), 0);
    if (entry->qid != NULL && writer == WRITER_OWN)
        kept =
            seen_add(seen, mark_of(writer, 'q', entry->qid, entry->client, NULL), entry->time_s) &&
            kept;
    kept = seen_add(seen, mark_of(writer, 'm', entry->client, entry->from, entry->rcpt),
                    entry->time_s) &&
           kept;
    if (!kept)
        state->failed = HELO_NOMEM;
}

/* JSON lines are somebody's own selection: none of them stands for another. */
static int is_repeated(struct log_state *state, enum log_format format,
                       const struct log_entry *entry)
{
    enum writer writer = format == LOG_FORMAT_OWN ? WRITER_OWN : WRITER_MTA;
    int repeated;

    if (format == LOG_FORMAT_JSON)
        return 0;
    repeated = writer == WRITER_OWN ? is_told_by_mta(state, entry) : is_told_by_own(state, entry);
    if (repeated)
        state_count(state, LOG_SEEN_TWICE);
    else if (writer == WRITER_OWN || entry->helo_status != LOG_HELO_UNKNOWN)
        remember(state, writer, entry);
    return repeated;
}

static void count_entry(struct log_state *state, enum log_format format,
                        const struct log_entry *entry)
{
    struct log_coverage *out = state->out;
    struct log_format_coverage *of = &out->format[format];

    out->entries++;
    of->entries++;
    of->no_helo += entry->helo_status == LOG_HELO_UNKNOWN;
    of->no_ptr += entry->ptr_status == LOG_PTR_UNKNOWN;
    of->local += (unsigned)is_local(entry->client);
    if (entry->time_s == 0) {
        state_count(state, LOG_NO_TIME);
        return;
    }
    if (out->first_s == 0 || entry->time_s < out->first_s)
        out->first_s = entry->time_s;
    if (entry->time_s > out->last_s)
        out->last_s = entry->time_s;
}

/* What a format could not show of an entry that is handed out. */
static void count_gaps(struct log_state *state, enum log_format format,
                       const struct log_entry *entry)
{
    int no_ptr = entry->ptr_status == LOG_PTR_UNKNOWN && !is_local(entry->client);

    if (format == LOG_FORMAT_SENDMAIL)
        state_count(state, LOG_SENDMAIL_NO_HELO);
    if (format == LOG_FORMAT_EXIM && no_ptr)
        state_count(state, LOG_EXIM_UNKNOWN_CLIENT);
    if (format != LOG_FORMAT_POSTFIX)
        return;
    if (entry->helo_status == LOG_HELO_NONE && !is_local(entry->client))
        state_count(state, LOG_POSTFIX_SAID_NONE);
    if (entry->helo_status == LOG_HELO_UNKNOWN && entry->outcome != LOG_OUTCOME_REJECTED &&
        entry->outcome != LOG_OUTCOME_DEFERRED)
        state_count(state, LOG_POSTFIX_ACCEPTED_NO_HELO);
    if (no_ptr)
        state_count(state, state->no_look_up ? LOG_POSTSCREEN_NO_PTR : LOG_POSTFIX_UNKNOWN_CLIENT);
}

void state_emit(struct log_state *state, enum log_format format, const struct log_entry *entry)
{
    if (state->stopped || is_repeated(state, format, entry))
        return;
    count_entry(state, format, entry);
    count_gaps(state, format, entry);
    state->stopped = state->options->entry(state->options->arg, entry) != 0;
}

/* A row that is full does without a text: then it is not known. */
static void settle_texts(struct log_entry *entry)
{
    int has_ptr = entry->ptr_status == LOG_PTR_VERIFIED || entry->ptr_status == LOG_PTR_FORGED;

    if (has_ptr && entry->ptr == NULL)
        entry->ptr_status = LOG_PTR_UNKNOWN;
    if (!has_ptr)
        entry->ptr = NULL;
    if (entry->helo_status != LOG_HELO_SAID)
        entry->helo = NULL;
    else if (entry->helo == NULL)
        entry->helo_status = LOG_HELO_UNKNOWN;
    entry->helo_length = entry->helo != NULL ? strlen(entry->helo) : 0;
}

void state_emit_row(struct log_state *state, const struct track_row *row)
{
    struct log_entry entry = {
        .time_s = row->time_s,
        .client = row_get(row, ROW_CLIENT),
        .ptr_status = row->ptr_status,
        .ptr = row_get(row, ROW_PTR),
        .helo_status = row->helo_status,
        .helo = row_get(row, ROW_HELO),
        .from = row_get(row, ROW_FROM),
        .auth = row_get(row, ROW_AUTH),
        .server = row_get(row, ROW_SERVER),
        .listener = row_get(row, ROW_LISTENER),
        .listener_port = row->port,
        .qid = row_get(row, ROW_QID),
        .outcome = row->outcome,
        .connection = row->connection,
        .path = row->path,
        .line = row->line,
    };

    settle_texts(&entry);
    if (row->rcpts_cut)
        state_count(state, LOG_RCPTS_CUT);
    if (entry.client == NULL)
        return;
    if (!row->silent && row->rcpt.used == 0)
        state_emit(state, row->format, &entry);
    for (uint32_t at = 0; !row->silent && at < row->rcpt.used;) {
        entry.rcpt = row->rcpt.bytes + at;
        state_emit(state, row->format, &entry);
        at += (uint32_t)strlen(entry.rcpt) + 1;
    }
}

void state_finish(struct log_state *state, struct track_row *row)
{
    state_emit_row(state, row);
    track_remove(&state->mails, row);
}

static void make_room(struct log_state *state)
{
    struct track_row *row = track_oldest(&state->mails);

    if (row->expected == 0 || row->rcpts < row->expected)
        state_count(state, LOG_FORGOTTEN);
    state_finish(state, row);
}

struct track_row *state_mail(struct log_state *state, const struct frame *frame,
                             enum log_format format, struct span qid)
{
    uint64_t key = state_key_mail(frame->host, qid);
    struct track_row *row = track_find(&state->mails, key);

    if (row != NULL)
        state_finish(state, row);
    if (track_is_full(&state->mails))
        make_room(state);
    row = track_add(&state->mails, key);
    row->format = format;
    row->time_s = frame->time_s;
    row->path = state->path;
    row->line = state->line;
    state_set(state, row, ROW_QID, qid);
    if (frame->host.length > 0 && memchr(frame->host.at, '.', frame->host.length) != NULL)
        state_set(state, row, ROW_SERVER, frame->host);
    return row;
}

struct track_row *state_mail_find(struct log_state *state, const struct frame *frame,
                                  struct span qid)
{
    struct track_row *row = track_find(&state->mails, state_key_mail(frame->host, qid));

    if (row == NULL) {
        state_count(state, LOG_QID_WITHOUT_CLIENT);
        return NULL;
    }
    row->path = state->path;
    row->line = state->line;
    return row;
}

void state_set(struct log_state *state, struct track_row *row, enum row_text which,
               struct span value)
{
    if (!row_set(row, which, value))
        state->failed = HELO_NOMEM;
}
