/* The plan, held against the graph it was made of: run kernel by kernel in one workspace, with the
 * interpreter for each, it computes what the graph computes. And what it promises of itself. */
#include "plan.h"
#include "random_ops.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const Target avx512 = {
    .name = "avx512", .vector = 16, .registers = 32, .fma = true, .l1 = 32 << 10, .l2 = 1 << 20};
static const Target avx2 = {
    .name = "avx2", .vector = 8, .registers = 16, .fma = true, .l1 = 32 << 10, .l2 = 256 << 10};
static const Target sse = {
    .name = "sse", .vector = 4, .registers = 16, .l1 = 32 << 10, .l2 = 256 << 10};
static const Target *const targets[] = {&avx512, &avx2, &sse};

static const Plan *plan_of(Arena *a, const Ops *g, const Target *target, MathMode math) {
    static const Model model = {.name = "model"};
    PlanOptions options = {target, math};
    const Plan *p = plan(a, g, &model, &options, NULL);
    plan_verify(p);
    return p;
}

typedef struct Memory {
    char *place[5]; /* by Place */
    int64_t size[5];
} Memory;

static bool collect(void *user, const void *bytes, size_t size) {
    Memory *m = user;
    memcpy(m->place[PLACE_WEIGHTS] + m->size[PLACE_WEIGHTS], bytes, size);
    m->size[PLACE_WEIGHTS] += (int64_t)size;
    return true;
}

static Memory memory_new(Arena *a, const Plan *p) {
    Memory m = {0};
    m.place[PLACE_WEIGHTS] = arena_alloc(a, (size_t)p->weights_bytes);
    m.place[PLACE_WORKSPACE] = arena_alloc(a, (size_t)p->workspace_bytes);
    cr_assert(plan_pack_weights(p, collect, &m));
    cr_assert_eq(m.size[PLACE_WEIGHTS], p->weights_bytes);
    return m;
}

static const float *floats_at(const Memory *m, Ref r) {
    return (const float *)(m->place[r.place] + r.offset);
}

/* The shape in which an epilogue's operand broadcasts to the accumulators. */
static Shape operand_shape(OperandKind kind, Shape full) {
    return kind == OPERAND_FULL     ? full
           : kind == OPERAND_SCALAR ? shape_from(NULL, 0)
                                    : shape_of(full.dim[full.rank - 1]);
}

static void run_kernel(const Kernel *k, const Memory *m) {
    Arena *a = arena_new();
    Ops *g = ops_new(a);
    Op *in[16];
    for (int i = 0; i < k->nin; i++) {
        const Op *operand = k->op->in[i];
        in[i] = op_constant(g, operand->shape,
                            k->in[i].place ? floats_at(m, k->in[i]) : op_const_data(operand));
    }
    Op *y = op_rebuild(g, k->op, in);
    in[0] = y;
    for (int i = 0; i < k->epilogue.noperands; i++) {
        const EpilogueOperand *o = &k->epilogue.operands[i];
        in[i + 1] = op_constant(g, operand_shape(o->kind, y->shape), floats_at(m, o->ref));
    }
    if (k->epilogue.tree)
        y = op_map(g, k->epilogue.tree, in, k->epilogue.noperands + 1);
    if (k->epilogue.softmax)
        y = op_softmax(g, y, 1u << (y->shape.rank - 1), k->epilogue.softmax->u.softmax.log);
    if (k->epilogue.pool)
        y = op_pool(g, y, k->epilogue.pool_kind, k->epilogue.pool_window);
    g->output = y;
    cr_assert_eq(op_numel(y), op_numel(k->result));
    interp_run(g, NULL, (float *)floats_at(m, k->out));
    arena_free(a);
}

/* The largest difference of outputs, relative to the largest output. */
static double plan_difference(const Ops *g, const Plan *p, uint64_t seed) {
    Arena *a = arena_new();
    Memory m = memory_new(a, p);
    Random r = {seed};
    int64_t in = op_numel(g->input), out = op_numel(g->output);
    float *input = arena_array(a, (size_t)in, sizeof *input);
    float *expected = arena_array(a, (size_t)out, sizeof *expected);
    float *got = arena_array(a, (size_t)out, sizeof *got);
    for (int64_t i = 0; i < in; i++)
        input[i] = random_float(&r);
    m.place[PLACE_INPUT] = (char *)input;
    m.place[PLACE_OUTPUT] = (char *)got;
    interp_run(g, input, expected);
    for (int i = 0; i < p->nkernels; i++)
        run_kernel(&p->kernels[i], &m);
    double difference = 0, scale = 1e-30;
    for (int64_t i = 0; i < out; i++) {
        difference = fmax(difference, fabs((double)got[i] - expected[i]));
        scale = fmax(scale, fabs((double)expected[i]));
    }
    arena_free(a);
    return difference / scale;
}

