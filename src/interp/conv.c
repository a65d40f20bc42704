/* Convolutions of any number of axes and groups, and matrix products. */
#include "interp.h"

#include <math.h>

/* Position of tap `tap` of the window at `out`: false if it is in the padding. */
static bool tap_position(const Spatial *w, const Shape *in, const int64_t *out, const int64_t *tap,
                         int64_t *at) {
    for (int i = 0; i < w->n; i++) {
        at[i] = out[i] * w->stride[i] - w->before[i] + tap[i] * w->dilation[i];
        if (at[i] < 0 || at[i] >= in->dim[i])
            return false;
    }
    return true;
}

static Shape kernel_taps(const Spatial *w) {
    return shape_from(w->kernel, w->n);
}

/* One output pixel: adds the window's products to sum[0..oc). */
static void accumulate(const Op *op, const float *x, const float *kernel, const int64_t *out,
                       double *sum) {
    const Spatial *w = &op->u.conv.window;
    const Shape *in = &op->in[0]->shape;
    int64_t oc = op->shape.dim[w->n], ic = in->dim[w->n] / op->u.conv.groups;
    int64_t group = oc / op->u.conv.groups; /* output channels of one */
    Shape taps = kernel_taps(w);
    int64_t tap[SHAPE_MAX] = {0}, at[SHAPE_MAX] = {0};
    do {
        if (tap_position(w, in, out, tap, at)) {
            const float *k = kernel + index_offset(tap, &taps) * ic * oc;
            const float *pixel = x + index_offset(at, in);
            for (int64_t c = 0; c < ic; c++) {
                for (int64_t o = 0; o < oc; o++)
                    sum[o] += (double)pixel[o / group * ic + c] * k[c * oc + o];
            }
        }
    } while (index_next(tap, &taps));
}

void interp_conv(const Op *op, const float *const *in, float *out) {
    int n = op->u.conv.window.n;
    int64_t oc = op->shape.dim[n];
    Shape pixels = shape_from(op->shape.dim, n);
    Arena *a = arena_new();
    double *sum = arena_array(a, (size_t)oc, sizeof *sum);
    int64_t at[SHAPE_MAX] = {0};
    do {
        for (int64_t o = 0; o < oc; o++)
            sum[o] = op->nin > 2 ? in[2][o] : 0;
        accumulate(op, in[0], in[1], at, sum);
        for (int64_t o = 0; o < oc; o++)
            *out++ = (float)sum[o];
    } while (index_next(at, &pixels));
    arena_free(a);
}

void interp_matmul(const Op *op, const float *const *in, float *out) {
    int64_t k = op->in[1]->shape.dim[0], n = op->in[1]->shape.dim[1];
    int64_t rows = op_numel(op->in[0]) / k;
    for (int64_t r = 0; r < rows; r++) {
        for (int64_t c = 0; c < n; c++) {
            double sum = op->nin > 2 ? in[2][c] : 0;
            for (int64_t i = 0; i < k; i++)
                sum += (double)in[0][r * k + i] * in[1][i * n + c];
            out[r * n + c] = (float)sum;
        }
    }
}

void interp_pool(const Op *op, const float *const *in, float *out) {
    const Spatial *w = &op->u.pool.window;
    const Shape *shape = &op->in[0]->shape;
    bool max = op->u.pool.kind == POOL_MAX;
    Shape taps = kernel_taps(w);
    int64_t at[SHAPE_MAX] = {0};
    do {
        double sum = 0, largest = -HUGE_VAL;
        int64_t count = 0, tap[SHAPE_MAX] = {0}, from[SHAPE_MAX];
        from[w->n] = at[w->n]; /* the channel */
        do {
            if (!tap_position(w, shape, at, tap, from))
                continue;
            double x = in[0][index_offset(from, shape)];
            sum += x;
            largest = x > largest || x != x ? x : largest;
            count++;
        } while (index_next(tap, &taps));
        *out++ = (float)(max ? largest : sum / (double)count);
    } while (index_next(at, &op->shape));
}
