/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_pattern.c - any lines as a list of HELO names: the first is looked for, others are entries
 *
 * What must hold: each entry is taken or refused, with a byte inside of it and a printable reason;
 * a name, a suffix and a wildcard match what domain.h and fnmatch(3) say; a list has what one of
 * its entries has; and no expression takes long, or libFuzzer's own limit ends the run.
 */
#include "fuzz.h"

#include <fnmatch.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "name/domain.h"
#include "name/pattern.h"

/* A text as the session would have it. */
static void make_text(char out[LIMIT_HELO_TEXT + 1], const char *bytes, size_t length)
{
    (void)text_printable(out, LIMIT_HELO_TEXT + 1, bytes, length);
    text_lower_all(out);
}

static void fault_is_good(const struct pattern_fault *fault, const char *entry)
{
    FUZZ_MUST(!fault->nomem);
    FUZZ_MUST(fault->offset <= strlen(entry));
    FUZZ_MUST(fault->message[0] != '\0');
    FUZZ_MUST(strlen(fault->message) < sizeof fault->message - 1);
    for (const char *p = fault->message; *p != '\0'; p++)
        FUZZ_MUST(*p >= 0x20 && *p <= 0x7e);
}

/* What others say of an entry that is no expression. */
static int is_match(const char *entry, const char *text)
{
    char lower[LIMIT_PATTERN_TEXT + 1], bare[LIMIT_HELO_TEXT + 1];
    size_t length = strlen(text);

    if (strpbrk(entry, "*?[") == NULL)
        return entry[0] == '.' ? domain_is_below(text, entry + 1) : domain_equal(text, entry);
    (void)text_copy(lower, sizeof lower, entry);
    text_lower_all(lower);
    (void)text_copy(bare, sizeof bare, text);
    if (length > 1 && bare[length - 1] == '.')
        bare[length - 1] = '\0';
    return fnmatch(lower, bare, FNM_NOESCAPE) == 0;
}

/* The entry alone; then it joins the list. */
static enum pattern_match try_entry(struct pattern_list *list, const char *entry, const char *text,
                                    uint32_t tag)
{
    struct pattern_list alone;
    struct pattern_fault fault;
    enum pattern_match found = PATTERN_NO;
    uint32_t got = tag + 1;

    pattern_list_init(&alone);
    if (pattern_add(&alone, entry, tag, &fault)) {
        FUZZ_MUST(pattern_list_seal(&alone));
        found = pattern_find(&alone, text, &got);
        FUZZ_MUST(got == (found == PATTERN_YES ? tag : tag + 1));
        FUZZ_MUST(entry[0] == '/' || (found == PATTERN_YES) == is_match(entry, text));
        FUZZ_MUST(pattern_add(list, entry, tag, &fault));
    } else {
        fault_is_good(&fault, entry);
        FUZZ_MUST(!pattern_add(list, entry, tag, &fault));
    }
    pattern_list_fini(&alone);
    return found;
}

enum { MAX_ENTRIES = 16 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *bytes = (const char *)data, *end = bytes + size, *line = bytes;
    char text[LIMIT_HELO_TEXT + 1];
    enum pattern_match each[MAX_ENTRIES] = {PATTERN_NO}, found, want = PATTERN_NO;
    struct pattern_list list;
    uint32_t tag = MAX_ENTRIES;

    pattern_list_init(&list);
    for (uint32_t i = 0; i <= MAX_ENTRIES && line <= end; i++) {
        const char *stop = size != 0 ? memchr(line, '\n', (size_t)(end - line)) : NULL;
        size_t length = (size_t)((stop != NULL ? stop : end) - line);
        char *entry = mem_copy_bytes(line, length);

        FUZZ_MUST(entry != NULL);
        if (i == 0)
            make_text(text, line, length);
        else
            each[i - 1] = try_entry(&list, entry, text, i - 1);
        mem_free(entry);
        line += length + 1;
    }
    for (size_t i = 0; i < MAX_ENTRIES && want != PATTERN_YES; i++)
        want = each[i] != PATTERN_NO ? each[i] : want;
    FUZZ_MUST(pattern_list_seal(&list));
    found = pattern_find(&list, text, &tag);
    FUZZ_MUST(found == want);
    FUZZ_MUST(found != PATTERN_YES || (tag < MAX_ENTRIES && each[tag] == PATTERN_YES));
    pattern_list_fini(&list);
    return 0;
}
