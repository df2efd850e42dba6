/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz.h - what all fuzz targets share
 *
 * PURPOSE  Declares the entry point, and a check that also holds in a release build.
 * CONTRACT A target takes any bytes, returns 0, and keeps nothing. A broken invariant ends the
 *          program.
 */
#ifndef HELO_TESTS_FUZZ_H
#define HELO_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FUZZ_MUST(condition) ((condition) ? (void)0 : fuzz_broken(#condition, __FILE__, __LINE__))

static inline _Noreturn void fuzz_broken(const char *condition, const char *file, int line)
{
    (void)fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, condition);
    abort();
}

#endif /* HELO_TESTS_FUZZ_H */
