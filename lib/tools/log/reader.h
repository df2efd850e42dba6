/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * reader.h - mail logs of any kind as entries
 *
 * PURPOSE  Reads files one after the other, finds out line by line who wrote it (a file may mix
 *          daemons), joins the lines that tell of the same mail, and hands out entries; tells what
 *          it could not see, and why, as facts: words are its callers' affair.
 * CONTRACT One entry for each recipient that the log names; a message without any gives one entry
 *          with rcpt NULL. Those of one message are handed out one after the other, with the same
 *          qid and connection. An entry is handed out when it is whole, or when there is no more
 *          room to wait for the rest of it: nearly in the order of time, not quite.
 *          State goes on from file to file, so the older file is to be given first.
 *          Mail that our own log and the MTA's both tell of is handed out once, as ours where that
 *          was read first: in one file it is; of two files ours is to be given first. They are
 *          joined by our id in a refusal that the MTA quotes, by the queue id, or else by client,
 *          sender, recipient and ten minutes (seen.h). What an MTA refused without asking the
 *          filter is the MTA's alone. An Exim rejectlog repeats its mainlog, and is not to be
 *          given, too.
 * OWNERSHIP Entries live during the call.
 * THREADS  one.
 * LIMITS   track.h names them: memory does not grow with the log.
 */
#ifndef HELO_TOOLS_LOG_READER_H
#define HELO_TOOLS_LOG_READER_H

#include <stddef.h>

#include "include/helo.h"
#include "tools/log/entry.h"
#include "tools/log/source.h"

/* X(name, word): who writes such lines. */
#define LOG_FORMATS(X)      \
    X(POSTFIX, "postfix")   \
    X(EXIM, "exim")         \
    X(SENDMAIL, "sendmail") \
    X(OWN, "milter-helo")   \
    X(JSON, "json")

enum log_format {
#define LOG_FORMAT_ENUM(name, word) LOG_FORMAT_##name,
    LOG_FORMATS(LOG_FORMAT_ENUM)
#undef LOG_FORMAT_ENUM
        LOG_FORMAT_COUNT
};

/* "postfix" ... */
const char *log_format_text(enum log_format format);

/*
 * What could not be seen, or was left out on purpose, counted. X(name, word): the word is the key
 * in JSON output.
 *   LINES_FOREIGN   lines that none of the known programs wrote: nothing was made of them
 *   LINES_CUT       longer than SOURCE_LINE_MAX: read as far as that
 *   LINES_WRONG     of a known kind, and yet not to be understood (JSON with faults, a verdict
 *                   without client); each was told to the notice function
 *   NO_TIME         entries whose time stamp is missing or not readable
 *   POSTFIX_ACCEPTED_NO_HELO
 *                   Postfix accepted it: it does not log the HELO of such mail, unless a setting
 *                   makes it (postfix.c)
 *   POSTFIX_SAID_NONE
 *                   Postfix has logged it without helo=: the client had said none, or one that
 *                   Postfix did not take; helo_status is LOG_HELO_NONE
 *   POSTFIX_UNKNOWN_CLIENT
 *                   Postfix calls the client "unknown" and does not say why: it has no reverse DNS,
 *                   or DNS did not answer
 *   POSTSCREEN_NO_PTR
 *                   postscreen looks no client up, so that its refusals have no reverse DNS
 *   POSTFIX_REINJECTED
 *                   a content filter gave mail back to Postfix, which had received it before: it
 *                   was counted then
 *   QID_WITHOUT_CLIENT
 *                   lines of a queue id whose beginning the log does not show: received before it
 *                   begins, made by the MTA itself, or forgotten to make room
 *   RCPTS_CUT       mail of which more recipients came than are remembered
 *   FORGOTTEN       handed out before all of it was read, to make room for newer mail
 *   EXIM_HELO_NOT_SHOWN
 *                   Exim logs no name in brackets: the HELO was the verified name, as it is taken
 *                   to be, or the client's own address; an old Exim does the same when none was
 *                   said
 *   EXIM_UNKNOWN_CLIENT
 *                   Exim had looked no name up, or found none it could confirm, and does not say
 *   SENDMAIL_NO_HELO
 *                   Sendmail never logs the HELO; where none was said, it may say that
 *   SEEN_TWICE      entries of an MTA's log that were left out because our own log, which knows the
 *                   HELO, tells of the same mail; ours, where the MTA's line was read first and had
 *                   the HELO, too; and verdicts that were read twice
 *   OWN_LINES_DROPPED
 *                   verdicts that our own log says it has no line for (log.rate)
 */
