/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * daemon.c - into the background, once it works, see daemon.h
 */
#include "daemon.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "exit.h"
#include "log.h"

static const char ready_mark = 'r';

/* A child that ends without the mark has said why. */
static int wait_ready(int fd, pid_t child)
{
    char mark = 0;
    ssize_t got;
    int status = 0;

    do
        got = read(fd, &mark, 1);
    while (got < 0 && errno == EINTR);
    if (got == 1 && mark == ready_mark)
        return MH_EXIT_OK;
    while (waitpid(child, &status, 0) < 0) {
        if (errno != EINTR)
            return MH_EXIT_SYSTEM;
    }
    return WIFEXITED(status) && WEXITSTATUS(status) != 0 ? WEXITSTATUS(status) : MH_EXIT_SYSTEM;
}

int mh_daemon_detach(void)
{
    int ends[2];
    pid_t child;

    if (pipe2(ends, O_CLOEXEC) != 0)
        return -1;
    child = fork();
    if (child > 0) {
        (void)close(ends[1]);
        _exit(wait_ready(ends[0], child));
    }
    (void)close(ends[0]);
    if (child < 0) {
        (void)close(ends[1]);
        return -1;
    }
    /* Out of the session, so that no terminal's hang-up reaches us; no terminal is ever opened that
     * could become ours, so that a second fork has nothing to prevent. */
    (void)setsid();
    return ends[1];
}

int mh_daemon_ready(int fd, int keep_stderr)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);

    if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(null, STDOUT_FILENO) < 0 ||
        (!keep_stderr && dup2(null, STDERR_FILENO) < 0)) {
        mh_log(LOG_ERR, "error: /dev/null: %s", strerror(errno));
        return -1;
    }
    if (null > STDERR_FILENO)
        (void)close(null);
    /* A parent that was killed meanwhile is no reason to stop. */
    if (write(fd, &ready_mark, 1) != 1)
        mh_log(LOG_NOTICE, "the process that started the filter is gone");
    (void)close(fd);
    return 0;
}
