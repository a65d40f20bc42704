/* What the code generator relies on: no kernel writes where a value lies that is still to be read,
 * everything lies within its buffer, and packed weights do not overlap. */
#include "fuse.h"
#include "plan.h"

#include <assert.h>

typedef struct Range {
    int64_t begin, end;
} Range;

static Range range_of(Ref r, const Op *op) {
    return (Range){r.offset, r.offset + op_numel(op) * (int64_t)sizeof(float)};
}

static bool overlap(Range x, Range y) {
    return x.begin < y.end && y.begin < x.end;
}

static bool reads(const Kernel *k, Ref r) {
    for (int i = 0; i < k->nin; i++) {
        if (k->in[i].place == r.place && k->in[i].offset == r.offset)
            return true;
    }
    for (int i = 0; i < k->epilogue.noperands; i++) {
        Ref ref = k->epilogue.operands[i].ref;
        if (ref.place == r.place && ref.offset == r.offset)
            return true;
    }
    return false;
}

/* The kernel before i that wrote the value that kernel i finds at r. */
static const Kernel *writer(const Plan *p, int i, Ref r) {
    for (int k = i - 1; k >= 0; k--) {
        if (p->kernels[k].out.place == r.place && p->kernels[k].out.offset == r.offset)
            return &p->kernels[k];
    }
    return NULL;
}

/* Kernel i reads op at r: the last kernel that touched those bytes must be the one that made op. */
static void verify_read(const Plan *p, int i, Ref r, const Op *op) {
    assert(r.place != PLACE_NONE && r.offset % 64 == 0);
    if (r.place == PLACE_INPUT || r.place == PLACE_WEIGHTS)
        return;
    const Kernel *w = writer(p, i, r);
    assert(w && op_storage(w->result) == op_storage(op));
    for (const Kernel *k = w + 1; k < &p->kernels[i]; k++)
        assert(k->out.place != r.place || !overlap(range_of(k->out, k->result), range_of(r, op)));
    (void)w;
}

static void verify_write(const Plan *p, const Kernel *k) {
    Range out = range_of(k->out, k->result);
    assert(k->out.place == PLACE_OUTPUT || k->out.place == PLACE_WORKSPACE);
    assert(k->out.place != PLACE_WORKSPACE || out.end <= p->workspace_bytes);
    for (int i = 0; i < k->nin; i++) {
        bool same = k->in[i].offset == k->out.offset && k->kind == KERNEL_MAP;
        assert(k->in[i].place != k->out.place || same ||
               !overlap(out, range_of(k->in[i], k->op->in[i])));
        (void)same;
    }
    assert(!k->epilogue.noperands || !reads(k, k->out));
}

/* Only those kernels that pack their weights leave operands without a place. */
static void verify_kernel(const Plan *p, int i) {
    const Kernel *k = &p->kernels[i];
    assert(k->nin == k->op->nin && k->tasks > 0 && k->scratch_bytes <= p->scratch_bytes);
    for (int n = 0; n < k->nin; n++) {
        if (k->in[n].place != PLACE_NONE)
            verify_read(p, i, k->in[n], k->op->in[n]);
        else
            assert(n > 0 && k->weights.place == PLACE_WEIGHTS);
    }
    verify_write(p, k);
}

void plan_verify(const Plan *p) {
    int64_t end = 0;
    for (int i = 0; i < p->nweights; i++) {
        const PackedWeight *w = &p->weights[i];
        assert(w->offset >= end && w->offset % 64 == 0 && w->bytes > 0);
        end = w->offset + w->bytes;
    }
    assert(end <= p->weights_bytes);
    (void)end;
    for (int i = 0; i < p->nkernels; i++)
        verify_kernel(p, i);
    assert(p->nkernels && p->kernels[p->nkernels - 1].out.place == PLACE_OUTPUT);
}
