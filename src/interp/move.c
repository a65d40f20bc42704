/* Ops that only move elements: every output element knows where it comes from. */
#include "interp.h"

void interp_pad(const Op *op, const float *const *in, float *out) {
    const Shape *shape = &op->in[0]->shape;
    int64_t at[SHAPE_MAX] = {0};
    do {
        int64_t from[SHAPE_MAX];
        bool inside = true;
        for (int i = 0; i < shape->rank; i++) {
            from[i] = at[i] - op->u.pad.before[i];
            inside &= from[i] >= 0 && from[i] < shape->dim[i];
        }
        *out++ = inside ? in[0][index_offset(from, shape)] : (float)op->u.pad.value;
    } while (index_next(at, &op->shape));
}

void interp_transpose(const Op *op, const float *const *in, float *out) {
    int64_t at[SHAPE_MAX] = {0};
    do {
        int64_t from[SHAPE_MAX] = {0};
        for (int i = 0; i < op->shape.rank; i++)
            from[op->u.perm[i]] = at[i];
        *out++ = in[0][index_offset(from, &op->in[0]->shape)];
    } while (index_next(at, &op->shape));
}

void interp_concat(const Op *op, const float *const *in, float *out) {
    int64_t at[SHAPE_MAX] = {0};
    do {
        int64_t from[SHAPE_MAX];
        for (int i = 0; i < op->shape.rank; i++)
            from[i] = at[i];
        int part = 0;
        while (from[op->u.axis] >= op->in[part]->shape.dim[op->u.axis])
            from[op->u.axis] -= op->in[part++]->shape.dim[op->u.axis];
        *out++ = in[part][index_offset(from, &op->in[part]->shape)];
    } while (index_next(at, &op->shape));
}

void interp_slice(const Op *op, const float *const *in, float *out) {
    int64_t at[SHAPE_MAX] = {0};
    do {
        int64_t from[SHAPE_MAX];
        for (int i = 0; i < op->shape.rank; i++)
            from[i] = op->u.slice.start[i] + at[i] * op->u.slice.step[i];
        *out++ = in[0][index_offset(from, &op->in[0]->shape)];
    } while (index_next(at, &op->shape));
}
