/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * yaml.c - libyaml's events to a tree; see yaml.h
 *
 * PURPOSE  The only file that includes libyaml's header.
 * LIMITS   libyaml's parser is a state machine and so is what follows: no recursion on what a file
 *          says.
 *
 * ALGORITHM
 *  1. yaml_text_check() keeps away what libyaml would count otherwise than an editor does, or take
 *     long for.
 *  2. Each event makes a node, which is hung into the open mapping or list; those are on a stack of
 *     LIMIT_YAML_DEPTH.
 *  3. Marks of libyaml count characters; where one may be several bytes, a cursor that walks along
 *     makes lines and bytes of them.
 *  4. A mapping that ends is searched for duplicate keys.
 */
#include "policy/yaml.h"

#include <stdio.h>
#include <string.h>
#include <yaml.h>

#include "base/limits.h"

/* ---- building ---- */

struct builder {
    yaml_parser_t parser;
    const struct diag_file *file;
    struct diag *diag;
    struct yaml_tree *tree;
    bool ascii; /* the file: a character is a byte */
    struct yaml_cursor cursor;
    struct level {
        struct yaml_node *node;
        struct yaml_node *last; /* in it; NULL: none so far */
        struct yaml_node *key;  /* read, its value not yet */
    } level[LIMIT_YAML_DEPTH];
    size_t depth;
    size_t nodes;
    unsigned documents;
    enum helo_status status; /* other than HELO_OK ends the work */
};

static struct diag_place mark_place(struct builder *b, const yaml_mark_t *mark)
{
    yaml_cursor_move(&b->cursor, b->file, mark->index);
    return (struct diag_place){b->file, b->cursor.line + 1,
                               (unsigned)(b->cursor.offset - b->cursor.line_start) + 1};
}

/*
 * The same for the start of an event. In a file of ASCII libyaml's own count is right; but not at
 * the end, where it makes a new line that is not there.
 */
static struct diag_place event_place(struct builder *b, const yaml_event_t *event)
{
    const yaml_mark_t *mark = &event->start_mark;

    if (!b->ascii || mark->index >= b->file->length)
        return mark_place(b, mark);
    return (struct diag_place){b->file, (unsigned)mark->line + 1, (unsigned)mark->column + 1};
}

/* Ends the work. */
static void stop(struct builder *b, const struct diag_place *place, const char *message,
                 const char *hint)
{
    diag_report(b->diag, HELO_ERROR, place, hint, "%s", message);
    b->status = HELO_POLICY;
}

static void complain(struct builder *b, const struct yaml_node *node, const char *message,
                     const char *hint)
{
    struct diag_place place = yaml_place(b->file, node);

    diag_report(b->diag, HELO_ERROR, &place, hint, "%s", message);
}

/* A node without a parent; NULL when the work has ended. */
static struct yaml_node *make_node(struct builder *b, enum yaml_kind kind,
                                   const yaml_event_t *event)
{
    struct diag_place place = event_place(b, event);
    struct yaml_node *node;

    if (++b->nodes > LIMIT_YAML_NODES) {
        stop(b, &place, "too many values in one file", "a policy has at most a million");
        return NULL;
    }
    node = arena_alloc(&b->tree->arena, sizeof(*node));
    if (node == NULL) {
        b->status = HELO_NOMEM;
        return NULL;
    }
    *node =
        (struct yaml_node){.kind = kind, .text = "", .line = place.line, .column = place.column};
    return node;
}

static void append(struct level *level, struct yaml_node *node)
{
    if (level->last == NULL)
        level->node->first = node;
    else
        level->last->next = node;
    level->last = node;
    level->node->count++;
}

static void hang(struct builder *b, struct yaml_node *node)
{
    struct level *top = b->depth > 0 ? &b->level[b->depth - 1] : NULL;

    if (top == NULL) {
        b->tree->root = node;
    } else if (top->node->kind == KIND_LIST) {
        append(top, node);
    } else if (top->key == NULL) {
        top->key = node;
        if (node->kind == KIND_LIST || node->kind == KIND_MAPPING)
            complain(b, node, "a key must be a single word, not a list or mapping", NULL);
        else if (node->kind == KIND_TEXT && node->text[0] == '\0')
            complain(b, node, "a key is missing before the colon", NULL);
    } else {
        node->key = top->key;
        top->key = NULL;
        if (node->key->kind == KIND_TEXT && node->key->text[0] != '\0')
            append(top, node);
    }
}

