/* Elementwise trees, and what looks at whole axes: reductions, softmax, sparsemax. */
#include "interp.h"

#include <math.h>
#include <stdlib.h>

void interp_map(const Op *op, const float *const *in, float *out) {
    Arena *a = arena_new();
    int64_t(*strides)[SHAPE_MAX] = arena_array(a, (size_t)op->nin, sizeof *strides);
    double *x = arena_array(a, (size_t)op->nin, sizeof *x);
    for (int i = 0; i < op->nin; i++)
        broadcast_strides(op->in[i]->shape, op->shape, strides[i]);
    int64_t at[SHAPE_MAX] = {0};
    do {
        for (int i = 0; i < op->nin; i++) {
            int64_t offset = 0;
            for (int d = 0; d < op->shape.rank; d++)
                offset += at[d] * strides[i][d];
            x[i] = in[i][offset];
        }
        *out++ = (float)elt_eval(op->u.map, x);
    } while (index_next(at, &op->shape));
    arena_free(a);
}

/* Splits a shape into the axes of a set and the others: both have every axis, of length 1 where it
 * belongs to the other. */
static void split_axes(const Shape *s, unsigned axes, Shape *within, Shape *outside) {
    *within = *outside = *s;
    for (int i = 0; i < s->rank; i++)
        (axes >> i & 1 ? outside : within)->dim[i] = 1;
}

/* Element number of the position that is `outside` on some axes and `within` on the others. */
static int64_t joint_offset(const int64_t *outside, const int64_t *within, const Shape *s) {
    int64_t at[SHAPE_MAX];
    for (int i = 0; i < s->rank; i++)
        at[i] = outside[i] + within[i];
    return index_offset(at, s);
}

static double reduce_one(const Op *op, const float *x, const Shape *axes, const int64_t *outside) {
    ReduceKind kind = op->u.reduce.kind;
    double sum = 0, most = -HUGE_VAL, least = HUGE_VAL;
    int64_t count = 0, within[SHAPE_MAX] = {0};
    do {
        double value = x[joint_offset(outside, within, &op->in[0]->shape)];
        sum += value;
        most = value > most || value != value ? value : most;
        least = value < least || value != value ? value : least;
        count++;
    } while (index_next(within, axes));
    return kind == REDUCE_SUM    ? sum
           : kind == REDUCE_MEAN ? sum / (double)count
           : kind == REDUCE_MAX  ? most
                                 : least;
}

void interp_reduce(const Op *op, const float *const *in, float *out) {
    Shape within, outside;
    split_axes(&op->in[0]->shape, op->u.reduce.axes, &within, &outside);
    int64_t at[SHAPE_MAX] = {0};
    do {
        *out++ = (float)reduce_one(op, in[0], &within, at);
    } while (index_next(at, &outside));
}

static void softmax_one(const Op *op, const float *x, const Shape *axes, const int64_t *outside,
                        float *out) {
    double most = -HUGE_VAL, sum = 0;
    int64_t at[SHAPE_MAX] = {0};
    do {
        double value = x[joint_offset(outside, at, &op->shape)];
        most = value > most || value != value ? value : most;
    } while (index_next(at, axes));
    do {
        sum += exp(x[joint_offset(outside, at, &op->shape)] - most);
    } while (index_next(at, axes));
    do {
        int64_t i = joint_offset(outside, at, &op->shape);
        double shifted = x[i] - most;
        out[i] = (float)(op->u.softmax.log ? shifted - log(sum) : exp(shifted) / sum);
    } while (index_next(at, axes));
}

void interp_softmax(const Op *op, const float *const *in, float *out) {
    Shape within, outside;
    split_axes(&op->shape, op->u.softmax.axes, &within, &outside);
    int64_t at[SHAPE_MAX] = {0};
    do {
        softmax_one(op, in[0], &within, at, out);
    } while (index_next(at, &outside));
}

static int descending(const void *x, const void *y) {
    float a = *(const float *)x, b = *(const float *)y;
    return (a < b) - (a > b);
}

/* max(x - tau, 0). The support is made of the k largest elements, sorted, k being the last for
 * which 1 + k * x_k > x_1 + ... + x_k. The tau that makes the sum 1 would be (x_1 + ... + x_k - 1)
 * / k; Keras 3 takes the sum of the support's partial sums instead of the last one, and so do we.
 */
void interp_sparsemax(const Op *op, const float *const *in, float *out) {
    int64_t n = op->shape.dim[op->shape.rank - 1], rows = op_numel(op) / n;
    Arena *a = arena_new();
    float *sorted = arena_array(a, (size_t)n, sizeof *sorted);
    for (int64_t r = 0; r < rows; r++) {
        const float *x = in[0] + r * n;
        double sum = 0, partial_sums = 0, support = 0;
        for (int64_t i = 0; i < n; i++)
            sorted[i] = x[i];
        qsort(sorted, (size_t)n, sizeof *sorted, descending);
        for (int64_t k = 0; k < n; k++) {
            sum += sorted[k];
            if (1 + (double)(k + 1) * sorted[k] > sum) {
                partial_sums += sum;
                support++;
            }
        }
        double tau = (partial_sums - 1) / support;
        for (int64_t i = 0; i < n; i++)
            out[r * n + i] = (float)fmax(x[i] - tau, 0);
    }
    arena_free(a);
}
