/* y = s * x + t next to a sum of products is another sum of products:
 *
 *     s * (x . W + b) + t = x . (W * s) + (b * s + t)        s, t for each output channel
 *     (s * x + t) . W + b = x . (s * W) + (t . W + b)        s, t for each input channel
 *
 * BatchNormalization, Rescaling and Normalization vanish into weights this way. New weights are
 * computed in double. The second form holds only where no padding is read, or t is 0, as padding
 * means 0 after the map, not before. */
#include "fold.h"

#include <math.h>

int fold_variable(const Op *map) {
    int variable = -1;
    for (int i = 0; i < map->nin; i++) {
        if (map->in[i]->kind == OP_CONST)
            continue;
        if (variable >= 0)
            return -1;
        variable = i;
    }
    return variable;
}

/* One number, or a vector over the last axis of `shape`. */
static bool is_per_channel(const Op *operand, Shape shape) {
    int64_t numel = op_numel(operand), strides[SHAPE_MAX];
    broadcast_strides(operand->shape, shape, strides);
    return numel == 1 || (numel == shape.dim[shape.rank - 1] && strides[shape.rank - 1] == 1);
}

/* An affine map of one variable operand, with coefficients for each channel. */
typedef struct ChannelMap {
    const Op *map;
    int variable;
    Affine affine;
    const Op *missing;           /* a coefficient whose data are not there yet; NULL: all are */
    const double *scale, *shift; /* by channel, if none is missing */
} ChannelMap;

/* Beyond this, s * x and t are so much larger than their usual sum that rounding them apart from
 * each other shows: (x - mean) * 1e7, say, which Normalization computes where the variance is 0. */
static const double SHIFT_MAX = 128;

/* The coefficient `e` of all channels. */
static const double *coefficients(Arena *a, const ChannelMap *m, const Elt *e) {
    const Op *map = m->map;
    int64_t channels = map->shape.dim[map->shape.rank - 1];
    double *values = arena_array(a, (size_t)channels, sizeof *values);
    double *inputs = arena_array(a, (size_t)map->nin, sizeof *inputs);
    for (int64_t c = 0; c < channels; c++) {
        for (int i = 0; i < map->nin; i++) {
            if (i != m->variable)
                inputs[i] = op_const_data(map->in[i])[op_is_scalar(map->in[i]) ? 0 : c];
        }
        values[c] = elt_eval(e, inputs);
    }
    return values;
}

/* Fills m's numbers; false if they are not of a size that can be folded. */
static bool evaluate(Arena *a, ChannelMap *m) {
    int64_t channels = m->map->shape.dim[m->map->shape.rank - 1];
    m->scale = coefficients(a, m, m->affine.scale);
    m->shift = coefficients(a, m, m->affine.shift);
    for (int64_t c = 0; c < channels; c++) {
        if (!isfinite(m->scale[c]) || !(fabs(m->shift[c]) <= SHIFT_MAX))
            return false;
    }
    return true;
}

static bool channel_map(Arena *a, const Op *op, ChannelMap *m) {
    *m = (ChannelMap){.map = op};
    if (op->kind != OP_MAP)
        return false;
    m->variable = fold_variable(op);
    if (m->variable < 0 || !shape_equal(op->in[m->variable]->shape, op->shape) || !op->shape.rank ||
        !elt_affine(a, op->u.map, m->variable, &m->affine))
        return false;
    for (int i = 0; i < op->nin; i++) {
        if (i == m->variable)
            continue;
        if (!is_per_channel(op->in[i], op->shape))
            return false;
        if (!op_const_data(op->in[i]))
            m->missing = op->in[i];
    }
    return m->missing || evaluate(a, m);
}

static bool is_zero(const Elt *e) {
    return e->kind == ELT_NUMBER && e->number == 0;
}

/* The convolution or product again, over other weights. */
static Op *with_weights(Fold *f, const Op *op, Op *x, Op *kernel, Op *bias) {
    ops_set_layer(f->to, op->layer);
    if (op->kind == OP_MATMUL)
        return op_matmul(f->to, x, kernel, bias);
    return op_conv(f->to, x, kernel, bias, op->u.conv.window, op->u.conv.groups);
}

static bool has_weights(const Op *op) {
    return (op->kind == OP_CONV || op->kind == OP_MATMUL) && op->in[1]->kind == OP_CONST &&
           (op->nin < 3 || op->in[2]->kind == OP_CONST);
}

/* The first of the weights or coefficients that has no data yet. */
static const Op *missing_data(const Op *op, const ChannelMap *m) {
    for (int i = 1; i < op->nin; i++) {
        if (!op_const_data(op->in[i]))
            return op->in[i];
    }
    return m->missing;
}

static Op *scale_columns(Fold *f, const Op *kernel, const double *scale, int64_t columns) {
    int64_t numel = op_numel(kernel);
    const float *from = op_const_data(kernel);
    float *to = arena_array(f->arena, (size_t)numel, sizeof *to);
    for (int64_t i = 0; i < numel; i++)
        to[i] = (float)(from[i] * scale[i % columns]);
    return fold_constant(f, kernel->shape, to, NULL);
}

