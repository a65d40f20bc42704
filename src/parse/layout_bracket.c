/* Brackets: each finds its counterpart, or is closed by us where the file forgot to. */
#include "parser_state.h"

#include <string.h>

bool bracket_is_opener(int kind) {
    return kind == '(' || kind == '[' || kind == '{';
}

bool bracket_is_closer(int kind) {
    return kind == ')' || kind == ']' || kind == '}';
}

char bracket_closer(char opener) {
    return opener == '(' ? ')' : opener == '[' ? ']' : '}';
}

static Bracket *innermost(Layout *l) {
    return &l->brackets.at[l->brackets.count - 1];
}

void bracket_open(Parser *p, Token t) {
    Layout *l = &p->layout;
    Bracket b = {.opener = (char)t.kind, .offset = t.span.begin};
    vec_push(p->arena, &l->brackets, b);
    l->brackets_kept = l->brackets.count;
    if (l->brackets.count <= NESTED_BRACKETS_MAX)
        return;
    if (report_here(p, t.span))
        diag_error(p->diag, DIAG_nested_too_deeply, t.span, "more than %d brackets in each other",
                   NESTED_BRACKETS_MAX);
    p->stopped = true;
}

void bracket_report_open(Parser *p) {
    const Bracket *b = innermost(&p->layout);
    Span span = {b->offset, b->offset + 1};
    if (!report_here(p, span))
        return;
    diag_error(p->diag, DIAG_bracket_never_closed, span, "'%c' is never closed", b->opener);
    diag_label(p->diag, "a '%c' is missing", bracket_closer(b->opener));
}

bool bracket_close(Parser *p, Token *t) {
    Layout *l = &p->layout;
    if (l->brackets.count == 0) {
        if (report_here(p, t->span))
            diag_error(p->diag, DIAG_bracket_mismatch, t->span, "'%c' closes nothing", t->kind);
        return false;
    }
    const Bracket *b = innermost(l);
    if (bracket_closer(b->opener) != t->kind) {
        if (report_here(p, t->span)) {
            diag_error(p->diag, DIAG_bracket_mismatch, t->span, "'%c' does not close '%c'", t->kind,
                       b->opener);
            diag_label(p->diag, "expected '%c'", bracket_closer(b->opener));
            diag_note(p->diag, (Span){b->offset, b->offset + 1}, "'%c' is opened here", b->opener);
        }
        size_t outer = l->brackets.count;
        while (outer > 0 && bracket_closer(l->brackets.at[outer - 1].opener) != t->kind)
            outer--;
        if (outer > 0) {
            l->brackets_kept = outer;
            layout_hold(l, *t);
            return false;
        }
        t->kind = bracket_closer(b->opener);
    }
    l->brackets.count--;
    l->brackets_kept = l->brackets.count;
    return true;
}

/* The offset behind the string that begins at i, of whichever quotes. */
static uint32_t after_string(const Source *s, uint32_t i) {
    char quote = s->text[i];
    bool triple = s->text[i + 1] == quote && i + 2 < s->len && s->text[i + 2] == quote;
    for (i += triple ? 3 : 1; i < s->len; i++) {
        if (s->text[i] == '\\')
            i++;
        else if (!triple && (s->text[i] == quote || s->text[i] == '\n'))
            return i + 1;
        else if (triple && strncmp(s->text + i, (char[]){quote, quote, quote, 0}, 3) == 0)
            return i + 3;
    }
    return s->len;
}

/* Looks ahead from `i`, roughly, for the bracket that closes what is open there; 0: there is none.
 */
static uint32_t find_closer(const Source *s, uint32_t i) {
    int depth = 0;
    while (i < s->len) {
        char c = s->text[i];
        if (c == '\'' || c == '"') {
            i = after_string(s, i);
            continue;
        }
        if (c == '#')
            while (i + 1 < s->len && s->text[i + 1] != '\n')
                i++;
        depth += bracket_is_opener(c) - bracket_is_closer(c);
        if (depth < 0)
            return i;
        i++;
    }
    return 0;
}

static bool begins_statements_only(int kind) {
    return kind == TOKEN_DEF || kind == TOKEN_IMPORT || kind == TOKEN_RETURN ||
           kind == TOKEN_ASSERT || kind == TOKEN_PASS || kind == TOKEN_BREAK ||
           kind == TOKEN_CONTINUE || kind == TOKEN_DEL || kind == TOKEN_FROM ||
           kind == TOKEN_UNSUPPORTED;
}

static bool ends_operand(int kind) {
    return kind == TOKEN_NAME || kind == TOKEN_NUMBER || kind == TOKEN_STRING ||
           bracket_is_closer(kind) || kind == TOKEN_NONE || kind == TOKEN_TRUE ||
           kind == TOKEN_FALSE;
}

static int column_of(const Source *s, uint32_t offset) {
    return (int)source_position(s, offset).column;
}

/* t begins a line within brackets: is it really the next statement? */
bool bracket_was_forgotten(Parser *p, Token t) {
    Layout *l = &p->layout;
    if (begins_statements_only(t.kind))
        return true;
    bool keyword =
        t.kind == TOKEN_IF || t.kind == TOKEN_FOR; /* both stand within expressions, too */
    if ((t.kind != TOKEN_NAME && !keyword) || l->inside)
        return false;
    bool to_the_left =
        column_of(p->source, t.span.begin) <= column_of(p->source, l->first.span.begin);
    if (!to_the_left && (keyword || !ends_operand(l->last)))
        return false;
    Bracket *b = innermost(l);
    if (!b->closed_at)
        b->closed_at = find_closer(p->source, t.span.begin);
    return !b->closed_at;
}

/* The closing bracket that the file lacks. */
Token bracket_missing(Layout *l) {
    char closer = bracket_closer(innermost(l)->opener);
    l->brackets.count--;
    return token_at(closer, l->last_end);
}
