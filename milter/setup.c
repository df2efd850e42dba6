/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * setup.c - everything that is decided before the filter runs, see setup.h
 */
#include "setup.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "log_setup.h"
#include "metrics.h"
#include "notify.h"
#include "secure.h"
#include "socket.h"

enum { DIAG_BYTES = 4096 };

static void log_diag(void *arg, const struct helo_diag *diag)
{
    static const int priorities[] = {
        [HELO_NOTE] = LOG_NOTICE, [HELO_WARNING] = LOG_WARNING, [HELO_ERROR] = LOG_ERR};
    char text[DIAG_BYTES];

    (void)arg;
    (void)helo_diag_format(diag, text, sizeof text);
    mh_log_text(priorities[diag->severity], text);
}

enum helo_status mh_policy_load(const char *path, helo_policy **out)
{
    return helo_policy_load(path, log_diag, NULL, out);
}

/*
 * A text setting; "" for one the library does not know, which is a defect, not a reason to crash.
 */
static const char *text_of(const struct mh_setup *setup, const char *key)
{
    const char *value = helo_policy_string(setup->policy, key);

    return value != NULL ? value : "";
}

static bool make_absolute(const char *path, char out[PATH_MAX])
{
    char directory[PATH_MAX];
    int length;

    if (path[0] == '/')
        length = snprintf(out, PATH_MAX, "%s", path);
    else if (getcwd(directory, sizeof directory) != NULL)
        length = snprintf(out, PATH_MAX, "%s/%s", directory, path);
    else
        length = -1;
    if (length >= 0 && length < PATH_MAX)
        return true;
    mh_log(LOG_ERR, "error: %s: %s", path, strerror(length < 0 ? errno : ENAMETOOLONG));
    return false;
}

/* Octal, and of use to the filter itself, which pokes its socket. */
static bool parse_mode(const char *text, mode_t *out)
{
    unsigned value = 0;
    size_t i = 0;

    for (; text[i] >= '0' && text[i] <= '7' && value <= 0777; i++)
        value = value * 8 + (unsigned)(text[i] - '0');
    if (i == 0 || text[i] != '\0' || value > 0777 || (value & 0600) != 0600) {
        mh_log(LOG_ERR,
               "error: milter.socket_mode: '%s' is no octal mode from \"0600\" to \"0777\" that "
               "lets the owner read and write",
               text);
        return false;
    }
    *out = (mode_t)value;
    return true;
}

/* What systemd has opened is the one: its unit says where the MTA finds us. */
static bool resolve_passed(struct mh_setup *setup, int fd)
{
    mh_spec_of_fd(fd, setup->passed_text);
    setup->spec_text = setup->passed_text;
    setup->spec.kind = MH_SPEC_FD;
    setup->spec.at.fd = fd;
    if (strcmp(setup->spec_text, text_of(setup, "milter.socket")) != 0)
        mh_log(LOG_NOTICE, "systemd has opened %s, which takes the place of milter.socket (%s)",
               setup->spec_text, text_of(setup, "milter.socket"));
    return true;
}

static bool resolve_socket(struct mh_setup *setup)
{
    const char *given = setup->options->socket;
    int passed = given == NULL ? mh_notify_socket() : MH_PASSED_NONE;
    const char *wrong;

    if (passed == MH_PASSED_WRONG)
        return false;
    if (passed != MH_PASSED_NONE)
        return resolve_passed(setup, passed);
    setup->spec_text = given != NULL ? given : text_of(setup, "milter.socket");
    wrong = mh_spec_parse(setup->spec_text, &setup->spec);
    if (wrong != NULL)
        mh_log(LOG_ERR, "error: socket '%s': %s", setup->spec_text, wrong);
    return wrong == NULL;
}

/* Everything is looked at, so that everything wrong is said at once. */
static enum mh_exit resolve(struct mh_setup *setup)
{
    const char *group = text_of(setup, "milter.socket_group");
    bool good = resolve_socket(setup);

    good = parse_mode(text_of(setup, "milter.socket_mode"), &setup->socket_mode) && good;
    good = mh_identity_resolve(text_of(setup, "milter.user"), text_of(setup, "milter.group"),
                               setup->options->test, &setup->identity) &&
           good;
    setup->socket_group = setup->identity.gid;
    if (group[0] != '\0')
        good = mh_group_resolve("milter.socket_group", group, &setup->socket_group) && good;
    return good ? MH_EXIT_OK : MH_EXIT_POLICY;
}

static enum mh_exit load(struct mh_setup *setup)
{
    enum helo_status status = mh_policy_load(setup->policy_path, &setup->policy);

    if (status == HELO_OK)
        return MH_EXIT_OK;
    mh_log(LOG_ERR, "error: %s: %s", setup->policy_path, helo_status_text(status));
    return status == HELO_NOMEM ? MH_EXIT_SYSTEM : MH_EXIT_POLICY;
}

enum mh_exit mh_setup_load(const struct mh_options *options, struct mh_setup *out)
{
    enum mh_exit code;

    *out = (struct mh_setup){.options = options};
    if (!make_absolute(options->policy, out->policy_path))
        return MH_EXIT_SYSTEM;
    code = load(out);
    if (code == MH_EXIT_OK)
        code = resolve(out);
    if (code == MH_EXIT_OK && !mh_secure_policy(out->policy_path, geteuid()))
        code = MH_EXIT_SYSTEM;
    if (out->identity.nobody)
        return code;
    if (code == MH_EXIT_OK)
        code = mh_socket_check(&out->spec, out->identity.uid);
    if (code == MH_EXIT_OK)
        code = mh_metrics_check(out);
    if (code == MH_EXIT_OK)
        code = mh_log_check(out);
    return code;
}

void mh_setup_fini(struct mh_setup *setup)
{
    helo_policy_unref(setup->policy);
    setup->policy = NULL;
}
