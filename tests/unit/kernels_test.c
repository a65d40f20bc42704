/* Every op, compiled, computes what the interpreter computes: random shapes and parameters, on
 * several targets, with and without optimisation, on 1 to 3 threads, which change no bit. */
#include "harness/compiled.h"
#include "random_ops.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

typedef struct Case {
    Ops *ops;
    Random random;
} Case;

static int64_t below(Case *c, int64_t n) {
    return random_below(&c->random, n);
}

/* Mostly small; now and then long enough for several vectors and their tails. */
static int64_t length(Case *c) {
    static const int64_t longer[] = {16, 17, 31, 48, 67, 130};
    return below(c, 4) ? 1 + below(c, 9) : longer[below(c, 6)];
}

static Shape shape(Case *c, int rank) {
    Shape s = {.batch = DIM_NONE, .rank = rank};
    int64_t room = 20000;
    for (int i = rank - 1; i >= 0; i--) {
        s.dim[i] = length(c);
        s.dim[i] = s.dim[i] < room ? s.dim[i] : room;
        room /= s.dim[i];
    }
    return s;
}

static Op *input(Case *c, int least, int most) {
    return op_input(c->ops, shape(c, least + (int)below(c, most - least + 1)));
}

static Op *constant(Case *c, Shape s) {
    Op *op = op_constant(c->ops, s, NULL);
    float *data = arena_array(c->ops->arena, (size_t)op_numel(op), sizeof *data);
    for (int64_t i = 0; i < op_numel(op); i++)
        data[i] = random_float(&c->random);
    op->u.constant.data = data;
    return op;
}

/* Computed, so that it has a buffer of its own. */
static Op *doubled(Case *c, Op *x) {
    const Elt *in = elt_input(c->ops->arena, 0);
    return op_map1(c->ops, elt_2(c->ops->arena, ELT_ADD, in, in), x);
}

static unsigned axes(Case *c, const Op *x) {
    return 1 + (unsigned)below(c, (1 << x->shape.rank) - 1);
}

/* ---- one op of each kind ---- */

static Op *map(Case *c) {
    Arena *a = c->ops->arena;
    Op *x = input(c, 0, 4), *operands[3] = {x};
    const Elt *tree = elt_input(a, 0);
    for (int i = 1; i < 3; i++) {
        Shape s = x->shape;
        for (int axis = 0; axis < s.rank; axis++)
            s.dim[axis] = below(c, 3) ? s.dim[axis] : 1;
        int drop = (int)below(c, s.rank + 1);
        s.rank -= drop;
        for (int axis = 0; axis < s.rank; axis++)
            s.dim[axis] = s.dim[axis + drop];
        operands[i] = constant(c, s);
        tree = elt_2(a, below(c, 2) ? ELT_MUL : ELT_SUB, tree, elt_input(a, i));
    }
    return op_map(c->ops, elt_2(a, ELT_ADD, tree, elt_1(a, ELT_TANH, tree)), operands, 3);
}

/* An operand of each channel, where the channels do not fill whole vectors. */
static Op *map_channels(Case *c) {
    Arena *a = c->ops->arena;
    Op *x = op_input(c->ops, shape_of(1 + below(c, 40), 1 + below(c, 200), 1 + below(c, 40)));
    Op *operands[] = {x, constant(c, shape_of(x->shape.dim[2])),
                      constant(c, shape_of(1, x->shape.dim[2]))};
    const Elt *product = elt_2(a, ELT_MUL, elt_input(a, 0), elt_input(a, 1));
    return op_map(c->ops, elt_2(a, ELT_ADD, product, elt_input(a, 2)), operands, 3);
}

/* All elements, but of another rank. */
static Op *map_ranks(Case *c) {
    Arena *a = c->ops->arena;
    int64_t rows = 1 + below(c, 3000), columns = 1 + below(c, 9);
    Op *x = op_input(c->ops, shape_of(1, rows, columns));
    Op *operands[] = {x, constant(c, shape_of(rows, columns))};
    return op_map(c->ops, elt_2(a, ELT_ADD, elt_input(a, 0), elt_input(a, 1)), operands, 2);
}

static Op *elementwise(Case *c) {
    Arena *a = c->ops->arena;
    const Elt *x = elt_input(a, 0), *half = elt_number(a, 0.5), *y;
    EltKind kind = (EltKind)(ELT_ADD + below(c, ELT_SELECT - ELT_ADD + 1));
    const Elt *positive = elt_2(a, ELT_ADD, elt_1(a, ELT_ABS, x), elt_number(a, 0.1));
    bool restricted = kind == ELT_LOG || kind == ELT_SQRT || kind == ELT_POW || kind == ELT_LOG1P;
    const Elt *first = restricted ? positive : x;
    if (elt_arity(kind) == 1)
        y = elt_1(a, kind, first);
    else if (elt_arity(kind) == 2)
        y = elt_2(a, kind, first, half);
    else
        y = elt_3(a, kind, elt_2(a, ELT_LT, x, half), x, half);
    return op_map1(c->ops, y, input(c, 1, 2));
}