#define LOG_FACTS(X)                                        \
    X(LINES_FOREIGN, "lines_foreign")                       \
    X(LINES_CUT, "lines_cut")                               \
    X(LINES_WRONG, "lines_wrong")                           \
    X(NO_TIME, "no_time")                                   \
    X(POSTFIX_ACCEPTED_NO_HELO, "postfix_accepted_no_helo") \
    X(POSTFIX_SAID_NONE, "postfix_said_none")               \
    X(POSTFIX_UNKNOWN_CLIENT, "postfix_unknown_client")     \
    X(POSTSCREEN_NO_PTR, "postscreen_no_ptr")               \
    X(POSTFIX_REINJECTED, "postfix_reinjected")             \
    X(QID_WITHOUT_CLIENT, "qid_without_client")             \
    X(RCPTS_CUT, "rcpts_cut")                               \
    X(FORGOTTEN, "forgotten")                               \
    X(EXIM_HELO_NOT_SHOWN, "exim_helo_not_shown")           \
    X(EXIM_UNKNOWN_CLIENT, "exim_unknown_client")           \
    X(SENDMAIL_NO_HELO, "sendmail_no_helo")                 \
    X(SEEN_TWICE, "seen_twice")                             \
    X(OWN_LINES_DROPPED, "own_lines_dropped")

enum log_fact {
#define LOG_FACT_ENUM(name, word) LOG_##name,
    LOG_FACTS(LOG_FACT_ENUM)
#undef LOG_FACT_ENUM
        LOG_FACT_COUNT
};

/* "lines_foreign" ... */
const char *log_fact_text(enum log_fact fact);

struct log_format_coverage {
    unsigned long long lines;   /* it wrote; most tell of other things than the receipt of mail */
    unsigned long long entries; /* handed out */
    unsigned long long no_helo; /* of these, LOG_HELO_UNKNOWN: they cannot be judged */
    unsigned long long no_ptr;  /* of these, LOG_PTR_UNKNOWN */
    unsigned long long local;   /* of these, client "local" or a loopback address */
};

struct log_coverage {
    unsigned long long files; /* read to the end */
    unsigned long long lines;
    unsigned long long entries;
    struct log_format_coverage format[LOG_FORMAT_COUNT];
    unsigned long long fact[LOG_FACT_COUNT];
    /* Of all entries whose time is known; 0 when there is none. */
    long long first_s, last_s;
};

/* A line, or a file, that cannot be understood. */
struct log_notice {
    const char *path;
    unsigned long long line; /* 0: the file as a whole */
    unsigned column;         /* 1-based, in bytes; 0: the whole line */
    const char *message;     /* printable; does not repeat path, line or column */
};
typedef void log_notice_fn(void *arg, const struct log_notice *notice);

struct log_progress {
    size_t file, files; /* file: 0-based */
    const char *path;
    /* Of this file, see source.h; all files together are the caller's sum by stat(2). */
    struct source_progress bytes;
    unsigned long long lines, entries; /* of all files so far */
};
typedef void log_progress_fn(void *arg, const struct log_progress *progress);

struct log_options {
    log_entry_fn *entry;
    log_notice_fn *notice; /* NULL: not told, only counted */
    log_progress_fn
        *progress; /* NULL: none. About every LOG_PROGRESS_LINES lines, and at each end */
    void *arg;     /* of all three */
    /* BSD time stamps have no year: the latest that is not after this. 0: a file's time of last
       change, or the clock's for a pipe. */
    long long now_s;
};

enum {
    LOG_PROGRESS_LINES = 16384, /* some milliseconds */
    LOG_NOTICES_MAX = 20        /* told of one file; the others are counted */
};

/*
 * Reads all files. A file that cannot be opened, or not to its end, is told to notice; the others
 * go on; then the result is HELO_IO. HELO_NOMEM ends it. *out is always written. When entry() ends
 * the reading that is HELO_OK, and what is not handed out yet is not handed out.
 */
enum helo_status log_read(const char *const *paths, size_t count, const struct log_options *options,
                          struct log_coverage *out);

#endif /* HELO_TOOLS_LOG_READER_H */
