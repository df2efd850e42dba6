/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * frame.c - what stands before the message in a line of a log, see frame.h
 *
 * STANDARDS RFC 3164 4.1, RFC 5424 6 (its structured data is passed over).
 */
#include "tools/log/frame.h"

/* Everything that a Postfix master.cf of any age runs: a syslog_name may be any word. */
static int is_postfix_service(struct span name)
{
    static const struct span names[] = {
        SPAN_ROW("smtpd"),
        SPAN_ROW("qmgr"),
        SPAN_ROW("cleanup"),
        SPAN_ROW("smtp"),
        SPAN_ROW("lmtp"),
        SPAN_ROW("local"),
        SPAN_ROW("virtual"),
        SPAN_ROW("pipe"),
        SPAN_ROW("discard"),
        SPAN_ROW("error"),
        SPAN_ROW("postscreen"),
        SPAN_ROW("bounce"),
        SPAN_ROW("pickup"),
        SPAN_ROW("anvil"),
        SPAN_ROW("tlsproxy"),
        SPAN_ROW("dnsblog"),
        SPAN_ROW("verify"),
        SPAN_ROW("proxymap"),
        SPAN_ROW("trivial-rewrite"),
        SPAN_ROW("master"),
        SPAN_ROW("scache"),
        SPAN_ROW("tlsmgr"),
        SPAN_ROW("flush"),
        SPAN_ROW("postlogd"),
        SPAN_ROW("spawn"),
        SPAN_ROW("nqmgr"),
        SPAN_ROW("retry"),
        SPAN_ROW("relay"),
        SPAN_ROW("defer"),
        SPAN_ROW("trace"),
        SPAN_ROW("proxywrite"),
        SPAN_ROW("showq"),
        SPAN_ROW("sendmail"),
        SPAN_ROW("postdrop"),
        SPAN_ROW("postqueue"),
        SPAN_ROW("postsuper"),
        SPAN_ROW("postfix-script"),
    };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (span_is(name, names[i]))
            return 1;
    return 0;
}

static enum frame_kind kind_of(struct frame *frame)
{
    const char *first = memchr(frame->program.at, '/', frame->program.length), *last;

    if (first != NULL) {
        last = memrchr(frame->program.at, '/', frame->program.length);
        frame->service = span_behind(frame->program, last + 1);
        if (last > first)
            frame->listener = (struct span){first + 1, (size_t)(last - first) - 1};
        return is_postfix_service(frame->service) ? FRAME_POSTFIX : FRAME_FOREIGN;
    }
    if (span_is(frame->program, SPAN("milter-helo")))
        return FRAME_OWN;
    if (span_starts(frame->program, SPAN("sm-")) || span_starts(frame->program, SPAN("sendmail")))
        return FRAME_SENDMAIL;
    return span_starts(frame->program, SPAN("exim")) ? FRAME_EXIM : FRAME_FOREIGN;
}

/* "program[123]: ", "program: " */
static int take_tag(struct span *rest, struct frame *frame)
{
    size_t length = 0;

    while (length < rest->length && rest->at[length] != ':' && rest->at[length] != '[' &&
           rest->at[length] != ' ')
        length++;
    frame->program = (struct span){rest->at, length};
    span_drop(rest, length);
    if (span_take(rest, SPAN("["))) {
        frame->pid = span_take_number(rest);
        if (!span_take(rest, SPAN("]")))
            return 0;
    }
    return span_take(rest, SPAN(":"));
}

/* RFC 5424, behind the host: "program 123 - - message" */
static int take_fields(struct span *rest, struct frame *frame)
{
    struct span pid, id;

    if (!span_until(rest, ' ', &frame->program) || !span_until(rest, ' ', &pid) ||
        !span_until(rest, ' ', &id))
        return 0;
    frame->pid = span_take_number(&pid);
    if (span_take(rest, SPAN("-")))
        return 1;
    for (int quoted = 0; rest->length > 0; span_drop(rest, 1)) {
        if (quoted && rest->at[0] == '\\' && rest->length > 1)
            span_drop(rest, 1);
        else if (rest->at[0] == '"')
            quoted = !quoted;
        else if (rest->at[0] == ']' && !quoted && (rest->length < 2 || rest->at[1] != '['))
            break;
    }
    return span_take(rest, SPAN("]"));
}

