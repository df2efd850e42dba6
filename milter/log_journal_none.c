/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * log_journal_none.c - in the place of log_journal.c where there is no libsystemd
 */
#include <errno.h>

#include "log_journal.h"

bool mh_log_journal_is_built(void)
{
    return false;
}

bool mh_log_journal_is_there(void)
{
    return false;
}

int mh_log_journal_write(int priority, int facility, const char *text, const char *pairs)
{
    (void)priority, (void)facility, (void)text, (void)pairs;
    return ENOSYS; /* is_there() has said so */
}
