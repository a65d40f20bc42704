/* Shapes of ops, and what dumps say of them. */
#include "op.h"

#include <criterion/criterion.h>
#include <stdlib.h>

Test(op, windows_step_and_pad) {
    Arena *a = arena_new();
    Ops *g = ops_new(a);
    Op *x = op_input(g, shape_of(224, 224, 3));
    Spatial w = {.n = 2,
                 .kernel = {7, 7},
                 .stride = {2, 2},
                 .dilation = {1, 1},
                 .before = {3, 3},
                 .after = {3, 3}};
    Weight kernel = {.name = "kernel", .shape = shape_of(7, 7, 3, 64)};
    Op *y = op_conv(g, x, op_weight(g, &kernel), NULL, w, 1);
    cr_expect(shape_equal(y->shape, shape_of(112, 112, 64)));
    cr_expect_str_eq(op_details(a, y), "7x7 stride 2x2 pad 3x3..3x3");
    arena_free(a);
}

Test(op, maps_broadcast_like_numpy) {
    Arena *a = arena_new();
    Ops *g = ops_new(a);
    float numbers[4] = {0};
    Op *x = op_input(g, shape_of(5, 1, 4)), *channel = op_constant(g, shape_of(4), numbers);
    Op *column = op_constant(g, shape_of(3, 1), numbers);
    Op *y = op_map(g, elt_2(a, ELT_ADD, elt_input(a, 0), elt_input(a, 1)),
                   (Op *[]){channel, op_map(g, elt_2(a, ELT_ADD, elt_input(a, 0), elt_input(a, 1)),
                                            (Op *[]){x, column}, 2)},
                   2);
    cr_expect(shape_equal(y->shape, shape_of(5, 3, 4)));
    int64_t strides[SHAPE_MAX];
    broadcast_strides(column->shape, y->shape, strides);
    cr_expect(strides[0] == 0 && strides[1] == 1 && strides[2] == 0);
    broadcast_strides(x->shape, y->shape, strides);
    cr_expect(strides[0] == 4 && strides[1] == 0 && strides[2] == 1);
    arena_free(a);
}

Test(op, the_output_counts_as_a_use) {
    Arena *a = arena_new();
    Ops *g = ops_new(a);
    Op *x = op_input(g, shape_of(2));
    g->output = op_concat(g, (Op *[]){x, x}, 2, 0);
    int *uses = ops_count_uses(g, a);
    cr_expect_eq(uses[x->id], 2);
    cr_expect_eq(uses[g->output->id], 1);
    arena_free(a);
}

Test(op, dumps_one_op_a_line) {
    Arena *a = arena_new();
    Ops *g = ops_new(a);
    Op *x = op_input(g, shape_of(2, 3));
    g->output = op_softmax(g, op_transpose(g, x, (const int[]){1, 0}), 2, false);
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    ops_dump(g, out);
    fclose(out);
    cr_expect_str_eq(text, "%0 = input                   (2, 3)\n"
                           "%1 = transpose %0            (3, 2)  1 0\n"
                           "%2 = softmax %1              (3, 2)  axes 1\n"
                           "output %2\n");
    free(text);
    arena_free(a);
}
