/* Arguments that are a number or a nested list of numbers, as arrays: Rescaling's scale,
 * Normalization's mean. */
#include "layer.h"

/* The lengths of the lists, outermost first. False if lists beside each other differ or are empty.
 */
static bool measure(Value v, Shape *s, int depth) {
    if (!value_is_sequence(v))
        return depth == s->rank;
    size_t count = v.u.list->items.count;
    if (depth == s->rank || count == 0 || s->dim[depth] != (int64_t)count)
        return false;
    for (size_t i = 0; i < count; i++)
        if (!measure(v.u.list->items.at[i], s, depth + 1))
            return false;
    return true;
}

bool numbers_shape(const Layer *l, int arg, Shape *s, Diag *d) {
    Value first = l->object.args[arg];
    *s = (Shape){.batch = DIM_NONE};
    while (value_is_sequence(first) && first.u.list->items.count > 0 && s->rank < SHAPE_MAX) {
        s->dim[s->rank++] = (int64_t)first.u.list->items.count;
        first = first.u.list->items.at[0];
    }
    return measure(l->object.args[arg], s, 0) ||
           layer_arg_error(l, arg, DIAG_broadcast, d,
                           "the lists in '%s' are empty or of different lengths",
                           l->object.def->args[arg].name);
}

bool numbers_fit(const Layer *l, int arg, Shape in, Diag *d) {
    Shape s;
    if (!numbers_shape(l, arg, &s, d))
        return false;
    bool fits = s.rank <= in.rank;
    for (int i = 1; fits && i <= s.rank; i++) {
        int64_t length = s.dim[s.rank - i], axis = in.dim[in.rank - i];
        fits = length == 1 || axis == DIM_NONE || length == axis;
    }
    if (fits)
        return true;
    Arena *a = arena_new();
    layer_arg_error(l, arg, DIAG_broadcast, d, "'%s' of shape %s does not fit input %s",
                    l->object.def->args[arg].name, shape_str_dims(a, s), shape_str(a, in));
    arena_free(a);
    return false;
}

static float *flatten(Value v, float *next) {
    if (!value_is_sequence(v)) {
        *next = (float)value_number(v);
        return next + 1;
    }
    for (size_t i = 0; i < v.u.list->items.count; i++)
        next = flatten(v.u.list->items.at[i], next);
    return next;
}

Op *lower_numbers(Lower *lw, const Layer *l, int arg) {
    Shape s;
    int64_t numel;
    if (!numbers_shape(l, arg, &s, NULL) || !shape_numel(s, &numel))
        BUG("numbers that shape() accepted have no shape");
    float *data = arena_array(lw->arena, (size_t)numel, sizeof *data);
    flatten(l->object.args[arg], data);
    return op_constant(lw->ops, s, data);
}
