/* A large array as NumPy prints it, its corners only:
 *
 *     [[[ 1  2  3 ...  8  9 10]
 *       ...
 *       [71 72 73 ... 78 79 80]]]
 *
 * SPDX-License-Identifier: 0BSD */
#include "preview.h"

enum { THRESHOLD = 1000, EDGE = 3 };

bool preview_wanted(int64_t numel) {
    return numel > THRESHOLD;
}

/* A new line, indented as deep as the brackets that are open. */
static void break_line(int depth, FILE *out) {
    fprintf(out, "\n%*s", depth, "");
}

/* Between element i - 1 of `axis` and the next: rows go under each other, numbers side by side. */
static void separate(const km_shape *shape, int axis, FILE *out) {
    if (axis < shape->rank - 1)
        break_line(axis + 1, out);
    else
        putc(' ', out);
}

/* One element of `axis` is `stride` numbers. */
static void print_axis(const km_shape *shape, int axis, int64_t stride, const float *values,
                       FILE *out) {
    if (axis == shape->rank) {
        fprintf(out, "%12.6g", (double)*values);
        return;
    }
    int64_t length = shape->dim[axis], below = axis + 1 < shape->rank ? shape->dim[axis + 1] : 1;
    putc('[', out);
    for (int64_t i = 0; i < length; i++) {
        if (i)
            separate(shape, axis, out);
        if (i == EDGE && length > 2 * EDGE) {
            fputs("...", out);
            separate(shape, axis, out);
            i = length - EDGE;
        }
        print_axis(shape, axis + 1, stride / below, values + i * stride, out);
    }
    putc(']', out);
}

void preview_print(const km_shape *shape, const float *values, FILE *out) {
    int64_t stride = 1;
    for (int i = 1; i < shape->rank; i++)
        stride *= shape->dim[i];
    print_axis(shape, 0, stride, values, out);
    putc('\n', out);
}
