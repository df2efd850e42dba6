/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * html.c - see html.h
 */
#include "tools/replay/html.h"

#include <string.h>

void html_text(FILE *to, const char *text)
{
    for (; *text != '\0'; text++) {
        switch (*text) {
        case '&':
            (void)fputs("&amp;", to);
            break;
        case '<':
            (void)fputs("&lt;", to);
            break;
        case '>':
            (void)fputs("&gt;", to);
            break;
        case '"':
            (void)fputs("&quot;", to);
            break;
        case '\'':
            (void)fputs("&#39;", to);
            break;
        default:
            (void)fputc((unsigned char)*text >= 0x20 && *text != 0x7f ? *text : '?', to);
            break;
        }
    }
}

void html_element(FILE *to, const char *tag, const char *text)
{
    (void)fprintf(to, "<%s>", tag);
    html_text(to, text);
    (void)fprintf(to, "</%.*s>", (int)strcspn(tag, " "), tag);
}

void html_lines(FILE *to, const char *text)
{
    (void)fputs("<pre>", to);
    for (size_t length; *text != '\0'; text += length) {
        char line[EXEMPTION_SIZE];

        length = strcspn(text, "\n");
        (void)snprintf(line, sizeof(line), "%.*s", (int)length, text);
        html_text(to, line);
        (void)fputc('\n', to);
        length += text[length] == '\n';
    }
    (void)fputs("</pre>", to);
}

void html_cell_number(FILE *to, unsigned long long number)
{
    char text[REPORT_NUMBER];

    (void)fprintf(to, "<td class=\"n\">%s</td>", report_number(text, number));
}
