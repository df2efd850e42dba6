/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sample.h - what is kept of judged mail for its sender
 *
 * PURPOSE  Between what was judged and the tables of senders.
 * CONTRACT A sender is the organisation of a confirmed PTR name; without one, the client's address.
 * THREADS  one.
 */
#ifndef HELO_REPLAY_SAMPLE_H
#define HELO_REPLAY_SAMPLE_H

#include "tools/replay/judge.h"
#include "tools/replay/senders.h"

/* Counts the mail for its sender, as policy 0 or 1 has it; NULL without memory. */
struct sender *sample_count(struct senders *table, const struct judgement *judgement,
                            size_t policy);

#endif /* HELO_REPLAY_SAMPLE_H */