static Op *pool(Case *c) {
    int n = 1 + (int)below(c, 3);
    Op *x = input(c, n + 1, n + 1);
    Spatial w = {.n = n};
    for (int i = 0; i < n; i++) {
        int64_t dim = x->shape.dim[i];
        w.kernel[i] = 1 + below(c, dim < 4 ? dim : 4);
        w.stride[i] = 1 + below(c, 3);
        w.dilation[i] = 1;
        w.before[i] = below(c, w.kernel[i]);
        w.after[i] = below(c, w.kernel[i]);
    }
    return op_pool(c->ops, x, below(c, 2) ? POOL_MAX : POOL_AVERAGE, w);
}

static Op *reduce(Case *c) {
    Op *x = input(c, 1, 4);
    return op_reduce(c->ops, x, (ReduceKind)below(c, 4), axes(c, x));
}

static Op *long_reduce(Case *c) {
    Op *x = op_input(c->ops, shape_of(20 + below(c, 40), 20 + below(c, 40), 1 + below(c, 33)));
    return op_reduce(c->ops, x, (ReduceKind)below(c, 4), axes(c, x));
}

static Op *softmax(Case *c) {
    Op *x = input(c, 1, 4);
    return op_softmax(c->ops, x, axes(c, x), below(c, 2));
}

static Op *long_softmax(Case *c) {
    return op_softmax(c->ops, op_input(c->ops, shape_of(1 + below(c, 1500))), 1, below(c, 2));
}

static Op *sparsemax(Case *c) {
    return op_sparsemax(c->ops, input(c, 1, 3));
}

static Op *pad(Case *c) {
    Op *x = input(c, 1, 4);
    int64_t before[SHAPE_MAX], after[SHAPE_MAX];
    for (int i = 0; i < x->shape.rank; i++) {
        int64_t dim = x->shape.dim[i];
        before[i] = below(c, 5) - 2;
        after[i] = below(c, 5) - 2;
        if (before[i] + dim + after[i] < 1)
            before[i] = after[i] = 0;
    }
    return op_pad(c->ops, x, before, after, 0.25);
}

static Op *transpose(Case *c) {
    Op *x = input(c, 1, 5);
    int perm[SHAPE_MAX];
    for (int i = 0; i < x->shape.rank; i++) {
        int j = (int)below(c, i + 1);
        perm[i] = perm[j];
        perm[j] = i;
    }
    return op_transpose(c->ops, x, perm);
}

static Op *concat(Case *c) {
    Op *x = input(c, 1, 4), *parts[3];
    int axis = (int)below(c, x->shape.rank), n = 1 + (int)below(c, 3);
    parts[0] = x;
    for (int i = 1; i < n; i++) {
        Shape s = x->shape;
        s.dim[axis] = length(c);
        parts[i] = below(c, 2) ? doubled(c, x) : constant(c, s);
    }
    return op_concat(c->ops, parts, n, axis);
}

static Op *slice(Case *c) {
    Op *x = input(c, 1, 4);
    int64_t start[SHAPE_MAX], step[SHAPE_MAX], count[SHAPE_MAX];
    for (int i = 0; i < x->shape.rank; i++) {
        int64_t dim = x->shape.dim[i];
        step[i] = 1 + below(c, 3);
        start[i] = below(c, dim);
        count[i] = 1 + below(c, (dim - start[i] - 1) / step[i] + 1);
    }
    return op_slice(c->ops, x, start, step, count);
}

static Op *resize(Case *c) {
    Op *x = input(c, 3, 3);
    Shape s = x->shape;
    for (int i = 0; i < 2; i++)
        s.dim[i] = 1 + below(c, 2 * s.dim[i]);
    return op_resize(c->ops, x, (ResizeKind)below(c, 5), s);
}

static Op *reshape(Case *c) {
    Op *x = doubled(c, input(c, 1, 4));
    return op_reshape(c->ops, x, shape_of(op_numel(x)));
}

typedef Op *Maker(Case *c);
typedef struct Named {
    const char *name;
    Maker *make;
} Named;

static const Named makers[] = {
    {"map", map},
    {"map channels", map_channels},
    {"map ranks", map_ranks},
    {"elementwise", elementwise},
    {"pool", pool},
    {"reduce", reduce},
    {"long reduce", long_reduce},
    {"softmax", softmax},
    {"long softmax", long_softmax},
    {"sparsemax", sparsemax},
    {"pad", pad},
    {"transpose", transpose},
    {"concat", concat},
    {"slice", slice},
    {"resize", resize},
    {"reshape", reshape},
};

