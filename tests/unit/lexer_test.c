#include "parse/parser_state.h"
#include "lexer.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

int yylex(YYSTYPE *value, Span *span, Parser *p);

typedef struct Lexer {
    Parser parser;
    Ast ast;
} Lexer;

static void start(Lexer *l, const char *text) {
    memset(l, 0, sizeof *l);
    Parser *p = &l->parser;
    p->arena = arena_new();
    p->source = source_from_text(p->arena, "t.kmodel", text, strlen(text));
    p->diag = diag_new(p->arena);
    diag_set_source(p->diag, p->source);
    p->ast = &l->ast;
    p->layout.fresh = p->layout.line_start = true;
    vec_push(p->arena, &p->layout.indents, (Indent){0});
    scan_lex_init_extra(p, &p->scanner);
    scan__scan_bytes(text, (int)strlen(text), p->scanner);
}

static void stop(Lexer *l) {
    scan_lex_destroy(l->parser.scanner);
    arena_free(l->parser.arena);
}

static const char *token_text(int kind) {
    static char one[2];
    switch (kind) {
    case TOKEN_NEWLINE:
        return "NL";
    case TOKEN_INDENT:
        return "IN";
    case TOKEN_DEDENT:
        return "DE";
    case TOKEN_NAME:
        return "n";
    case TOKEN_NUMBER:
        return "0";
    case TOKEN_STRING:
        return "s";
    case TOKEN_END:
        return "END";
    case TOKEN_FOR:
        return "for";
    case TOKEN_IF:
        return "if";
    case TOKEN_ELSE:
        return "else";
    case TOKEN_PASS:
        return "pass";
    case TOKEN_START_FILE:
        return "";
    }
    one[0] = (char)kind;
    return kind < 256 ? one : "?";
}

/* The kinds of the tokens in one line. */
static char *tokens(Lexer *l) {
    char *text = arena_strdup(l->parser.arena, "");
    int kind;
    do {
        YYSTYPE value;
        Span span;
        kind = yylex(&value, &span, &l->parser);
        cr_assert_leq(span.begin, span.end);
        cr_assert_leq(span.end, l->parser.source->len);
        text = arena_printf(l->parser.arena, *text ? "%s %s" : "%s%s", text, token_text(kind));
    } while (kind != TOKEN_END);
    return text;
}

typedef struct Case {
    const char *text, *tokens;
    int errors;
} Case;

static void check(const Case *cases, size_t count) {
    for (size_t i = 0; i < count; i++) {
        Lexer l;
        start(&l, cases[i].text);
        cr_expect_str_eq(tokens(&l), cases[i].tokens, "%s", cases[i].text);
        cr_expect_eq(diag_errors(l.parser.diag), cases[i].errors, "%s", cases[i].text);
        stop(&l);
    }
}

Test(lexer, lines) {
    static const Case cases[] = {
        {"", "END", 0},
        {"x", "n NL END", 0},
        {"x\n\n\n# comment\n  # indented\ny", "n NL n NL END", 0},
        {"x = \\\n  3\n", "n = 0 NL END", 0},
        {"x\r\ny\rz\n", "n NL n NL n NL END", 0},
        {"x; y\n", "n ; n NL END", 0},
        {"   \n\t\n", "END", 0},
    };
    check(cases, COUNT_OF(cases));
}

Test(lexer, indentation) {
    static const Case cases[] = {
        {"if x:\n  y\nz", "if n : NL IN n NL DE n NL END", 0},
        {"if x:\n  y\n  if z:\n    w\n\nv\n", "if n : NL IN n NL if n : NL IN n NL DE DE n NL END",
         0},
        {"if x:\n  y", "if n : NL IN n NL DE END", 0},
        {"if x:\n\ty\n\tz\n", "if n : NL IN n NL n NL DE END", 0},
        {"if x:\n        y\n\tz\n", "if n : NL IN n NL n NL DE END", 1},
        {"if x:\n    y\n  z\nw", "if n : NL IN n NL DE n NL n NL END", 1},
        {"x\n  y\nz", "n NL n NL n NL END", 1},
        {"if x:\ny", "if n : NL IN DE n NL END", 1},
        {"if x: pass\nelse:\n  y\n", "if n : pass NL else : NL IN n NL DE END", 0},
    };
    check(cases, COUNT_OF(cases));
}

