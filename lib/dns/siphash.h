/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * siphash.h - SipHash-2-4, a keyed hash
 *
 * PURPOSE  Hash tables whose keys strangers choose: without the key nobody can make names that meet
 *          in one chain.
 * CONTRACT Pure. The key is 128 secret random bits of the table's owner.
 * THREADS  any.
 * STANDARDS J.-P. Aumasson, D. J. Bernstein: "SipHash: a fast short-input PRF", 2012 (little-endian
 *           input)
 */
#ifndef HELO_DNS_SIPHASH_H
#define HELO_DNS_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

uint64_t siphash(const uint64_t key[2], const void *data, size_t length);

#endif /* HELO_DNS_SIPHASH_H */
