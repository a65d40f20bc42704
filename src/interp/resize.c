/* Resizing over the spatial axes, all but the last: a weighted sum along each. */
#include "resize.h"
#include "interp.h"

/* Adds up the taps of axes axis.. for the output position `at`, of the input from `offset` on. */
static double sum_taps(const Op *op, const float *x, const ResizeAxis *axes, const int64_t *at,
                       int axis, int64_t offset) {
    const Shape *in = &op->in[0]->shape;
    if (axis == in->rank - 1)
        return x[offset * in->dim[axis] + at[axis]];
    const ResizeAxis *r = &axes[axis];
    double sum = 0;
    for (int k = 0; k < r->taps; k++) {
        int64_t next = offset * in->dim[axis] + r->start[at[axis]] + k;
        double weight = r->weight[at[axis] * r->taps + k];
        if (weight != 0)
            sum += weight * sum_taps(op, x, axes, at, axis + 1, next);
    }
    return sum;
}

void interp_resize(const Op *op, const float *const *in, float *out) {
    Arena *a = arena_new();
    ResizeAxis axes[SHAPE_MAX];
    for (int i = 0; i < op->shape.rank - 1; i++)
        axes[i] = resize_axis(a, op->u.resize, op->in[0]->shape.dim[i], op->shape.dim[i]);
    int64_t at[SHAPE_MAX] = {0};
    do {
        *out++ = (float)sum_taps(op, in[0], axes, at, 0, 0);
    } while (index_next(at, &op->shape));
    arena_free(a);
}
