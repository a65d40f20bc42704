/* Convolutions and matrix products of every shape, compiled, compute what the interpreter computes:
 * kernels, strides, dilations, groups, paddings, channel counts, epilogues and pooling at random,
 * on every target and with several threads. Buffers end where reading further would crash. */
#include "harness/compiled.h"
#include "random_ops.h"

#include <criterion/criterion.h>
#include <math.h>

static const int64_t channel_counts[] = {1, 2, 3, 4, 7, 8, 10, 16, 17, 32, 33, 48, 64, 65, 100};

typedef struct Case {
    Arena *arena;
    Ops *ops;
    Random random;
    Op *y;
    char *text;
} Case;

static int64_t below(Case *c, int64_t n) {
    return random_below(&c->random, n);
}

static bool one_in(Case *c, int64_t n) {
    return below(c, n) == 0;
}

static int64_t channels(Case *c) {
    return channel_counts[below(c, (int64_t)COUNT_OF(channel_counts))];
}

static Op *constant(Case *c, Shape shape, double scale) {
    Op *op = op_constant(c->ops, shape, NULL);
    float *data = arena_array(c->arena, (size_t)op_numel(op), sizeof *data);
    for (int64_t i = 0; i < op_numel(op); i++)
        data[i] = (float)(random_float(&c->random) * scale);
    op->u.constant.data = data;
    return op;
}

/* Along one axis of n cells: sets the window; what follows it must not be empty. */
static void place(Case *c, Spatial *s, int i, int64_t n, bool winograd) {
    s->kernel[i] = winograd ? 3 : one_in(c, 10) ? 20 + below(c, 20) : 1 + below(c, 5);
    s->stride[i] = winograd || one_in(c, 2) ? 1 : 1 + below(c, 3);
    s->dilation[i] = winograd || !one_in(c, 4) ? 1 : 1 + below(c, 3);
    int64_t reach = (s->kernel[i] - 1) * s->dilation[i];
    s->before[i] = one_in(c, 3) ? below(c, 4) : one_in(c, 2) ? reach / 2 : 0;
    s->after[i] = one_in(c, 3) ? below(c, 4) : reach - s->before[i];
    if (n + s->before[i] + s->after[i] <= reach)
        s->before[i] = reach;
}

static void add_conv(Case *c, bool winograd, bool depthwise) {
    int64_t height = 1 + below(c, 20), width = 1 + below(c, 40), groups = 1;
    int64_t in = channels(c), out = channels(c);
    if (winograd) {
        in = in < 16 ? 16 : in;
        out = out < 16 ? 16 : out;
    }
    if (depthwise) {
        groups = in = 2 + below(c, 70);
        out = in * (one_in(c, 4) ? 2 : 1);
    } else if (!winograd && one_in(c, 6)) {
        groups = 2 + below(c, 3);
        in = groups * (2 + below(c, 20));
        out = groups * (1 + below(c, 70));
    }
    Spatial s = {.n = 2};
    place(c, &s, 0, height, winograd);
    place(c, &s, 1, width, winograd);
    double scale = 1 / sqrt((double)(s.kernel[0] * s.kernel[1] * in / groups));
    c->ops->input = op_input(c->ops, shape_of(height, width, in));
    Op *kernel = constant(c, shape_of(s.kernel[0], s.kernel[1], in / groups, out), scale);
    Op *bias = one_in(c, 2) ? constant(c, shape_of(out), 1) : NULL;
    c->y = op_conv(c->ops, c->ops->input, kernel, bias, s, groups);
    c->text =
        arena_printf(c->arena, "%dx%dx%d -> %d, kernel %dx%d, %d groups", (int)height, (int)width,
                     (int)in, (int)out, (int)s.kernel[0], (int)s.kernel[1], (int)groups);
}

static void add_product(Case *c) {
    int64_t in = channels(c), out = one_in(c, 5) ? 513 : channels(c);
    c->ops->input = one_in(c, 2)
                        ? op_input(c->ops, shape_of(in))
                        : op_input(c->ops, shape_of(1 + below(c, 5), below(c, 40) + 1, in));
    Op *bias = one_in(c, 2) ? constant(c, shape_of(out), 1) : NULL;
    Op *kernel = constant(c, shape_of(in, out), 1 / sqrt((double)in));
    c->y = op_matmul(c->ops, c->ops->input, kernel, bias);
    c->text = arena_printf(c->arena, "product %d -> %d", (int)in, (int)out);
}

