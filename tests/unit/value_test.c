#include "value.h"

#include <criterion/criterion.h>
#include <math.h>

static void expect_float(double f, const char *text) {
    Arena *a = arena_new();
    cr_expect_str_eq(float_repr(a, f), text);
    arena_free(a);
}

/* Texts from Python's repr(). */
Test(value, shows_floats_as_python_does) {
    expect_float(0.1 + 0.2, "0.30000000000000004");
    expect_float(1, "1.0");
    expect_float(-0.0, "-0.0");
    expect_float(1e15, "1000000000000000.0");
    expect_float(1e16, "1e+16");
    expect_float(0.0001, "0.0001");
    expect_float(0.00001, "1e-05");
    expect_float(5e-324, "5e-324");
    expect_float(1.7976931348623157e308, "1.7976931348623157e+308");
    expect_float(INFINITY, "inf");
    expect_float(NAN, "nan");
}

Test(value, shows_what_is_nested) {
    Arena *a = arena_new();
    Value dims[] = {value_none(), value_int(28), value_str(a, "it's\n")};
    cr_expect_str_eq(value_repr(a, value_tuple(a, dims, 3)), "(None, 28, \"it's\\n\")");
    cr_expect_str_eq(value_repr(a, value_tuple(a, dims, 1)), "(None,)");
    cr_expect_str_eq(value_repr(a, value_list(a, NULL, 0)), "[]");
    arena_free(a);
}

Test(value, ints_and_floats_compare_exactly) {
    int64_t odd = (INT64_C(1) << 53) + 1;
    cr_expect(!value_equal(value_int(odd), value_float((double)odd)));
    cr_expect(value_equal(value_int(1), value_float(1)));
    cr_expect(value_equal(value_bool(true), value_int(1)));
    cr_expect(!value_equal(value_float(NAN), value_float(NAN)));
    int order;
    cr_expect(value_order(value_int(INT64_MAX), value_float(9223372036854775808.0), &order));
    cr_expect_eq(order, -1);
}

Test(value, lists_that_hold_themselves_can_be_compared_and_shown) {
    Arena *a = arena_new();
    Value l = value_list(a, NULL, 0), m = value_list(a, NULL, 0);
    vec_push(a, &l.u.list->items, l);
    vec_push(a, &m.u.list->items, m);
    cr_expect(value_equal(l, l));
    cr_expect(!value_equal(l, m));
    cr_expect_not_null(value_repr(a, l));
    arena_free(a);
}

Test(value, dicts_find_equal_keys) {
    Arena *a = arena_new();
    Value d = value_dict(a);
    value_dict_set(a, d, value_int(1), value_str(a, "one"));
    value_dict_set(a, d, value_float(1), value_str(a, "uno"));
    cr_expect_eq(d.u.dict->keys.count, 1);
    cr_expect_str_eq(value_dict_find(d, value_bool(true))->u.str.text, "uno");
    cr_expect_null(value_dict_get(d, "1"));
    arena_free(a);
}

Test(value, ranges_know_their_length) {
    Value up = {.kind = VALUE_RANGE, .u.range = {0, 10, 3}};
    Value down = {.kind = VALUE_RANGE, .u.range = {10, 0, -3}};
    Value none = {.kind = VALUE_RANGE, .u.range = {3, 3, 1}};
    Value huge = {.kind = VALUE_RANGE, .u.range = {INT64_MIN, INT64_MAX, 1}};
    cr_expect_eq(range_length(up), 4);
    cr_expect_eq(range_length(down), 4);
    cr_expect_eq(range_length(none), 0);
    cr_expect_eq(range_length(huge), INT64_MAX);
}
