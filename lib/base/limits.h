/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * limits.h - every bound of the library, with its reason
 *
 * Nothing that a client, a name server or a file can make longer is unbounded. A limit that a site
 * may wish to move is a setting (policy/schema.def); these are the ones it may not.
 */
#ifndef HELO_BASE_LIMITS_H
#define HELO_BASE_LIMITS_H

enum {
    /* RFC 1035 2.3.4: 255 octets on the wire is 253 characters of text. */
    LIMIT_NAME_CHARS = 253,
    LIMIT_LABEL_CHARS = 63,
    LIMIT_NAME_WIRE = 255,

    /* What is kept, printable, of a HELO argument: RFC 5321 4.5.3.1.2 allows a domain of 255; the
     * rest is only for the log, and Postfix passes up to 2043 bytes. */
    LIMIT_HELO_TEXT = 280,

    /* A former HELO, for the reply that names it. */
    LIMIT_HELO_BEFORE = 127,

    /* One entry of a list of HELO names; longer is a list of its own. */
    LIMIT_PATTERN_TEXT = 512,
    /* A regular expression on one name: things tried, 10 to 40 ns each. 20 words behind one .* take
     * 5600 on the longest name; what takes more mostly grows with the square of the length. */
    LIMIT_PATTERN_STEPS = 6000,
    LIMIT_PATTERN_HEAP_KIB = 256,  /* its stack, of 140 bytes a level: some for every character */
    LIMIT_PATTERN_CODE = 8 * 1024, /* compiled: twice what the longest without {n,m} needs */

    /* RFC 5321 4.5.3.1.3: a path has 256 octets with its <>; some local parts are longer in
     * practice. */
    LIMIT_PATH_TEXT = 320,

    /* User names and other short texts from macros. */
    LIMIT_MACRO_TEXT = 128,

    /* RFC 8601 2.7.3 lets a verifier bound the names; ten is what RFC 7208 4.6.4 uses. */
    LIMIT_PTR_NAMES = 10,
    LIMIT_ADDRESSES = 32, /* of one name; clusters have a dozen, 500 is an attack */
    LIMIT_MX_NAMES = 32,  /* that are kept; the largest sites have a dozen */
    LIMIT_MX_HOSTS = 4,   /* whose addresses are looked up, for mx_bogus; sites have two or three */
    LIMIT_RHSBL_ZONES = 4,  /* each costs two questions per HELO */
    LIMIT_RHSBL_CODES = 16, /* ranges of answers; no list documents more */
    LIMIT_CNAME_STEPS = 8,  /* resolvers stop at 8 to 16 */

    /* Different names one session may say before nothing is asked or waited for any more: two,
     * before and after STARTTLS, are legal; what comes after is a mistake, and then another. What a
     * client spends by saying ever new names is its own fault: policy/verdict.c. */
    LIMIT_PATIENT_HELOS = 4,
    /* Of one session: PTR, A and AAAA of ten PTR names, and for each of those HELO names A, AAAA,
     * MX, two per domain list, and A and AAAA of its MX hosts. */
    LIMIT_QUESTIONS = 1 + 2 * LIMIT_PTR_NAMES +
                      LIMIT_PATIENT_HELOS * (3 + 2 * LIMIT_RHSBL_ZONES + 2 * LIMIT_MX_HOSTS),

    /* Names of one client that helo_churn can tell apart: its setting names: is below that. */
    LIMIT_CHURN_NAMES = 32,

    /* The largest message of RFC 1035 4.2.2. */
    LIMIT_ANSWER_BYTES = 65535,
    /* Of one section that are looked at: 64 KiB hold 5400 of them, to be walked once for each
     * CNAME. */
    LIMIT_ANSWER_RECORDS = 1024,

    /* Own names and addresses of the server that are looked at: multi-homed hosts have some
     * dozens. */
    LIMIT_OWN_NAMES = 64,
    LIMIT_OWN_ADDRESSES = 256,
    LIMIT_MACRO_NAMES = 4, /* {j}, {if_name}, {daemon_name} and one to spare */

    /* A policy: deeper or larger is a YAML bomb or a mistake. 100,000 networks with notes are 10
     * MiB. */
    LIMIT_YAML_BYTES = 16 * 1024 * 1024,
    LIMIT_YAML_DEPTH = 16,
    LIMIT_YAML_NODES = 1000000,
    LIMIT_INCLUDES = 16,
    LIMIT_LIST_ENTRIES = 200000,
    LIMIT_RECIPIENTS = 1000,    /* exempt ones, gone through for each recipient */
    LIMIT_NAME_ENTRIES = 10000, /* of one list of names; regular expressions are run one by one */
    LIMIT_LISTENERS = 64,       /* exempt ports, exempt names, listeners with rules of their own */
    LIMIT_DNS_SERVERS = 8,      /* more are never asked before the deadline */
    LIMIT_VERSION_TEXT = 64,    /* of a file, for logs */
    LIMIT_SETTING_TEXT = 1024,  /* one text of a policy, a key, a note */
    LIMIT_DIAGNOSTICS = 50,     /* of one load; more help nobody */

    /* A zone given to helocheck. */
    LIMIT_ZONE_RECORDS = 100000,

    /* Text that is built for one verdict. */
    LIMIT_EXPLAIN_BYTES = 64 * 1024
};

#endif /* HELO_BASE_LIMITS_H */
