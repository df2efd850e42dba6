/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * exemption.c - an entry that lets a client through, see exemption.h
 *
 * STANDARDS YAML 1.1, 5.7 (quotes and backslashes in double quotes).
 */
#include "tools/exemption.h"

#include <stdio.h>
#include <string.h>

/* How an entry of a list is written, and where. */
static const struct {
    const char *file, *keys, *indent, *word;
} forms[] = {
    [EXEMPTION_NETWORK] = {"networks.yaml", "networks:\n", "  ", "net"},
    [EXEMPTION_RDNS] = {"milter-helo.yaml", "exempt:\n  rdns_domains:\n", "    ", "domain"},
    [EXEMPTION_HELO] = {"milter-helo.yaml", "exempt:\n  helo_names:\n", "    ", "name"},
};

int exemption_is_host(const char *name)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.";
    size_t length = name != NULL ? strlen(name) : 0;

    return length > 0 && name[strspn(name, letters)] == '\0' && strchr(name, '.') != NULL &&
           strstr(name, "..") == NULL && strchr(".-", name[0]) == NULL &&
           strchr(".-", name[length - 1]) == NULL;
}

void exemption_note(char note[EXEMPTION_NOTE], const char *text)
{
    size_t used = strlen(note);

    for (; *text != '\0' && used + 3 < EXEMPTION_NOTE; text++) {
        if (*text == '"' || *text == '\\')
            note[used++] = '\\';
        note[used++] = *text >= ' ' && *text <= '~' ? *text : '?';
    }
    note[used] = '\0';
}

void exemption_write(char out[EXEMPTION_SIZE], enum exemption_list list, const char *value,
                     const char *note, const char *expires)
{
    const char *indent = forms[list].indent;

    (void)snprintf(out, EXEMPTION_SIZE,
                   "%s%s- %s: \"%s\"\n%s  note: \"%s\"\n%s  owner: postmaster\n%s  expires: %s\n",
                   forms[list].keys, indent, forms[list].word, value, indent, note, indent, indent,
                   expires);
}

const char *exemption_file(enum exemption_list list)
{
    return forms[list].file;
}
