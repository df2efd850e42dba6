/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * load_odd.c - legal, but hardly meant
 *
 * PURPOSE  One function per oddity, each with one warning. Only what costs mail, or opens the
 *          filter to others, is worth a line at every start.
 * CONTRACT Looks at a policy without errors. A warning stands at the setting that a site would
 *          change; where only defaults are concerned there is none.
 */
#include <string.h>

#include "base/ip.h"
#include "policy/loader.h"

/* The place of a key that a file has set; of the main file as a whole when none did. */
static struct diag_place place_of(const struct loader *l, const char *key)
{
    const struct diag_place *seen = &l->seen[key_index(key)];

    return seen->file != NULL ? *seen : (struct diag_place){&l->main->file, 0, 0};
}

static void warn(struct loader *l, const char *key, const char *hint, const char *message)
{
    struct diag_place place = place_of(l, key);

    diag_report(l->diag, HELO_WARNING, &place, hint, "%s", message);
}

static bool may_refuse(const struct helo_policy *policy, enum check_id check)
{
    for (unsigned i = 0; i < REASON_COUNT; i++) {
        if (reason_row((enum reason_id)i)->check == check && policy->action[i] >= HELO_ACTION_DEFER)
            return true;
    }
    return false;
}

/* RFC 5321 4.1.4: a server must not refuse mail because the name does not match the address. */
static void warn_corroborating(struct loader *l)
{
    bool ignored = l->policy->settings.rfc5321_4_1_4 == RFC_IGNORE;
    const char *effect = ignored ? "legitimate mail will be lost" : "it never counts alone";
    const char *hint = ignored ? NULL : "only with 'rfc5321_4_1_4: ignore' it does";

    for (unsigned i = 0; i < CHECK_COUNT; i++) {
        const struct check_row *row = check_row((enum check_id)i);

        if (row->corroborating && l->strongest[i].file != NULL &&
            may_refuse(l->policy, (enum check_id)i))
            diag_report(l->diag, HELO_WARNING, &l->strongest[i], hint,
                        "%s: RFC 5321 4.1.4 forbids to refuse mail on this ground; %s", row->name,
                        effect);
    }
}

static void warn_wait(struct loader *l)
{
    if (l->policy->settings.dns_wait_ms > l->policy->settings.dns_deadline_ms)
        warn(l, l->seen[key_index("dns.wait")].file != NULL ? "dns.wait" : "dns.deadline", NULL,
             "dns.wait is longer than dns.deadline, which ends every wait before");
}

static void warn_toothless(struct loader *l)
{
    if (l->policy->settings.mode != MODE_ENFORCE)
        return;
    for (unsigned i = 0; i < CHECK_COUNT; i++) {
        if (may_refuse(l->policy, (enum check_id)i))
            return;
    }
    warn(l, "mode", NULL,
         "mode is enforce, but no check defers or rejects: nothing will be refused");
}

/* Before AUTH is known nobody should be refused (CHECKS: two in three mail programs would fail). */
static void warn_early(struct loader *l)
{
    const struct settings *s = &l->policy->settings;

    if (s->decide_at == DECIDE_AT_HELO && s->exempt_authenticated)
        warn(l, "decide_at", "'rcpt' is the safe choice",
             "at HELO nobody has authenticated: users of this server are judged like strangers");
    else if (s->decide_at != DECIDE_AT_RCPT && l->policy->recipients.count > 0)
        warn(l, "decide_at", "'rcpt' is the safe choice",
             "before RCPT the recipient is not known: exempt.recipients has no effect");
}

/* Whoever may write there can put another socket in its place. */
static void warn_shared_directory(struct loader *l)
{
    static const char *const shared[] = {"unix:/tmp/", "unix:/var/tmp/", "unix:/dev/shm/"};
    const char *socket = l->policy->settings.milter_socket;

    for (size_t i = 0; i < sizeof(shared) / sizeof(shared[0]); i++) {
        size_t length = strlen(shared[i]);

        /* In it, not in a directory of its own below it. */
        if (strncmp(socket, shared[i], length) == 0 && strchr(socket + length, '/') == NULL)
            warn(l, "milter.socket", "use a directory of its own, as in /run/milter-helo",
                 "the socket is in a directory where everybody can make files");
    }
}

/* The milter protocol knows no passwords. */
static void warn_open_port(struct loader *l)
{
    const char *spec = l->policy->settings.milter_socket;
    const char *at = strchr(spec, '@');
    struct ip ip;

    if (strncmp(spec, "inet", 4) == 0 && at != NULL && ip_parse(at + 1, &ip) &&
        ip_classify(&ip) != IP_LOOPBACK)
        warn(l, "milter.socket", NULL,
             "whoever reaches this port can ask the filter what it thinks of anybody");
}

static void warn_open_socket(struct loader *l)
{
    const char *mode = l->policy->settings.milter_socket_mode;

    if (strchr("2367", mode[strlen(mode) - 1]) != NULL)
        warn(l, "milter.socket_mode", "use \"0660\", and put the MTA into milter.socket_group",
             "every program of this machine may use the socket");
}

void load_odd(struct loader *l)
{
    static void (*const oddities[])(struct loader *) = {
        warn_corroborating,    warn_wait,      warn_toothless,   warn_early,
        warn_shared_directory, warn_open_port, warn_open_socket,
    };

    for (size_t i = 0; i < sizeof(oddities) / sizeof(oddities[0]); i++)
        oddities[i](l);
}
