/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * load_odd.c - legal, but hardly meant
 *
 * PURPOSE  One function per oddity, each with one warning. Only what costs mail, or opens the
 *          filter to others, is worth a line at every start.
 * CONTRACT Looks at a policy without errors. A warning stands at the setting that a site would
 *          change; where only defaults are concerned there is none.
 */
#include <stdio.h>
#include <string.h>

#include "base/ip.h"
#include "base/text.h"
#include "policy/loader.h"

struct diag_place odd_place(const struct loader *l, const struct scope *scope, const char *key)
{
    const struct diag_place *seen = &scope->layer.seen[key_index(key)];
    const struct setting_row *row = setting_find(key);

    if (seen->file != NULL)
        return *seen;
    if (row != NULL && scope->set[setting_index(row)] && scope->profile.file != NULL)
        return scope->profile;
    return (struct diag_place){l->main != NULL ? &l->main->file : NULL, 0, 0};
}

static void warn(struct loader *l, const char *key, const char *hint, const char *message)
{
    struct diag_place place = odd_place(l, &l->site, key);

    diag_report(l->diag, HELO_WARNING, &place, hint, "%s", message);
}

static void warn_wait(struct loader *l)
{
    const struct diag_place *seen = &l->site.layer.seen[key_index("dns.wait")];

    if (l->policy->settings.dns_wait_ms > l->policy->settings.dns_deadline_ms)
        warn(l, seen->file != NULL ? "dns.wait" : "dns.deadline", NULL,
             "dns.wait is longer than dns.deadline, which ends every wait before");
}

/* Whoever only tags does not want to refuse. */
static void warn_toothless(struct loader *l)
{
    bool bites = odd_may_refuse(l, &l->policy->rules) || policy_tags(l->policy);

    for (size_t i = 0; i < l->policy->listeners.count; i++)
        bites = bites || odd_may_refuse(l, &l->policy->listener_rules[i].rules);
    if (l->policy->settings.mode == MODE_ENFORCE && !bites)
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

/* ---- listeners of their own ---- */

/* Where an entry stands, or that it is a default. */
static void warn_exempt(struct loader *l, const struct scope *scope, const char *what,
                        const struct policy_entry *entry)
{
    char where[96] = "a default";

    if (entry->line != 0)
        (void)snprintf(where, sizeof(where), "%.80s:%u", entry->file, entry->line);
    diag_report(l->diag, HELO_WARNING, &scope->place, NULL,
                "listeners: %s %s is exempt, too (%s): who comes in there is never judged", what,
                entry->text, where);
}

static void warn_exempt_listener(struct loader *l, const struct scope *scope,
                                 const struct listener *listener)
{
    const struct policy_list *ports = &l->policy->listener_ports;
    const struct policy_list *names = &l->policy->listener_names;

    for (size_t i = 0; i < ports->count; i++) {
        if (listener->port == l->policy->ports[i] && l->today <= ports->entries[i].expires_day)
            warn_exempt(l, scope, "port", &ports->entries[i]);
    }
    for (size_t i = 0; listener->name != NULL && i < names->count; i++) {
        if (text_equal_nocase(listener->name, names->entries[i].text) &&
            l->today <= names->entries[i].expires_day)
            warn_exempt(l, scope, "name", &names->entries[i]);
    }
}

/* What a listener's profile sets, and only the site can. */
static void warn_common_settings(struct loader *l, const struct scope *scope)
{
    const struct setting_row *row;
    char wanted[SETTING_VALUE_SIZE], have[SETTING_VALUE_SIZE];

    for (size_t i = 0; (row = setting_row(i)) != NULL; i++) {
        long long value, other;

        if (!scope->set[i] || row->type == SETTING_SCORE || row->type == SETTING_TEXT)
            continue;
        value = setting_number(&l->policy->settings, row);
        other = setting_number(scope->settings, row);
        if (value != other)
            diag_report(l->diag, HELO_WARNING, &scope->profile, NULL,
                        "listeners: this profile wants '%s: %s', which is the same for all "
                        "listeners: it is %s",
                        row->key, setting_format(row, other, wanted),
                        setting_format(row, value, have));
    }
}

static void warn_listeners(struct loader *l)
{
    size_t i = 0;

    for (const struct scope *scope = l->listeners; scope != NULL; scope = scope->next) {
        warn_exempt_listener(l, scope, &l->policy->listener_rules[i++]);
        warn_common_settings(l, scope);
        load_odd_rules(l, scope);
    }
}

static void warn_rules(struct loader *l)
{
    load_odd_rules(l, &l->site);
}

void load_odd(struct loader *l)
{
    static void (*const oddities[])(struct loader *) = {
        warn_rules, warn_listeners,        warn_wait,      warn_toothless,
        warn_early, warn_shared_directory, warn_open_port, warn_open_socket,
    };

    for (size_t i = 0; i < sizeof(oddities) / sizeof(oddities[0]); i++)
        oddities[i](l);
}
