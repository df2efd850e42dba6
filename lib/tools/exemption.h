/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * exemption.h - an entry that lets a client through, to be pasted into a policy
 *
 * PURPOSE  One form for all commands that propose one: with a note, an owner and a date, so that
 *          somebody looks again.
 * CONTRACT value is what its list takes: an address, or a name that exemption_is_host() accepts.
 *          What stands in the note may be anything: it comes out as printable ASCII.
 * THREADS  any.
 */
#ifndef HELO_TOOLS_EXEMPTION_H
#define HELO_TOOLS_EXEMPTION_H

#include <stddef.h>

enum exemption_list {
    EXEMPTION_NETWORK, /* networks: an address */
    EXEMPTION_RDNS,    /* exempt.rdns_domains: the confirmed PTR name, or what it ends in */
    EXEMPTION_HELO     /* exempt.helo_names: a HELO that has the client's address */
};

enum {
    EXEMPTION_SIZE = 1024,
    EXEMPTION_NOTE = 384,
    EXEMPTION_DAYS = 90 /* what is pasted today is looked at again after this */
};

/* A host name with a dot in it, as the lists of names want it. name may be NULL. */
int exemption_is_host(const char *name);
/* Adds text to a note, as it stands in quotes in YAML; cut to fit. */
void exemption_note(char note[EXEMPTION_NOTE], const char *text);
/* Lines, with the keys that the entry stands below. note: of exemption_note(). expires: a date. */
void exemption_write(char out[EXEMPTION_SIZE], enum exemption_list list, const char *value,
                     const char *note, const char *expires);
/* The file of the policy that it goes into, as it is installed. */
const char *exemption_file(enum exemption_list list);

#endif /* HELO_TOOLS_EXEMPTION_H */
