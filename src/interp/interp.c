/* The reference: runs a graph op by op with plain loops. Every value gets its own memory, given
 * back after its last reader. */
#include "interp.h"

#include <stdlib.h>
#include <string.h>

typedef void OpFunction(const Op *op, const float *const *in, float *out);

static OpFunction *const functions[] = {
#define OP(name, suffix) [OP_##name] = interp_##suffix,
    OP_KINDS(OP)
#undef OP
};

bool index_next(int64_t *at, const Shape *s) {
    for (int i = s->rank - 1; i >= 0; i--) {
        if (++at[i] < s->dim[i])
            return true;
        at[i] = 0;
    }
    return false;
}

int64_t index_offset(const int64_t *at, const Shape *s) {
    int64_t offset = 0;
    for (int i = 0; i < s->rank; i++)
        offset = offset * s->dim[i] + at[i];
    return offset;
}

/* These two are values that the run begins with; interp_run puts them in place. */
void interp_input(const Op *op, const float *const *in, float *out) {
    (void)in, (void)out;
    BUG("op %d is an input", op->id);
}

void interp_constant(const Op *op, const float *const *in, float *out) {
    (void)in, (void)out;
    BUG("op %d is a constant", op->id);
}

void interp_reshape(const Op *op, const float *const *in, float *out) {
    memcpy(out, in[0], (size_t)op_numel(op) * sizeof *out);
}

static float *new_value(const Op *op) {
    float *value = malloc((size_t)op_numel(op) * sizeof *value);
    if (!value)
        arena_out_of_memory();
    return value;
}

static void run_op(const Op *op, const float **value, float *out) {
    const float **in = malloc(((size_t)op->nin + 1) * sizeof *in);
    if (!in)
        arena_out_of_memory();
    for (int i = 0; i < op->nin; i++)
        in[i] = value[op->in[i]->id];
    functions[op->kind](op, in, out);
    free(in);
}

static bool is_given(const Op *op) {
    return op->kind == OP_INPUT || op->kind == OP_CONST;
}

static void release_operands(const Op *op, const float **value, int *uses) {
    for (int i = 0; i < op->nin; i++) {
        const Op *operand = op->in[i];
        if (--uses[operand->id] == 0 && !is_given(operand)) {
            free((float *)value[operand->id]);
            value[operand->id] = NULL;
        }
    }
}

void interp_run(const Ops *g, const float *in, float *out) {
    Arena *a = arena_new();
    const float **value = arena_array(a, g->ops.count, sizeof *value);
    int *uses = ops_count_uses(g, a);
    for (size_t i = 0; i < g->ops.count; i++) {
        const Op *op = g->ops.at[i];
        if (op->kind == OP_INPUT) {
            value[i] = in;
        } else if (op->kind == OP_CONST) {
            value[i] = op_const_data(op);
        } else {
            float *result = new_value(op);
            run_op(op, value, result);
            value[i] = result;
        }
        release_operands(op, value, uses);
    }
    memcpy(out, value[g->output->id], (size_t)op_numel(g->output) * sizeof *out);
    for (size_t i = 0; i < g->ops.count; i++) {
        if (!is_given(g->ops.at[i]))
            free((float *)value[i]);
    }
    arena_free(a);
}
