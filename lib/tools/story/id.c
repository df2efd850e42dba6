/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * id.c - see id.h
 */
#include "tools/story/id.h"

#include <stddef.h>
#include <string.h>

#include "tools/tool.h"

/*
 * How many mistakes are forgiven. Decisions of the same second differ in few characters: one that
 * is whole may have one wrong, one that is not may lack another.
 */
static size_t forgiven(const char *wanted, const char *found)
{
    return strlen(wanted) == strlen(found) ? 1 : 2;
}

static char clean_char(char c)
{
    if (c >= 'a' && c <= 'z')
        c = (char)(c - 'a' + 'A');
    if (c == 'O')
        return '0';
    if (c == 'I' || c == 'L')
        return '1';
    return c == 'U' ? 'V' : c;
}

int id_clean(char out[ID_SIZE], const char *text)
{
    const char *mark = strstr(text, "id=");
    size_t used = 0;

    text = mark != NULL ? mark + 3 : text;
    for (; *text != '\0'; text++) {
        char c = clean_char(*text);

        if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z')))
            continue;
        if (used + 1 == ID_SIZE)
            return 0;
        out[used++] = c;
    }
    out[used] = '\0';
    return used > 0;
}

enum id_match id_compare(const char *wanted, const char *found)
{
    size_t length = strlen(wanted);

    if (strcmp(wanted, found) == 0)
        return ID_SAME;
    if (length >= ID_PART_CHARS && strstr(found, wanted) != NULL)
        return ID_PART;
    if (length >= ID_NEAR_CHARS && print_distance(wanted, found) <= forgiven(wanted, found))
        return ID_NEAR;
    return ID_OTHER;
}
