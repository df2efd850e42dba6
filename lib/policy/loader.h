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
 *   load.c            files and includes, helo_policy_load()
 *   load_file.c       bytes of a file, and whether it is safe to believe them
 *   load_keys.c       the table of all keys, and the walk through sections
 *   load_report.c     what is wrong with a node, in words that all keys share
 *   load_settings.c   scalars, `version`
 *   load_text.c       texts: what a socket, a URL, a user name may be
 *   load_replies.c    `reply.texts`, and the {fields} of all texts of `reply`
 *   load_profile.c    `profile`, of the site and of a listener
 *   load_checks.c     `checks` and their reasons
 *   load_lists.c      the table of all lists
 *   load_entry.c      one entry of a list, plain or with note, owner and expires
 *   load_server.c     who we are, and whom we ask
 *   load_networks.c   networks
 *   load_exempt.c     who else is never judged
 *   load_patterns.c   lists of names as patterns
 *   load_data.c       what ages: special domains, words, senders, pools
 *   load_zones.c      domain lists in DNS
 *   load_listeners.c  listeners with rules of their own
 *   load_builtin.c    data files that the library brings along
 *   load_odd.c        legal, but hardly meant
 *   load_odd_rules.c  the same of actions and scores
 */
#ifndef HELO_POLICY_LOADER_H
#define HELO_POLICY_LOADER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/diag.h"
#include "policy/builtin.h"
#include "policy/policy.h"
#include "policy/site_text.h"
#include "policy/yaml.h"

/* What a file is to the load; what may stand in it depends on that. */
enum file_role {
    FILE_MAIN,
    FILE_INCLUDED,
    FILE_PROFILE,
    FILE_BUILTIN_DATA /* its lists count where the site has none of its own */
};

struct source {
    struct source *next;
    enum file_role role;
    struct diag_file file; /* its path is the policy's, or constant */
    char *path;            /* until the policy has a copy; NULL: built in */
    char *text;            /* a byte order mark is not part of file.text; NULL: built in */
    size_t length;
    struct yaml_tree tree;
    dev_t device;
    ino_t inode; /* 0: from memory */
    bool read;   /* of a profile: its tree has been walked once */
    bool bad;    /* of a profile: it has errors, which have been reported */
};

#define LIST(key, id, default, max, help) LIST_##id,
enum list_id {
#include "policy/schema.def"
    LIST_COUNT
};

/* Keys with places to remember, in the order of the table in load_keys.c. */
enum { LOADER_KEYS = 96 };

/*
 * What has been set, by files of which none may set it again. A profile is one layer, the site's
 * files are another: what stands in both is the site's.
 */
struct layer {
    struct diag_place seen[LOADER_KEYS];       /* by key_index(); file NULL: not set so far */
    struct diag_place check_seen[CHECK_COUNT]; /* `checks: NAME` */
    struct diag_place text_seen[CHECK_COUNT];  /* `reply: {texts: NAME}` */
};

/* Whose rules are being read: the site's, or those of one listener. */
struct scope {
    struct scope *next;
    struct rules *rules;
    struct settings *settings;
    struct origin *origins;      /* of settings; NULL: nobody asks */
    bool set[SETTING_ROWS];      /* by any of its files */
    struct layer layer;          /* of what is no profile */
    struct diag_place place;     /* of a listener's entry */
    struct diag_place profile;   /* where it is named; file NULL: there is none */
    const struct source *source; /* of the profile; NULL: there is none */
    /* Where each was set last; file NULL: it is the default. */
    struct diag_place action[REASON_COUNT];
    struct diag_place score[REASON_COUNT];
    /* Of a listener. Settings that are not of its own (decide_at) come from its profile, and are
     * only compared with those in force. */
    struct rules own_rules;
    struct settings own_settings;
};

/* A network of this load; entries know no column. */
struct loaded_network {
    struct cidr net;
    uint32_t index; /* into policy->networks */
    struct diag_place place;
};

struct loader {
    struct diag *diag;
    struct helo_policy *policy;
    struct source *sources; /* the latest first */
    struct source *current;
    const struct source *main; /* NULL: the default policy, which has no file */
    bool nomem;
    int64_t today;

    struct scope site;
    struct scope *listeners; /* in the policy's order */
    struct scope *scope;     /* what is read belongs to it */
    struct layer *layer;     /* of the files being read */

