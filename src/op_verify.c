/* What every later stage relies on: each op's shape follows from its operands. The constructors
 * check that already, so the proof is to build every op again and compare. */
#include "op.h"

#include <assert.h>

void ops_verify(const Ops *g) {
    Arena *a = arena_new();
    Ops *copy = ops_new(a);
    for (size_t i = 0; i < g->ops.count; i++) {
        const Op *op = g->ops.at[i];
        assert(op->id == (int)i && shape_is_static(op->shape));
        Op **in = arena_array(a, (size_t)op->nin, sizeof *in);
        for (int k = 0; k < op->nin; k++) {
            assert(op->in[k]->id < op->id);
            in[k] = copy->ops.at[op->in[k]->id];
        }
        if (op->kind == OP_CONST)
            assert(!op->u.constant.weight != !op->u.constant.data);
        assert(shape_equal(op_rebuild(copy, op, in)->shape, op->shape));
    }
    assert(g->input && g->output && g->ops.at[g->output->id] == g->output);
    arena_free(a);
}
