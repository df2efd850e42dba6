/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * callbacks.h - what libmilter calls
 *
 * PURPOSE  Each SMTP event becomes one call of the library; each verdict one answer.
 * CONTRACT A broken filter never loses mail: what fails for want of memory, or because the MTA's
 *          events make no sense, lets the client pass, with a line in the log. No callback needs
 *          the one before it to have been called.
 * THREADS  libmilter's; see connection.h.
 * STANDARDS RFC 5321 4.1.1.1 (HELO), 4.1.1.5 (RSET), RFC 3207 4.2 (STARTTLS).
 */
#ifndef MH_CALLBACKS_H
#define MH_CALLBACKS_H

#include "helo.h"

/*
 * Tells libmilter the callbacks. Sessions are the engine's, which must outlive them. 0, or -1
 * without memory.
 */
int mh_callbacks_register(helo_engine *engine);

#endif /* MH_CALLBACKS_H */