    bool list_begun[LIST_COUNT];   /* its defaults are gone */
    bool list_of_site[LIST_COUNT]; /* a file of the site has it; known before built-in data */
    size_t list_count[LIST_COUNT]; /* entries so far, of all files */
    struct loaded_network *networks;
    size_t network_count;
    struct diag_place *sender_places; /* by row of reference.sender_names */
    size_t sender_place_count;
};

/* One key of the policy: "dns.cache.size". */
struct key_row {
    const char *path;
    void (*load)(struct loader *l, const struct key_row *row, const struct yaml_node *node);
    unsigned list; /* enum list_id, for load_list() */
};

/* ---- load.c ---------------------------------------------------------------------------------- */

enum { PATH_BYTES = 4096 };

void load_include(struct loader *l, const struct key_row *row, const struct yaml_node *node);
struct diag_place loader_place(const struct loader *l, const struct yaml_node *node);
struct origin loader_origin(const struct loader *l, const struct yaml_node *node);
/* name as seen from the main file; prefix comes before it when it is relative. */
bool loader_resolve(const struct loader *l, const char *prefix, const char *name,
                    char out[PATH_BYTES]);
/* The source that is this file, or NULL. */
struct source *loader_find_source(const struct loader *l, const struct source *wanted);
/* Takes over what source_read() and the like made, and parses it; *out is set on success. */
enum helo_status loader_keep_source(struct loader *l, struct source *made, enum file_role role,
                                    struct source **out);

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
/* No copy is made. */
void source_from_builtin(const struct builtin_file *file, struct source *out);
void source_fini(struct source *source);

/* ---- load_keys.c ----------------------------------------------------------------------------- */

/* The whole tree of one file. */
void load_root(struct loader *l, const struct yaml_node *root);
void load_section(struct loader *l, const struct key_row *row, const struct yaml_node *node);
/* NULL when there is no such key. */
const struct key_row *key_find(const char *path);
/* The number of a key's row, below LOADER_KEYS. */
size_t key_index(const char *path);
/* True when a profile may set it, or something below it. */
bool key_is_of_profile(const char *path);

/* ---- load_report.c --------------------------------------------------------------------------- */

/* True when this is the first time; else the second place is reported, with the first. */
bool loader_first(struct loader *l, struct diag_place *seen, const char *name,
                  const struct yaml_node *node);
/*
 * True when node is of the kind; else what is wanted is reported. name: of the key, for the
 * message.
 */
bool loader_expect(struct loader *l, const struct yaml_node *node, enum yaml_kind kind,
                   const char *name);
/* Reports "KEY: 'text' FAULT". hint may be NULL. */
void loader_refuse(struct loader *l, const struct yaml_node *node, const char *key,
                   const char *fault, const char *hint);
/* Reports "unknown WHAT 'word'"; words are those that are known there. */
void loader_unknown(struct loader *l, const struct yaml_node *word, const char *what,
                    const char *const *words, size_t count);
/* The same where a hint is known to be better than a word that looks alike; NULL: none is. */
void loader_unknown_because(struct loader *l, const struct yaml_node *word, const char *what,
                            const char *const *words, size_t count, const char *hint);
/* The hint for a key that is the rest of a number, as in {score: 2,5}; NULL: it is none. */
const char *loader_comma_hint(const struct yaml_node *key);
/* The same in the caller's words. */
void loader_report_unknown(struct loader *l, const struct yaml_node *word, const char *what,
                           const char *accepted, const char *hint);

/* ---- load_settings.c ------------------------------------------------------------------------- */
void load_setting(struct loader *l, const struct key_row *row, const struct yaml_node *node);
void load_version(struct loader *l, const struct key_row *row, const struct yaml_node *node);

/* ---- load_text.c ----------------------------------------------------------------------------- */

/* False, and reported: a text setting cannot have this value. */
bool load_text_check(const struct setting_row *row, const char *text,
                     const struct diag_place *place, struct diag *diag);

/* ---- load_replies.c -------------------------------------------------------------------------- */
void load_reply_texts(struct loader *l, const struct key_row *row, const struct yaml_node *node);
/* False, and reported: a field of a text is not known there. reason: of SITE_TEXT_REPLY. */
bool load_fields_check(const char *key, const char *text, enum site_text_kind kind,
                       enum reason_id reason, const struct diag_place *place, struct diag *diag);

/* ---- load_profile.c -------------------------------------------------------------------------- */

