#include "ast.h"
#include "diag.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

/* The dump of a text, without the places. */
static char *dumped(Arena *a, const char *text, int *errors) {
    Diag *d = diag_new(a);
    Ast *ast = parse(a, source_from_text(a, "t.kmodel", text, strlen(text)), d);
    char *printed;
    size_t size;
    FILE *out = open_memstream(&printed, &size);
    ast_dump(ast, out);
    fclose(out);
    char *copy = arena_alloc(a, size + 1), *to = copy;
    for (const char *from = printed; *from; from++) {
        if (from[0] == ' ' && from[1] == ' ' && from[2] == '[')
            from += strcspn(from, "\n");
        *to++ = *from;
    }
    free(printed);
    *errors = diag_errors(d);
    return copy;
}

Test(parser, precedence) {
    /* Pairs that mean the same, by Python's grammar. */
    static const char *const pairs[][2] = {
        {"a + b * c", "a + (b * c)"},
        {"a - b - c", "(a - b) - c"},
        {"a ** b ** c", "a ** (b ** c)"},
        {"-a ** b", "-(a ** b)"},
        {"a ** -b ** c", "a ** (-(b ** c))"},
        {"a ** -b * c", "(a ** (-b)) * c"},
        {"-a * b", "(-a) * b"},
        {"not a == b", "not (a == b)"},
        {"not a and b", "(not a) and b"},
        {"a or b and c", "a or (b and c)"},
        {"a if b else c if d else e", "a if b else (c if d else e)"},
        {"lambda x: x if y else z", "lambda x: (x if y else z)"},
        {"a | b ^ c & d << e + f", "a | (b ^ (c & (d << (e + f))))"},
        {"a < b + c", "a < (b + c)"},
        {"a in b + c", "a in (b + c)"},
        {"a is not b", "a is not (b)"},
        {"a not in b", "a not in (b)"},
        {"~a.b[c](d)", "~(((a.b)[c])(d))"},
        {"a, b = c, d", "(a, b) = (c, d)"},
        {"x = a,", "x = (a,)"},
        {"f(a)(b)", "(f(a))(b)"},
        {"a // b % c @ d", "((a // b) % c) @ d"},
        {"'a' 'b'", "'ab'"},
        {"f'a' 'b'", "f'a' f'b'"},
        {"x: int = 3", "x = 3"},
    };
    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        Arena *a = arena_new();
        int errors[2];
        cr_expect_str_eq(dumped(a, pairs[i][0], &errors[0]), dumped(a, pairs[i][1], &errors[1]));
        cr_expect(errors[0] == 0 && errors[1] == 0, "%s", pairs[i][0]);
        arena_free(a);
    }
}

Test(parser, parentheses_end_a_chain) {
    Arena *a = arena_new();
    int errors;
    cr_expect_str_eq(dumped(a, "a < b < c", &errors), "expression\n  compare < <\n    name a\n"
                                                      "    name b\n    name c\n");
    cr_expect_str_eq(dumped(a, "(a < b) < c", &errors),
                     "expression\n  compare <\n    compare <\n      name a\n      name b\n"
                     "    name c\n");
    arena_free(a);
}

Test(parser, accepts) {
    static const char *const texts[] = {
        "def f(a, b=1,): return a",
        "def f(a: int, b: str = 'x') -> int:\n    return a",
        "from a import (b, c as d,)",
        "from a.b import *",
        "import a.b as c, d",
        "for a, b in c: pass\nelse: pass",
        "for (a, b), c in d:\n    pass",
        "x[1], y.z = 1, 2",
        "a = b = c",
        "a, *b = c",
        "[*a, *b]",
        "f(*a, **b, c=1)",
        "f(x for x in y if z)",
        "[x for x in y if a if b for z in w]",
        "{a: b for a in c}",
        "x[::], x[1:], x[:, 1], x[...]",
        "lambda: 0",
        "lambda x, y=1, : x",
        "if a: pass\nelif b: pass\nelse: pass",
        "x = [\n1,\n]\n",
        "assert a, b",
        "del a, b[c]",
        "return",
        "print(f'{a!r:>10} {b=} {c[\"d\"]}')",
        "x = ()\ny = []\nz = {}",
    };
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        Arena *a = arena_new();
        int errors;
        dumped(a, texts[i], &errors);
        cr_expect_eq(errors, 0, "%s", texts[i]);
        arena_free(a);
    }
}

Test(parser, goes_on_after_mistakes) {
    Arena *a = arena_new();
    int errors;
    cr_expect_str_eq(dumped(a, "x = = 1\ny = f(1 2, 3)\nz = 4\n", &errors),
                     "lost\nassign\n  name y\n  call\n    name f\n    error\n    int 3\n"
                     "assign\n  name z\n  int 4\n");
    cr_expect_eq(errors, 2);
    arena_free(a);
}

Test(parser, a_statement_that_is_left_out_is_remembered) {
    Arena *a = arena_new();
    Diag *d = diag_new(a);
    const char *lost = "while x:\n    pass\n", *kept = "x = = 1\n";
    cr_expect_not(parse(a, source_from_text(a, "t", lost, strlen(lost)), d)->whole);
    cr_expect(parse(a, source_from_text(a, "t", kept, strlen(kept)), d)->whole);
    arena_free(a);
}
