/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pid_file.h - the number of the process, for those who send it signals
 *
 * CONTRACT Written beside the path and renamed over it: nobody reads half a number, and no symbolic
 *          link is followed. Removed only if it is still ours; where the directory does not let us,
 *          it is emptied.
 * OWNERSHIP path is the caller's and must live as long.
 * THREADS  open before there are others; remove once.
 */
#ifndef MH_PID_FILE_H
#define MH_PID_FILE_H

#include <sys/types.h>

struct mh_pid_file {
    const char *path; /* absolute; "" for none */
    int fd; /* kept: says which file is ours, and empties it without a right to the directory */
};

/* 0, or -1 after a line in the log. user: whom the directory may belong to, besides root and us. */
int mh_pid_file_write(const char *path, uid_t user, struct mh_pid_file *out);
void mh_pid_file_remove(struct mh_pid_file *file);

#endif /* MH_PID_FILE_H */
