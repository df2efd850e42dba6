/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sessions.c - how many sessions there are, and how many there may be, see sessions.h
 *
 * One mutex for everything: it is held for a few instructions, some times per session.
 */
#include "sessions.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/resource.h>

#include "events.h"
#include "log.h"

/*
 * File descriptors: one per session, a quarter more for those past the limit until the MTA has hung
 * up and for pokes on their way, and some for the listener, the resolver's sockets, logs and files.
 */
enum { FD_SPARE = 128 };

static struct {
    pthread_mutex_t lock;
    unsigned open, judged;
    unsigned limit;
    bool defer;       /* those past the limit */
    bool full;        /* and said so */
    unsigned refused; /* admissions, since it was said */
    bool stopping;
    void (*drained)(void);
} sessions = {.lock = PTHREAD_MUTEX_INITIALIZER, .limit = 1};

static unsigned long long descriptors_for(unsigned long long limit)
{
    return limit + limit / 4 + FD_SPARE;
}

/* The inverse; where even the spare ones are too many, a quarter is for sessions. */
static unsigned long long sessions_for(unsigned long long descriptors)
{
    if (descriptors <= 2 * FD_SPARE)
        return descriptors >= 4 ? descriptors / 4 : 1;
    return (descriptors - FD_SPARE) * 4 / 5;
}

/*
 * With no descriptor left, libmilter retries accept() at once, for ever, and new clients hang: the
 * worst of all answers. So the limit is made to fit before it can be reached.
 */
static unsigned long long fit_descriptors(unsigned long long limit)
{
    unsigned long long wanted = descriptors_for(limit);
    struct rlimit now, more;

    if (getrlimit(RLIMIT_NOFILE, &now) != 0 || now.rlim_cur >= wanted)
        return limit;
    more = (struct rlimit){.rlim_cur = wanted, .rlim_max = now.rlim_max};
    if (more.rlim_max < wanted)
        more.rlim_max = wanted; /* root may */
    if (setrlimit(RLIMIT_NOFILE, &more) == 0)
        return limit;
    more = (struct rlimit){.rlim_cur = now.rlim_max, .rlim_max = now.rlim_max};
    if (setrlimit(RLIMIT_NOFILE, &more) != 0)
        more = now;
    limit = sessions_for(more.rlim_cur);
    mh_log(LOG_WARNING,
           "warning: limits.sessions is lowered to %llu: it needs %llu file descriptors, and the "
           "system allows this process %llu (ulimit -n, LimitNOFILE=)",
           limit, wanted, (unsigned long long)more.rlim_cur);
    return limit;
}

void mh_sessions_limit(long long limit, bool defer)
{
    unsigned fitted = (unsigned)fit_descriptors(limit < 1 ? 1 : (unsigned long long)limit);

    (void)pthread_mutex_lock(&sessions.lock);
    sessions.limit = fitted;
    sessions.defer = defer;
    (void)pthread_mutex_unlock(&sessions.lock);
}

bool mh_sessions_enter(void)
{
    bool welcome;

    (void)pthread_mutex_lock(&sessions.lock);
    welcome = !sessions.stopping;
    if (welcome)
        sessions.open++;
    (void)pthread_mutex_unlock(&sessions.lock);
    return welcome;
}

void mh_sessions_leave(void)
{
    void (*drained)(void) = NULL;

    (void)pthread_mutex_lock(&sessions.lock);
    sessions.open--;
    if (sessions.stopping && sessions.open == 0) {
        drained = sessions.drained;
        sessions.drained = NULL;
    }
    (void)pthread_mutex_unlock(&sessions.lock);
    if (drained != NULL)
        drained();
}

/* One line when the limit is reached, not one per client. */
enum mh_admission mh_sessions_admit(void)
{
    enum mh_admission admission = MH_JUDGE;
    bool became_full = false;
    unsigned limit;

    (void)pthread_mutex_lock(&sessions.lock);
    limit = sessions.limit;
    if (sessions.judged < limit) {
        sessions.judged++;
    } else {
        admission = sessions.defer ? MH_DEFER : MH_PASS;
        became_full = !sessions.full;
        sessions.full = true;
        sessions.refused++;
    }
    (void)pthread_mutex_unlock(&sessions.lock);
    if (admission != MH_JUDGE)
        mh_event_count(MH_EVENT_PAST_LIMIT);
    if (became_full)
        mh_log(LOG_WARNING, "warning: limits.sessions (%u) is reached: further clients are %s",
               limit, admission == MH_DEFER ? "deferred" : "accepted unjudged");
    return admission;
}

/*
 * "Full" ends when a tenth is free again, so that a server at its limit does not say so twice per
 * client.
 */
void mh_sessions_release(void)
{
    unsigned passed = 0;

    (void)pthread_mutex_lock(&sessions.lock);
    sessions.judged--;
    if (sessions.full && sessions.judged <= sessions.limit - (sessions.limit + 9) / 10) {
        sessions.full = false;
        passed = sessions.refused;
        sessions.refused = 0;
    }
    (void)pthread_mutex_unlock(&sessions.lock);
    if (passed > 0)
        mh_log(LOG_NOTICE, "below limits.sessions again; %u clients were not judged", passed);
}

unsigned mh_sessions_stop(void (*drained)(void))
{
    unsigned open;

    (void)pthread_mutex_lock(&sessions.lock);
    sessions.stopping = true;
    open = sessions.open;
    if (open > 0)
        sessions.drained = drained;
    (void)pthread_mutex_unlock(&sessions.lock);
    if (open == 0)
        drained();
    return open;
}

unsigned mh_sessions_open(void)
{
    unsigned open;

    (void)pthread_mutex_lock(&sessions.lock);
    open = sessions.open;
    (void)pthread_mutex_unlock(&sessions.lock);
    return open;
}

void mh_sessions_look(struct mh_sessions_now *out)
{
    (void)pthread_mutex_lock(&sessions.lock);
    *out = (struct mh_sessions_now){
        .open = sessions.open, .judged = sessions.judged, .limit = sessions.limit};
    (void)pthread_mutex_unlock(&sessions.lock);
}
