/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * load.c - YAML files to a policy; see load.h and loader.h
 *
 * ALGORITHM
 *  1. Read the main file: bytes, text, tree.
 *  2. Read the profile that it names, wherever in it; what stands in the files of the site comes in
 *     its place.
 *  3. Walk the main file's tree by the table of keys. At `include`, do the same with each file
 *     named there; those include none.
 *  4. After all files: built-in data for the lists that none of them has; networks that stand
 *     twice; sets; then whatever is legal but odd.
 *  5. Without an error, the policy comes out.
 */
#include "policy/load.h"

#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "policy/loader.h"

struct diag_place loader_place(const struct loader *l, const struct yaml_node *node)
{
    return yaml_place(&l->current->file, node);
}

struct origin loader_origin(const struct loader *l, const struct yaml_node *node)
{
    return (struct origin){l->current->file.path, node->line};
}

/* ---- one file ---- */

/* What is built in has a path for ever; the others' must live as long as the policy. */
static bool keep_path(struct loader *l, struct source *source)
{
    if (source->path == NULL)
        return true;
    if (!policy_add_file(l->policy, source->path))
        return false;
    source->file.path = l->policy->files[l->policy->file_count - 1];
    return true;
}

enum helo_status loader_keep_source(struct loader *l, struct source *made, enum file_role role,
                                    struct source **out)
{
    struct source *source = mem_zalloc(sizeof(*source));
    enum helo_status status;

    if (source == NULL) {
        source_fini(made);
        return HELO_NOMEM;
    }
    *source = *made;
    source->role = role;
    source->next = l->sources;
    l->sources = source;
    if (!keep_path(l, source))
        return HELO_NOMEM;
    status = yaml_tree_parse(&source->file, l->diag, &source->tree);
    if (status == HELO_OK)
        *out = source;
    return status;
}

struct source *loader_find_source(const struct loader *l, const struct source *wanted)
{
    struct source *source = l->sources;

    while (source != NULL && (source->device != wanted->device || source->inode != wanted->inode))
        source = source->next;
    return source;
}

bool loader_resolve(const struct loader *l, const char *prefix, const char *name,
                    char out[PATH_BYTES])
{
    const char *base = l->main->file.path;
    const char *slash = strrchr(base, '/');
    size_t length = name[0] == '/' || slash == NULL ? 0 : (size_t)(slash - base) + 1;
    size_t extra = name[0] == '/' ? 0 : strlen(prefix);

    if (length + extra >= PATH_BYTES)
        return false;
    memcpy(out, base, length);
    memcpy(out + length, prefix, extra);
    return text_copy(out + length + extra, PATH_BYTES - length - extra, name);
}

/* ---- include ---- */

static void walk_included(struct loader *l, struct source *source)
{
    struct source *before = l->current;

    l->current = source;
    if (source->tree.root != NULL)
        load_root(l, source->tree.root);
    l->current = before;
}

static void include_file(struct loader *l, const struct yaml_node *node)
{
    struct diag_place place = loader_place(l, node);
    char path[PATH_BYTES];
    struct source made;
    struct source *source;
    enum helo_status status;

    if (!loader_resolve(l, "", node->text, path)) {
        diag_report(l->diag, HELO_ERROR, &place, NULL, "include: the path is too long");
        return;
    }
    status = source_read(l, path, &place, &made);
    if (status == HELO_OK && loader_find_source(l, &made) != NULL) {
        diag_report(l->diag, HELO_ERROR, &place, NULL,
                    "include: this is %s, which is being read already",
                    loader_find_source(l, &made)->file.path);
        source_fini(&made);
        return;
    }
    if (status == HELO_OK)
        status = loader_keep_source(l, &made, FILE_INCLUDED, &source);
    if (status == HELO_OK)
        walk_included(l, source);
    l->nomem = l->nomem || status == HELO_NOMEM;
}

void load_include(struct loader *l, const struct key_row *row, const struct yaml_node *node)
{
    struct diag_place place = loader_place(l, node->key);

    if (l->current != l->main || l->main->inode == 0) {
        diag_report(l->diag, HELO_ERROR, &place, NULL,
                    l->current != l->main ? "include: a file that is included cannot include others"
                                          : "include: only a file on disk can include others");
        return;
    }
    if (yaml_is_empty(node) || !loader_expect(l, node, KIND_LIST, row->path))
        return;
    if (node->count > LIMIT_INCLUDES) {
        diag_report(l->diag, HELO_ERROR, &place, NULL, "include: too many files (at most %d)",
                    (int)LIMIT_INCLUDES);
        return;
    }
    for (const struct yaml_node *item = node->first; item != NULL && !l->nomem; item = item->next) {
        if (loader_expect(l, item, KIND_TEXT, row->path))
            include_file(l, item);
    }
}

