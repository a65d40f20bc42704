/* The blob of weights: panels, groups, padding, and Winograd's transform against its definition. */
#include "plan.h"
#include "random_ops.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static float blob[1 << 16];

static bool collect(void *user, const void *bytes, size_t size) {
    size_t *written = user;
    cr_assert(*written + size <= sizeof blob);
    memcpy((char *)blob + *written, bytes, size);
    *written += size;
    return true;
}

static void pack(PackedWeight w) {
    size_t written = 0;
    Plan p = {.weights = &w, .nweights = 1, .weights_bytes = w.offset + w.bytes};
    cr_assert(plan_pack_weights(&p, collect, &written));
    cr_assert_eq((int64_t)written, p.weights_bytes);
}

/* 0, 1, 2, ... */
static Op *counting(Arena *a, Shape shape) {
    Ops *g = ops_new(a);
    int64_t numel = 0;
    cr_assert(shape_numel(shape, &numel));
    float *data = arena_array(a, (size_t)numel, sizeof *data);
    for (int64_t i = 0; i < numel; i++)
        data[i] = (float)i;
    return op_constant(g, shape, data);
}

Test(pack, panels_are_padded_with_zeros) {
    Arena *a = arena_new();
    pack((PackedWeight){.constant = counting(a, shape_of(2, 5)),
                        .packing = PACK_PANELS,
                        .panel = 4,
                        .groups = 1,
                        .bytes = 16 * 4});
    const float expected[] = {0, 1, 2, 3, 5, 6, 7, 8, 4, 0, 0, 0, 9, 0, 0, 0};
    cr_assert_arr_eq(blob, expected, sizeof expected);
    arena_free(a);
}

Test(pack, each_group_has_panels_of_its_own) {
    Arena *a = arena_new();
    pack((PackedWeight){.constant = counting(a, shape_of(2, 6)),
                        .packing = PACK_PANELS,
                        .panel = 4,
                        .groups = 2,
                        .bytes = 16 * 4});
    const float expected[] = {0, 1, 2, 0, 6, 7, 8, 0, 3, 4, 5, 0, 9, 10, 11, 0};
    cr_assert_arr_eq(blob, expected, sizeof expected);
    arena_free(a);
}

Test(pack, gaps_are_zero) {
    Arena *a = arena_new();
    memset(blob, 1, 256);
    pack((PackedWeight){.constant = counting(a, shape_of(3)),
                        .packing = PACK_PADDED,
                        .panel = 4,
                        .groups = 1,
                        .offset = 64,
                        .bytes = 16});
    const float expected[20] = {[17] = 1, [18] = 2};
    cr_assert_arr_eq(blob, expected, sizeof expected);
    arena_free(a);
}

/* Y = A^T [ (G k G^T) . (B^T d B) ] A, with the transposes of B and A as codegen has them. */
static const double input_2[4][6] = {{1, 0, -1, 0}, {0, 1, 1, 0}, {0, -1, 1, 0}, {0, 1, 0, -1}};
static const double output_2[4][6] = {{1, 1, 1, 0}, {0, 1, -1, -1}};
static const double input_4[6][6] = {
    {4, 0, -5, 0, 1, 0},  {0, -4, -4, 1, 1, 0}, {0, 4, -4, -1, 1, 0},
    {0, -2, -1, 2, 1, 0}, {0, 2, -1, -2, 1, 0}, {0, 4, 0, -5, 0, 1},
};
static const double output_4[4][6] = {
    {1, 1, 1, 1, 1, 0}, {0, 1, -1, 2, -2, 0}, {0, 1, 1, 4, 4, 0}, {0, 1, -1, 8, -8, 1}};

/* y = t x t^T, with t of n x m. */
static void sandwich(int n, int m, const double (*t)[6], double (*x)[6], double (*y)[6]) {
    double half[6][6] = {0};
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++)
            for (int k = 0; k < m; k++)
                half[i][j] += t[i][k] * x[k][j];
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            y[i][j] = 0;
            for (int k = 0; k < m; k++)
                y[i][j] += half[i][k] * t[j][k];
        }
}

static void expect_convolution(int m, const float *kernel, int64_t step, const float *u,
                               int64_t u_step) {
    int alpha = m + 2;
    Random r = {7};
    double d[6][6], v[6][6], y[6][6];
    for (int i = 0; i < alpha; i++)
        for (int j = 0; j < alpha; j++)
            d[i][j] = random_float(&r);
    sandwich(alpha, alpha, m == 2 ? input_2 : input_4, d, v);
    for (int i = 0; i < alpha; i++)
        for (int j = 0; j < alpha; j++)
            v[i][j] *= u[(i * alpha + j) * u_step];
    sandwich(m, alpha, m == 2 ? output_2 : output_4, v, y);
    for (int i = 0; i < m; i++)
        for (int j = 0; j < m; j++) {
            double sum = 0;
            for (int tap = 0; tap < 9; tap++)
                sum += d[i + tap / 3][j + tap % 3] * kernel[tap * step];
            cr_assert_float_eq(y[i][j], sum, 1e-4 * (1 + fabs(sum)), "F(%d,3) %d %d", m, i, j);
        }
}

Test(pack, winograd_is_a_convolution) {
    const int64_t ic = 3, oc = 5, panel = 4;
    for (int m = 2; m <= 4; m += 2) {
        Arena *a = arena_new();
        Op *kernel = counting(a, shape_of(3, 3, ic, oc));
        int64_t products = (m + 2) * (m + 2);
        pack((PackedWeight){.constant = kernel,
                            .packing = PACK_WINOGRAD,
                            .panel = (int)panel,
                            .winograd = m,
                            .groups = 1,
                            .bytes = products * ic * 2 * panel * 4});
        for (int64_t i = 0; i < ic; i++)
            for (int64_t o = 0; o < oc; o++) {
                const float *u = blob + (o / panel * products * ic + i) * panel + o % panel;
                expect_convolution(m, op_const_data(kernel) + i * oc + o, ic * oc, u, ic * panel);
            }
        arena_free(a);
    }
}

static bool refuse(void *user, const void *bytes, size_t size) {
    (void)bytes, (void)size;
    ++*(int *)user;
    return false;
}

Test(pack, stops_when_the_sink_fails) {
    Arena *a = arena_new();
    PackedWeight w = {.constant = counting(a, shape_of(1000, 100)),
                      .packing = PACK_PANELS,
                      .panel = 64,
                      .groups = 1,
                      .bytes = 1000 * 128 * 4};
    Plan p = {.weights = &w, .nweights = 1, .weights_bytes = w.bytes};
    int calls = 0;
    cr_assert(!plan_pack_weights(&p, refuse, &calls));
    cr_assert_eq(calls, 1);
    arena_free(a);
}
