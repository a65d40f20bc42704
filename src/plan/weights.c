/* The blob of weights: who lies where, and how large each packing is. */
#include "planner.h"

static int64_t packed_floats(const PackedWeight *w) {
    const Shape *s = &w->constant->shape;
    int64_t numel = op_numel(w->constant), columns = s->rank ? s->dim[s->rank - 1] : 1;
    switch (w->packing) {
    case PACK_PLAIN:
        return numel;
    case PACK_PADDED:
    case PACK_PANELS: {
        int64_t per_group = columns / w->groups;
        return numel / columns * w->groups * ceil_div(per_group, w->panel) * w->panel;
    }
    case PACK_WINOGRAD: {
        int64_t alpha = w->winograd + 2;
        return alpha * alpha * s->dim[2] * ceil_div(columns, w->panel) * w->panel;
    }
    }
    BUG("packing %d", (int)w->packing);
}

static bool same_weight(const PackedWeight *x, const PackedWeight *y) {
    const Op *cx = x->constant, *cy = y->constant;
    bool same_data =
        cx == cy || (cx->u.constant.weight && cx->u.constant.weight == cy->u.constant.weight &&
                     shape_equal(cx->shape, cy->shape));
    return same_data && x->packing == y->packing && x->panel == y->panel &&
           x->winograd == y->winograd && x->groups == y->groups;
}

Ref plan_weight(Planner *p, PackedWeight weight) {
    for (size_t i = 0; i < p->weights.count; i++) {
        if (same_weight(&p->weights.at[i], &weight))
            return (Ref){PLACE_WEIGHTS, p->weights.at[i].offset};
    }
    weight.offset = p->weights_bytes;
    weight.bytes = packed_floats(&weight) * (int64_t)sizeof(float);
    p->weights_bytes += align_up(weight.bytes);
    vec_push(p->arena, &p->weights, weight);
    return (Ref){PLACE_WEIGHTS, weight.offset};
}
