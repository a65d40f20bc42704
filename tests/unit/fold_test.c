/* Folding changes what is computed how, never what: random graphs before and after, and one small
 * graph for each rule. */
#include "random_ops.h"

#include <criterion/criterion.h>

static int count_kind(const Ops *g, OpKind kind) {
    int count = 0;
    for (size_t i = 0; i < g->ops.count; i++)
        count += g->ops.at[i]->kind == kind;
    return count;
}

Test(fold, computes_the_same_on_random_networks) {
    for (uint64_t seed = 0; seed < 2000; seed++) {
        Arena *a = arena_new();
        const Ops *g = random_network(a, seed);
        ops_verify(g);
        const Ops *folded = fold(a, g);
        ops_verify(folded);
        double difference = random_difference(g, folded, seed);
        cr_assert(difference < 2e-5, "seed %d: %g", (int)seed, difference);
        arena_free(a);
    }
}

Test(fold, is_finished_when_it_ends) {
    for (uint64_t seed = 0; seed < 200; seed++) {
        Arena *a = arena_new();
        const Ops *once = fold(a, random_network(a, seed));
        const Ops *twice = fold(a, once);
        cr_assert_eq(once->ops.count, twice->ops.count, "seed %d", (int)seed);
        arena_free(a);
    }
}

static const Elt *relu(Arena *a) {
    return elt_2(a, ELT_MAX, elt_input(a, 0), elt_number(a, 0));
}

static Op *values(Ops *g, Shape shape) {
    Op *op = op_constant(g, shape, NULL);
    float *data = arena_array(g->arena, (size_t)op_numel(op), sizeof *data);
    for (int64_t i = 0; i < op_numel(op); i++)
        data[i] = (float)(i % 7) / 4 - 0.5f;
    op->u.constant.data = data;
    return op;
}

static Op *conv3x3(Ops *g, Op *x, int64_t channels, int64_t pad) {
    Spatial w = {.n = 2,
                 .kernel = {3, 3},
                 .stride = {1, 1},
                 .dilation = {1, 1},
                 .before = {pad, pad},
                 .after = {pad, pad}};
    return op_conv(g, x, values(g, shape_of(3, 3, x->shape.dim[2], channels)), NULL, w, 1);
}

static Op *scaled(Ops *g, Op *x, double scale, double shift) {
    Arena *a = g->arena;
    const Elt *e = elt_2(a, ELT_MUL, elt_input(a, 0), elt_number(a, scale));
    return op_map1(g, elt_2(a, ELT_ADD, e, elt_number(a, shift)), x);
}

Test(fold, rescaling_goes_into_an_unpadded_convolution) {
    Arena *a = arena_new();
    Ops *g = ops_new(a);
    g->output = conv3x3(g, scaled(g, op_input(g, shape_of(5, 5, 2)), 1 / 255., -1), 3, 0);
    const Ops *folded = fold(a, g);
    cr_assert_eq(count_kind(folded, OP_MAP), 0);
    cr_assert(random_difference(g, folded, 1) < 1e-6);
    arena_free(a);
}

Test(fold, a_shift_stays_before_a_padded_convolution) {
    Arena *a = arena_new();
    Ops *g = ops_new(a);
    Op *x = op_input(g, shape_of(5, 5, 2));
    g->output = conv3x3(g, scaled(g, x, 2, -1), 3, 1);
    cr_assert_eq(count_kind(fold(a, g), OP_MAP), 1);
    g->output = conv3x3(g, scaled(g, x, 2, 0), 3, 1);
    cr_assert_eq(count_kind(fold(a, g), OP_MAP), 0);
    arena_free(a);
}

Test(fold, a_huge_shift_is_not_folded) {
    Arena *a = arena_new();
    Ops *g = ops_new(a);
    g->output = conv3x3(g, scaled(g, op_input(g, shape_of(5, 5, 2)), 1e7, -3e6), 3, 0);
    cr_assert_eq(count_kind(fold(a, g), OP_MAP), 1);
    arena_free(a);
}

Test(fold, zero_padding_goes_into_the_convolution) {
    Arena *a = arena_new();
    Ops *g = ops_new(a);
    const int64_t one[] = {1, 1, 0};
    g->output = conv3x3(g, op_pad(g, op_input(g, shape_of(5, 5, 2)), one, one, 0), 3, 0);
    const Ops *folded = fold(a, g);
    cr_assert_eq(count_kind(folded, OP_PAD), 0);
    cr_assert_eq(folded->output->u.conv.window.before[0], 1);
    arena_free(a);
}

Test(fold, zero_padding_goes_into_a_maximum_only_after_relu) {
    Arena *a = arena_new();
    Ops *g = ops_new(a);
    const int64_t one[] = {1, 1, 0};
    Spatial w = {.n = 2, .kernel = {3, 3}, .stride = {2, 2}, .dilation = {1, 1}};
    Op *x = op_input(g, shape_of(6, 6, 2));
    g->output = op_pool(g, op_pad(g, x, one, one, 0), POOL_MAX, w);
    cr_assert_eq(count_kind(fold(a, g), OP_PAD), 1);
    g->output = op_pool(g, op_pad(g, op_map1(g, relu(a), x), one, one, 0), POOL_MAX, w);
    cr_assert_eq(count_kind(fold(a, g), OP_PAD), 0);
    arena_free(a);
}

Test(fold, transposes_there_and_back_vanish) {
    Arena *a = arena_new();
    Ops *g = ops_new(a);
    Op *x = op_input(g, shape_of(3, 4, 5));
    Op *there = op_map1(g, relu(a), op_transpose(g, conv3x3(g, x, 2, 1), (const int[]){2, 0, 1}));
    g->output = op_transpose(g, there, (const int[]){1, 2, 0});
    cr_assert_eq(count_kind(fold(a, g), OP_TRANSPOSE), 0);
    arena_free(a);
}

Test(fold, an_identity_still_writes_its_output) {
    Arena *a = arena_new();
    Ops *g = ops_new(a);
    g->output = op_map1(g, elt_input(a, 0), op_input(g, shape_of(3)));
    const Ops *folded = fold(a, g);
    cr_assert_eq(folded->output->kind, OP_RESHAPE);
    cr_assert(random_difference(g, folded, 1) == 0);
    arena_free(a);
}

Test(fold, looks_the_same_without_data) {
    Arena *a = arena_new();
    float numbers[4] = {1, 2, 3, 4};
    for (int with = 0; with < 2; with++) {
        Weight gamma = {.name = "gamma", .shape = shape_of(4), .data = with ? numbers : NULL};
        Ops *g = ops_new(a);
        Op *y = conv3x3(g, op_input(g, shape_of(5, 5, 2)), 4, 1);
        y = op_map(g, elt_2(a, ELT_MUL, elt_input(a, 0), elt_input(a, 1)),
                   (Op *[]){y, op_weight(g, &gamma)}, 2);
        g->output = op_map1(g, relu(a), y);
        const Ops *folded = fold(a, g);
        cr_assert_eq(count_kind(folded, OP_MAP), 1);
        cr_assert_eq(count_kind(folded, OP_CONST), 1);
    }
    arena_free(a);
}