Test(plan, computes_what_the_graph_computes) {
    for (uint64_t seed = 0; seed < 500; seed++) {
        Arena *a = arena_new();
        const Ops *g = fold(a, random_network(a, seed));
        const Plan *p = plan_of(a, g, targets[seed % 3], MATH_FAST);
        double difference = plan_difference(g, p, seed);
        cr_assert(difference < 1e-5, "seed %d: %g", (int)seed, difference);
        arena_free(a);
    }
}

Test(plan, needs_no_folding_first) {
    for (uint64_t seed = 2000; seed < 2300; seed++) {
        Arena *a = arena_new();
        Ops *g = random_network(a, seed);
        g->output = op_reshape(g, g->output, g->output->shape);
        const Plan *p = plan_of(a, g, targets[seed % 3], MATH_FAST);
        double difference = plan_difference(g, p, seed);
        cr_assert(difference < 1e-5, "seed %d: %g", (int)seed, difference);
        arena_free(a);
    }
}

/* Sums, weights and inputs; a depthwise tile has no input in more than one place. */
static int registers_of(const Kernel *k, const Target *t) {
    int sums = k->tiling.rows * k->tiling.columns * k->tiling.vectors;
    return k->kind == KERNEL_DEPTHWISE ? sums + 3 : sums + k->tiling.vectors + (t->fma ? 1 : 2);
}

static void expect_good_tiling(const Kernel *k, const Target *t, int seed) {
    const ConvTiling *tile = &k->tiling;
    if (k->kind != KERNEL_CONV && k->kind != KERNEL_WINOGRAD && k->kind != KERNEL_DEPTHWISE)
        return;
    cr_assert(tile->rows > 0 && tile->columns > 0 && tile->vectors > 0, "seed %d", seed);
    if (tile->rows * tile->columns > 9 || !k->epilogue.pool)
        cr_assert(registers_of(k, t) < t->registers, "seed %d: %s", seed, k->name);
    cr_assert(tile->strip % tile->columns == 0 || tile->strip == k->conv.ow, "seed %d", seed);
    if (k->epilogue.pool && k->kind == KERNEL_CONV) {
        cr_assert_eq(tile->rows % k->epilogue.pool_window.kernel[0], 0, "seed %d", seed);
        cr_assert_eq(tile->columns % k->epilogue.pool_window.kernel[1], 0, "seed %d", seed);
    }
}

Test(plan, tiles_fit_into_registers) {
    for (int seed = 0; seed < 300; seed++) {
        Arena *a = arena_new();
        const Target *t = targets[seed % 3];
        const Ops *g = fold(a, random_network_of(a, (uint64_t)seed, 60, 200));
        const Plan *p = plan_of(a, g, t, seed % 2 ? MATH_FAST : MATH_PRECISE);
        for (int i = 0; i < p->nkernels; i++)
            expect_good_tiling(&p->kernels[i], t, seed);
        arena_free(a);
    }
}

Test(plan, is_exact_when_asked_to_be) {
    for (int seed = 0; seed < 100; seed++) {
        Arena *a = arena_new();
        const Ops *g = fold(a, random_network_of(a, (uint64_t)seed, 60, 200));
        const Plan *p = plan_of(a, g, &avx512, MATH_PRECISE);
        for (int i = 0; i < p->nkernels; i++)
            cr_assert_neq(p->kernels[i].kind, KERNEL_WINOGRAD);
        arena_free(a);
    }
}

static Op *weight(Ops *g, Shape shape) {
    int64_t numel;
    cr_assert(shape_numel(shape, &numel));
    return op_constant(g, shape, arena_array(g->arena, (size_t)numel, sizeof(float)));
}

static Op *conv_relu(Ops *g, Op *x, int64_t size, int64_t channels, int64_t pad) {
    Arena *a = g->arena;
    Spatial w = {.n = 2,
                 .kernel = {size, size},
                 .stride = {1, 1},
                 .dilation = {1, 1},
                 .before = {pad, pad},
                 .after = {pad, pad}};
    Op *kernel = weight(g, shape_of(size, size, x->shape.dim[2], channels));
    Op *y = op_conv(g, x, kernel, weight(g, shape_of(channels)), w, 1);
    return op_map1(g, elt_2(a, ELT_MAX, elt_input(a, 0), elt_number(a, 0)), y);
}

