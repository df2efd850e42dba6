/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * options.c - command-line options from rows
 *
 * PURPOSE  "--name value", "--name=value", "--" ends the options. getopt_long() is not used: it
 *          prints what it was given as it is, guesses abbreviations, and knows no "did you mean".
 * CONTRACT A mistake is reported with what is accepted. A value may begin with '-' (HELO
 *          "-x.example" is a case worth explaining), but a value that is itself an option must be
 *          glued on with '='.
 * THREADS  one.
 */
#include <stdlib.h>
#include <string.h>

#include "tools/field.h"
#include "tools/tool.h"

enum { OPTION_COLUMN = 27 };

int field_list_add(struct field_list *list, const char *item)
{
    const char **grown = realloc(list->items, (list->count + 2) * sizeof(*grown));

    if (grown == NULL)
        return 0;
    list->items = grown;
    list->items[list->count++] = item;
    list->items[list->count] = NULL;
    return 1;
}

int field_list_keep(struct field_list *list)
{
    if (list->items == NULL)
        list->items = calloc(1, sizeof(*list->items));
    return list->items != NULL;
}

void field_list_fini(struct field_list *list)
{
    free(list->items);
    list->items = NULL;
    list->count = 0;
}

/* The row whose option is the first `length` bytes of s, or NULL. */
static const struct field *find(const struct field *fields, size_t count, const char *s,
                                size_t length)
{
    for (size_t i = 0; i < count; i++)
        if (fields[i].option != NULL && strlen(fields[i].option) == length &&
            memcmp(fields[i].option, s, length) == 0)
            return &fields[i];
    return NULL;
}

static int store_port(const char *command, const struct field *field, unsigned *port,
                      const char *value)
{
    char quoted[PRINT_QUOTE_SIZE];
    size_t digits = strspn(value, "0123456789");
    unsigned long number = digits > 0 && digits <= 5 ? strtoul(value, NULL, 10) : 0;

    if (value[digits] != '\0' || number < 1 || number > 65535) {
        print_fault(command, "%s takes a port, 1 to 65535, not %s", field->option,
                    print_quote(quoted, value));
        return 0;
    }
    *port = (unsigned)number;
    return 1;
}

static int twice(const char *command, const struct field *field)
{
    print_fault(command, "%s is given twice", field->option);
    return 0;
}

static int store_text(const char *command, const struct field *field, const char **text,
                      const char *value)
{
    if (*text != NULL)
        return twice(command, field);
    *text = value;
    return 1;
}

static int store_bytes(const char *command, const struct field *field, struct field_bytes *bytes,
                       const char *value)
{
    if (bytes->data != NULL)
        return twice(command, field);
    bytes->data = value;
    bytes->length = strlen(value);
    return 1;
}

static int store(const char *command, const struct field *field, void *target, const char *value)
{
    void *place = (char *)target + field->offset;

    switch (field->kind) {
    case FIELD_FLAG:
        *(int *)place = 1;
        return 1;
    case FIELD_TEXT:
        return store_text(command, field, place, value);
    case FIELD_BYTES:
        return store_bytes(command, field, place, value);
    case FIELD_PORT:
        return store_port(command, field, place, value);
    case FIELD_LIST:
        if (field_list_add(place, value))
            return 1;
        print_fault(command, "%s", helo_status_text(HELO_NOMEM));
        return 0;
    case FIELD_NOTE:
    default:
        return 1;
    }
}

static void complain_unknown(const char *command, const struct field *fields, size_t count,
                             const char *word, size_t length)
{
    char quoted[PRINT_QUOTE_SIZE], name[PRINT_QUOTE_SIZE];
    const char *meant;

    (void)snprintf(name, sizeof(name), "%.*s", (int)length, word);
    meant = print_suggest(name, fields, count, sizeof(*fields), offsetof(struct field, option));
    if (meant != NULL)
        print_fault(command, "no option %s; did you mean %s?", print_quote(quoted, name), meant);
    else
        print_fault(command, "no option %s; 'helocheck %s --help' lists them",
                    print_quote(quoted, name), command);
}

/* Reads the option at argv[i]; returns how many words it took, or 0 after a complaint. */
static int parse_one(int argc, char **argv, int i, const struct field *fields, size_t count,
                     void *target)
{
    const char *word = strcmp(argv[i], "-h") == 0 ? "--help" : argv[i];
    const char *glued = strchr(word, '=');
    size_t length = glued != NULL ? (size_t)(glued - word) : strlen(word);
    const struct field *field = find(fields, count, word, length);

    if (field == NULL) {
        complain_unknown(argv[0], fields, count, word, length);
        return 0;
    }
    if (field->argument == NULL && glued != NULL) {
        print_fault(argv[0], "%s takes no value", field->option);
        return 0;
    }
    if (field->argument == NULL)
        return store(argv[0], field, target, "") ? 1 : 0;
    if (glued != NULL)
        return store(argv[0], field, target, glued + 1) ? 1 : 0;
    if (i + 1 >= argc || find(fields, count, argv[i + 1], strlen(argv[i + 1])) != NULL) {
        print_fault(argv[0], "%s wants a value: %s %s", field->option, field->option,
                    field->argument);
        return 0;
    }
    return store(argv[0], field, target, argv[i + 1]) ? 2 : 0;
}

int options_parse(int argc, char **argv, const struct field *fields, size_t count, void *target)
{
    int i = 1;

    while (i < argc && argv[i][0] == '-' && argv[i][1] != '\0') {
        int taken;

        if (strcmp(argv[i], "--") == 0)
            return i + 1;
        taken = parse_one(argc, argv, i, fields, count, target);
        if (taken == 0)
            return -1;
        i += taken;
    }
    return i;
}

void options_help(const struct field *fields, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct field *field = &fields[i];
        int used;

        if (field->option == NULL)
            continue;
        used = printf("  %s%s%s", field->option, field->argument == NULL ? "" : " ",
                      field->argument == NULL ? "" : field->argument);
        (void)printf("%*s", used < OPTION_COLUMN ? OPTION_COLUMN - used : 1, "");
        print_folded(stdout, OPTION_COLUMN, field->help);
    }
}
