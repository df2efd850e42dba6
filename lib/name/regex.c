/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * regex.c - the regular expressions of a pattern_list, see regex.h
 *
 * The only file that knows PCRE2. It backtracks, so what it may spend on one name is bounded by its
 * match limit: a step is one more thing tried, 10 to 40 ns for most expressions. Its other matcher,
 * pcre2_dfa_match(), is no way out: it keeps a count for each + that is under way, and so grows
 * with the square and the cube of the length, too, without a limit that would see it.
 *
 * Match data is made for each name, on the stack of whoever asks: from malloc() it costs 150 ns,
 * and what a thread kept would have to be found and freed again. Only an expression that goes deep
 * takes memory from the heap.
 */
#define PCRE2_CODE_UNIT_WIDTH 8

#include "name/regex.h"

#include <pcre2.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "name/regex_text.h"

enum { GROUP_NESTING = 32 }; /* PCRE2's own default is 250, which nobody can read */

struct regex_engine {
    pcre2_general_context *general;
    pcre2_compile_context *compile;
    pcre2_match_context *match;
};

/* ---- memory for PCRE2 ------------------------------------------------------------------------ */

/* Not zeroed, as malloc(). */
static void *take_heap(size_t size, void *unused)
{
    (void)unused;
    return mem_grow(NULL, size, 1);
}

static void give_heap(void *memory, void *unused)
{
    (void)unused;
    mem_free(memory);
}

/* From the room of a regex_name; what is given back to it stays taken. */
static void *take_room(size_t size, void *arg)
{
    struct regex_name *name = arg;
    char *memory = name->room + name->used;

    if (size > sizeof name->room - name->used)
        return take_heap(size, NULL);
    name->used += size + (0 - size) % alignof(max_align_t);
    return memory;
}

static void give_room(void *memory, void *arg)
{
    const struct regex_name *name = arg;
    uintptr_t at = (uintptr_t)memory, room = (uintptr_t)name->room;

    if (at < room || at >= room + sizeof name->room)
        give_heap(memory, NULL);
}

/* ---- the engine ------------------------------------------------------------------------------ */

void regex_engine_free(struct regex_engine *engine)
{
    if (engine == NULL)
        return;
    pcre2_match_context_free(engine->match);
    pcre2_compile_context_free(engine->compile);
    pcre2_general_context_free(engine->general);
    mem_free(engine);
}

struct regex_engine *regex_engine_create(void)
{
    struct regex_engine *engine = mem_zalloc(sizeof *engine);

    if (engine == NULL)
        return NULL;
    engine->general = pcre2_general_context_create(take_heap, give_heap, NULL);
    if (engine->general != NULL) {
        engine->compile = pcre2_compile_context_create(engine->general);
        engine->match = pcre2_match_context_create(engine->general);
    }
    if (engine->compile == NULL || engine->match == NULL) {
        regex_engine_free(engine);
        return NULL;
    }
    (void)pcre2_set_parens_nest_limit(engine->compile, GROUP_NESTING);
    /* The steps bound the depth, too. */
    (void)pcre2_set_match_limit(engine->match, LIMIT_PATTERN_STEPS);
    (void)pcre2_set_heap_limit(engine->match, LIMIT_PATTERN_HEAP_KIB);
    return engine;
}

/* What pcre2_match() returns. */
static int run(const struct regex_engine *engine, const pcre2_code *code, struct regex_name *name)
{
    if (name->data == NULL) {
        pcre2_general_context *general = pcre2_general_context_create(take_room, give_room, name);

        if (general != NULL)
            name->data = pcre2_match_data_create(1, general);
        if (name->data == NULL)
            return PCRE2_ERROR_NOMEMORY;
    }
    return pcre2_match(code, (PCRE2_SPTR)name->text, name->length, 0, 0, name->data, engine->match);
}

/* ---- compile --------------------------------------------------------------------------------- */

/* NULL with fault filled in. */
static pcre2_code *compile(const struct regex_engine *engine, const char *text, size_t length,
                           uint32_t more_options, struct pattern_fault *fault)
{
    const uint32_t options = PCRE2_ANCHORED | PCRE2_ENDANCHORED | PCRE2_CASELESS | PCRE2_DOTALL |
                             PCRE2_NO_AUTO_CAPTURE | PCRE2_NEVER_UTF | PCRE2_NEVER_UCP |
                             PCRE2_NEVER_BACKSLASH_C;
    PCRE2_UCHAR said[PATTERN_MESSAGE_SIZE / 2] = "";
    int error = 0;
    size_t offset = 0;
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)text, length, options | more_options, &error,
                                     &offset, engine->compile);

    if (code != NULL)
        return code;
    if (error == PCRE2_ERROR_HEAP_FAILED) {
        (void)pattern_fault_nomem(fault);
        return NULL;
    }
    (void)pcre2_get_error_message(error, said, sizeof said);
    (void)pattern_fault_set(fault, 1 + (offset <= length ? offset : length),
                            "no regular expression of Perl's: %s", (const char *)said);
    return NULL;
}

