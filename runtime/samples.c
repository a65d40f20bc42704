/* What the readers of samples share, and the two plain ones: .npy arrays and raw float32.
 * SPDX-License-Identifier: 0BSD */
#include "npy.h"
#include "samples.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

void samples_release(Samples *s) {
    free(s->owned);
    *s = (Samples){0};
}

int64_t shape_count(const km_shape *s) {
    int64_t n = 1;
    for (int i = 0; i < s->rank; i++)
        n *= s->dim[i];
    return n;
}

/* "(None, 28, 28, 1)" or, first being a number, "(20, 28, 28, 1)". */
static const char *dims_text(const char *first, const int64_t *dim, int rank, char *buffer) {
    int n = snprintf(buffer, SHAPE_TEXT, "(%s", first);
    for (int i = 0; i < rank && n < SHAPE_TEXT; i++)
        n += snprintf(buffer + n, (size_t)(SHAPE_TEXT - n), "%s%" PRId64, i || *first ? ", " : "",
                      dim[i]);
    if (n < SHAPE_TEXT)
        snprintf(buffer + n, (size_t)(SHAPE_TEXT - n), rank + (*first != 0) == 1 ? ",)" : ")");
    return buffer;
}

const char *shape_text(const km_shape *s, char buffer[SHAPE_TEXT]) {
    return dims_text("None", s->dim, s->rank, buffer);
}

/* Are dim[0..rank) the shape's axes, of which a last one of length 1 may be left out? */
static bool axes_fit(const int64_t *dim, int rank, const km_shape *shape) {
    bool short_by_one = rank == shape->rank - 1 && shape->dim[shape->rank - 1] == 1;
    if (rank != shape->rank && !short_by_one)
        return false;
    for (int i = 0; i < rank; i++)
        if (dim[i] != shape->dim[i])
            return false;
    return true;
}

/* The batch axis may be left out, too. Whichever way a shape is read, the elements are the same in
 * the same order, so there is nothing to be ambiguous about. */
static bool array_fits(const NpyArray *a, const km_shape *shape) {
    return axes_fit(a->dim, a->rank, shape) ||
           (a->rank > 0 && axes_fit(a->dim + 1, a->rank - 1, shape));
}

/* Memory for n floats; n may come from a file. */
static bool samples_allocate(Samples *s, int64_t n, const Bytes *file, Problem *p) {
    size_t bytes;
    s->owned = __builtin_mul_overflow((size_t)n, sizeof(float), &bytes) ? NULL : malloc(bytes + 1);
    s->values = s->owned;
    return s->owned || problem(p, "%s: not enough memory for %" PRId64 " numbers", file->name, n);
}

bool npy_samples(const Bytes *file, const km_shape *shape, Samples *s, Problem *p) {
    *s = (Samples){0};
    NpyArray a;
    char expected[SHAPE_TEXT], found[SHAPE_TEXT];
    if (!npy_parse(file, &a, p))
        return false;
    if (!array_fits(&a, shape))
        return problem(p, "%s: expected shape %s, found %s", file->name,
                       shape_text(shape, expected), dims_text("", a.dim, a.rank, found));
    int64_t numel = shape_count(shape);
    s->count = numel ? a.count / numel : 0;
    if (npy_is_plain(&a)) {
        s->values = (const float *)a.data;
        return true;
    }
    if (!samples_allocate(s, a.count, file, p))
        return false;
    npy_convert(&a, s->owned);
    return true;
}

bool raw_samples(const Bytes *file, const km_shape *shape, Samples *s, Problem *p) {
    *s = (Samples){0};
    char expected[SHAPE_TEXT];
    size_t sample = (size_t)shape_count(shape) * sizeof(float);
    if (!sample || file->size % sample)
        return problem(p,
                       "%s: expected a multiple of %zu bytes (float32 of shape %s), found %zu "
                       "bytes",
                       file->name, sample, shape_text(shape, expected), file->size);
    s->values = (const float *)file->at; /* mappings and malloc are aligned for floats */
    s->count = (int64_t)(file->size / sample);
    return true;
}
