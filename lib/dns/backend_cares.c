/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * backend_cares.c - answers from the network: one thread around c-ares
 *
 * PURPOSE  See backend.h. Takes look-ups over from any thread and drives lanes.h from one of its
 *          own.
 * CONTRACT What comes of a look-up stands in lanes.h. Without servers of its own it asks those of
 *          resolv.conf(5), and looks for changes of that file once a second while it has something
 *          to ask, and before it asks after a pause. Of its options none counts but nameserver: the
 *          search list, ndots and /etc/hosts are never consulted, since the question is the name,
 *          to the letter; the order of the servers and the time they have are ours.
 *          Whatever the servers do, destroy() waits for none of them.
 * OWNERSHIP A look-up is the service's again once it is completed; destroy() completes what is
 *           left.
 * THREADS  `lock` guards the mailbox (submitted, servers, stopping) and nothing else, and is never
 *          held while anything is called. The service is first called after the first submit():
 *          before that nobody has told the thread which one it is. All signals are blocked in the
 *          thread: they are the program's.
 * LIMITS   One descriptor for the wake-up and one for each socket of each lane.
 */
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "dns/backend.h"
#include "dns/channel.h"
#include "dns/lanes.h"
#include "dns/order.h"
#include "dns/resolvconf.h"
#include "dns/servers.h"

static const char resolvconf_path[] = "/etc/resolv.conf"; /* c-ares' own, too */

/* What other threads leave for ours. */
struct mailbox {
    struct dns_lookup *submitted, **submitted_end;
    char *servers; /* NULL: as they are */
    bool system;   /* they are resolv.conf's */
    bool stopping;
};

struct backend_cares {
    struct dns_backend base; /* first */
    pthread_t thread;
    int wake_fd; /* an eventfd; readable when the mailbox is not empty */
    pthread_mutex_t lock;
    struct mailbox mailbox;
    /* The thread's own. */
    struct lanes *lanes;
    struct pollfd fds[1 + LANES_POLL];
    uint64_t ticked_ms;
    bool serving;     /* something was submitted */
    uint64_t tick_ms; /* when service_tick() is due */
    bool system;      /* the servers are resolv.conf's */
    struct resolvconf resolvconf;
};

static struct backend_cares *cares_of(struct dns_backend *base)
{
    return (struct backend_cares *)base;
}

static void mailbox_init(struct mailbox *mailbox)
{
    *mailbox = (struct mailbox){0};
    mailbox->submitted_end = &mailbox->submitted;
}

/* ---- for other threads --------------------------------------------------------------------- */

static void wake(struct backend_cares *b)
{
    const uint64_t one = 1;

    /* It can only fail when the counter is full, and then the thread is awake. */
    if (write(b->wake_fd, &one, sizeof one) < 0)
        return;
}

static void cares_submit(struct dns_backend *base, struct dns_lookup *lookup)
{
    struct backend_cares *b = cares_of(base);
    bool was_empty;

    lookup->backend_next = NULL;
    (void)pthread_mutex_lock(&b->lock);
    was_empty = b->mailbox.submitted == NULL;
    *b->mailbox.submitted_end = lookup;
    b->mailbox.submitted_end = &lookup->backend_next;
    (void)pthread_mutex_unlock(&b->lock);
    /* Whoever put the first one there wakes: a session's questions cost one system call. */
    if (was_empty)
        wake(b);
}

/* The servers as one line, after a trial; the system's when there are none. */
static enum helo_status accept_servers(char *const *servers, size_t count, char **out)
{
    char *joined = NULL;
    struct order order = {.count = 0};
    struct channel *trial = NULL;
    enum helo_status status =
        count > 0 ? servers_join(servers, count, &joined) : channel_system_servers(&joined);

    if (status != HELO_OK)
        return status;
    (void)order_set(&order, joined, 0);
    status = channel_create(CHANNEL_UDP, order.home, &trial); /* what will be asked, or "" */
    channel_destroy(trial);
    if (status != HELO_OK) {
        mem_free(joined);
        return status;
    }
    *out = joined;
    return HELO_OK;
}

static enum helo_status cares_set_servers(struct dns_backend *base, char *const *servers,
                                          size_t count)
{
    struct backend_cares *b = cares_of(base);
    char *joined = NULL;
    char *unread;
    enum helo_status status = accept_servers(servers, count, &joined);

    if (status != HELO_OK)
        return status;
    (void)pthread_mutex_lock(&b->lock);
    unread = b->mailbox.servers;
    b->mailbox.servers = joined;
    b->mailbox.system = count == 0;
    (void)pthread_mutex_unlock(&b->lock);
    mem_free(unread);
    wake(b);
    return HELO_OK;
}

/* ---- the thread ---------------------------------------------------------------------------- */

static struct mailbox open_mailbox(struct backend_cares *b)
{
    struct mailbox mail;
    uint64_t count;

    /*
     * First the descriptor, then the mail: what comes between the two wakes us once more, and is
     * not missed.
     */
    if ((b->fds[0].revents & POLLIN) != 0 && read(b->wake_fd, &count, sizeof count) < 0)
        b->fds[0].revents = 0;
    (void)pthread_mutex_lock(&b->lock);
    mail = b->mailbox;
    mailbox_init(&b->mailbox);
    (void)pthread_mutex_unlock(&b->lock);
    return mail;
}