/* "milter-helo: id=...", "id=...", "time=... level=...": on stderr, and in a file of our own. */
static int is_own(struct span line)
{
    return span_starts(line, SPAN("milter-helo: ")) || span_starts(line, SPAN("id=")) ||
           span_starts(line, SPAN("time="));
}

/*
 * contrib/exim has our line written to Exim's log: "[123] milter-helo: id=...", behind the stamp of
 * the main log, or by syslog, where Exim may write its own stamp once more. Exim begins each of its
 * lines with a message id or with words of its own, so that no client can say what stands there.
 */
static void read_exim(struct stamp_clock *clock, struct frame *frame)
{
    struct span rest = frame->message;
    long long time_s = frame->time_s;
    unsigned pid = frame->pid;
    enum stamp_form form;

    if (frame->program.length > 0) {
        size_t used = stamp_read(clock, rest.at, rest.length, &form, &time_s);

        span_drop(&rest, used);
        if (used > 0 && (form != STAMP_EXIM || !span_take(&rest, SPAN(" "))))
            return;
    }
    if (span_take(&rest, SPAN("["))) {
        pid = span_take_number(&rest);
        if (pid == 0 || !span_take(&rest, SPAN("] ")))
            return;
    }
    if (!span_take(&rest, SPAN("milter-helo: ")))
        return;
    frame->kind = FRAME_OWN;
    frame->time_s = time_s;
    frame->pid = pid;
    frame->message = rest;
}

static void skip_blank(struct span *s)
{
    while (s->length > 0 && s->at[0] == ' ')
        span_drop(s, 1);
}

/* A message that no syslog daemon has seen, as on /dev/log, has no host: a tag comes next. */
static int take_host(struct span *rest, struct span *host)
{
    struct span s = *rest, word;

    if (!span_until(&s, ' ', &word) || word.length == 0)
        return 0;
    if (word.at[word.length - 1] == ':')
        return 1;
    *host = word;
    *rest = s;
    return 1;
}

static void read_bare(struct span line, struct frame *out)
{
    if (line.length > 0 && line.at[0] == '{')
        out->kind = FRAME_JSON;
    else if (is_own(line))
        out->kind = FRAME_OWN;
    (void)span_take(&line, SPAN("milter-helo: "));
    out->message = line;
}

void frame_read(struct stamp_clock *clock, struct span line, struct frame *out)
{
    enum stamp_form form;
    struct span pri;
    int fields;
    size_t used;

    *out = (struct frame){0};
    if (span_starts(line, SPAN("<")) && (!span_until(&line, '>', &pri) || pri.length > 4))
        return;
    fields = span_take(&line, SPAN("1 ")); /* the version of RFC 5424 */
    used = stamp_read(clock, line.at, line.length, &form, &out->time_s);
    span_drop(&line, used);
    if (used == 0) {
        read_bare(line, out);
        return;
    }
    if (!span_take(&line, SPAN(" ")))
        return;
    if (form == STAMP_EXIM) {
        out->kind = FRAME_EXIM;
        out->message = line;
        read_exim(clock, out);
        return;
    }
    if (!take_host(&line, &out->host))
        return;
    if (fields ? !take_fields(&line, out) : !take_tag(&line, out))
        return;
    skip_blank(&line);
    out->message = line;
    out->kind = kind_of(out);
    if (out->kind == FRAME_EXIM)
        read_exim(clock, out);
    if (out->kind == FRAME_OWN && line.length > 0 && line.at[0] == '{')
        out->kind = FRAME_JSON;
}
