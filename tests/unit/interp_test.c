/* The interpreter against real Keras: the reference's own reference. */
#include "interp_cases.h"
#include "op.h"

#include <criterion/criterion.h>
#include <math.h>

typedef struct Fixture {
    Arena *arena;
    Ops *ops;
    Op *x; /* (5, 6, 4) */
} Fixture;

/* The same numbers as values() of interp_cases.py. */
static float *values(Arena *a, int64_t numel, int salt) {
    float *data = arena_array(a, (size_t)numel, sizeof *data);
    for (int64_t i = 0; i < numel; i++)
        data[i] = (float)((i * 37 + salt * 11) % 23) / 8 - 1.25f;
    return data;
}

static Fixture start(void) {
    Fixture f = {.arena = arena_new()};
    f.ops = ops_new(f.arena);
    f.x = op_input(f.ops, shape_of(5, 6, 4));
    return f;
}

static Op *weight(Fixture *f, Shape shape, int salt) {
    int64_t numel = 0;
    cr_assert(shape_numel(shape, &numel));
    return op_constant(f->ops, shape, values(f->arena, numel, salt));
}

static void expect(Fixture *f, Op *y, const float *expected, size_t count) {
    cr_assert_eq((size_t)op_numel(y), count);
    float *got = arena_array(f->arena, count, sizeof *got);
    f->ops->output = y;
    ops_verify(f->ops);
    interp_run(f->ops, values(f->arena, op_numel(f->x), 0), got);
    for (size_t i = 0; i < count; i++)
        cr_assert(fabsf(got[i] - expected[i]) < 2e-6f * (1 + fabsf(expected[i])),
                  "element %zu is %.9g, Keras has %.9g", i, got[i], expected[i]);
    arena_free(f->arena);
}
#define EXPECT(f, y, expected) expect(&f, y, expected, COUNT_OF(expected))

static Spatial window(int64_t height, int64_t width, int64_t stride) {
    return (Spatial){
        .n = 2, .kernel = {height, width}, .stride = {stride, stride}, .dilation = {1, 1}};
}

Test(interp, convolution_same_with_stride) {
    Fixture f = start();
    Spatial w = window(3, 3, 2);
    w.stride[1] = 1;
    w.before[0] = w.after[0] = w.before[1] = w.after[1] = 1;
    EXPECT(f, op_conv(f.ops, f.x, weight(&f, shape_of(3, 3, 4, 3), 1), NULL, w, 1),
           conv_same_stride);
}

Test(interp, convolution_dilated) {
    Fixture f = start();
    Spatial w = window(2, 3, 1);
    w.dilation[0] = w.dilation[1] = 2;
    EXPECT(f, op_conv(f.ops, f.x, weight(&f, shape_of(2, 3, 4, 2), 1), NULL, w, 1), conv_dilated);
}

Test(interp, convolution_in_groups) {
    Fixture f = start();
    Op *kernel = weight(&f, shape_of(2, 2, 2, 6), 1);
    EXPECT(f, op_conv(f.ops, f.x, kernel, NULL, window(2, 2, 1), 2), conv_grouped);
}

/* Keras's kernel (height, width, channels, multiplier) is (height, width, 1, channels * multiplier)
 * here, in the same order. */
Test(interp, convolution_of_each_channel) {
    Fixture f = start();
    Op *kernel = weight(&f, shape_of(3, 2, 1, 8), 1);
    EXPECT(f, op_conv(f.ops, f.x, kernel, NULL, window(3, 2, 1), 4), conv_depthwise);
}

Test(interp, matrix_product) {
    Fixture f = start();
    Op *kernel = weight(&f, shape_of(4, 3), 1);
    EXPECT(f, op_matmul(f.ops, f.x, kernel, weight(&f, shape_of(3), 2)), matmul);
}

/* 'same' of 5 by 3 every 2 is one cell on both sides; of 6, one after. */
static Spatial pool_window(void) {
    Spatial w = window(3, 3, 2);
    w.before[0] = w.after[0] = w.after[1] = 1;
    return w;
}

Test(interp, maximum_ignores_padding) {
    Fixture f = start();
    EXPECT(f, op_pool(f.ops, f.x, POOL_MAX, pool_window()), pool_max);
}

Test(interp, average_does_not_count_padding) {
    Fixture f = start();
    EXPECT(f, op_pool(f.ops, f.x, POOL_AVERAGE, pool_window()), pool_average);
}

Test(interp, reductions) {
    Fixture f = start();
    EXPECT(f, op_reduce(f.ops, f.x, REDUCE_MEAN, 3), reduce_mean);
    f = start();
    EXPECT(f, op_reduce(f.ops, f.x, REDUCE_MAX, 2), reduce_max);
}

Test(interp, softmax) {
    Fixture f = start();
    EXPECT(f, op_softmax(f.ops, f.x, 4, false), softmax_last);
    f = start();
    EXPECT(f, op_softmax(f.ops, f.x, 3, false), softmax_pixels);
    f = start();
    EXPECT(f, op_softmax(f.ops, f.x, 4, true), log_softmax);
    f = start();
    EXPECT(f, op_sparsemax(f.ops, f.x), sparsemax);
}

Test(interp, moves) {
    Fixture f = start();
    EXPECT(f, op_transpose(f.ops, f.x, (const int[]){2, 0, 1}), transpose);
    f = start();
    const int64_t before[] = {1, 0, 0}, after[] = {0, 2, 0};
    EXPECT(f, op_pad(f.ops, f.x, before, after, 0.5), pad);
}

Test(interp, resizing) {
    static const struct {
        ResizeKind kind;
        const float *expected;
    } cases[] = {
        {RESIZE_NEAREST, resize_nearest},   {RESIZE_BILINEAR, resize_bilinear},
        {RESIZE_BICUBIC, resize_bicubic},   {RESIZE_LANCZOS3, resize_lanczos3},
        {RESIZE_LANCZOS5, resize_lanczos5},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Fixture f = start();
        const int64_t start[] = {0, 0, 0}, step[] = {1, 1, 1}, length[] = {5, 6, 1};
        Op *channel = op_slice(f.ops, f.x, start, step, length);
        Op *y = op_resize(f.ops, channel, cases[i].kind, shape_of(10, 18, 1));
        expect(&f, y, cases[i].expected, COUNT_OF(resize_nearest));
    }
}
