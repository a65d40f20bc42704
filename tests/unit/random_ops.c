#include "random_ops.h"

#include <math.h>
#include <stdlib.h>

typedef struct Network {
    Ops *ops;
    Random random;
    int64_t channels; /* at most */
} Network;

int64_t random_below(Random *r, int64_t n) {
    r->state = r->state * 6364136223846793005u + 1442695040888963407u;
    return (int64_t)((r->state >> 33) % (uint64_t)n);
}

float random_float(Random *r) {
    return (float)random_below(r, 20001) / 10000 - 1;
}

static Op *weight(Network *n, Shape shape, float low, float high) {
    int64_t numel = 1;
    for (int i = 0; i < shape.rank; i++)
        numel *= shape.dim[i];
    float *data = arena_array(n->ops->arena, (size_t)numel, sizeof *data);
    for (int64_t i = 0; i < numel; i++)
        data[i] = low + (high - low) * (random_float(&n->random) + 1) / 2;
    return op_constant(n->ops, shape, data);
}

static Op *maybe_bias(Network *n, int64_t channels) {
    return random_below(&n->random, 2) ? weight(n, shape_of(channels), -1, 1) : NULL;
}

static int64_t at_most(int64_t n, int64_t limit) {
    return n < limit ? n : limit;
}

/* A window of up to 3 that fits into x. */
static Spatial window(Network *n, const Op *x, bool pads) {
    Spatial w = {.n = 2};
    for (int i = 0; i < 2; i++) {
        w.kernel[i] = 1 + random_below(&n->random, at_most(3, x->shape.dim[i]));
        w.stride[i] = 1 + random_below(&n->random, 2);
        w.dilation[i] = 1;
        if (pads && random_below(&n->random, 2)) {
            w.before[i] = (w.kernel[i] - 1) / 2;
            w.after[i] = w.kernel[i] - 1 - w.before[i];
        }
    }
    return w;
}

static Op *conv(Network *n, Op *x) {
    int64_t ic = x->shape.dim[2], oc = 1 + random_below(&n->random, n->channels);
    int64_t groups = random_below(&n->random, 4) ? 1 : ic;
    if (groups > 1)
        oc = groups * (1 + random_below(&n->random, 2));
    Spatial w = window(n, x, true);
    float scale = 1 / sqrtf((float)(w.kernel[0] * w.kernel[1] * ic / groups));
    Op *kernel = weight(n, shape_of(w.kernel[0], w.kernel[1], ic / groups, oc), -scale, scale);
    return op_conv(n->ops, x, kernel, maybe_bias(n, oc), w, groups);
}

static Op *dense(Network *n, Op *x) {
    int64_t k = x->shape.dim[x->shape.rank - 1], units = 1 + random_below(&n->random, n->channels);
    float scale = 1 / sqrtf((float)k);
    return op_matmul(n->ops, x, weight(n, shape_of(k, units), -scale, scale), maybe_bias(n, units));
}

/* gamma * (x - mean) / sqrt(variance + epsilon) + beta */
static Op *batch_normalization(Network *n, Op *x) {
    Arena *a = n->ops->arena;
    int64_t channels = x->shape.dim[x->shape.rank - 1];
    Op *operands[] = {x, weight(n, shape_of(channels), .5f, 2),
                      weight(n, shape_of(channels), -1, 1), weight(n, shape_of(channels), -1, 1),
                      weight(n, shape_of(channels), .5f, 2)};
    const Elt *in[5];
    for (int i = 0; i < 5; i++)
        in[i] = elt_input(a, i);
    const Elt *deviation = elt_1(a, ELT_SQRT, elt_2(a, ELT_ADD, in[4], elt_number(a, 1e-3)));
    const Elt *scaled = elt_2(a, ELT_MUL, in[1], elt_2(a, ELT_SUB, in[0], in[3]));
    const Elt *tree = elt_2(a, ELT_ADD, elt_2(a, ELT_DIV, scaled, deviation), in[2]);
    return op_map(n->ops, tree, operands, 5);
}

static Op *activation(Network *n, Op *x) {
    Arena *a = n->ops->arena;
    const Elt *in = elt_input(a, 0);
    switch (random_below(&n->random, 5)) {
    case 0:
        return op_map1(n->ops, elt_2(a, ELT_MAX, in, elt_number(a, 0)), x);
    case 1:
        return op_map1(n->ops, elt_1(a, ELT_TANH, in), x);
    case 2:
        return op_map1(n->ops, elt_2(a, ELT_MUL, in, elt_1(a, ELT_SIGMOID, in)), x);
    case 3: /* Rescaling */
        return op_map(
            n->ops, elt_2(a, ELT_ADD, elt_2(a, ELT_MUL, in, elt_input(a, 1)), elt_number(a, -0.5)),
            (Op *[]){x, op_scalar(n->ops, 0.7)}, 2);
    default:
        return op_map1(n->ops, in, x); /* linear */
    }
}

