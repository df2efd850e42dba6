/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * log_file.h - the log as a file
 *
 * PURPOSE  log.to: file.
 * CONTRACT Each line is one write(2) with O_APPEND, so that lines stay whole whoever else writes to
 *          the file. A full disk, or whatever else fails, is counted and told when it can be, and
 *          never holds anything up. A file that cannot be opened again leaves the former open.
 *          The file is made with mode 0640 by whoever calls, which is the filter's user; it is
 *          never a symbolic link or anything else than a file.
 * THREADS  mh_log_file_open() before there are others; _reopen() one at a time; _write() any. One
 *          descriptor number is used for good, and what is behind it is exchanged by dup3(2): no
 *          writer waits for a lock.
 */
#ifndef MH_LOG_FILE_H
#define MH_LOG_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "privileges.h"

/*
 * Without changing anything: is there a directory to be relied on, in which that user may write?
 * False after a line in the log.
 */
bool mh_log_file_check(const char *path, const struct mh_identity *identity);

/* path must live as long as the process. 0, or -1 after a line in the log. */
int mh_log_file_open(const char *path);

/* By the same path, after it was rotated away. 0, also when there is no file; -1 with errno. */
int mh_log_file_reopen(void);

/* line with its newline; it is not changed. 0, or the error for which it is not in the file. */
int mh_log_file_write(char *line, size_t length);

/*
 * Lines that are missing from the file since the start, once after it can be written to again, and
 * the last error; 0: nothing new to tell.
 */
unsigned long long mh_log_file_missing(int *error);

/* "" when there is none. */
const char *mh_log_file_path(void);

#endif /* MH_LOG_FILE_H */
