/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sessions.h - how many sessions there are, and how many there may be
 *
 * PURPOSE  Two numbers: sessions open (a stop waits for them) and sessions judged (limits.sessions
 *          bounds them). The difference are those that are exempt or came past the limit, and only
 *          wait for the MTA to hang up.
 * CONTRACT What enters leaves once; a session that only pokes the pool never enters, since it
 *          negotiates nothing.
 * THREADS  any.
 */
#ifndef MH_SESSIONS_H
#define MH_SESSIONS_H

#include <stdbool.h>

/*
 * At most this many are judged from now on. Raises the limit of file descriptors to fit; what
 * cannot be raised lowers the number, with a warning. defer: those past it are told to come back,
 * not let through.
 */
void mh_sessions_limit(long long limit, bool defer);

/* A session begins. False: the filter is stopping and takes no more. */
bool mh_sessions_enter(void);
void mh_sessions_leave(void);

/*
 * What becomes of a client: judged (then mh_sessions_release() once), or the answer of
 * limits.when_full.
 */
enum mh_admission { MH_JUDGE, MH_PASS, MH_DEFER };
enum mh_admission mh_sessions_admit(void);
void mh_sessions_release(void);

/*
 * From now on nobody enters. drained is called once, in the thread in which the last session
 * leaves, or at once when there is none. Returns how many are open.
 */
unsigned mh_sessions_stop(void (*drained)(void));
unsigned mh_sessions_open(void);

/* What there is at the moment. */
struct mh_sessions_now {
    unsigned open, judged, limit;
};
void mh_sessions_look(struct mh_sessions_now *out);

#endif /* MH_SESSIONS_H */
