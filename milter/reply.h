/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * reply.h - the one place where a verdict becomes an answer to the MTA
 *
 * PURPOSE  struct helo_reply to smfi_setmlreply().
 * CONTRACT If the reason cannot be told accurately, the mail is not refused: a reply that libmilter
 *          would not take, or an MTA would mangle, makes this command accepted, with a line in the
 *          log. A reply is set only right before the refusal that uses it is returned: libmilter
 *          keeps an unused one for the next refusal, whatever it is.
 * THREADS  in the callback of the context.
 * STANDARDS RFC 5321 4.2.1 (multi-line replies), RFC 2034 4 and RFC 3463 2 (class of the enhanced
 *           code).
 */
#ifndef MH_REPLY_H
#define MH_REPLY_H

#include <libmilter/mfapi.h>

#include "helo.h"

/*
 * To be returned by the callback at once: SMFIS_REJECT, SMFIS_TEMPFAIL, or SMFIS_CONTINUE when the
 * verdict is to accept. id is for the log.
 */
sfsistat mh_reply_give(SMFICTX *ctx, const helo_verdict *verdict, const char *id);

#endif /* MH_REPLY_H */
