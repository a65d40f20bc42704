/* f'...{value!r:format}...': cut into text and fields; the fields' expressions are parsed where
 * they stand, so that errors in them have their place. */
#include "parser_state.h"

#include <string.h>

static void bad_field(Parser *p, Span span, const char *what) {
    if (report_here(p, span))
        diag_error(p->diag, DIAG_bad_fstring, span, "%s", what);
}

static void add_text(Parser *p, FStringParts *parts, Span body, bool raw) {
    if (body.begin == body.end)
        return;
    size_t len;
    FStringPart part = {.text = string_unescape(p, body, raw, &len)};
    vec_push(p->arena, parts, part);
}

/* Where the expression that begins at i ends: at '}', '!r', ':' or '=' outside of brackets. */
static uint32_t expression_end(const char *text, uint32_t i, uint32_t end) {
    int depth = 0;
    for (; i < end; i++) {
        char c = text[i], next = i + 1 < end ? text[i + 1] : 0;
        if (c == '\'' || c == '"') {
            const char *close = memchr(text + i + 1, c, end - i - 1);
            if (!close)
                return end;
            i = (uint32_t)(close - text);
        } else if (strchr("([{", c)) {
            depth++;
        } else if (depth > 0) {
            depth -= strchr(")]}", c) != NULL;
        } else if (strchr("!=<>", c) && next == '=') {
            i++;
        } else if (strchr("}:!=", c)) {
            return i;
        }
    }
    return end;
}

static bool is_blank(const char *text, uint32_t begin, uint32_t end) {
    return strspn(text + begin, " \t\r\n") >= end - begin;
}

/* {expression[=][!r][:format]}: i stands behind the '{'. Gives the place behind the '}'. */
static uint32_t add_field(Parser *p, FStringParts *parts, uint32_t i, uint32_t end) {
    const char *text = p->source->text;
    uint32_t open = i - 1, stop = expression_end(text, i, end);
    FStringPart part = {.format = ""};
    if (is_blank(text, i, stop)) {
        bad_field(p, (Span){open, stop + 1}, "expected an expression between '{' and '}'");
        return stop < end ? stop + 1 : end;
    }
    part.value = parse_field(p, i, stop);
    if (stop < end && text[stop] == '=') {
        FStringPart shown = {.text = arena_strndup(p->arena, text + i, stop + 1 - i)};
        vec_push(p->arena, parts, shown);
        part.conversion = 'r';
        stop++;
    }
    if (stop + 1 < end && text[stop] == '!') {
        part.conversion = text[stop + 1] == 's' ? 's' : 'r';
        if (!strchr("rsa", text[stop + 1]))
            bad_field(p, (Span){stop, stop + 2}, "expected !r or !s after the expression");
        stop += 2;
    }
    if (stop < end && text[stop] == ':') {
        uint32_t format = ++stop;
        while (stop < end && text[stop] != '}' && text[stop] != '{')
            stop++;
        part.format = arena_strndup(p->arena, text + format, stop - format);
        if (stop < end && text[stop] == '{')
            bad_field(p, (Span){stop, stop + 1}, "fields within a format are not supported");
    }
    while (stop < end && text[stop] == ' ')
        stop++;
    if (stop >= end || text[stop] != '}')
        bad_field(p, (Span){open, open + 1}, "this '{' is never closed");
    vec_push(p->arena, parts, part);
    return stop < end ? stop + 1 : end;
}

Expr *string_formatted(Parser *p, Span body, bool raw, Span span) {
    const char *text = p->source->text;
    Expr *e = expr_new(p, EXPR_FSTRING, span);
    FStringParts *parts = &e->u.fstring;
    uint32_t begin = body.begin;
    for (uint32_t i = begin; i < body.end;) {
        bool doubled = i + 1 < body.end && text[i + 1] == text[i];
        if (text[i] != '{' && text[i] != '}') {
            i++;
        } else if (doubled) { /* {{ is a brace */
            add_text(p, parts, (Span){begin, i + 1}, raw);
            begin = i += 2;
        } else if (text[i] == '}') {
            bad_field(p, (Span){i, i + 1}, "a single '}' in an f-string: write '}}'");
            i++;
        } else {
            add_text(p, parts, (Span){begin, i}, raw);
            begin = i = add_field(p, parts, i + 1, body.end);
        }
    }
    add_text(p, parts, (Span){begin < body.end ? begin : body.end, body.end}, raw);
    for (size_t i = 0; i < parts->count; i++)
        if (parts->at[i].value && parts->at[i].value->depth >= e->depth)
            e->depth = parts->at[i].value->depth + 1;
    return e;
}
