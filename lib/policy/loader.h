/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * loader.h - one load of a policy, as the load_*.c files share it
 *
 * PURPOSE  What is under way while files become a policy: the files, the policy, and where each key
 *          was first seen.
 * CONTRACT Functions report what is wrong and go on, so that one run finds every mistake. Only two
 *          things end a load early: no memory (loader.nomem), and a file that is not YAML (that
 *          file only).
 * OWNERSHIP Sources live until the load is over: places point to them.
 * THREADS  none of its own.
 *
 *   load.c           files and includes, helo_policy_load()
 *   load_file.c      bytes of a file, and whether it is safe to believe them
 *   load_keys.c      sections: the table of all keys, unknown keys
 *   load_text.c      texts: what a socket, a URL, a user name may be
 *   load_lists.c     lists
 *   load_networks.c  networks, with note, owner and expires
 *   load_checks.c    checks and their reasons
 *   load_odd.c       legal, but hardly meant
 */
#ifndef HELO_POLICY_LOADER_H
#define HELO_POLICY_LOADER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/diag.h"
#include "policy/policy.h"
#include "policy/yaml.h"

struct source {
    struct source *next;
    struct diag_file file; /* its path is the policy's */
    char *path;
    char *text; /* a byte order mark is not part of file.text */
    size_t length;
    struct yaml_tree tree;
    dev_t device;
    ino_t inode; /* 0: from memory */
};

/* A network of this load; entries know no column. */
struct loaded_network {
    struct cidr net;
    uint32_t index; /* into policy->networks */
    struct diag_place place;
};

#define LIST(key, id, default, max, help) LIST_##id,
enum list_id {
#include "policy/schema.def"
    LIST_COUNT
};

/* Keys with places to remember, in the order of the table in load_keys.c. */
enum { LOADER_KEYS = 64 };

struct loader {
    struct diag *diag;
    struct helo_policy *policy;
    struct source *sources; /* the latest first */
    struct source *current;
    const struct source *main;
    bool nomem;
    int64_t today;

    struct diag_place seen[LOADER_KEYS];       /* by key_find(); file NULL: not set so far */
    struct diag_place check_seen[CHECK_COUNT]; /* `checks: NAME` */
    struct diag_place
        strongest[CHECK_COUNT];    /* the place of its strongest action, when a file set it */
    bool list_begun[LIST_COUNT];   /* its defaults are gone */
    size_t list_count[LIST_COUNT]; /* entries so far, of all files */
    struct loaded_network *networks;
    size_t network_count;
};

/* One key of the policy: "dns.cache.size". */
struct key_row {
    const char *path;
    void (*load)(struct loader *l, const struct key_row *row, const struct yaml_node *node);
    unsigned list; /* enum list_id, for load_list() */
};

/* ---- load.c ---------------------------------------------------------------------------------- */
void load_include(struct loader *l, const struct key_row *row, const struct yaml_node *node);
struct diag_place loader_place(const struct loader *l, const struct yaml_node *node);

/* ---- load_file.c ----------------------------------------------------------------------------- */

/*
 * Reads path into *out (path, text, length, file, device, inode). What is wrong is reported at
 * place (NULL: the file itself). HELO_IO: cannot be read; HELO_POLICY: must not be believed;
 * HELO_NOMEM.
 */
enum helo_status source_read(struct loader *l, const char *path, const struct diag_place *place,
                             struct source *out);
enum helo_status source_from_text(const char *text, size_t length, const char *path,
                                  struct source *out);
void source_fini(struct source *source);

/* ---- load_keys.c ----------------------------------------------------------------------------- */

/* The whole tree of one file. */
void load_root(struct loader *l, const struct yaml_node *root);
void load_section(struct loader *l, const struct key_row *row, const struct yaml_node *node);
void load_setting(struct loader *l, const struct key_row *row, const struct yaml_node *node);
/* The number of a key's row, below LOADER_KEYS. */
size_t key_index(const char *path);
/* True when this is the first time; else the second place is reported, with the first. */
bool loader_first(struct loader *l, struct diag_place *seen, const char *name,
                  const struct yaml_node *node);
/*
 * True when node is of the kind; else what is wanted is reported. name: of the key, for the
 * message.
 */
bool loader_expect(struct loader *l, const struct yaml_node *node, enum yaml_kind kind,
                   const char *name);
/* Reports "unknown WHAT 'word'"; words are those that are known there. */
void loader_unknown(struct loader *l, const struct yaml_node *word, const char *what,
                    const char *const *words, size_t count);

/* ---- load_text.c ----------------------------------------------------------------------------- */

/* False, and reported: a text setting cannot have this value. */
bool load_text_check(const struct setting_row *row, const char *text,
                     const struct diag_place *place, struct diag *diag);

/* ---- load_lists.c, load_networks.c ----------------------------------------------------------- */
void load_list(struct loader *l, const struct key_row *row, const struct yaml_node *node);
void load_network(struct loader *l, const struct yaml_node *node);
/* After all files: what stands twice, what cannot have an effect; then the set. */
void load_networks_end(struct loader *l);

/* ---- load_checks.c --------------------------------------------------------------------------- */
void load_checks(struct loader *l, const struct key_row *row, const struct yaml_node *node);

/* ---- load_odd.c ------------------------------------------------------------------------------ */
void load_odd(struct loader *l);

#endif /* HELO_POLICY_LOADER_H */
