/* Shapes: printing, counting, and where a window stands along an axis. */
#include "shape.h"

#include "diag.h"

#include <string.h>

Shape shape_from(const int64_t *dims, int rank) {
    if (rank < 0 || rank > SHAPE_MAX)
        BUG("a shape of rank %d", rank);
    Shape s = {.batch = DIM_NONE, .rank = rank};
    if (rank > 0)
        memcpy(s.dim, dims, (size_t)rank * sizeof *dims);
    return s;
}

bool shape_is_known(Shape s) {
    return s.rank >= 0;
}

bool shape_is_static(Shape s) {
    for (int i = 0; i < s.rank; i++)
        if (s.dim[i] == DIM_NONE)
            return false;
    return shape_is_known(s);
}

bool shape_equal(Shape a, Shape b) {
    if (a.rank != b.rank || a.batch != b.batch)
        return false;
    for (int i = 0; i < a.rank; i++)
        if (a.dim[i] != b.dim[i])
            return false;
    return true;
}

bool shape_numel(Shape s, int64_t *numel) {
    if (!shape_is_static(s))
        return false;
    *numel = 1;
    for (int i = 0; i < s.rank; i++)
        if (__builtin_mul_overflow(*numel, s.dim[i], numel))
            return false;
    return true;
}

/* Python's tuple of the axes: "(3,)" for one, "()" for none. */
static char *tuple_str(Arena *a, const int64_t *dim, int count) {
    char *text = arena_strdup(a, "(");
    for (int i = 0; i < count; i++) {
        const char *comma = i > 0 ? ", " : "";
        text = dim[i] == DIM_NONE ? arena_printf(a, "%s%sNone", text, comma)
                                  : arena_printf(a, "%s%s%lld", text, comma, (long long)dim[i]);
    }
    return arena_printf(a, "%s%s", text, count == 1 ? ",)" : ")");
}

char *shape_str(Arena *a, Shape s) {
    if (!shape_is_known(s))
        return arena_strdup(a, "?");
    int64_t dim[SHAPE_MAX + 1] = {s.batch};
    memcpy(dim + 1, s.dim, sizeof s.dim);
    return tuple_str(a, dim, s.rank + 1);
}

char *shape_str_dims(Arena *a, Shape s) {
    return shape_is_known(s) ? tuple_str(a, s.dim, s.rank) : arena_strdup(a, "?");
}

bool shape_axis(Shape s, int64_t keras_axis, int *index) {
    int axes = s.rank + 1;
    if (keras_axis < -axes || keras_axis >= axes)
        return false;
    *index = (int)(keras_axis < 0 ? keras_axis + axes : keras_axis) - 1;
    return true;
}

static int64_t floor_div(int64_t a, int64_t b) {
    return a / b - (a % b < 0);
}

/* False on overflow: sizes come from the user's file. */
static bool covered_cells(int64_t kernel, int64_t dilation, int64_t *cells) {
    return !__builtin_mul_overflow(kernel - 1, dilation, cells) &&
           !__builtin_add_overflow(*cells, 1, cells);
}

bool window_place(int64_t n, int64_t kernel, int64_t stride, int64_t dilation, Padding padding,
                  Window *w) {
    *w = (Window){0};
    int64_t covered, padded = n, total;
    if (!covered_cells(kernel, dilation, &covered))
        return false;
    if (padding == PADDING_CAUSAL) {
        w->before = covered - 1;
        if (n != DIM_NONE && __builtin_add_overflow(n, w->before, &padded))
            return false;
    }
    if (n == DIM_NONE) {
        if (padding == PADDING_SAME) {
            w->before = (covered - 1) / 2;
            w->after = covered - 1 - w->before;
        }
        w->out = DIM_NONE;
        return true;
    }
    if (padding != PADDING_SAME) {
        w->out = floor_div(padded - covered, stride) + 1;
        return w->out >= 1;
    }
    w->out = floor_div(n - 1, stride) + 1;
    if (__builtin_mul_overflow(w->out - 1, stride, &total) ||
        __builtin_add_overflow(total, covered - n, &total))
        return false;
    if (total > 0) {
        w->before = total / 2;
        w->after = total - w->before;
    }
    return w->out >= 1;
}