/* In the walk: done before it, in the main file; an error elsewhere. */
void load_profile(struct loader *l, const struct key_row *row, const struct yaml_node *node);
/* The profile that the main file names, wherever in it. */
void load_site_profile(struct loader *l, const struct yaml_node *root);
/* Reads the profile that node names into l->scope. */
void load_profile_named(struct loader *l, const struct yaml_node *node);

/* ---- load_checks.c --------------------------------------------------------------------------- */
void load_checks(struct loader *l, const struct key_row *row, const struct yaml_node *node);
/* What an action written for a whole check comes to for one of its reasons. */
enum helo_action load_whole_action(enum reason_id reason, enum helo_action action);

/* ---- load_entry.c: one entry of a list ------------------------------------------------------- */

enum { ENTRY_KEYS = 5 };
enum entry_need { ENTRY_MAY, ENTRY_MUST, ENTRY_EITHER }; /* of those with EITHER, one must */

/* What an entry of a list may be, apart from note, owner and expires. */
struct entry_form {
    const char *what;    /* "a network"; NULL: plain texts only */
    const char *example; /* of a plain text; of the mapping, where it is never one */
    bool plain;          /* a text by itself stands for the first key */
    struct entry_key {
        const char *name; /* NULL: there are no more */
        enum yaml_kind kind;
        enum entry_need need;
    } keys[ENTRY_KEYS];
};

struct loaded_entry {
    const char *key;                          /* of its list, for messages */
    const struct yaml_node *item;             /* all of it */
    const struct yaml_node *part[ENTRY_KEYS]; /* by entry_form.keys; NULL: not given */
    struct policy_entry entry; /* its text is the first part's, where that is a text */
    bool expired;              /* it is kept for people to see, and has no effect */
};

/* False, and reported: it is not what the form wants. */
bool load_entry(struct loader *l, const char *key, const struct entry_form *form,
                const struct yaml_node *item, struct loaded_entry *out);
/*
 * Adds it to list as `text`, where *tag is its index; false: no memory, which l->nomem says.
 */
bool loader_keep_entry(struct loader *l, struct policy_list *list, const struct loaded_entry *entry,
                       const char *text, uint32_t *tag);

/* ---- load_lists.c ---------------------------------------------------------------------------- */
void load_list(struct loader *l, const struct key_row *row, const struct yaml_node *node);
/* How an entry of this list may look. */
const struct entry_form *load_list_form(enum list_id list);
/* What takes up an entry of each list, in the file of its kind; false of l->nomem: no memory. */
#define LIST(key, id, default, max, help) \
    void load_##id(struct loader *l, const struct loaded_entry *entry);
#include "policy/schema.def"
/* A port number; false, and reported: it is none. load_exempt.c */
bool load_port(struct loader *l, const struct yaml_node *node, const char *key, unsigned *out);
/* False, and reported: node cannot be the name of a listener. load_exempt.c */
bool load_listener_name(struct loader *l, const struct yaml_node *node, const char *key);
/*
 * A domain of `labels` labels at least, in the form that sets want; false, and reported: it is
 * none. load_data.c
 */
bool load_domain(struct loader *l, const struct yaml_node *node, const char *key, unsigned labels,
                 char out[LIMIT_NAME_CHARS + 1]);
/* A network; false, and reported: it is none. load_networks.c */
bool load_cidr(struct loader *l, const struct yaml_node *node, const char *key, struct cidr *out);
/* After all files: what stands twice, what cannot have an effect; then the set. load_networks.c */
void load_networks_end(struct loader *l);
/* After all files: patterns that are every name. load_patterns.c */
void load_patterns_odd(struct loader *l);
/* After all files: names that stand twice. load_data.c */
void load_senders_end(struct loader *l);

/* ---- load_builtin.c -------------------------------------------------------------------------- */

/* After all files: built-in data for the lists that none of them has. */
void load_builtin_data(struct loader *l);

/* ---- load_odd.c, load_odd_rules.c ------------------------------------------------------------ */
void load_odd(struct loader *l);
/* Where a key of this scope was set, or the profile that does named; the main file when neither. */
struct diag_place odd_place(const struct loader *l, const struct scope *scope, const char *key);
/* Some action or sum of scores of these rules defers or rejects. */
bool odd_may_refuse(const struct loader *l, const struct rules *rules);
void load_odd_rules(struct loader *l, const struct scope *scope);

#endif /* HELO_POLICY_LOADER_H */