Op *fold_affine_back(Fold *f, const Op *op) {
    ChannelMap m;
    if (!channel_map(f->arena, op, &m))
        return NULL;
    const Op *sum = op->in[m.variable];
    if (!has_weights(sum) || f->uses[sum->id] != 1)
        return NULL;
    int64_t columns = op->shape.dim[op->shape.rank - 1];
    bool needs_bias = sum->nin > 2 || !is_zero(m.affine.shift);
    const Op *missing = missing_data(sum, &m);
    Op *x = f->made[sum->in[0]->id];
    if (missing)
        return with_weights(f, sum, x, f->made[sum->in[1]->id],
                            needs_bias ? fold_constant(f, shape_of(columns), NULL, missing) : NULL);
    const float *old = sum->nin > 2 ? op_const_data(sum->in[2]) : NULL;
    float *bias = arena_array(f->arena, (size_t)columns, sizeof *bias);
    for (int64_t c = 0; c < columns; c++)
        bias[c] = (float)((old ? old[c] * m.scale[c] : 0) + m.shift[c]);
    return with_weights(f, sum, x, scale_columns(f, sum->in[1], m.scale, columns),
                        needs_bias ? fold_constant(f, shape_of(columns), bias, NULL) : NULL);
}

static bool is_padded(const Op *op) {
    if (op->kind != OP_CONV)
        return false;
    for (int i = 0; i < op->u.conv.window.n; i++) {
        if (op->u.conv.window.before[i] || op->u.conv.window.after[i])
            return true;
    }
    return false;
}

/* W * s by rows, and b + t . W. Row r of the kernel, taken as a matrix, is input channel r % ic of
 * the column's group. */
static void scale_rows(const Op *op, const double *scale, const double *shift, float *kernel,
                       double *bias) {
    const Op *w = op->in[1];
    const float *from = op_const_data(w);
    int64_t oc = w->shape.dim[w->shape.rank - 1], ic = w->shape.dim[w->shape.rank - 2];
    int64_t groups = op->kind == OP_CONV ? op->u.conv.groups : 1, numel = op_numel(w);
    for (int64_t i = 0; i < numel; i++) {
        int64_t column = i % oc, channel = column / (oc / groups) * ic + i / oc % ic;
        kernel[i] = (float)(from[i] * scale[channel]);
        bias[column] += from[i] * shift[channel];
    }
}

Op *fold_affine_forward(Fold *f, const Op *op) {
    ChannelMap m;
    if (!has_weights(op) || f->uses[op->in[0]->id] != 1 || !channel_map(f->arena, op->in[0], &m) ||
        (is_padded(op) && !is_zero(m.affine.shift)))
        return NULL;
    const Op *kernel = op->in[1], *missing = missing_data(op, &m);
    Op *x = f->made[m.map->in[m.variable]->id];
    int64_t oc = op->shape.dim[op->shape.rank - 1];
    bool needs_bias = op->nin > 2 || !is_zero(m.affine.shift);
    if (missing)
        return with_weights(f, op, x, f->made[kernel->id],
                            needs_bias ? fold_constant(f, shape_of(oc), NULL, missing) : NULL);
    float *data = arena_array(f->arena, (size_t)op_numel(kernel), sizeof *data);
    double *sums = arena_array(f->arena, (size_t)oc, sizeof *sums);
    float *bias = arena_array(f->arena, (size_t)oc, sizeof *bias);
    scale_rows(op, m.scale, m.shift, data, sums);
    for (int64_t o = 0; o < oc; o++)
        bias[o] = (float)(sums[o] + (op->nin > 2 ? op_const_data(op->in[2])[o] : 0));
    return with_weights(f, op, x, fold_constant(f, kernel->shape, data, NULL),
                        needs_bias ? fold_constant(f, shape_of(oc), bias, NULL) : NULL);
}

/* A coefficient as a number, or as an operand: a new constant. */
static const Elt *operand(Fold *f, const ChannelMap *m, const Elt *e, const double *values,
                          Op **operands, int *n) {
    if (e->kind == ELT_NUMBER)
        return e;
    int64_t channels = m->map->shape.dim[m->map->shape.rank - 1];
    float *data = NULL;
    if (values) {
        data = arena_array(f->arena, (size_t)channels, sizeof *data);
        for (int64_t c = 0; c < channels; c++)
            data[c] = (float)values[c];
    }
    operands[*n] = fold_constant(f, shape_of(channels), data, m->missing);
    return elt_input(f->arena, (*n)++);
}

Op *fold_affine_tidy(Fold *f, const Op *op) {
    ChannelMap m;
    if (!channel_map(f->arena, op, &m))
        return NULL;
    bool scales = m.affine.scale->kind != ELT_NUMBER || m.affine.scale->number != 1;
    int size = 1 + (scales ? 2 : 0) + (is_zero(m.affine.shift) ? 0 : 2);
    if (elt_size(op->u.map) <= size)
        return NULL;
    Op *operands[3] = {f->made[op->in[m.variable]->id]};
    int n = 1;
    const Elt *x = elt_input(f->arena, 0);
    const Elt *scale = operand(f, &m, m.affine.scale, m.scale, operands, &n);
    const Elt *shift = operand(f, &m, m.affine.shift, m.shift, operands, &n);
    const Elt *tree = elt_2(f->arena, ELT_ADD, elt_2(f->arena, ELT_MUL, x, scale), shift);
    return op_map(f->to, tree, operands, n);
}