/* ---- a load ---- */

static struct loader *create_loader(struct diag *diag)
{
    struct loader *l = mem_zalloc(sizeof(*l));

    if (l == NULL)
        return NULL;
    l->policy = policy_create();
    if (l->policy == NULL) {
        mem_free(l);
        return NULL;
    }
    l->diag = diag;
    l->today = clock_today();
    l->site.rules = &l->policy->rules;
    l->site.settings = &l->policy->settings;
    l->site.origins = l->policy->setting_origin;
    l->scope = &l->site;
    l->layer = &l->site.layer;
    return l;
}

/* But for the policy. */
static void free_loader(struct loader *l)
{
    while (l->listeners != NULL) {
        struct scope *scope = l->listeners;

        l->listeners = scope->next;
        settings_fini(&scope->own_settings);
        mem_free(scope);
    }
    while (l->sources != NULL) {
        struct source *source = l->sources;

        l->sources = source->next;
        source_fini(source);
        mem_free(source);
    }
    mem_free(l->networks);
    mem_free(l->sender_places);
    mem_free(l);
}

/* What can be told only when all files have been read. */
static void end_files(struct loader *l)
{
    load_builtin_data(l);
    load_networks_end(l);
    if (!l->nomem && !policy_settle(l->policy))
        l->nomem = true;
    if (!l->nomem)
        load_senders_end(l);
}

static enum helo_status end_load(struct loader *l, enum helo_status status, unsigned errors_before,
                                 struct helo_policy **out)
{
    if (status == HELO_OK && !l->nomem)
        end_files(l);
    if (l->nomem)
        status = HELO_NOMEM;
    if (status == HELO_OK && l->diag->errors != errors_before)
        status = HELO_POLICY;
    if (status == HELO_OK) {
        load_odd(l);
        *out = l->policy;
    } else {
        helo_policy_unref(l->policy);
    }
    free_loader(l);
    return status;
}

static void walk_main(struct loader *l, struct source *source)
{
    l->main = l->current = source;
    if (source->tree.root == NULL)
        return;
    load_site_profile(l, source->tree.root);
    if (!l->nomem)
        load_root(l, source->tree.root);
}

/* made: the main file; taken over. NULL: it could not be read, which status says. */
static enum helo_status load_made(struct loader *l, enum helo_status status, struct source *made,
                                  struct helo_policy **out)
{
    unsigned errors_before = l->diag->errors;
    struct source *source;

    if (status == HELO_OK)
        status = loader_keep_source(l, made, FILE_MAIN, &source);
    if (status == HELO_OK)
        walk_main(l, source);
    return end_load(l, status, errors_before, out);
}

enum helo_status policy_load(const char *path, struct diag *diag, struct helo_policy **out)
{
    struct loader *l = create_loader(diag);
    struct source made;

    if (l == NULL)
        return HELO_NOMEM;
    return load_made(l, source_read(l, path, NULL, &made), &made, out);
}

enum helo_status policy_load_text(const char *text, size_t length, const char *path,
                                  struct diag *diag, struct helo_policy **out)
{
    struct loader *l = create_loader(diag);
    struct source made;

    if (l == NULL)
        return HELO_NOMEM;
    return load_made(l, source_from_text(text, length, path, &made), &made, out);
}

enum helo_status helo_policy_load(const char *path, helo_diag_fn *fn, void *arg, helo_policy **out)
{
    struct diag diag;

    diag_init(&diag, fn, arg);
    return policy_load(path, &diag, out);
}

enum helo_status helo_policy_parse(const char *text, size_t length, const char *path,
                                   helo_diag_fn *fn, void *arg, helo_policy **out)
{
    struct diag diag;

    diag_init(&diag, fn, arg);
    return policy_load_text(text, length, path, &diag, out);
}

enum helo_status helo_policy_default(helo_policy **out)
{
    struct diag diag;
    struct loader *l;

    diag_init(&diag, NULL, NULL);
    l = create_loader(&diag);
    return l != NULL ? end_load(l, HELO_OK, 0, out) : HELO_NOMEM;
}
