/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * metrics_process.c - how the process is: memory, processor, file descriptors, see
 *                     metrics_process.h
 */
#include "metrics_process.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static struct timespec begun; /* written before there are threads */

void mh_metrics_process_begin(void)
{
    (void)clock_gettime(CLOCK_REALTIME, &begun);
}

static double seconds(const struct timespec *time)
{
    return (double)time->tv_sec + (double)time->tv_nsec / 1e9;
}

static void put_memory(struct mh_metrics_text *text)
{
    FILE *file = fopen("/proc/self/statm", "re");
    char line[128];
    const char *resident = NULL; /* pages: the second number */
    unsigned long pages = 0;

    if (file != NULL && fgets(line, sizeof line, file) != NULL)
        resident = strchr(line, ' ');
    if (resident != NULL)
        pages = strtoul(resident, NULL, 10);
    if (file != NULL)
        (void)fclose(file);
    if (pages > 0)
        mh_metrics_text_number(text, "process_resident_memory_bytes", "memory in use", HELO_GAUGE,
                               (double)pages * (double)sysconf(_SC_PAGESIZE));
}

static void put_descriptors(struct mh_metrics_text *text)
{
    DIR *directory = opendir("/proc/self/fd");
    struct rlimit limit;
    unsigned count = 0;

    while (directory != NULL && readdir(directory) != NULL) /* the thread's own stream */
        count++;
    if (directory != NULL)
        (void)closedir(directory);
    if (count > 3) /* ".", "..", and the directory's own */
        mh_metrics_text_number(text, "process_open_fds", "file descriptors in use", HELO_GAUGE,
                               count - 3);
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0)
        mh_metrics_text_number(text, "process_max_fds", "file descriptors allowed", HELO_GAUGE,
                               (double)limit.rlim_cur);
}

void mh_metrics_process(struct mh_metrics_text *text)
{
    struct timespec used;

    mh_metrics_text_number(text, "process_start_time_seconds", "when the filter was started",
                           HELO_GAUGE, seconds(&begun));
    if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used) == 0)
        mh_metrics_text_number(text, "process_cpu_seconds", "processor time used", HELO_COUNTER,
                               seconds(&used));
    put_memory(text);
    put_descriptors(text);
}
