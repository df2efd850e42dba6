/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * log_line.h - the forms of a line in the log
 *
 * PURPOSE  What a line looks like, wherever it goes: log.format, and a time where nobody else adds
 *          one.
 * CONTRACT Pure. A line is one line (but MH_LINE_PLAIN of several), without a newline at its end,
 *          NUL-terminated, and valid in its form however long the text is: what does not fit is cut
 *          and ends in "...". JSON is the form of lib/policy/explain_log_json.c.
 * LIMITS   MH_LINE_BYTES holds MH_LOG_BYTES of text of which every byte is escaped.
 * THREADS  any.
 * STANDARDS RFC 8259 (JSON), RFC 3339 (time, UTC).
 */
#ifndef MH_LOG_LINE_H
#define MH_LOG_LINE_H

#include <stddef.h>
#include <time.h>

#include "log.h"

enum mh_line_form {
    MH_LINE_PLAIN,   /* whoever takes it adds time and priority: syslog, a terminal */
    MH_LINE_STAMPED, /* time= and level= before the pairs: a file */
    MH_LINE_JSON
};

enum { MH_LINE_BYTES = 2 * MH_LOG_BYTES + 256 };

/* A message. Returns the length. */
size_t mh_line_message(char out[MH_LINE_BYTES], enum mh_line_form form, const struct timespec *now,
                       int priority, const char *text);

/*
 * A decision: made is HELO_FORMAT_LOG_JSON for MH_LINE_JSON, else HELO_FORMAT_LOG. queue_id: "-" is
 * none. Returns the length; 0 when it does not fit.
 */
size_t mh_line_decision(char out[MH_LINE_BYTES], enum mh_line_form form, const struct timespec *now,
                        const char *queue_id, const char *made);

/*
 * Takes the next KEY=VALUE from *at, a line of pairs: writes it as the journal has its fields,
 * HELO_KEY=VALUE without quotes and their backslashes. Returns its length; 0 when there is no
 * further one, or none that fits. Those without a value are passed over.
 */
size_t mh_line_field(const char **at, char *out, size_t size);

#endif /* MH_LOG_LINE_H */
