#include "elt.h"

#include <criterion/criterion.h>
#include <math.h>

Test(elt, folds_numbers_and_neutral_operations) {
    Arena *a = arena_new();
    const Elt *x = elt_input(a, 0);
    const Elt *three = elt_2(a, ELT_ADD, elt_number(a, 1), elt_number(a, 2));
    cr_expect(three->kind == ELT_NUMBER && three->number == 3);
    cr_expect_eq(elt_2(a, ELT_MUL, x, elt_number(a, 1)), x);
    cr_expect_eq(elt_2(a, ELT_ADD, elt_number(a, 0), x), x);
    cr_expect_eq(elt_2(a, ELT_POW, x, elt_number(a, 1)), x);
    cr_expect_eq(elt_3(a, ELT_SELECT, elt_number(a, 0), three, x), x);
    arena_free(a);
}

/* x * 0 is not 0 for infinities and NaN. */
Test(elt, keeps_what_is_not_neutral) {
    Arena *a = arena_new();
    const Elt *zero = elt_2(a, ELT_MUL, elt_input(a, 0), elt_number(a, 0));
    cr_expect_eq(zero->kind, ELT_MUL);
    cr_expect(isnan(elt_eval(zero, &(double){INFINITY})));
    arena_free(a);
}

Test(elt, not_a_number_survives_as_the_first_argument) {
    cr_expect(isnan(elt_apply(ELT_MAX, NAN, 0, 0)));
    cr_expect_eq(elt_apply(ELT_MAX, 0, NAN, 0), 0);
    cr_expect(isnan(elt_apply(ELT_MIN, NAN, 0, 0)));
}

Test(elt, prints_as_a_formula) {
    Arena *a = arena_new();
    const Elt *x = elt_input(a, 0), *y = elt_input(a, 1);
    const Elt *e = elt_2(a, ELT_MAX, elt_2(a, ELT_MUL, x, elt_number(a, 0.1)), y);
    cr_expect_str_eq(elt_str(a, e), "max(mul(x0, 0.1), x1)");
    cr_expect_eq(elt_inputs(e), 2);
    cr_expect_eq(elt_size(e), 5);
    arena_free(a);
}

Test(elt, substitution_composes_and_shares) {
    Arena *a = arena_new();
    const Elt *x = elt_input(a, 0), *y = elt_input(a, 1);
    const Elt *square = elt_2(a, ELT_MUL, x, x);
    const Elt *sum = elt_2(a, ELT_ADD, x, y);
    const Elt *composed = elt_substitute(a, square, &sum);
    cr_expect_eq(composed->arg[0], composed->arg[1]);
    cr_expect_eq(elt_eval(composed, (const double[]){2, 3}), 25);
    cr_expect(elt_equal(composed, elt_2(a, ELT_MUL, sum, elt_2(a, ELT_ADD, x, y))));
    cr_expect(!elt_equal(composed, sum));
    arena_free(a);
}
