/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * load.c - YAML files to a policy; see load.h and loader.h
 *
 * ALGORITHM
 *  1. Read the main file: bytes, text, tree.
 *  2. Walk its tree by the table of keys. At `include`, do the same with each file named there;
 *     those include none.
 *  3. After all files: networks that stand twice, then whatever is legal but odd.
 *  4. Without an error, the policy comes out.
 */
#include "policy/load.h"

#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "policy/loader.h"

enum { PATH_BYTES = 4096 };

struct diag_place loader_place(const struct loader *l, const struct yaml_node *node)
{
    return yaml_place(&l->current->file, node);
}

/* ---- one file ---- */

/* Takes over what source_read() or source_from_text() made. */
static enum helo_status keep_source(struct loader *l, struct source *made)
{
    struct source *source = mem_zalloc(sizeof(*source));

    if (source == NULL) {
        source_fini(made);
        return HELO_NOMEM;
    }
    *source = *made;
    source->next = l->sources;
    l->sources = source;
    l->current = source;
    if (!policy_add_file(l->policy, source->path))
        return HELO_NOMEM;
    source->file.path = l->policy->files[l->policy->file_count - 1];
    return HELO_OK;
}

static enum helo_status load_current(struct loader *l)
{
    enum helo_status status = yaml_tree_parse(&l->current->file, l->diag, &l->current->tree);

    if (status == HELO_OK && l->current->tree.root != NULL)
        load_root(l, l->current->tree.root);
    return status;
}

/* ---- include ---- */

static const struct source *find_same(const struct loader *l, const struct source *wanted)
{
    const struct source *source = l->sources;

    while (source != NULL && (source->device != wanted->device || source->inode != wanted->inode))
        source = source->next;
    return source;
}

/* name as seen from the file that includes it. */
static bool resolve(const struct loader *l, const char *name, char out[PATH_BYTES])
{
    const char *slash = strrchr(l->current->path, '/');
    size_t length = name[0] == '/' || slash == NULL ? 0 : (size_t)(slash - l->current->path) + 1;

    if (length >= PATH_BYTES)
        return false;
    memcpy(out, l->current->path, length);
    return text_copy(out + length, PATH_BYTES - length, name);
}

static void include_file(struct loader *l, const struct yaml_node *node)
{
    struct source *before = l->current;
    struct diag_place place = loader_place(l, node);
    char path[PATH_BYTES];
    struct source made;
    enum helo_status status;

    if (!resolve(l, node->text, path)) {
        diag_report(l->diag, HELO_ERROR, &place, NULL, "include: the path is too long");
        return;
    }
    status = source_read(l, path, &place, &made);
    if (status == HELO_OK && find_same(l, &made) != NULL) {
        diag_report(l->diag, HELO_ERROR, &place, NULL,
                    "include: this is %s, which is being read already", find_same(l, &made)->path);
        source_fini(&made);
        return;
    }
    if (status == HELO_OK)
        status = keep_source(l, &made);
    if (status == HELO_OK)
        status = load_current(l);
    l->nomem = l->nomem || status == HELO_NOMEM;
    l->current = before;
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

static enum helo_status end_load(struct loader *l, enum helo_status status, unsigned errors_before,
                                 struct helo_policy **out)
{
    if (status == HELO_OK && !l->nomem)
        load_networks_end(l);
    if (l->nomem)
        status = HELO_NOMEM;
    if (status == HELO_OK && l->diag->errors != errors_before)
        status = HELO_POLICY;
    if (status == HELO_OK) {
        policy_settle(l->policy);
        load_odd(l);
        *out = l->policy;
    } else {
        helo_policy_unref(l->policy);
    }
    while (l->sources != NULL) {
        struct source *source = l->sources;

        l->sources = source->next;
        source_fini(source);
        mem_free(source);
    }
    mem_free(l->networks);
    mem_free(l);
    return status;
}

/* made: the main file; taken over. NULL: it could not be read, which status says. */
static enum helo_status load_made(struct loader *l, enum helo_status status, struct source *made,
                                  struct helo_policy **out)
{
    unsigned errors_before = l->diag->errors;

    if (status == HELO_OK)
        status = keep_source(l, made);
    if (status == HELO_OK) {
        l->main = l->current;
        status = load_current(l);
    }
    return end_load(l, status, errors_before, out);
}

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
    return l;
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
