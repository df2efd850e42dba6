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
#include "policy/lists.h"
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

/* Of two settings that do not go together, the one that the site has written. */
static const char *written_of(const struct loader *l, const char *key, const char *other)
{
    return l->site.layer.seen[key_index(key)].file != NULL ? key : other;
}

/* The smaller number holds: harmless, but not what was meant. */
static void warn_dns(struct loader *l)
{
    const struct settings *s = &l->policy->settings;

    if (s->dns_wait_ms > s->dns_deadline_ms)
        warn(l, written_of(l, "dns.wait", "dns.deadline"), NULL,
             "dns.wait is longer than dns.deadline, which ends every wait before");
    if (s->dns_cache_min_ttl_ms > s->dns_cache_max_ttl_ms)
        warn(l, written_of(l, "dns.cache.min_ttl", "dns.cache.max_ttl"), NULL,
             "dns.cache.min_ttl is longer than dns.cache.max_ttl, which holds");
    if (s->dns_in_flight_per_client >= s->dns_in_flight)
        warn(l, written_of(l, "dns.in_flight_per_client", "dns.in_flight"), NULL,
             "dns.in_flight_per_client is not below dns.in_flight: one client can use up all");
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

static void warn_authenticated(struct loader *l)
{
    if (!l->policy->settings.exempt_authenticated)
        warn(l, "exempt.authenticated", "'true' is the safe choice",
             "users of this server whose mail programs say a bad HELO are refused");
}

/* Whoever may write there can put another socket in its place. */
/* RFC 5321 4.5.4.2: strangers' mail comes in there. */
static void warn_port_25(struct loader *l)
{
    const struct policy_list *ports = &l->policy->listener_ports;

    for (size_t i = 0; i < ports->count; i++) {
        if (l->policy->ports[i] == 25)
            warn(l, "exempt.listener_ports", "only ports for submission belong here",
                 "port 25 is exempt: nobody who comes in there is judged");
    }
}

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

/* ---- what only one check reads, and that is off; and the other way round ---- */

/* For the site, or for some listener. */
static bool is_on(const struct loader *l, enum check_id check)
{
    bool on = l->policy->rules.enabled[check];

    for (size_t i = 0; i < l->policy->listeners.count; i++)
        on = on || l->policy->listener_rules[i].rules.enabled[check];
    return on;
}

static void warn_idle(struct loader *l, const char *key, enum check_id check, const char *effect)
{
    const char *name = check_row(check)->name;
    struct diag_place place = odd_place(l, &l->site, key);
    char hint[96];

    (void)snprintf(hint, sizeof(hint), "as in checks: {%s: observe}", name);
    diag_report(l->diag, HELO_WARNING, &place, hint, "%s is set, but the check %s is off: %s", key,
                name, effect);
}

static void warn_idle_lists(struct loader *l)
{
    static const struct {
        const char *key;
        enum check_id check;
        const char *effect;
    } rows[] = {
        {"lists.deny", CHECK_listed, "nobody is refused for it"},
        {"lists.mx_deny", CHECK_mx_bogus, "no mail exchanger is looked at"},
        {"rhsbl.zones", CHECK_rhsbl, "no zone is asked"},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (list_of(l->policy, list_find(rows[i].key))->count > 0 && !is_on(l, rows[i].check))
            warn_idle(l, rows[i].key, rows[i].check, rows[i].effect);
    }
}

/* What is the default does not count, even where it was written: somebody lists all settings. */
static void warn_idle_churn(struct loader *l)
{
    const struct setting_row *row;

    for (size_t i = 0; !is_on(l, CHECK_helo_churn) && (row = setting_row(i)) != NULL; i++) {
        if (strncmp(row->key, "helo_churn.", strlen("helo_churn.")) == 0 &&
            l->site.layer.seen[key_index(row->key)].file != NULL &&
            setting_number(&l->policy->settings, row) != row->initial) {
            warn_idle(l, row->key, CHECK_helo_churn, "nobody's names are counted");
            return;
        }
    }
}

/* Profiles run the check for sites that have zones: only what the site wrote is meant. */
static void warn_no_zones(struct loader *l, const struct scope *scope)
{
    const struct diag_place *place = &scope->action[REASON_rhsbl_listed];

    if (l->policy->rhsbl_zones.count == 0 &&
        scope->rules->action[REASON_rhsbl_listed] != HELO_ACTION_OFF && place->file != NULL &&
        (scope->source == NULL || place->file != &scope->source->file))
        diag_report(l->diag, HELO_WARNING, place,
                    "as in rhsbl: {zones: [{zone: dbl.example.org, codes: [127.0.1.2]}]}",
                    "checks.rhsbl: rhsbl.zones has no zone: nobody is asked");
}

static void warn_site_zones(struct loader *l)
{
    warn_no_zones(l, &l->site);
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
        warn_no_zones(l, scope);
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
        warn_rules,      warn_listeners,     warn_dns,          warn_toothless,
        warn_early,      warn_authenticated, warn_port_25,      warn_shared_directory,
        warn_open_port,  warn_open_socket,   load_patterns_odd, warn_idle_lists,
        warn_idle_churn, warn_site_zones,
    };

    for (size_t i = 0; i < sizeof(oddities) / sizeof(oddities[0]); i++)
        oddities[i](l);
}
