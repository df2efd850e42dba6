/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * domain.c - domain names as text, see domain.h
 *
 * The organisational domain follows both parts of the public suffix list, ICANN and PRIVATE. Names
 * below a private suffix belong to strangers: one.dyndns.org says nothing of two.dyndns.org, and a
 * rented machine's name nothing of its neighbour's. RFC 7489 3.2 takes the whole list, too. A
 * top-level domain that is on no list is a suffix by the list's own default rule ("*").
 */
#include "name/domain.h"

#include <libpsl.h>
#include <pthread.h>
#include <string.h>

#include "base/text.h"

/* ---- syntax ---------------------------------------------------------------------------------- */

static bool is_label_character(char c)
{
    char lower = text_lower(c);

    return (lower >= 'a' && lower <= 'z') || text_is_digit(c) || c == '-' || c == '_';
}

static bool is_all_digits(const char *label, size_t length)
{
    size_t i = 0;

    while (i < length && text_is_digit(label[i]))
        i++;
    return i == length;
}

static struct domain_finding finding(enum domain_fault fault, size_t offset)
{
    return (struct domain_finding){.fault = fault, .offset = offset};
}

/* One label, whose characters are good: name[first] up to name[end]. */
static struct domain_finding check_label(const char *name, size_t first, size_t end)
{
    if (first == end)
        return finding(DOMAIN_EMPTY_LABEL, end);
    if (end - first > LIMIT_LABEL_CHARS)
        return finding(DOMAIN_LABEL_LENGTH, first);
    if (name[first] == '-')
        return finding(DOMAIN_HYPHEN, first);
    if (name[end - 1] == '-')
        return finding(DOMAIN_HYPHEN, end - 1);
    return finding(DOMAIN_OK, 0);
}

struct domain_finding domain_check(const char *name, size_t length)
{
    struct domain_finding found;
    bool underscore = false;
    size_t first = 0; /* of the present label */

    if (length != 0 && name[length - 1] == '.')
        length--;
    for (size_t i = 0; i <= length; i++) {
        if (i == length || name[i] == '.') {
            found = check_label(name, first, i);
            if (found.fault != DOMAIN_OK)
                return found;
            first = i < length ? i + 1 : first;
        } else if (!is_label_character(name[i])) {
            return finding(DOMAIN_CHARACTER, i);
        } else {
            underscore = underscore || name[i] == '_';
        }
    }
    if (length > LIMIT_NAME_CHARS)
        return finding(DOMAIN_NAME_LENGTH, LIMIT_NAME_CHARS);
    found = finding(DOMAIN_OK, 0);
    if (is_all_digits(name + first, length - first))
        found = finding(DOMAIN_NUMERIC_TLD, first);
    found.underscore = underscore;
    return found;
}

bool domain_is_host_name(const char *name, bool allow_underscore)
{
    struct domain_finding found = domain_check(name, strlen(name));

    return found.fault == DOMAIN_OK && (allow_underscore || !found.underscore);
}

/* ---- compare --------------------------------------------------------------------------------- */

/* Without one trailing dot. */
static size_t bare_length(const char *name)
{
    size_t length = strlen(name);

    return length != 0 && name[length - 1] == '.' ? length - 1 : length;
}

static bool equal_bytes(const char *a, const char *b, size_t length)
{
    size_t i = 0;

    while (i < length && text_lower(a[i]) == text_lower(b[i]))
        i++;
    return i == length;
}

bool domain_normalise(char out[LIMIT_NAME_CHARS + 1], const char *name)
{
    size_t length = bare_length(name);

    if (length == 0 || length > LIMIT_NAME_CHARS)
        return false;
    memcpy(out, name, length);
    out[length] = '\0';
    text_lower_all(out);
    return true;
}

bool domain_equal(const char *a, const char *b)
{
    size_t length = bare_length(a);

    return length != 0 && length == bare_length(b) && equal_bytes(a, b, length);
}

bool domain_is_below(const char *name, const char *parent)
{
    size_t length = bare_length(name), tail = bare_length(parent);

    return tail != 0 && length > tail + 1 && name[length - tail - 1] == '.' &&
           equal_bytes(name + length - tail, parent, tail);
}

bool domain_is_within(const char *name, const char *parent)
{
    return domain_equal(name, parent) || domain_is_below(name, parent);
}

unsigned domain_labels(const char *name)
{
    unsigned labels = 0;
    char before = '.';

    for (; *name != '\0'; name++) {
        labels += before == '.' && *name != '.';
        before = *name;
    }
    return labels;
}

/* ---- whose ----------------------------------------------------------------------------------- */

static pthread_once_t suffixes_once = PTHREAD_ONCE_INIT;
static const psl_ctx_t *suffixes; /* lives as long as the process: any thread may be reading it */

/* The system's list, which gets updates, or the one that libpsl was built with. */
static void load_suffixes(void)
{
    suffixes = psl_latest(NULL);
    if (suffixes == NULL)
        suffixes = psl_builtin();
}

const char *domain_organisation(const char *name)
{
    (void)pthread_once(&suffixes_once, load_suffixes);
    return suffixes != NULL ? psl_registrable_domain(suffixes, name) : NULL;
}

bool domain_is_of(const char *a, const char *b, const char *organisation)
{
    const char *other;

    if (strcmp(a, b) == 0)
        return a[0] != '\0';
    if (organisation == NULL)
        return false;
    other = domain_organisation(a);
    return other != NULL && strcmp(other, organisation) == 0;
}

/* The part of name that begins one label to the left of `at`, or NULL when nothing is there. */
static const char *one_label_more(const char *name, const char *at)
{
    if (at == name)
        return NULL;
    at--; /* its dot */
    while (at > name && at[-1] != '.')
        at--;
    return at;
}

const char *domain_registrable(const char *name)
{
    const char *suffix = name;

    (void)pthread_once(&suffixes_once, load_suffixes);
    if (suffixes == NULL)
        return NULL;
    /* libpsl finds the registrable domain with both parts of its list only. */
    while (psl_is_public_suffix2(suffixes, suffix, PSL_TYPE_ICANN) == 0) {
        suffix = strchr(suffix, '.');
        if (suffix == NULL)
            return NULL;
        suffix++;
    }
    return one_label_more(name, suffix);
}

bool domain_has_public_suffix(const char *name)
{
    const char *dot = strrchr(name, '.');

    (void)pthread_once(&suffixes_once, load_suffixes);
    /* Without a list, none is known not to be there. */
    return suffixes == NULL || psl_is_public_suffix2(suffixes, dot != NULL ? dot + 1 : name,
                                                     PSL_TYPE_ANY | PSL_TYPE_NO_STAR_RULE) != 0;
}