static Op *max_pool(Ops *g, Op *x) {
    Spatial w = {.n = 2, .kernel = {2, 2}, .stride = {2, 2}, .dilation = {1, 1}};
    return op_pool(g, x, POOL_MAX, w);
}

Test(plan, a_small_network_is_one_kernel_a_layer) {
    Arena *a = arena_new();
    Ops *g = ops_new(a);
    Op *x = op_input(g, shape_of(28, 28, 1));
    x = max_pool(g, conv_relu(g, x, 3, 32, 0));
    x = max_pool(g, conv_relu(g, x, 3, 64, 0));
    x = op_reshape(g, x, shape_of(5 * 5 * 64));
    x = op_matmul(g, x, weight(g, shape_of(5 * 5 * 64, 10)), weight(g, shape_of(10)));
    g->output = op_softmax(g, x, 1, false);
    const Plan *p = plan_of(a, fold(a, g), &avx512, MATH_FAST);
    cr_assert_eq(p->nkernels, 3);
    cr_assert(p->kernels[0].epilogue.pool && p->kernels[0].epilogue.tree);
    cr_assert_eq(p->kernels[0].in[0].place, PLACE_INPUT);
    cr_assert_eq(p->kernels[2].kind, KERNEL_MATVEC);
    cr_assert(p->kernels[2].epilogue.softmax);
    cr_assert_eq(p->kernels[2].out.place, PLACE_OUTPUT);
    arena_free(a);
}

Test(plan, a_softmax_joins_its_product_if_one_vector_holds_it) {
    static const struct {
        int64_t channels;
        unsigned axes;
        int kernels;
    } cases[] = {{16, 4, 1}, {17, 4, 2}, {10, 2, 2}, {10, 6, 2}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Arena *a = arena_new();
        Ops *g = ops_new(a);
        Op *x = op_input(g, shape_of(9, 9, 8));
        x = op_matmul(g, x, weight(g, shape_of(8, cases[i].channels)), NULL);
        g->output = op_softmax(g, x, cases[i].axes, false);
        cr_assert_eq(plan_of(a, g, &avx512, MATH_FAST)->nkernels, cases[i].kernels, "case %zu", i);
        arena_free(a);
    }
}

Test(plan, winograd_where_it_pays) {
    static const struct {
        int64_t size, ic, oc;
        KernelKind kind;
    } cases[] = {
        {56, 64, 64, KERNEL_WINOGRAD},   {28, 128, 128, KERNEL_WINOGRAD},
        {14, 256, 256, KERNEL_WINOGRAD}, {224, 3, 64, KERNEL_CONV},
        {56, 4, 64, KERNEL_CONV},        {4, 16, 8, KERNEL_CONV},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Arena *a = arena_new();
        Ops *g = ops_new(a);
        Op *x = op_input(g, shape_of(cases[i].size, cases[i].size, cases[i].ic));
        g->output = conv_relu(g, x, 3, cases[i].oc, 1);
        const Plan *p = plan_of(a, g, &avx512, MATH_FAST);
        cr_assert_eq(p->kernels[0].kind, cases[i].kind, "case %zu", i);
        arena_free(a);
    }
}

/* Two values are alive at a time: the workspace is the largest two, not the sum. */
Test(plan, a_chain_alternates_between_two_buffers) {
    Arena *a = arena_new();
    Ops *g = ops_new(a);
    Op *x = op_input(g, shape_of(16, 16, 16));
    for (int i = 0; i < 9; i++)
        x = conv_relu(g, x, 3, 16, 1);
    g->output = x;
    const Plan *p = plan_of(a, g, &avx512, MATH_FAST);
    cr_assert_eq(p->workspace_bytes, 2 * 16 * 16 * 16 * 4);
    arena_free(a);
}

Test(plan, maps_work_in_place) {
    Arena *a = arena_new();
    Ops *g = ops_new(a);
    Op *x = op_softmax(g, op_input(g, shape_of(32, 32)), 2, false);
    for (int i = 0; i < 3; i++) {
        x = op_map1(g, elt_1(a, ELT_TANH, elt_input(a, 0)), x);
        x = op_reshape(g, x, shape_of(32, 32));
    }
    g->output = op_softmax(g, x, 2, false);
    const Plan *p = plan_of(a, g, &avx512, MATH_FAST);
    cr_assert_eq(p->workspace_bytes, 32 * 32 * 4);
    arena_free(a);
}
