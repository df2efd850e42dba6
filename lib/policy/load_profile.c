/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * load_profile.c - `profile: NAME`, of the site and of a listener
 *
 * PURPOSE  NAME is profiles/NAME.yaml beside the main file, if that exists; else the one of that
 *          name that the library brings along. A NAME with a slash is a path, relative to the main
 *          file.
 * CONTRACT A profile is read before what stands beside its name, wherever that is, so that the site
 *          changes single settings of it. A file that several listeners name is read and reported
 *          once. From memory there are built-in profiles only.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/limits.h"
#include "base/mem.h"
#include "policy/loader.h"

enum { PROFILES_NAMED = 64 }; /* in a message; there are some dozen */

/* ---- which file ---- */

static const struct builtin_file *find_builtin(const char *name)
{
    const struct builtin_file *file;

    for (size_t i = 0; (file = builtin_profile(i)) != NULL; i++) {
        if (strcmp(file->name, name) == 0)
            return file;
    }
    return NULL;
}

/* "unknown profile 'strcit' (accepted: fcrdns, strict); did you mean 'strict'?" */
static void report_unknown(struct loader *l, const struct yaml_node *node)
{
    const char *words[PROFILES_NAMED];
    const struct builtin_file *file;
    char accepted[360] = "";
    char hint[128];
    const char *meant;
    size_t used = 0;
    size_t count = 0;

    for (; count < PROFILES_NAMED && (file = builtin_profile(count)) != NULL; count++) {
        words[count] = file->name;
        if (used < sizeof(accepted))
            used += (size_t)snprintf(accepted + used, sizeof(accepted) - used, "%s%s",
                                     count == 0 ? " (accepted: " : ", ", file->name);
    }
    if (used > 0 && used < sizeof(accepted))
        (void)snprintf(accepted + used, sizeof(accepted) - used, ")");
    meant = diag_suggest(node->text, words, count);
    if (meant != NULL)
        (void)snprintf(hint, sizeof(hint), "did you mean '%s'?", meant);
    loader_report_unknown(l, node, "profile", accepted, meant != NULL ? hint : NULL);
}

/* What is built in is in no file: its path is its mark. */
static struct source *open_builtin(struct loader *l, const struct builtin_file *file)
{
    struct source *source = l->sources;
    struct source made;
    enum helo_status status;

    while (source != NULL && source->file.path != file->path)
        source = source->next;
    if (source != NULL)
        return source;
    source_from_builtin(file, &made);
    status = loader_keep_source(l, &made, FILE_PROFILE, &source);
    l->nomem = l->nomem || status == HELO_NOMEM;
    return status == HELO_OK ? source : NULL;
}

static struct source *open_file(struct loader *l, const char *path, const struct yaml_node *node)
{
    struct diag_place place = loader_place(l, node);
    struct source made;
    struct source *source = NULL;
    enum helo_status status = source_read(l, path, &place, &made);

    if (status == HELO_OK) {
        source = loader_find_source(l, &made);
        if (source == NULL) {
            status = loader_keep_source(l, &made, FILE_PROFILE, &source);
        } else {
            source_fini(&made);
            if (source->role != FILE_PROFILE) {
                diag_report(l->diag, HELO_ERROR, &place, NULL,
                            "profile: this is %s, which is being read already", source->file.path);
                return NULL;
            }
        }
    }
    l->nomem = l->nomem || status == HELO_NOMEM;
    return status == HELO_OK ? source : NULL;
}

static bool is_missing(const char *path)
{
    struct stat st;

    return stat(path, &st) != 0 && (errno == ENOENT || errno == ENOTDIR || errno == ENAMETOOLONG);
}

/* Opens "profiles/NAME.yaml", where that exists. False: it does not. */
static bool open_site_file(struct loader *l, const struct yaml_node *node, struct source **out)
{
    char name[LIMIT_SETTING_TEXT + sizeof(".yaml")];
    char path[PATH_BYTES];

    (void)snprintf(name, sizeof(name), "%s.yaml", node->text);
    if (l->main->inode == 0 || !loader_resolve(l, "profiles/", name, path) || is_missing(path))
        return false;
    *out = open_file(l, path, node);
    return true;
}

/* NULL: it was reported, or there is no memory. */
static struct source *open_profile(struct loader *l, const struct yaml_node *node)
{
    const struct builtin_file *builtin = find_builtin(node->text);
    struct source *source = NULL;
    char path[PATH_BYTES];

    if (strchr(node->text, '/') == NULL) {
        if (open_site_file(l, node, &source))
            return source;
        if (builtin != NULL)
            return open_builtin(l, builtin);
        report_unknown(l, node);
    } else if (l->main->inode == 0) {
        loader_refuse(l, node, "profile", "is a path: only a file on disk can name one", NULL);
    } else if (!loader_resolve(l, "", node->text, path)) {
        loader_refuse(l, node, "profile", "is too long a path", NULL);
    } else {
        return open_file(l, path, node);
    }
    return NULL;
}

/* ---- reading ---- */

/* Into l->scope. A second time nothing new can be wrong with it. */
static void walk_profile(struct loader *l, struct source *source)
{
    struct layer layer = {.seen = {{NULL, 0, 0}}};
    struct layer *layer_before = l->layer;
    struct source *before = l->current;
    unsigned errors_before = l->diag->errors;

    if (source->bad || source->tree.root == NULL)
        return;
    l->current = source;
    l->layer = &layer;
    load_root(l, source->tree.root);
    source->read = true;
    source->bad = l->diag->errors != errors_before;
    l->layer = layer_before;
    l->current = before;
}

void load_profile_named(struct loader *l, const struct yaml_node *node)
{
    struct diag_place place = loader_place(l, node);
    struct source *source;

    if (!loader_expect(l, node, KIND_TEXT, "profile"))
        return;
    if (node->text[0] == '\0') {
        loader_refuse(l, node, "profile", "is no name", "leave the key out for none");
        return;
    }
    source = open_profile(l, node);
    if (source == NULL)
        return;
    l->scope->profile = place;
    l->scope->source = source;
    walk_profile(l, source);
}

void load_site_profile(struct loader *l, const struct yaml_node *root)
{
    const struct yaml_node *node = root->kind == KIND_MAPPING ? root->first : NULL;

    while (node != NULL && strcmp(node->key->text, "profile") != 0)
        node = node->next;
    if (node == NULL)
        return;
    load_profile_named(l, node);
    if (l->site.source == NULL || l->nomem)
        return;
    l->policy->profile = mem_copy_text(node->text);
    l->policy->profile_origin = loader_origin(l, node);
    if (l->policy->profile == NULL)
        l->nomem = true;
}

void load_profile(struct loader *l, const struct key_row *row, const struct yaml_node *node)
{
    struct diag_place place = loader_place(l, node->key);

    (void)row;
    if (l->current->role != FILE_MAIN)
        diag_report(l->diag, HELO_ERROR, &place, NULL,
                    "profile: only the main file can name a profile");
}
