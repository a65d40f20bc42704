/* Orthogonal initial values: modified Gram-Schmidt, twice, in double. Of a matrix of normal numbers
 * that gives what Keras gets from the QR decomposition: each orthogonal matrix is as likely. */
#include "initialize.h"

#include "arena.h"

#include <math.h>

static double dot(const double *x, const double *y, int64_t n) {
    double sum = 0;
    for (int64_t i = 0; i < n; i++)
        sum += x[i] * y[i];
    return sum;
}

/* Takes the parts along the first `count` vectors out of x, and gives it the length 1. */
static void orthonormalize_one(const double *vectors, int64_t count, double *x, int64_t n) {
    for (int64_t k = 0; k < count; k++) {
        double part = dot(vectors + k * n, x, n);
        for (int64_t i = 0; i < n; i++)
            x[i] -= part * vectors[k * n + i];
    }
    double length = sqrt(dot(x, x, n));
    for (int64_t i = 0; length > 0 && i < n; i++)
        x[i] /= length;
}

void orthonormalize(float *matrix, int64_t rows, int64_t columns) {
    int64_t count = rows < columns ? rows : columns, n = rows < columns ? columns : rows;
    int64_t vector_stride = rows < columns ? columns : 1, stride = rows < columns ? 1 : columns;
    Arena *a = arena_new();
    double *vectors = arena_array(a, (size_t)rows * (size_t)columns, sizeof *vectors);
    for (int64_t k = 0; k < count; k++) {
        double *x = vectors + k * n;
        for (int64_t i = 0; i < n; i++)
            x[i] = matrix[k * vector_stride + i * stride];
        orthonormalize_one(vectors, k, x, n);
        orthonormalize_one(vectors, k, x, n); /* what rounding left */
        for (int64_t i = 0; i < n; i++)
            matrix[k * vector_stride + i * stride] = (float)x[i];
    }
    arena_free(a);
}
