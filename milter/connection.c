/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * connection.c - what the filter keeps of one connection to the MTA, see connection.h
 */
#include "connection.h"

#include <stddef.h>
#include <stdlib.h>

#include "sessions.h"

struct mh_connection *mh_connection_open(SMFICTX *ctx)
{
    struct mh_connection *connection = mh_connection_of(ctx);

    if (connection != NULL)
        return connection;
    if (!mh_sessions_enter())
        return NULL;
    connection = calloc(1, sizeof *connection);
    if (connection == NULL || smfi_setpriv(ctx, connection) != MI_SUCCESS) {
        free(connection);
        mh_sessions_leave();
        return NULL;
    }
    return connection;
}

struct mh_connection *mh_connection_of(SMFICTX *ctx)
{
    return smfi_getpriv(ctx);
}

struct mh_connection *mh_connection_judged(SMFICTX *ctx)
{
    struct mh_connection *connection = mh_connection_of(ctx);

    return connection != NULL && connection->session != NULL && !connection->exempt ? connection
                                                                                    : NULL;
}

void mh_connection_pass(struct mh_connection *connection)
{
    helo_session_free(connection->session);
    connection->session = NULL;
    connection->exempt = false;
    mh_header_reset(connection->header);
    if (connection->admitted)
        mh_sessions_release();
    connection->admitted = false;
}

void mh_connection_close(SMFICTX *ctx)
{
    struct mh_connection *connection = mh_connection_of(ctx);

    if (connection == NULL)
        return;
    mh_connection_pass(connection);
    mh_header_free(connection->header);
    free(connection);
    (void)smfi_setpriv(ctx, NULL); /* libmilter complains of data left behind */
    mh_sessions_leave();
}