static void refuse_extras(struct builder *b, const struct yaml_node *node,
                          const yaml_char_t *anchor, const yaml_char_t *tag)
{
    if (anchor != NULL)
        complain(b, node, "YAML anchors (&name) are not accepted",
                 "write the value out where it is needed");
    if (tag != NULL)
        complain(b, node, "YAML tags (!name) are not accepted",
                 "every key knows the type of its value");
}

static void open_level(struct builder *b, enum yaml_kind kind, const yaml_event_t *event,
                       const yaml_char_t *anchor, const yaml_char_t *tag)
{
    struct yaml_node *node = make_node(b, kind, event);
    struct diag_place place;

    if (node == NULL)
        return;
    refuse_extras(b, node, anchor, tag);
    hang(b, node);
    if (b->depth == LIMIT_YAML_DEPTH) {
        place = yaml_place(b->file, node);
        stop(b, &place, "nested too deeply", "no policy needs more than four levels");
        return;
    }
    b->level[b->depth++] = (struct level){.node = node};
}

/* ---- one function per event ---- */

static void on_document(struct builder *b, const yaml_event_t *event)
{
    struct diag_place place = event_place(b, event);

    if (++b->documents > 1)
        stop(b, &place, "a second YAML document begins here; a policy is one",
             "remove the line with the dashes");
}

static void on_alias(struct builder *b, const yaml_event_t *event)
{
    struct yaml_node *node = make_node(b, KIND_BROKEN, event);

    if (node == NULL)
        return;
    complain(b, node, "YAML aliases (*name) are not accepted",
             "write the value out where it is needed");
    hang(b, node);
}

static bool has_control(const char *text, size_t length)
{
    for (size_t i = yaml_printable_run(text, length); i < length; i++) {
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
            return true;
    }
    return false;
}

static void on_text(struct builder *b, const yaml_event_t *event)
{
    const char *value = (const char *)event->data.scalar.value;
    size_t length = event->data.scalar.length;
    struct yaml_node *node = make_node(b, KIND_TEXT, event);
    char *copy = node != NULL ? arena_copy_bytes(&b->tree->arena, value, length) : NULL;

    if (node != NULL && copy == NULL)
        b->status = HELO_NOMEM;
    if (copy == NULL)
        return;
    node->text = copy;
    node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    refuse_extras(b, node, event->data.scalar.anchor, event->data.scalar.tag);
    if (has_control(copy, length)) {
        complain(b, node, "a text is one line and has no control characters", NULL);
        node->kind = KIND_BROKEN;
    } else if (length > LIMIT_SETTING_TEXT) {
        complain(b, node, "this text is too long", "no text has more than 1024 bytes");
        node->kind = KIND_BROKEN;
    }
    hang(b, node);
}

static void on_list(struct builder *b, const yaml_event_t *event)
{
    open_level(b, KIND_LIST, event, event->data.sequence_start.anchor,
               event->data.sequence_start.tag);
}

static void on_mapping(struct builder *b, const yaml_event_t *event)
{
    open_level(b, KIND_MAPPING, event, event->data.mapping_start.anchor,
               event->data.mapping_start.tag);
}

static void on_end(struct builder *b, const yaml_event_t *event)
{
    struct yaml_node *node = b->level[--b->depth].node;

    (void)event;
    if (node->kind == KIND_MAPPING && !yaml_keys_check(b->file, node, b->diag))
        b->status = HELO_NOMEM;
}

/* ---- what libyaml complains of ---- */

/*
 * Its words, and what helps. The first row whose words are in the problem, and whose character
 * stands there.
 */
