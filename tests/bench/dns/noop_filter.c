/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * noop_filter.c - the least that a filter can do
 *
 * PURPOSE  What Postfix, libmilter and the socket cost by themselves: it is shown connect, HELO,
 *          MAIL and RCPT, as milter-helo is, and says yes to each. Whatever a filter adds is
 *          beyond this.
 * USAGE    noop_filter SOCKET      SOCKET: as libmilter writes it, unix:/run/x. Runs until SIGTERM.
 */
#include <libmilter/mfapi.h>
#include <stdio.h>

/* NOLINTBEGIN(readability-non-const-parameter): the types are libmilter's */
static sfsistat at_connect(SMFICTX *ctx, char *name, _SOCK_ADDR *address)
{
    (void)ctx;
    (void)name;
    (void)address;
    return SMFIS_CONTINUE;
}

static sfsistat at_helo(SMFICTX *ctx, char *name)
{
    (void)ctx;
    (void)name;
    return SMFIS_CONTINUE;
}

static sfsistat at_envelope(SMFICTX *ctx, char **arguments)
{
    (void)ctx;
    (void)arguments;
    return SMFIS_CONTINUE;
}
/* NOLINTEND(readability-non-const-parameter) */

int main(int argc, char **argv)
{
    static char name[] = "noop";
    const struct smfiDesc filter = {.xxfi_name = name,
                                    .xxfi_version = SMFI_VERSION,
                                    .xxfi_connect = at_connect,
                                    .xxfi_helo = at_helo,
                                    .xxfi_envfrom = at_envelope,
                                    .xxfi_envrcpt = at_envelope};

    if (argc != 2 || smfi_setconn(argv[1]) != MI_SUCCESS || smfi_register(filter) != MI_SUCCESS ||
        smfi_opensocket(1) != MI_SUCCESS) {
        (void)fprintf(stderr, "usage: noop_filter SOCKET, which must not be in use\n");
        return 64; /* EX_USAGE */
    }
    (void)fprintf(stderr, "noop_filter: ready\n");
    return smfi_main() == MI_SUCCESS ? 0 : 1;
}
