/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * siphash.c - SipHash-2-4, a keyed hash
 *
 * PURPOSE  See siphash.h. Two rounds for each eight bytes, four to finish; about 40 ns for a host
 *          name.
 * THREADS  any.
 */
#include "dns/siphash.h"

static uint64_t rotate(uint64_t x, unsigned bits)
{
    return x << bits | x >> (64 - bits);
}

static void sip_round(uint64_t v[4])
{
    v[0] += v[1];
    v[2] += v[3];
    v[1] = rotate(v[1], 13) ^ v[0];
    v[3] = rotate(v[3], 16) ^ v[2];
    v[0] = rotate(v[0], 32);
    v[2] += v[1];
    v[0] += v[3];
    v[1] = rotate(v[1], 17) ^ v[2];
    v[3] = rotate(v[3], 21) ^ v[0];
    v[2] = rotate(v[2], 32);
}

/* Up to eight bytes, the first one lowest, whatever the machine's byte order. */
static uint64_t little_endian(const uint8_t *p, size_t count)
{
    uint64_t word = 0;

    while (count-- > 0)
        word = word << 8 | p[count];
    return word;
}

static void absorb(uint64_t v[4], uint64_t word)
{
    v[3] ^= word;
    sip_round(v);
    sip_round(v);
    v[0] ^= word;
}

uint64_t siphash(const uint64_t key[2], const void *data, size_t length)
{
    const uint8_t *p = data;
    uint64_t v[4] = {
        key[0] ^ 0x736f6d6570736575u,
        key[1] ^ 0x646f72616e646f6du,
        key[0] ^ 0x6c7967656e657261u,
        key[1] ^ 0x7465646279746573u,
    };
    size_t left = length;

    for (; left >= 8; left -= 8, p += 8)
        absorb(v, little_endian(p, 8));
    /* The last word carries the length, so that trailing zero bytes matter. */
    absorb(v, (uint64_t)(length & 0xff) << 56 | little_endian(p, left));

    v[2] ^= 0xff;
    for (int i = 0; i < 4; i++)
        sip_round(v);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}