Test(lexer, brackets_continue_lines) {
    static const Case cases[] = {
        {"x(\n  a,\n\n# comment\nb)\nc", "n ( n , n ) NL n NL END", 0},
        {"[\n1\n]", "[ 0 ] NL END", 0},
        {"x = [1,\npass", "n = [ 0 , ] NL pass NL END", 1},
        {"[(1]\nx", "[ ( 0 ) ] NL n NL END", 1},
        {"x)", "n NL END", 1},
        {"(1]", "( 0 ) NL END", 1},
        {"(", "( ) NL END", 1},
    };
    check(cases, COUNT_OF(cases));
}

Test(lexer, strings_are_one_token) {
    static const Case cases[] = {
        {"'a' \"b\" '''c\nd''' \"\"\"e\"f\"\"\"", "s s s s NL END", 0},
        {"'a\\'b' r'\\' x'", "s s NL END", 0},
        {"''''a'''", "s NL END", 0},
        {"'' \"\"", "s s NL END", 0},
        {"'a\\\nb'", "s NL END", 0},
        {"'a\nb", "s NL n NL END", 1},
        {"'''a\nb", "s NL END", 1},
    };
    check(cases, COUNT_OF(cases));
}

static Expr *only(Lexer *l, const char *text) {
    YYSTYPE value;
    Span span;
    start(l, text);
    yylex(&value, &span, &l->parser); /* START_FILE */
    yylex(&value, &span, &l->parser);
    return value.expr;
}

Test(lexer, integers) {
    static const struct {
        const char *text;
        int64_t value;
    } cases[] = {{"0", 0},     {"00", 0},
                 {"12", 12},   {"1_000", 1000},
                 {"0x1F", 31}, {"0XfF", 255},
                 {"0b101", 5}, {"0o17", 15},
                 {"0x_f", 15}, {"9223372036854775807", INT64_MAX}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Lexer l;
        Expr *e = only(&l, cases[i].text);
        cr_expect_eq(e->kind, EXPR_INT, "%s", cases[i].text);
        cr_expect_eq(e->u.integer, cases[i].value, "%s", cases[i].text);
        stop(&l);
    }
}

Test(lexer, floats) {
    static const struct {
        const char *text;
        double value;
    } cases[] = {{"1.", 1},          {".5", .5}, {"1e3", 1000}, {"1.5E-3", .0015},
                 {"1_0.2_5", 10.25}, {"0e0", 0}, {"09.5", 9.5}, {"1e400", HUGE_VAL}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Lexer l;
        Expr *e = only(&l, cases[i].text);
        cr_expect_eq(e->kind, EXPR_FLOAT, "%s", cases[i].text);
        cr_expect_eq(e->u.number, cases[i].value, "%s", cases[i].text);
        stop(&l);
    }
}

Test(lexer, numbers_that_are_none) {
    static const char *const cases[] = {"1_",  "1__0", "0x",   "0xg",
                                        "0b2", "0o8",  "012",  "3j",
                                        "1.e", "12ab", "1_.5", "9223372036854775808"};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Lexer l;
        cr_expect_eq(only(&l, cases[i])->kind, EXPR_ERROR, "%s", cases[i]);
        cr_expect_eq(diag_errors(l.parser.diag), 1, "%s", cases[i]);
        stop(&l);
    }
}

Test(lexer, escapes) {
    static const struct {
        const char *text, *value;
    } cases[] = {
        {"'a\\nb\\t'", "a\nb\t"},  {"r'a\\n'", "a\\n"}, {"'\\x41\\101'", "AA"},
        {"'\\u00e9'", "\xC3\xA9"}, {"'\\q'", "\\q"},    {"'a\\\nb'", "ab"},
        {"'''a\r\nb'''", "a\nb"},  {"'\\\\'", "\\"},    {"'\\U0001F600'", "\xF0\x9F\x98\x80"}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Lexer l;
        Expr *e = only(&l, cases[i].text);
        cr_expect_eq(e->kind, EXPR_STR, "%s", cases[i].text);
        cr_expect_str_eq(e->u.str.text, cases[i].value, "%s", cases[i].text);
        stop(&l);
    }
}
