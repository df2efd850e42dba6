/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * frame.h - what stands before the message in a line of a log, and who wrote it
 *
 * PURPOSE  Syslog files, journalctl's short forms, RFC 5424, Postfix's maillog_file, Exim's
 *          mainlog, our own log as a file, JSON: told apart line by line.
 * CONTRACT The program's name decides, not what the message says: that may be anything. But for
 *          our own lines in Exim's log (contrib/exim), which "milter-helo: " begins, directly
 *          behind what Exim puts before each line.
 * THREADS  any.
 */
#ifndef HELO_TOOLS_LOG_FRAME_H
#define HELO_TOOLS_LOG_FRAME_H

#include "tools/log/span.h"
#include "tools/log/stamp.h"

enum frame_kind {
    FRAME_FOREIGN,
    FRAME_POSTFIX,
    FRAME_EXIM,
    FRAME_SENDMAIL,
    FRAME_OWN,
    FRAME_JSON /* ours, or the documented keys */
};

struct frame {
    enum frame_kind kind;
    long long time_s; /* 0: the line has none */
    struct span host; /* length 0: none */
    /* "postfix-in/submission/smtpd" as syslog has it; for Postfix: what stands behind the last '/',
       and what stands between the first and the last, if anything. */
    struct span program, service, listener;
    unsigned pid; /* 0: none */
    struct span message;
};

void frame_read(struct stamp_clock *clock, struct span line, struct frame *out);

#endif /* HELO_TOOLS_LOG_FRAME_H */
