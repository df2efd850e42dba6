/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * privileges.c - whom the filter runs as, see privileges.h
 */
#include "privileges.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "log.h"

bool mh_group_resolve(const char *key, const char *name, gid_t *out)
{
    const struct group *entry;

    errno = 0;
    entry = getgrnam(name);
    if (entry == NULL) {
        mh_log(LOG_ERR, "error: %s: no group is called '%s'%s%s", key, name, errno != 0 ? ": " : "",
               errno != 0 ? strerror(errno) : "");
        return false;
    }
    *out = entry->gr_gid;
    return true;
}

static bool resolve_user(const char *user, struct mh_identity *out)
{
    const struct passwd *entry;

    errno = 0;
    entry = getpwnam(user);
    if (entry == NULL) {
        mh_log(LOG_ERR, "error: milter.user: no user is called '%s'%s%s", user,
               errno != 0 ? ": " : "", errno != 0 ? strerror(errno) : "");
        return false;
    }
    if (entry->pw_uid == 0) {
        mh_log(LOG_ERR, "error: milter.user: the filter does not run as root; give it a user of "
                        "its own");
        return false;
    }
    if (snprintf(out->name, sizeof out->name, "%s", user) >= (int)sizeof out->name) {
        mh_log(LOG_ERR, "error: milter.user: the name is too long: '%s'", user);
        return false;
    }
    out->uid = entry->pw_uid;
    out->gid = entry->pw_gid;
    return true;
}

bool mh_identity_resolve(const char *user, const char *group, bool test, struct mh_identity *out)
{
    bool root = geteuid() == 0;

    *out = (struct mh_identity){.uid = geteuid(), .gid = getegid(), .change = root};
    (void)snprintf(out->name, sizeof out->name, "uid %lu", (unsigned long)out->uid);
    out->nobody = user[0] == '\0' && root;
    if (out->nobody && test) {
        /* As a package has it: systemd starts it as its user. */
        mh_log(LOG_NOTICE, "milter.user is not set, so what that user may do is not looked at; who "
                           "starts the filter as root must set it, systemd's unit has one of its "
                           "own");
    } else if (out->nobody) {
        mh_log(LOG_ERR, "error: milter.user is not set: the filter does not run as root; set it to "
                        "a user of its own, as in milter: {user: milter-helo}");
        return false;
    }
    if (user[0] != '\0' && !resolve_user(user, out))
        return false;
    if (group[0] != '\0' && !mh_group_resolve("milter.group", group, &out->gid))
        return false;
    if (!root && !test && (out->uid != geteuid() || out->gid != getegid())) {
        mh_log(LOG_ERR,
               "error: milter.user and milter.group say %lu:%lu, but the filter was started as "
               "%lu:%lu and only root may change that",
               (unsigned long)out->uid, (unsigned long)out->gid, (unsigned long)geteuid(),
               (unsigned long)getegid());
        return false;
    }
    return true;
}

/* No saved id and no call leads back. */
static bool is_dropped(const struct mh_identity *identity)
{
    uid_t real, effective, saved;
    gid_t real_group, effective_group, saved_group;

    return getresuid(&real, &effective, &saved) == 0 &&
           getresgid(&real_group, &effective_group, &saved_group) == 0 && real == identity->uid &&
           effective == identity->uid && saved == identity->uid && real_group == identity->gid &&
           effective_group == identity->gid && saved_group == identity->gid && setuid(0) != 0 &&
           seteuid(0) != 0;
}

int mh_privileges_drop(const struct mh_identity *identity)
{
    /* Nothing that is executed could give anything back, set-uid or not. */
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        mh_log(LOG_NOTICE, "no_new_privs cannot be set: %s", strerror(errno));
    if (!identity->change)
        return 0;
    /*
     * Groups first: later there is no right to. Those of the user, so that a group shared with the
     * MTA works.
     */
    if (initgroups(identity->name, identity->gid) != 0 || setgid(identity->gid) != 0 ||
        setuid(identity->uid) != 0) {
        mh_log(LOG_ERR, "error: cannot become user %s: %s", identity->name, strerror(errno));
        return -1;
    }
    if (!is_dropped(identity)) {
        mh_log(LOG_ERR, "error: root's rights did not go away; the filter does not run like this");
        return -1;
    }
    return 0;
}
