/* Indentation: the blanks at the beginning of a line against the blocks around it. */
#include "parser_state.h"

static Indent measure(const Source *s, uint32_t offset) {
    Position at = source_position(s, offset);
    Indent indent = {.offset = offset};
    for (uint32_t i = s->lines[at.line - 1]; i < offset; i++) {
        if (s->text[i] == '\f')
            indent.column = indent.narrow = 0;
        else
            indent.narrow++, indent.column += s->text[i] == '\t' ? 8 - indent.column % 8 : 1;
    }
    return indent;
}

/* The blanks before the first word of its line. */
static Span blanks_before(const Source *s, uint32_t offset) {
    return (Span){s->lines[source_position(s, offset).line - 1], offset};
}

static void report_mixed(Parser *p, Indent here, Indent other) {
    Span span = blanks_before(p->source, here.offset);
    if (!report_here(p, span))
        return;
    diag_error(p->diag, DIAG_mixed_indentation, span,
               "indented with tabs and spaces in a way that depends on the width of a tab");
    diag_note(p->diag, blanks_before(p->source, other.offset), "this line is indented differently");
    diag_help(p->diag, "use four spaces everywhere");
}

static bool agree(Indent a, Indent b) {
    return (a.column > b.column) - (a.column < b.column) ==
           (a.narrow > b.narrow) - (a.narrow < b.narrow);
}

/* Which block the line belongs to is a guess: what the file means is not known. */
static void report_no_level(Parser *p, Indent here, Indent outer) {
    p->ast->whole = false;
    Span span = blanks_before(p->source, here.offset);
    if (!report_here(p, span))
        return;
    diag_error(p->diag, DIAG_indentation_mismatch, span,
               "this line's indentation matches no block around it");
    Span blanks = blanks_before(p->source, outer.offset);
    diag_note(p->diag, outer.column ? blanks : (Span){outer.offset, outer.offset + 1},
              "the block outside is indented by %d", outer.column);
}

void indent_report_no_block(Parser *p, uint32_t offset) {
    const Token *first = &p->layout.first;
    if (!report_here(p, (Span){offset, offset}))
        return;
    diag_error(p->diag, DIAG_block_missing, (Span){offset, offset},
               "expected an indented block after '%.*s'",
               (int)(first->span.end - first->span.begin), p->source->text + first->span.begin);
    diag_note(p->diag, first->span, "the block belongs here");
    diag_help(p->diag, "indent its lines by four spaces; an empty block is written 'pass'");
}

static void push_indent(Parser *p, Indent here, bool silent) {
    here.silent = silent;
    vec_push(p->arena, &p->layout.indents, here);
    if (p->layout.indents.count > NESTED_BLOCKS_MAX) {
        Span span = blanks_before(p->source, here.offset);
        if (report_here(p, span))
            diag_error(p->diag, DIAG_nested_too_deeply, span, "more than %d blocks in each other",
                       NESTED_BLOCKS_MAX);
        p->stopped = true;
    }
}

bool indent_is_due_after(int kind) {
    return kind == TOKEN_FOR || kind == TOKEN_IF || kind == TOKEN_ELIF || kind == TOKEN_ELSE ||
           kind == TOKEN_DEF || kind == TOKEN_UNSUPPORTED;
}

/* Compares the line's indentation with the blocks around it. Gives INDENT if it opens one, sets
 * l->dedents if it ends some. */
bool indent_compare(Parser *p, Token t) {
    Layout *l = &p->layout;
    Indent here = measure(p->source, t.span.begin);
    Indent top = l->indents.at[l->indents.count - 1];
    bool opens = l->opens;
    l->opens = false;
    if (!agree(here, top))
        report_mixed(p, here, top);
    if (here.column > top.column) {
        if (!opens && !top.silent && report_here(p, blanks_before(p->source, t.span.begin))) {
            diag_error(p->diag, DIAG_unexpected_indent, blanks_before(p->source, t.span.begin),
                       "this line is indented, but no block begins here");
        }
        push_indent(p, here, !opens);
        return opens;
    }
    bool empty = opens && l->last == ':';
    if (empty) {
        indent_report_no_block(p, t.span.begin);
        l->dedents++;
    }
    while (here.column < top.column) {
        l->dedents += !top.silent;
        l->indents.count--;
        top = l->indents.at[l->indents.count - 1];
    }
    if (here.column > top.column) {
        report_no_level(p, here, top);
        push_indent(p, here, true);
    }
    return empty;
}
