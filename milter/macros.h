/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * macros.h - what the MTA tells beside the SMTP commands
 *
 * PURPOSE  Asks for the macros that are read here, and puts them into the library's structs.
 * CONTRACT Every macro may be missing: Sendmail and Postfix know different ones, and each has its
 *          own spelling.
 * OWNERSHIP Strings are libmilter's; they live during the callback. The library copies what it
 *           keeps.
 * THREADS  in the callback of the context.
 */
#ifndef MH_MACROS_H
#define MH_MACROS_H

#include <stdbool.h>

#include <libmilter/mfapi.h>

#include "helo.h"

/* struct helo_client with room for the arrays it points into. Not to be copied. */
struct mh_client {
    struct helo_client client;
    const char *names[4];
    const char *addresses[3];
};

/* In xxfi_negotiate only. */
void mh_macros_request(SMFICTX *ctx);

/* hostname and address as xxfi_connect got them. */
void mh_macros_client(SMFICTX *ctx, const char *hostname, const struct sockaddr *address,
                      struct mh_client *out);
/* path as xxfi_envfrom got it. tls_client is set only when the MTA has verified the certificate. */
void mh_macros_sender(SMFICTX *ctx, const char *path, struct helo_sender *out);
/* What the MTA calls itself ({j}), or NULL. */
const char *mh_macros_server(SMFICTX *ctx);
/* The connection is encrypted now. */
bool mh_macros_tls(SMFICTX *ctx);

enum { MH_QUEUE_ID_SIZE = 40 }; /* Postfix's long ones have 16 characters, Sendmail's 14 */
/*
 * The MTA's name of the message, or "-": Postfix has none before the first recipient was accepted.
 */
void mh_macros_queue_id(SMFICTX *ctx, char out[MH_QUEUE_ID_SIZE]);

#endif /* MH_MACROS_H */