/* What may become the epilogue: an activation, a factor for each channel, a softmax, pooling. */
static void add_epilogue(Case *c) {
    const Elt *x = elt_input(c->arena, 0);
    if (one_in(c, 2))
        c->y = op_map1(c->ops, elt_2(c->arena, ELT_MAX, x, elt_number(c->arena, 0)), c->y);
    if (one_in(c, 3)) {
        Op *factor = constant(c, shape_of(c->y->shape.dim[c->y->shape.rank - 1]), 1);
        const Elt *product = elt_2(c->arena, ELT_MUL, x, elt_input(c->arena, 1));
        c->y = op_map(c->ops, product, (Op *[]){c->y, factor}, 2);
    }
    int rank = c->y->shape.rank;
    if (c->y->shape.dim[rank - 1] <= 16 && one_in(c, 2))
        c->y = op_softmax(c->ops, c->y, 1u << (rank - 1), one_in(c, 3));
    int64_t size = 2 + below(c, 2);
    if (c->y->shape.rank == 3 && c->y->shape.dim[0] >= size && c->y->shape.dim[1] >= size &&
        one_in(c, 2)) {
        Spatial s = {.n = 2, .kernel = {size, size}, .stride = {size, size}, .dilation = {1, 1}};
        c->y = op_pool(c->ops, c->y, one_in(c, 3) ? POOL_AVERAGE : POOL_MAX, s);
    }
}

static double difference(const float *x, const float *y, int64_t n) {
    double most = 0, scale = 1e-30;
    for (int64_t i = 0; i < n; i++) {
        double d = fabs((double)x[i] - (double)y[i]);
        most = d > most || isnan(d) ? d : most;
        scale = fabs((double)y[i]) > scale ? fabs((double)y[i]) : scale;
    }
    return most / scale;
}

static void compare(Case *c, const Target *t, MathMode math, int opt_level) {
    int64_t in = op_numel(c->ops->input), out = op_numel(c->ops->output);
    float *input = arena_array(c->arena, (size_t)in, sizeof *input);
    float *expected = arena_array(c->arena, (size_t)out, sizeof *expected);
    float *found = arena_array(c->arena, (size_t)out, sizeof *found);
    for (int64_t i = 0; i < in; i++)
        input[i] = random_float(&c->random);
    interp_run(c->ops, input, expected);
    Compiled *compiled = compiled_new(c->ops, t, math, opt_level);
    for (int threads = 1; threads <= 3; threads++) {
        compiled_run(compiled, input, found, threads);
        double d = difference(found, expected, out);
        cr_assert(d < 1e-5, "%s, %s -O%d, %d threads: %g", c->text, t->name, opt_level, threads, d);
    }
    compiled_free(compiled);
}

static void run_case(uint64_t seed, const Target *t, int opt_level) {
    Arena *a = arena_new();
    Case c = {.arena = a, .ops = ops_new(a), .random = {seed}};
    int64_t kind = below(&c, 8);
    if (kind == 0)
        add_product(&c);
    else
        add_conv(&c, kind < 4, kind == 4);
    add_epilogue(&c);
    c.ops->output = c.y;
    ops_verify(c.ops);
    compare(&c, t, kind % 2 ? MATH_FAST : MATH_PRECISE, opt_level);
    arena_free(a);
}

static void run_cases(const char *cpu, int opt_level, uint64_t seeds) {
    Arena *a = arena_new();
    const Target *t = target_find(a, cpu, diag_new(a));
    for (uint64_t seed = 1; seed <= seeds; seed++)
        run_case(seed * 7919, t, opt_level);
    arena_free(a);
}

Test(conv, native) {
    run_cases("native", 2, 120);
}

Test(conv, native_without_optimisation) {
    run_cases("native", 0, 30);
}

Test(conv, avx2) {
    run_cases("x86-64-v3", 2, 60);
}

Test(conv, sse4) {
    run_cases("x86-64-v2", 2, 40);
}

Test(conv, sse2_without_optimisation) {
    run_cases("generic", 0, 30);
}