static const struct {
    const char *problem;
    char at; /* 0: any */
    const char *hint;
} troubles[] = {
    {"found character that cannot start any token", '\t',
     "a tab stands where blanks must: indent with blanks"},
    {"found character that cannot start any token", 0, "put the value in quotes"},
    {"found a tab character", 0, "indent with blanks, not with tabs"},
    {"mapping values are not allowed", 0,
     "one 'key: value' per line, all of a section in the same column; a text with ': ' in it "
     "needs quotes"},
    {"could not find expected ':'", 0, "every line of a section is 'key: value'"},
    {"did not find expected key", 0, "the lines of a section begin in the same column"},
    {"did not find expected '-' indicator", 0,
     "the entries of a list begin in the same column, each with '- '"},
    {"did not find expected node content", 0,
     "a value is missing here, or one with a colon in it needs quotes"},
    {"did not find expected ',' or", 0,
     "a comma or the closing bracket is missing; a text with brackets or braces in it needs "
     "quotes"},
    {"did not find expected alphabetic or numeric character", 0,
     "a text that begins with * or & needs quotes, as in \"*.example.com\""},
    {"block sequence entries are not allowed", 0, "a list begins on the line after its key"},
    {"found unexpected end of stream", 0, "a closing quote is missing"},
    {"did not find expected hexdecimal number", 0,
     "use '...' instead of \"...\" where a backslash is meant as such"},
    {"found unknown escape character", 0,
     "use '...' instead of \"...\" where a backslash is meant as such"},
};

static const char *find_hint(const char *problem, char at)
{
    for (size_t i = 0; i < sizeof(troubles) / sizeof(troubles[0]); i++) {
        if (strstr(problem, troubles[i].problem) != NULL &&
            (troubles[i].at == 0 || troubles[i].at == at))
            return troubles[i].hint;
    }
    return NULL;
}

static void report_trouble(struct builder *b)
{
    const yaml_parser_t *p = &b->parser;
    const char *problem = p->problem != NULL ? p->problem : "unknown trouble";
    char begin[32] = "";
    struct diag_place place;
    char at;

    if (p->error == YAML_MEMORY_ERROR) {
        b->status = HELO_NOMEM;
        return;
    }
    if (p->context != NULL) {
        place = mark_place(b, &p->context_mark);
        (void)snprintf(begin, sizeof(begin), ", begun in line %u", place.line);
    }
    place = mark_place(b, &p->problem_mark);
    at = b->cursor.offset < b->file->length ? b->file->text[b->cursor.offset] : '\0';
    diag_report(b->diag, HELO_ERROR, &place, find_hint(problem, at), "not YAML: %s%s%s%s", problem,
                p->context != NULL ? " " : "", p->context != NULL ? p->context : "", begin);
    b->status = HELO_POLICY;
}

/* ---- the walk ---- */

static void take_event(struct builder *b, const yaml_event_t *event)
{
    static void (*const on[])(struct builder *, const yaml_event_t *) = {
        [YAML_DOCUMENT_START_EVENT] = on_document,
        [YAML_ALIAS_EVENT] = on_alias,
        [YAML_SCALAR_EVENT] = on_text,
        [YAML_SEQUENCE_START_EVENT] = on_list,
        [YAML_SEQUENCE_END_EVENT] = on_end,
        [YAML_MAPPING_START_EVENT] = on_mapping,
        [YAML_MAPPING_END_EVENT] = on_end,
    };

    if (event->type < sizeof(on) / sizeof(on[0]) && on[event->type] != NULL)
        on[event->type](b, event);
}

static void take_events(struct builder *b)
{
    yaml_event_t event;
    bool more = true;

    yaml_parser_set_encoding(&b->parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&b->parser, (const unsigned char *)b->file->text, b->file->length);
    while (more && b->status == HELO_OK) {
        if (!yaml_parser_parse(&b->parser, &event)) {
            report_trouble(b);
            return;
        }
        more = event.type != YAML_STREAM_END_EVENT;
        take_event(b, &event);
        yaml_event_delete(&event);
    }
}

enum helo_status yaml_tree_parse(const struct diag_file *file, struct diag *diag,
                                 struct yaml_tree *out)
{
    struct yaml_tree tree = {NULL, {NULL}};
    struct builder b = {.file = file, .diag = diag, .tree = &tree, .status = HELO_OK};

    if (!yaml_text_check(file, diag, &b.ascii))
        return HELO_POLICY;
    if (yaml_parser_initialize(&b.parser) == 0)
        return HELO_NOMEM;
    take_events(&b);
    yaml_parser_delete(&b.parser);
    if (b.status == HELO_OK)
        *out = tree;
    else
        yaml_tree_fini(&tree);
    return b.status;
}
