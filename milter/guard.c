/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * guard.c - a list of macros that libmilter would read past, see guard.h
 */
#include "guard.h"

#include <dlfcn.h>
#include <string.h>
#include <sys/time.h>

static const char macro_command = 'D'; /* SMFIC_MACRO of the protocol */

/* libmilter's own. */
static char *(*real_read_command)(int fd, struct timeval *timeout, char *command, size_t *length,
                                  char *name);

void mh_guard_init(void)
{
    void *found = dlsym(RTLD_NEXT, "mi_rd_cmd");

    memcpy(&real_read_command, &found,
           sizeof found); /* ISO C has no cast from object to function */
}

size_t mh_guard_paired(const char *packet, size_t length)
{
    size_t paired = length < 1 ? length : 1; /* behind the last value */
    size_t strings = 0;

    for (size_t i = 1; i < length; i++) {
        if (packet[i] == '\0' && ++strings % 2 == 0)
            paired = i + 1;
    }
    return paired;
}

/* As libmilter declares it, in a header it does not install. */
__attribute__((visibility("default"))) char *mi_rd_cmd(int fd, struct timeval *timeout,
                                                       char *command, size_t *length, char *name);

char *mi_rd_cmd(int fd, struct timeval *timeout, char *command, size_t *length, char *name)
{
    char *packet = real_read_command(fd, timeout, command, length, name);

    if (packet != NULL && *command == macro_command)
        *length = mh_guard_paired(packet, *length);
    return packet;
}