static void take_servers(struct backend_cares *b, const struct mailbox *mail, uint64_t now_ms)
{
    if (mail->servers == NULL)
        return;
    (void)lanes_set_servers(b->lanes, mail->servers, now_ms); /* they are accept_servers()' */
    mem_free(mail->servers);
    b->system = mail->system;
}

/* A list that cannot be read is no reason to forget the former, nor that there is another. */
static void follow_resolvconf(struct backend_cares *b, uint64_t now_ms)
{
    char *servers = NULL;
    enum helo_status status;

    if (!b->system || !resolvconf_changed(&b->resolvconf, resolvconf_path, now_ms))
        return;
    status = channel_system_servers(&servers);
    if (status == HELO_OK)
        status = lanes_set_servers(b->lanes, servers, now_ms);
    if (status != HELO_OK)
        resolvconf_missed(&b->resolvconf);
    mem_free(servers);
}

/* For how long poll() may sleep. */
static int sleep_ms(const struct backend_cares *b)
{
    uint64_t now_ms;

    if (lanes_busy(b->lanes))
        return LANES_TICK_MS;
    if (!b->serving || b->tick_ms == UINT64_MAX)
        return -1;
    now_ms = clock_now_ms();
    if (b->tick_ms <= now_ms)
        return 0;
    return b->tick_ms - now_ms < INT_MAX ? (int)(b->tick_ms - now_ms) : INT_MAX;
}

/* One turn. Returns false when it is to end. */
static bool turn(struct backend_cares *b)
{
    struct mailbox mail;
    uint64_t now_ms;
    size_t count = lanes_poll(b->lanes, b->fds + 1);

    b->fds[0] = (struct pollfd){.fd = b->wake_fd, .events = POLLIN};
    if (poll(b->fds, 1 + (nfds_t)count, sleep_ms(b)) < 0)
        count = 0; /* no memory in the kernel: time passes all the same */
    mail = open_mailbox(b);
    now_ms = clock_now_ms();
    take_servers(b, &mail, now_ms);
    lanes_process(b->lanes, b->fds + 1, count, now_ms);
    if (now_ms - b->ticked_ms >= LANES_TICK_MS) {
        lanes_tick(b->lanes, now_ms);
        b->ticked_ms = now_ms;
    }
    if (mail.submitted != NULL || lanes_busy(b->lanes))
        follow_resolvconf(b, now_ms);
    lanes_add(b->lanes, mail.submitted, now_ms);
    if (mail.stopping)
        return false;
    lanes_run(b->lanes, now_ms);
    if (mail.submitted != NULL || (b->serving && now_ms >= b->tick_ms))
        b->tick_ms = service_tick(b->base.service, now_ms);
    b->serving = b->serving || mail.submitted != NULL;
    return true;
}

/* What the last answers led to is not asked any more. */
static void complete_rest(struct backend_cares *b)
{
    struct dns_lookup *list;

    while ((list = open_mailbox(b).submitted) != NULL) {
        while (list != NULL) {
            struct dns_lookup *lookup = list;

            list = lookup->backend_next;
            service_complete(b->base.service, lookup, NULL);
        }
    }
}

static void *run(void *arg)
{
    struct backend_cares *b = arg;

    while (turn(b))
        continue;
    lanes_destroy(b->lanes);
    complete_rest(b);
    return NULL;
}

static int start_thread(struct backend_cares *b)
{
    sigset_t all, before;
    int error;

    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before); /* inherited: no signal can slip in before */
    error = pthread_create(&b->thread, NULL, run, b);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (error == 0)
        (void)pthread_setname_np(b->thread, "helo-dns");
    return error;
}

/* ---- life ---------------------------------------------------------------------------------- */

static void release(struct backend_cares *b)
{
    if (b->wake_fd >= 0)
        (void)close(b->wake_fd);
    mem_free(b->mailbox.servers);
    (void)pthread_mutex_destroy(&b->lock);
    mem_free(b);
}

static void cares_destroy(struct dns_backend *base)
{
    struct backend_cares *b = cares_of(base);

    (void)pthread_mutex_lock(&b->lock);
    b->mailbox.stopping = true;
    (void)pthread_mutex_unlock(&b->lock);
    wake(b);
    (void)pthread_join(b->thread, NULL);
    release(b);
}

static const struct dns_backend_ops cares_ops = {
    .submit = cares_submit,
    .advance = NULL,
    .now_ms = NULL,
    .set_servers = cares_set_servers,
    .destroy = cares_destroy,
};

enum helo_status backend_cares_create(char *const *servers, size_t count, struct dns_backend **out)
{
    struct backend_cares *b = mem_zalloc(sizeof *b);
    char *joined = NULL;
    enum helo_status status;

    if (b == NULL)
        return HELO_NOMEM;
    b->base.ops = &cares_ops;
    mailbox_init(&b->mailbox);
    (void)pthread_mutex_init(&b->lock, NULL); /* does not fail with default attributes on Linux */
    b->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    status = b->wake_fd < 0 ? HELO_SYSTEM : accept_servers(servers, count, &joined);
    if (status == HELO_OK)
        status = lanes_create(&b->base, joined, &b->lanes);
    mem_free(joined);
    if (status != HELO_OK)
        goto done;
    b->system = count == 0;
    if (start_thread(b) != 0) {
        lanes_destroy(b->lanes);
        status = HELO_SYSTEM;
        goto done;
    }
    *out = &b->base;
    return HELO_OK;
done:
    release(b);
    return status;
}