/* ---- comparing ---- */

/* The largest difference, relative to the largest output; infinite where only one is NaN. */
static double difference(const float *want, const float *got, int64_t n) {
    double most = 0, scale = 1e-30;
    for (int64_t i = 0; i < n; i++) {
        if (isnan(want[i]) != isnan(got[i]))
            return INFINITY;
        if (isnan(want[i]) || want[i] == got[i])
            continue;
        most = fmax(most, fabs((double)want[i] - got[i]));
    }
    for (int64_t i = 0; i < n; i++)
        if (isfinite(want[i]))
            scale = fmax(scale, fabs((double)want[i]));
    return most / scale;
}

static void compare(const char *name, uint64_t seed, const Ops *g, const Target *t, int opt_level) {
    Arena *a = arena_new();
    Random r = {seed};
    int64_t nin = op_numel(g->input), nout = op_numel(g->output);
    float *in = arena_array(a, (size_t)nin, sizeof *in);
    float *want = arena_array(a, (size_t)nout, sizeof *want);
    float *got = arena_array(a, (size_t)nout, sizeof *got);
    float *alone = arena_array(a, (size_t)nout, sizeof *alone); /* by one thread */
    for (int64_t i = 0; i < nin; i++)
        in[i] = 3 * random_float(&r);
    interp_run(g, in, want);
    Compiled *c = compiled_new(g, t, MATH_FAST, opt_level);
    for (int threads = 1; threads <= 3; threads++) {
        compiled_run(c, in, got, threads);
        double d = difference(want, got, nout);
        if (threads == 1)
            memcpy(alone, got, (size_t)nout * sizeof *got);
        cr_assert(!memcmp(alone, got, (size_t)nout * sizeof *got),
                  "%s, seed %d, %s -O%d: %d threads give other bits", name, (int)seed, t->name,
                  opt_level, threads);
        if (d >= 1e-5)
            ops_dump(g, stderr);
        cr_assert(d < 1e-5, "%s, seed %d, %s -O%d, %d threads: %g", name, (int)seed, t->name,
                  opt_level, threads, d);
    }
    compiled_free(c);
    arena_free(a);
}

static void compare_all(const char *cpu, int opt_level, uint64_t seeds) {
    Arena *targets = arena_new();
    const Target *t = target_find(targets, cpu, diag_new(targets));
    for (uint64_t seed = 0; seed < seeds; seed++) {
        for (size_t i = 0; i < COUNT_OF(makers); i++) {
            Arena *a = arena_new();
            Case c = {.ops = ops_new(a), .random = {seed * 1000 + i}};
            c.ops->output = makers[i].make(&c);
            ops_verify(c.ops);
            compare(makers[i].name, seed, c.ops, t, opt_level);
            arena_free(a);
        }
    }
    arena_free(targets);
}

/* Whole networks, folded as the compiler does it: convolutions with their epilogues, buffers that
 * are used again. */
static void compare_networks(const char *cpu, int opt_level, uint64_t seeds, int64_t size,
                             int64_t channels) {
    Arena *targets = arena_new();
    const Target *t = target_find(targets, cpu, diag_new(targets));
    for (uint64_t seed = 0; seed < seeds; seed++) {
        Arena *a = arena_new();
        const Ops *g = fold(a, random_network_of(a, seed, size, channels));
        compare("network", seed, g, t, opt_level);
        arena_free(a);
    }
    arena_free(targets);
}

Test(networks, native) {
    compare_networks("native", 2, 60, 9, 9);
    compare_networks("native", 2, 10, 30, 40);
}

Test(networks, native_without_optimisation) {
    compare_networks("native", 0, 30, 9, 9);
}

Test(networks, avx2) {
    compare_networks("x86-64-v3", 2, 30, 9, 9);
    compare_networks("x86-64-v3", 2, 5, 30, 40);
}

Test(networks, sse4) {
    compare_networks("x86-64-v2", 2, 30, 9, 9);
}

Test(networks, sse2) {
    compare_networks("generic", 0, 30, 9, 9);
}

Test(kernels, native) {
    compare_all("native", 2, 12);
}

Test(kernels, native_without_optimisation) {
    compare_all("native", 0, 6);
}

Test(kernels, avx2) {
    compare_all("x86-64-v3", 2, 6);
}

Test(kernels, sse4_without_optimisation) {
    compare_all("x86-64-v2", 0, 6);
}

Test(kernels, sse4) {
    compare_all("x86-64-v2", 2, 6);
}

Test(kernels, sse2) {
    compare_all("generic", 2, 6);
}
