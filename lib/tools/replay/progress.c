/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * progress.c - see progress.h
 */
#include "tools/replay/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { REDRAW_MS = 120, BAR_WIDTH = 24 };

static const char wipe[] = "\r\033[K"; /* ECMA-48 8.3.41: erase to the end of the line */

static long long now_ms(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* What is no regular file has no size: then nothing is said of the rest. */
static void measure(struct progress *progress, const char *const *paths, size_t count)
{
    struct stat info;

    progress->before = calloc(count, sizeof(*progress->before));
    for (size_t i = 0; i < count && progress->before != NULL; i++) {
        progress->before[i] = progress->total;
        if (stat(paths[i], &info) == 0 && S_ISREG(info.st_mode)) {
            progress->total += (unsigned long long)info.st_size;
        } else {
            progress->total = 0;
            return;
        }
    }
}

void progress_init(struct progress *progress, const char *const *paths, size_t count)
{
    *progress = (struct progress){.is_on = isatty(STDERR_FILENO) != 0};
    progress->began_ms = now_ms();
    if (progress->is_on)
        measure(progress, paths, count);
}

static void draw_bar(double share)
{
    int full = (int)(share * BAR_WIDTH);

    (void)fputc('[', stderr);
    for (int i = 0; i < BAR_WIDTH; i++)
        (void)fputc(i < full ? '=' : i == full ? '>' : ' ', stderr);
    (void)fputs("] ", stderr);
}

static void draw_known(const struct progress *progress, const struct log_progress *at,
                       double passed_s)
{
    unsigned long long done = progress->before[at->file] + at->bytes.consumed;
    double share = (double)done / (double)progress->total;

    share = share > 1 ? 1 : share;
    (void)fprintf(stderr, "%s%3d %% ", wipe, (int)(share * 100));
    draw_bar(share);
    (void)fprintf(stderr, "%.0f MB/s, %.1f M lines", (double)done / 1e6 / passed_s,
                  (double)at->lines / 1e6);
    if (share > 0.02)
        (void)fprintf(stderr, ", %.0f s left", passed_s / share - passed_s);
}

void progress_show(struct progress *progress, const struct log_progress *at)
{
    long long now = progress->is_on ? now_ms() : 0;
    double passed_s = (double)(now - progress->began_ms + 1) / 1000;

    if (!progress->is_on || now - progress->drawn_ms < REDRAW_MS)
        return;
    progress->drawn_ms = now;
    if (progress->total > 0)
        draw_known(progress, at, passed_s);
    else
        (void)fprintf(stderr, "%s%.1f M lines, %.0f a second", wipe, (double)at->lines / 1e6,
                      (double)at->lines / passed_s);
    (void)fflush(stderr);
}

void progress_wipe(struct progress *progress)
{
    if (progress->is_on && progress->drawn_ms != 0)
        (void)fputs(wipe, stderr);
    progress->drawn_ms = 0;
}

void progress_fini(struct progress *progress)
{
    progress_wipe(progress);
    free(progress->before);
    progress->before = NULL;
}
