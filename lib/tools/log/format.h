/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * format.h - the readers, one for each format
 *
 * CONTRACT Each takes one line of its kind and says what it found, see state.h. It parses from
 *          anchors that the client cannot say: the program's name and the beginning of the message
 *          before anything that quotes the client, and what is quoted from its last end.
 * THREADS  one.
 */
#ifndef HELO_TOOLS_LOG_FORMAT_H
#define HELO_TOOLS_LOG_FORMAT_H

#include "tools/log/state.h"

void format_postfix(struct log_state *state, const struct frame *frame);
void format_exim(struct log_state *state, const struct frame *frame);
void format_sendmail(struct log_state *state, const struct frame *frame);
void format_own(struct log_state *state, const struct frame *frame);
/* Returns LOG_FORMAT_OWN or LOG_FORMAT_JSON, as the object turns out. */
enum log_format format_json(struct log_state *state, const struct frame *frame);

/* Postfix's services that are read by a file of their own. */
void format_postscreen(struct log_state *state, const struct frame *frame);
void format_postfix_queue(struct log_state *state, const struct frame *frame);
void format_postfix_pickup(struct log_state *state, const struct frame *frame);

/* "name[192.0.2.1]:25", the port being optional; the name may be empty. */
struct peer {
    struct span name, address;
    unsigned port;
};

/* Takes it from the front; the address is one. */
int peer_take(struct log_state *state, struct span *s, struct peer *out);

/*
 * What Postfix's smtpd, postscreen and cleanup say of a session at the end of a line: "; from=<a>
 * to=<b> proto=ESMTP helo=<c>", with commas in between or without.
 */
struct told {
    struct span text;   /* what stands before it: "550 5.7.1 ..." */
    struct span behind; /* and behind it: ": 5.7.1 text" of cleanup */
    struct span from, rcpt, helo;
    int has_from, has_rcpt, has_proto, has_helo;
};

void told_read(struct span rest, struct told *out);
/* Puts the HELO into an entry, or into a row. stage: "RCPT", "CONNECT" ... */
void told_helo(struct log_state *state, const struct told *told, struct span stage,
               struct log_entry *entry);
enum log_outcome told_outcome(const struct told *told);
/* "<>" for none. */
const char *told_from(struct log_state *state, struct span from);

#endif /* HELO_TOOLS_LOG_FORMAT_H */
