#include "shape.h"

#include <criterion/criterion.h>

/* What Keras gives for each (compute_conv_output_shape and the padding of TensorFlow). */
static const struct {
    int64_t n, kernel, stride, dilation;
    Padding padding;
    bool fits;
    Window w;
} windows[] = {
    {28, 3, 1, 1, PADDING_VALID, true, {26, 0, 0}},
    {28, 3, 1, 1, PADDING_SAME, true, {28, 1, 1}},
    {4, 3, 2, 1, PADDING_SAME, true, {2, 0, 1}}, /* the odd cell goes after */
    {5, 3, 2, 1, PADDING_SAME, true, {3, 1, 1}},
    {5, 2, 1, 1, PADDING_SAME, true, {5, 0, 1}},
    {7, 3, 2, 1, PADDING_VALID, true, {3, 0, 0}},
    {9, 3, 1, 2, PADDING_SAME, true, {9, 2, 2}},
    {9, 3, 1, 4, PADDING_VALID, true, {1, 0, 0}},
    {8, 3, 1, 4, PADDING_VALID, false, {0, 0, 0}},
    {2, 5, 1, 1, PADDING_VALID, false, {-2, 0, 0}},
    {2, 5, 2, 1, PADDING_VALID, false, {-1, 0, 0}}, /* floor(-3 / 2) + 1, as numpy floors */
    {8, 1, 3, 1, PADDING_SAME, true, {3, 0, 0}},
    {6, 3, 1, 2, PADDING_CAUSAL, true, {6, 4, 0}},
    {0, 3, 1, 1, PADDING_SAME, false, {0, 1, 1}},
    {DIM_NONE, 3, 1, 1, PADDING_SAME, true, {DIM_NONE, 1, 1}},
    {DIM_NONE, 3, 2, 1, PADDING_VALID, true, {DIM_NONE, 0, 0}},
    {5, INT64_MAX, 1, 3, PADDING_VALID, false, {0, 0, 0}}, /* more than can be counted */
};

Test(shape, windows_stand_where_tensorflow_puts_them) {
    for (size_t i = 0; i < COUNT_OF(windows); i++) {
        Window w;
        bool fits = window_place(windows[i].n, windows[i].kernel, windows[i].stride,
                                 windows[i].dilation, windows[i].padding, &w);
        cr_assert_eq(fits, windows[i].fits, "row %zu", i);
        cr_assert_eq(w.out, windows[i].w.out, "row %zu: out is %ld", i, (long)w.out);
        cr_assert_eq(w.before, windows[i].w.before, "row %zu", i);
        cr_assert_eq(w.after, windows[i].w.after, "row %zu", i);
    }
}

Test(shape, prints_as_keras_does) {
    Arena *a = arena_new();
    cr_assert_str_eq(shape_str(a, shape_of(28, 28, 1)), "(None, 28, 28, 1)");
    cr_assert_str_eq(shape_str(a, shape_from(NULL, 0)), "(None,)");
    cr_assert_str_eq(shape_str_dims(a, shape_of(5)), "(5,)");
    cr_assert_str_eq(shape_str_dims(a, shape_from(NULL, 0)), "()");
    Shape s = shape_of(DIM_NONE, 3);
    s.batch = 2;
    cr_assert_str_eq(shape_str(a, s), "(2, None, 3)");
    arena_free(a);
}

Test(shape, counts_elements_or_says_that_it_cannot) {
    int64_t numel;
    cr_assert(shape_numel(shape_of(3, 4, 5), &numel) && numel == 60);
    cr_assert(shape_numel(shape_from(NULL, 0), &numel) && numel == 1);
    cr_assert(shape_numel(shape_of(3, 0), &numel) && numel == 0);
    cr_assert_not(shape_numel(shape_of(3, DIM_NONE), &numel));
    cr_assert_not(shape_numel(shape_of(INT64_MAX, 2), &numel));
    cr_assert_not(shape_numel(SHAPE_UNKNOWN, &numel));
}

Test(shape, axes_are_counted_from_the_batch_or_the_end) {
    int index;
    Shape s = shape_of(5, 6, 7);
    cr_assert(shape_axis(s, 1, &index) && index == 0);
    cr_assert(shape_axis(s, -1, &index) && index == 2);
    cr_assert(shape_axis(s, 0, &index) && index == -1);
    cr_assert(shape_axis(s, -4, &index) && index == -1);
    cr_assert_not(shape_axis(s, 4, &index));
    cr_assert_not(shape_axis(s, -5, &index));
}
