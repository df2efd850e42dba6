/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_zone.c - any bytes as the lines of a zone
 *
 * What must hold: each line is taken or reported, with a column inside of it; and the first name of
 * the zone, asked for every type, has an answer that is bounded.
 */
#include "fuzz.h"

#include <string.h>

#include "dns/zone.h"
#include "name/domain.h"

enum { LINE_BYTES = 1200 }; /* more than a zone takes */

struct heard {
    unsigned count;
    size_t length; /* of the line */
};

static void hear(void *arg, const struct helo_diag *diag)
{
    struct heard *heard = arg;

    heard->count++;
    FUZZ_MUST(diag->message[0] != '\0');
    FUZZ_MUST(diag->column <= heard->length + 1);
    for (const char *p = diag->message; *p != '\0'; p++)
        FUZZ_MUST(*p >= 0x20 && *p <= 0x7e);
}

static void add_line(helo_zone *zone, const char *line)
{
    struct heard heard = {.length = strlen(line)};
    enum helo_status status = helo_zone_add(zone, line, "zone", 1, hear, &heard);

    FUZZ_MUST(status == HELO_OK || status == HELO_INVALID);
    FUZZ_MUST((status == HELO_OK) == (heard.count == 0));
}

static void ask(const helo_zone *zone, const char *name)
{
    static const enum dns_type types[] = {DNS_A, DNS_AAAA, DNS_PTR, DNS_MX};
    struct dns_question question;

    if (!domain_normalise(question.name, name))
        return;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        struct dns_answer *answer = NULL;
        bool silent = false;

        question.type = types[i];
        FUZZ_MUST(zone_answer(zone, &question, &silent, &answer) == HELO_OK);
        FUZZ_MUST(silent == (answer == NULL));
        FUZZ_MUST(answer == NULL || answer->cnames <= LIMIT_CNAME_STEPS);
        dns_answer_unref(answer);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char line[LINE_BYTES], first[LINE_BYTES] = "";
    size_t length = 0;
    helo_zone *zone = NULL;

    if (helo_zone_create(&zone) != HELO_OK)
        return 0;
    for (size_t i = 0; i <= size; i++) {
        if (i < size && data[i] != '\n' && length + 1 < sizeof line) {
            line[length++] = data[i] == 0 ? '\x01' : (char)data[i];
            continue;
        }
        line[length] = '\0';
        add_line(zone, line);
        if (first[0] == '\0')
            memcpy(first, line, strcspn(line, " \t"));
        length = 0;
    }
    ask(zone, first);
    helo_zone_free(zone);
    return 0;
}