/*
 * Runs the expression on what is hard for it. It is compiled anew for that, without the looks at
 * the whole text that often spare the engine its work: a client knows how to pass them.
 */
static bool try_hard_names(const struct regex_engine *engine, const char *text, size_t length,
                           struct pattern_fault *fault)
{
    char hard[LIMIT_HELO_TEXT + 1];
    struct regex_name name;
    pcre2_code *code = compile(engine, text, length, PCRE2_NO_START_OPTIMIZE, fault);
    int found = PCRE2_ERROR_NOMATCH;

    if (code == NULL)
        return false;
    regex_name_init(&name, hard, 0);
    name.length = LIMIT_HELO_TEXT;
    for (unsigned n = 0; found >= PCRE2_ERROR_NOMATCH && regex_hard_name(text, length, n, hard);
         n++)
        found = run(engine, code, &name);
    regex_name_fini(&name);
    pcre2_code_free(code);
    if (found >= PCRE2_ERROR_NOMATCH)
        return true;
    if (found == PCRE2_ERROR_NOMEMORY)
        return pattern_fault_nomem(fault);
    return pattern_fault_set(
        fault, 0,
        "this can run too long on a name made for it: let nothing repeat that repeats in itself, "
        "as in (a+)+, write [^.]* for a second .*, make two of a long list of words behind .*");
}

/* What the engine knows of the names that match. */
static void learn(struct regex *regex)
{
    uint32_t type = 0, unit = 0;

    (void)pcre2_pattern_info(regex->code, PCRE2_INFO_MINLENGTH, &regex->shortest);
    (void)pcre2_pattern_info(regex->code, PCRE2_INFO_FIRSTBITMAP, &regex->starts);
    (void)pcre2_pattern_info(regex->code, PCRE2_INFO_FIRSTCODETYPE, &type);
    if (type == 1 && pcre2_pattern_info(regex->code, PCRE2_INFO_FIRSTCODEUNIT, &unit) == 0)
        regex->start = text_lower((char)unit);
    type = 0;
    (void)pcre2_pattern_info(regex->code, PCRE2_INFO_LASTCODETYPE, &type);
    if (type == 1 && pcre2_pattern_info(regex->code, PCRE2_INFO_LASTCODEUNIT, &unit) == 0)
        regex->needs = text_lower((char)unit);
}

bool regex_compile(struct regex *out, const struct regex_engine *engine, const char *text,
                   size_t length, struct pattern_fault *fault)
{
    struct regex regex = {.code = NULL};
    size_t offset = 0, size = 0;
    const char *why = regex_text_fault(text, length, &offset);

    if (why != NULL)
        return pattern_fault_set(fault, offset + 1, "%s", why);
    regex.code = compile(engine, text, length, 0, fault);
    if (regex.code == NULL)
        return false;
    (void)pcre2_pattern_info(regex.code, PCRE2_INFO_SIZE, &size);
    if (size > LIMIT_PATTERN_CODE) {
        (void)pattern_fault_set(fault, 0, "too large once its repetitions {n,m} are written out");
    } else if (try_hard_names(engine, text, length, fault)) {
        learn(&regex);
        *out = regex;
        return true;
    }
    regex_fini(&regex);
    return false;
}

void regex_fini(struct regex *regex)
{
    pcre2_code_free(regex->code);
    *regex = (struct regex){.code = NULL};
}

/* ---- match ----------------------------------------------------------------------------------- */

void regex_name_init(struct regex_name *name, const char *text, size_t length)
{
    name->text = text;
    name->length = length;
    name->data = NULL;
    name->used = 0;
    memset(name->has, 0, sizeof name->has);
    for (size_t i = 0; i < length; i++)
        name->has[text[i] & 0x7f] = true;
}

void regex_name_fini(struct regex_name *name)
{
    pcre2_match_data_free(name->data);
    name->data = NULL;
}

static bool may_match(const struct regex *regex, const struct regex_name *name)
{
    unsigned char first = (unsigned char)name->text[0];

    return name->length >= regex->shortest &&
           (regex->start == '\0' || regex->start == name->text[0]) &&
           (regex->starts == NULL || (regex->starts[first / 8] >> first % 8 & 1) != 0) &&
           (regex->needs == '\0' || name->has[regex->needs & 0x7f]);
}

enum pattern_match regex_match(const struct regex *regex, const struct regex_engine *engine,
                               struct regex_name *name)
{
    int found;

    if (!may_match(regex, name))
        return PATTERN_NO;
    found = run(engine, regex->code, name);
    if (found >= 0)
        return PATTERN_YES;
    return found == PCRE2_ERROR_NOMATCH ? PATTERN_NO : PATTERN_LIMIT;
}