static Op *pool(Network *n, Op *x) {
    PoolKind kind = random_below(&n->random, 2) ? POOL_MAX : POOL_AVERAGE;
    Spatial w = window(n, x, true);
    if (random_below(&n->random, 2)) {
        for (int i = 0; i < 2; i++) {
            w.stride[i] = w.kernel[i];
            w.before[i] = w.after[i] = 0;
        }
    }
    return op_pool(n->ops, x, kind, w);
}

static Op *pad(Network *n, Op *x) {
    int64_t before[SHAPE_MAX] = {0}, after[SHAPE_MAX] = {0};
    for (int i = 0; i < 2; i++) {
        before[i] = random_below(&n->random, 3);
        after[i] = random_below(&n->random, 3);
    }
    return op_pad(n->ops, x, before, after, 0);
}

static Op *transpose(Network *n, Op *x) {
    const int forth[] = {2, 0, 1}, back[] = {1, 2, 0};
    return op_transpose(n->ops, x, random_below(&n->random, 2) ? forth : back);
}

static Op *residual(Network *n, Op *x) {
    Arena *a = n->ops->arena;
    int64_t channels = x->shape.dim[2];
    Op *kernel = weight(n, shape_of(1, 1, channels, channels), -.5f, .5f);
    Spatial one = {.n = 2, .kernel = {1, 1}, .stride = {1, 1}, .dilation = {1, 1}};
    Op *y = op_conv(n->ops, activation(n, x), kernel, NULL, one, 1);
    return op_map(n->ops, elt_2(a, ELT_ADD, elt_input(a, 0), elt_input(a, 1)), (Op *[]){x, y}, 2);
}

static Op *reduce(Network *n, Op *x) {
    ReduceKind kind = (ReduceKind)random_below(&n->random, 4);
    return op_reduce(n->ops, x, kind, 1 + (unsigned)random_below(&n->random, 7));
}

static Op *slice(Network *n, Op *x) {
    int64_t start[SHAPE_MAX], step[SHAPE_MAX], length[SHAPE_MAX];
    for (int i = 0; i < x->shape.rank; i++) {
        int64_t dim = x->shape.dim[i];
        start[i] = random_below(&n->random, dim);
        step[i] = 1 + random_below(&n->random, 2);
        length[i] = (dim - start[i] - 1) / step[i] + 1;
    }
    return op_slice(n->ops, x, start, step, length);
}

static Op *resize(Network *n, Op *x) {
    Shape shape = x->shape;
    shape.dim[0] *= 1 + random_below(&n->random, 2);
    shape.dim[1] *= 1 + random_below(&n->random, 2);
    return op_resize(n->ops, x, (ResizeKind)random_below(&n->random, 5), shape);
}

static Op *any_layer(Network *n, Op *x) {
    switch (random_below(&n->random, 16)) {
    case 0:
    case 1:
    case 2:
        return conv(n, x);
    case 3:
    case 4:
        return batch_normalization(n, x);
    case 5:
    case 6:
        return activation(n, x);
    case 7:
        return pool(n, x);
    case 8:
        return conv(n, pad(n, x));
    case 9:
        return pool(n, pad(n, activation(n, x)));
    case 10:
        return dense(n, x);
    case 11:
        return transpose(n, x);
    case 12:
        return residual(n, x);
    case 13:
        return op_numel(x) > 4096 ? reduce(n, x) : resize(n, x);
    case 14:
        return slice(n, x);
    default:
        return op_softmax(n->ops, x, 1 + (unsigned)random_below(&n->random, 7), false);
    }
}

Ops *random_network_of(Arena *a, uint64_t seed, int64_t size, int64_t channels) {
    Network n = {.ops = ops_new(a), .random = {seed}, .channels = channels};
    Random *r = &n.random;
    Op *x = op_input(n.ops, shape_of(1 + random_below(r, size), 1 + random_below(r, size),
                                     1 + random_below(r, 4)));
    for (int64_t layers = 1 + random_below(r, 9); layers > 0; layers--)
        x = any_layer(&n, x);
    if (random_below(r, 2)) {
        x = op_reshape(n.ops, x, shape_of(op_numel(x)));
        x = activation(&n, dense(&n, x));
    }
    n.ops->output = x;
    return n.ops;
}

Ops *random_network(Arena *a, uint64_t seed) {
    return random_network_of(a, seed, 9, 9);
}

double random_difference(const Ops *x, const Ops *y, uint64_t seed) {
    Random r = {seed};
    int64_t in = op_numel(x->input), out = op_numel(x->output);
    float *input = calloc((size_t)in, sizeof *input);
    float *of_x = calloc((size_t)out, sizeof *of_x), *of_y = calloc((size_t)out, sizeof *of_y);
    double difference = 0, scale = 1e-30;
    for (int64_t i = 0; i < in; i++)
        input[i] = random_float(&r);
    interp_run(x, input, of_x);
    interp_run(y, input, of_y);
    for (int64_t i = 0; i < out; i++) {
        difference = fmax(difference, fabs((double)of_x[i] - of_y[i]));
        scale = fmax(scale, fabs((double)of_x[i]));
    }
    free(input);
    free(of_x);
    free(of_y);
    return difference / scale;
}
