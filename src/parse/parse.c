/* parse(): runs the grammar over a source. */
#include "parser_state.h"
#include "lexer.h"
#include "utf8.h"

#include <stdlib.h>

bool report_here(Parser *p, Span span) {
    uint32_t line = source_position(p->source, span.begin).line;
    if (p->stopped || (p->reported > 0 && line == p->reported_line))
        return false;
    p->reported++;
    p->reported_line = line;
    p->reported_at = span.begin;
    if (p->reported >= REPORTED_MAX)
        p->stopped = true;
    return true;
}

static void run(Parser *p, Span range) {
    p->base = range.begin;
    p->layout.line_start = p->layout.fresh = !p->layout.inside;
    vec_push(p->arena, &p->layout.indents, (Indent){0});
    if (scan_lex_init_extra(p, &p->scanner) != 0)
        abort(); /* out of memory */
    scan__scan_bytes(p->source->text + range.begin, (int)(range.end - range.begin), p->scanner);
    yyparse(p);
    scan_lex_destroy(p->scanner);
}

Expr *parse_field(Parser *outer, uint32_t begin, uint32_t end) {
    Parser p = {.arena = outer->arena,
                .source = outer->source,
                .diag = outer->diag,
                .ast = outer->ast,
                .reported = outer->reported,
                .reported_line = outer->reported_line,
                .reported_at = outer->reported_at,
                .layout.inside = true};
    run(&p, (Span){begin, end});
    outer->reported = p.reported;
    outer->reported_line = p.reported_line;
    outer->reported_at = p.reported_at;
    return p.expression ? p.expression : expr_error(outer, (Span){begin, end});
}

/* As Python: a file with bytes that are no UTF-8, or with NUL, is no text at all, wherever they
 * are. */
static bool report_no_text(const Source *s, Diag *d) {
    uint32_t c;
    for (uint32_t i = 0, n; i < s->len; i += n) {
        n = (uint32_t)utf8_decode(s->text + i, s->len - i, &c);
        bool invalid = c == 0xFFFD && n == 1;
        if (!invalid && c != 0)
            continue;
        diag_error(d, DIAG_stray_character, (Span){i, i + 1},
                   invalid ? "byte 0x%02X: this is not UTF-8 text" : "byte 0x%02X is no text",
                   (unsigned char)s->text[i]);
        diag_help(d, "save the file as UTF-8");
        return true;
    }
    return false;
}

Ast *parse(Arena *a, const Source *source, Diag *d) {
    Ast *ast = arena_alloc(a, sizeof *ast);
    *ast = (Ast){.source = source, .whole = true};
    Parser p = {.arena = a, .source = source, .diag = d, .ast = ast};
    diag_set_source(d, source);
    if (report_no_text(source, d))
        p.stopped = true; /* what follows would be guesses */
    run(&p, (Span){0, source->len});
    if (p.stopped)
        ast->whole = false;
    return ast;
}
