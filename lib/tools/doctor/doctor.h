/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * doctor.h - what is wrong with a sender, as the world sees it
 *
 * PURPOSE  For the sender's own postmaster, who need not run our filter: judges one HELO from each
 *          address by every rule that is built in, and makes findings of it: what is seen, which
 *          receivers mind, what to publish in DNS, what to set in the mail server.
 *              examine.c   asks DNS and the profiles
 *              findings.c  makes findings of the answers
 *              remedy.c    what mends each
 *              mta.c       where mail servers set their HELO
 *              tell.c      for people;  tell_json.c  for programs
 * OWNERSHIP Strings of findings belong to the views of the examination: examine_fini() comes last.
 * THREADS  one.
 * LIMITS   Below, each with its reason.
 */
#ifndef HELO_TOOLS_DOCTOR_DOCTOR_H
#define HELO_TOOLS_DOCTOR_DOCTOR_H

#include <stddef.h>
#include <stdio.h>

#include "include/helo.h"
#include "tools/case.h"
#include "tools/view.h"

enum {
    DOCTOR_GIVEN = 4,   /* addresses that a server sends from: two families, twice */
    DOCTOR_CLIENTS = 8, /* with those that its name has besides */
    DOCTOR_PROFILES = 16,
    DOCTOR_FINDINGS = 48, /* more than checks that can fail at once for all of them */
    DOCTOR_RECORDS = 3,
    DOCTOR_RECORD_SIZE = 640, /* two names of 253 characters, and words */
    DOCTOR_ADDRESS_SIZE = 64,
    DOCTOR_NAME_SIZE = 256
};

/* One address, and what DNS says of it and of the HELO. */
struct patient {
    char address[DOCTOR_ADDRESS_SIZE];
    int given; /* by the user; else the HELO name has it beside a given one */
    struct view view;
};

/* Receivers with the rules of one built-in profile, mode: enforce. */
struct receiver {
    const char *profile;
    const char *who;                        /* for people */
    enum helo_action would[DOCTOR_CLIENTS]; /* by patient */
    struct view view[DOCTOR_CLIENTS];
    size_t views;
};

struct finding {
    const struct patient *patient;
    struct view_check check; /* its name; "dns" when the name servers do not answer */
    const char *cite;
    unsigned refused_by; /* a bit for each receiver */
    unsigned deferred_by;
    int change_helo; /* the mail server must say another name */
    char text[DOCTOR_RECORD_SIZE];
    char mend[DOCTOR_RECORD_SIZE];
    char remark[DOCTOR_RECORD_SIZE];                 /* "": none */
    char record[DOCTOR_RECORDS][DOCTOR_RECORD_SIZE]; /* lines of a zone */
    size_t records;
};

struct doctor {
    struct helo_case c; /* client is not in it: see `given` */
    struct field_list given;
    const char *mta; /* NULL: any */
    struct patient patients[DOCTOR_CLIENTS];
    size_t patient_count;
    struct receiver receivers[DOCTOR_PROFILES];
    size_t receiver_count;
    struct finding findings[DOCTOR_FINDINGS];
    size_t finding_count;
    char name[DOCTOR_NAME_SIZE]; /* that the server should say */
    int name_is_own;             /* 0: nothing is known that would do: it is an example */
    int helo_is_good;            /* what is said is a host name that a server may have */
    int helo_is_reserved;        /* or would be, but for its top-level domain */
    int helo_is_others;          /* the name has addresses, and none of those that were given */
};

/* ---- examine.c ------------------------------------------------------------------------------- */

/* zone: NULL for real name servers. */
enum helo_status examine(struct doctor *d, const helo_zone *zone);
void examine_fini(struct doctor *d);
/* 0: nobody on the Internet sees this address: private, loopback and the like. */
int examine_is_public(const char *address);

/* ---- findings.c ------------------------------------------------------------------------------ */

/* The worst first. */
void findings_make(struct doctor *d);
/* The whole is mended: nobody refuses, delays, or wonders. */
int findings_need_helo(const struct doctor *d);

/* ---- remedy.c -------------------------------------------------------------------------------- */

/* The name to say in HELO: d->name, and what is said of the present one. */
void remedy_choose_name(struct doctor *d);
/* Fills in mend, remark, records and change_helo. */
void remedy_find(const struct doctor *d, struct finding *finding);
/* "9.113.0.203.in-addr.arpa.": where the PTR record of an address stands. */
void remedy_reverse_name(const char *address, char *out, size_t size);

/* ---- mta.c ----------------------------------------------------------------------------------- */

/* Mail server i: its name on the command line and its title; NULL past the last. */
const char *mta_name(size_t i);
const char *mta_title(size_t i);
/* Line `line` of what sets its HELO to `name`, filled into out; 0 past the last. */
int mta_line(size_t i, size_t line, const char *name, char *out, size_t size);

/* ---- tell.c, tell_json.c --------------------------------------------------------------------- */

void tell_text(const struct doctor *d, FILE *to);
void tell_json(const struct doctor *d, FILE *to);

#endif /* HELO_TOOLS_DOCTOR_DOCTOR_H */
