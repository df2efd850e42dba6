/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * answer.c - what helo_exim() gives back, see answer.h
 */
#include "answer.h"

#include <stdio.h>
#include <string.h>

static const char cut[] = "...";

/* What ends a value, cut or not: the quote and the final NUL. */
enum { TAIL = sizeof(cut) + 1 };

static void put(struct hx_answer *answer, const char *bytes, size_t length)
{
    memcpy(answer->text + answer->length, bytes, length);
    answer->length += length;
    answer->text[answer->length] = '\0';
}

static void put_escaped(struct hx_answer *answer, char c)
{
    const char pair[2] = {'\\', c == '\n' ? 'n' : c};

    if (c == '"' || c == '\\' || c == '\n')
        put(answer, pair, sizeof(pair));
    else
        put(answer, c >= ' ' && c <= '~' ? &c : "?", 1);
}

void hx_answer_init(struct hx_answer *answer, const char *action)
{
    answer->length = 0;
    put(answer, "action=", strlen("action="));
    put(answer, action, strlen(action));
}

void hx_answer_add(struct hx_answer *answer, const char *key, const char *value)
{
    const char opening[] = {'=', '"'};

    if (answer->length + 1 + strlen(key) + sizeof(opening) + TAIL > sizeof(answer->text))
        return;
    put(answer, " ", 1);
    put(answer, key, strlen(key));
    put(answer, opening, sizeof(opening));
    for (; *value != '\0'; value++) {
        if (answer->length + 2 + TAIL > sizeof(answer->text)) {
            put(answer, cut, strlen(cut));
            break;
        }
        put_escaped(answer, *value);
    }
    put(answer, "\"", 1);
}
