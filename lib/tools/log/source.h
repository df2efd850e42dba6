/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * source.h - the lines of a file, whatever it is compressed with
 *
 * PURPOSE  Reads "-" (standard input) or a file: plain, gzip, bzip2, xz, lzma, lzip, zstd, lz4 and
 *          compress, by what is in it and not by its name; several compressed parts one after the
 *          other are one file, as zcat has it.
 * CONTRACT A line is handed out without its newline (and without a CR before it), ends with a NUL
 *          and has no other: a NUL in the file becomes '?'. What was readable is handed out before
 *          an error is told, so that a file which is cut short is read as far as it goes.
 * OWNERSHIP A line lives until the next call; the source until source_close().
 * THREADS  one.
 * LIMITS   SOURCE_LINE_MAX; one buffer of four times that.
 */
#ifndef HELO_TOOLS_LOG_SOURCE_H
#define HELO_TOOLS_LOG_SOURCE_H

#include <stddef.h>

#include "include/helo.h"

enum {
    /* Syslog daemons cut at 8 KiB, and Exim at 8 KiB; the rest of a longer line is passed over. */
    SOURCE_LINE_MAX = 64 * 1024,
    SOURCE_ERROR_SIZE = 512
};

struct source;

struct source_line {
    const char *text;
    size_t length;
    unsigned long long number; /* 1-based */
    int cut;                   /* it was longer than SOURCE_LINE_MAX */
};

struct source_progress {
    unsigned long long consumed; /* bytes of the file as it lies on the disk */
    unsigned long long total;    /* its size; 0: not known, as of a pipe */
};

/*
 * HELO_IO (not there, a folder, not readable) and HELO_NOMEM are told in error, with the path,
 * ready to be printed.
 */
enum helo_status source_open(const char *path, struct source **out, char error[SOURCE_ERROR_SIZE]);
/* Returns 1 with a line, 0 at the end, -1 when the rest cannot be read: error says why. */
int source_next(struct source *source, struct source_line *line, char error[SOURCE_ERROR_SIZE]);
void source_progress(const struct source *source, struct source_progress *out);
/* When the file was last written, in seconds since 1970; 0: not known, as of a pipe. */
long long source_written_s(const struct source *source);
void source_close(struct source *source);

#endif /* HELO_TOOLS_LOG_SOURCE_H */
