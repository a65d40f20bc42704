/* Programs and what they print. tests/keras/eval_diff.py holds many more against Python. */
#include "check.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

typedef struct Run {
    char *printed;
    int errors, proved;
    const char *weights;
} Run;

static Run run(Arena *a, const char *text) {
    Run r = {0};
    size_t size;
    FILE *out = open_memstream(&r.printed, &size);
    Diag *d = diag_new(a);
    CheckOptions options = {.out = out};
    const Source *source = source_from_text(a, "test.kmodel", text, strlen(text));
    const Ast *ast = parse(a, source, d);
    const Program *p = check(a, ast, &options, namer_new(a), d);
    fclose(out);
    r.errors = diag_errors(d);
    r.proved = p ? p->asserts_proved : 0;
    r.weights = p ? p->weights_path : NULL;
    return r;
}

#define MODEL "model = Sequential([Input((4,)), Dense(2)])\n"

static void expect_print(const char *text, const char *expected) {
    Arena *a = arena_new();
    Run r = run(a, arena_printf(a, "%s" MODEL, text));
    cr_expect_eq(r.errors, 0, "%s", text);
    cr_expect_str_eq(r.printed, expected);
    free(r.printed);
    arena_free(a);
}

static void expect_errors(const char *text, int errors) {
    Arena *a = arena_new();
    Run r = run(a, arena_printf(a, "%s" MODEL, text));
    cr_expect_eq(r.errors, errors, "%d errors: %s", r.errors, text);
    free(r.printed);
    arena_free(a);
}

Test(eval, division_floors_as_in_python) {
    expect_print("print(-7 // 2, -7 % 3, 7 % -3, 7 / 2, -7.5 // 2)\n", "-4 2 -2 3.5 -4.0\n");
}

Test(eval, true_division_of_large_ints_rounds_once) {
    expect_print("print(9007199254740993 / 3, 9223372036854775807 / 9223372036854775806)\n",
                 "3002399751580331.0 1.0\n");
}

Test(eval, integers_are_exact_or_an_error) {
    expect_print("print(2 ** 62 + (2 ** 62 - 1), (-2) ** 63)\n",
                 "9223372036854775807 -9223372036854775808\n");
    expect_errors("x = 2 ** 63\n", 1);
    expect_errors("x = 3037000500 * 3037000500\n", 1);
}

Test(eval, comprehensions_have_their_own_scope) {
    expect_print("i = 7\nx = [i for i in range(3)]\nprint(i, x)\n", "7 [0, 1, 2]\n");
}

Test(eval, closures_see_later_assignments) {
    expect_print("def f():\n    n = 1\n    def g():\n        return n\n    n = 2\n    return g()\n"
                 "print(f())\n",
                 "2\n");
}

Test(eval, lists_are_shared) {
    expect_print("a = [1]\nb = a\nb += [2]\nprint(a, a is b)\n", "[1, 2] True\n");
}

Test(eval, one_mistake_is_one_error) {
    expect_errors("n = undefined\nm = n + 1\nk = [m] * 2\nprint(k[0], f'{m}', undefined)\n"
                  "if m > 3:\n    z = 1\nprint(z)\nassert m == 4\n",
                  1);
}

Test(eval, recursion_is_an_error_however_it_hides) {
    expect_errors("def f(n):\n    return g(n)\ndef g(n):\n    return f(n)\nf(1)\n", 1);
    expect_errors("f = lambda x: x(x)\nf(f)\n", 1);
}

Test(eval, hostile_files_end) {
    expect_errors("for i in range(10 ** 18):\n    pass\n", 1);
    expect_errors("x = 'a' * 10 ** 18\n", 1);
    expect_errors("a = [1]\nfor x in a:\n    a.append(x)\n", 1);
}

Test(check, asserts_are_counted_or_refuted) {
    Arena *a = arena_new();
    Run r =
        run(a, MODEL "assert model.count_params() == 10\nassert model.output_shape == (None, 2)\n"
                     "model.load_weights('best.weights.h5')\n");
    cr_expect_eq(r.proved, 2);
    cr_expect_eq(r.errors, 0);
    cr_expect_str_eq(r.weights, "best.weights.h5");
    free(r.printed);
    arena_free(a);
    expect_errors(MODEL "assert model.count_params() == 11\n", 1);
}

Test(check, every_path_to_a_layer_is_the_same_layer) {
    expect_print("import keras, tensorflow as tf\nfrom tensorflow.keras import layers as L\n"
                 "from keras.layers import Dense as FC\n"
                 "print(FC is L.Dense, tf.keras.layers.Dense is keras.layers.Dense, Dense is FC)\n",
                 "True True True\n");
}

Test(check, a_layer_that_failed_leaves_the_rest_quiet) {
    expect_errors("bad = Sequential([Input((4,)), Dense(unit=3), Dense(2)])\n"
                  "assert bad.count_params() == 5\nassert bad.output_shape == (None, 9)\n",
                  1);
}
