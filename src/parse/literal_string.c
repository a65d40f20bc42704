/* The text of a string: escapes replaced, line breaks as \n. */
#include "parser_state.h"

#include <stdlib.h>
#include <string.h>

typedef struct Text {
    char *bytes; /* as large as the source of the string: escapes only shrink */
    size_t len;
} Text;

static void put_utf8(Text *t, uint32_t c) {
    if (c < 0x80) {
        t->bytes[t->len++] = (char)c;
        return;
    }
    int more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    static const uint32_t leads[] = {0, 0xC0, 0xE0, 0xF0};
    t->bytes[t->len++] = (char)(leads[more] | c >> (6 * more));
    while (more-- > 0)
        t->bytes[t->len++] = (char)(0x80 | (c >> (6 * more) & 0x3F));
}

static void bad_escape(Parser *p, Span span, const char *why) {
    if (!report_here(p, span))
        return;
    diag_error(p->diag, DIAG_bad_escape, span, "bad escape '%.*s' in a string",
               (int)(span.end - span.begin), p->source->text + span.begin);
    diag_label(p->diag, "%s", why);
    diag_help(p->diag, "write r'...' to have backslashes as they are, or double them");
}

/* The value of up to `max` digits at text[*i]; how many there were is added to *i. */
static uint32_t digits(const char *text, uint32_t end, uint32_t *i, int max, int base) {
    char copy[9] = {0}, *stop;
    for (int n = 0; n < max && *i + (uint32_t)n < end; n++)
        copy[n] = text[*i + (uint32_t)n];
    if (copy[0] == '-' || copy[0] == '+' || copy[0] == ' ' || (copy[1] | 0x20) == 'x')
        copy[0] = 0;
    unsigned long value = strtoul(copy, &stop, base);
    *i += (uint32_t)(stop - copy);
    return (uint32_t)value;
}

/* \xhh, \uhhhh, \Uhhhhhhhh: i stands behind the letter. */
static uint32_t hex_escape(Parser *p, uint32_t end, uint32_t i, int count, Text *t) {
    uint32_t first = i, c = digits(p->source->text, end, &i, count, 16);
    if (i != first + (uint32_t)count)
        bad_escape(p, (Span){first - 2, i},
                   count == 2   ? "expected two hexadecimal digits"
                   : count == 4 ? "expected four hexadecimal digits"
                                : "expected eight hexadecimal digits");
    else if (c > 0x10FFFF || (c >= 0xD800 && c < 0xE000))
        bad_escape(p, (Span){first - 2, i}, "there is no such character");
    else
        put_utf8(t, c);
    return i;
}

/* i stands behind the backslash; gives the place behind the escape. */
static uint32_t escape(Parser *p, uint32_t end, uint32_t i, Text *t) {
    static const char letters[] = "\\'\"abfnrtv", meanings[] = "\\'\"\a\b\f\n\r\t\v";
    const char *text = p->source->text;
    char c = text[i];
    const char *known = c ? strchr(letters, c) : NULL;
    if (known) {
        t->bytes[t->len++] = meanings[known - letters];
        return i + 1;
    }
    if (c == '\n' || c == '\r')
        return c == '\r' && text[i + 1] == '\n' ? i + 2 : i + 1;
    if (c >= '0' && c <= '7') {
        put_utf8(t, digits(text, end, &i, 3, 8));
        return i;
    }
    if (c == 'x' || c == 'u' || c == 'U')
        return hex_escape(p, end, i + 1, c == 'x' ? 2 : c == 'u' ? 4 : 8, t);
    if (c == 'N')
        bad_escape(p, (Span){i - 1, i + 1}, "characters by name are not known here");
    t->bytes[t->len++] = '\\'; /* as in Python, an unknown escape stands for itself */
    return i;
}

const char *string_unescape(Parser *p, Span body, bool raw, size_t *len) {
    const char *source = p->source->text;
    Text t = {.bytes = arena_alloc(p->arena, body.end - body.begin + 1)};
    for (uint32_t i = body.begin; i < body.end;) {
        if (source[i] == '\\' && !raw) {
            i = escape(p, body.end, i + 1, &t);
        } else if (source[i] == '\r') {
            t.bytes[t.len++] = '\n';
            i += i + 1 < body.end && source[i + 1] == '\n' ? 2 : 1;
        } else {
            t.bytes[t.len++] = source[i++];
        }
    }
    *len = t.len;
    return t.bytes;
}

Expr *string_plain(Parser *p, Span body, bool raw, Span span) {
    Expr *e = expr_new(p, EXPR_STR, span);
    e->u.str.text = string_unescape(p, body, raw, &e->u.str.len);
    return e;
}
