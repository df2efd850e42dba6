/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * resolvconf.c - has the system's list of name servers changed?
 *
 * PURPOSE  See resolvconf.h.
 * THREADS  none of its own.
 */
#include "dns/resolvconf.h"

static bool same_time(struct timespec a, struct timespec b)
{
    return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

static bool same_file(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
           same_time(a->st_mtim, b->st_mtim) && same_time(a->st_ctim, b->st_ctim);
}

bool resolvconf_changed(struct resolvconf *conf, const char *path, uint64_t now_ms)
{
    struct stat now;
    bool changed;

    if (conf->looked && now_ms - conf->looked_ms < RESOLVCONF_LOOK_MS)
        return false;
    if (stat(path, &now) != 0)
        now = (struct stat){0};
    changed = !conf->looked || conf->missed || !same_file(&now, &conf->seen);
    conf->seen = now;
    conf->looked = true;
    conf->missed = false;
    conf->looked_ms = now_ms;
    return changed;
}

void resolvconf_missed(struct resolvconf *conf)
{
    conf->missed = true;
}
