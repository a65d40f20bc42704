/* Half-pixel resizing as TensorFlow does it: cell i of `out` stands at (i + 1/2) * in / out - 1/2
 * of the input. A filter spreads over the cells around; where it leaves the input, its other
 * weights are scaled up to a sum of 1. That place is computed in float, in TensorFlow's order:
 * exactly, a nearest cell could be another one, and a cubic weight that of another table entry. */
#include "resize.h"

#include <math.h>
#include <stdlib.h>

static double triangle(double x) {
    return fabs(x) < 1 ? 1 - fabs(x) : 0;
}

/* Keys' cubic with a = -1/2. */
static double cubic(double x) {
    x = fabs(x);
    if (x < 1)
        return (1.5 * x - 2.5) * x * x + 1;
    return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
}

static double lanczos(double x, double radius) {
    const double pi = 3.14159265358979323846;
    if (fabs(x) >= radius)
        return 0;
    if (x == 0)
        return 1;
    return radius * sin(pi * x) * sin(pi * x / radius) / (pi * pi * x * x);
}

static double filter(ResizeKind kind, double x) {
    switch (kind) {
    case RESIZE_NEAREST:
        return 1;
    case RESIZE_BILINEAR:
        return triangle(x);
    case RESIZE_BICUBIC:
        return cubic(x);
    case RESIZE_LANCZOS3:
        return lanczos(x, 3);
    case RESIZE_LANCZOS5:
        return lanczos(x, 5);
    }
    BUG("resize %d", (int)kind);
}

static int radius_of(ResizeKind kind) {
    switch (kind) {
    case RESIZE_NEAREST:
        return 0;
    case RESIZE_BILINEAR:
        return 1;
    case RESIZE_BICUBIC:
        return 2;
    case RESIZE_LANCZOS3:
        return 3;
    case RESIZE_LANCZOS5:
        return 5;
    }
    BUG("resize %d", (int)kind);
}

/* Where cell i stands in the input, from the left edge of its first cell. */
static float place_of(ResizeKind kind, int64_t i, int64_t in, int64_t out) {
    bool lanczos = kind == RESIZE_LANCZOS3 || kind == RESIZE_LANCZOS5;
    float scale = lanczos ? 1 / ((float)out / (float)in) : (float)in / (float)out;
    return ((float)i + 0.5F) * scale;
}

/* The first of `taps` cells around, moved so that all of them exist. */
static int64_t first_cell(float place, int radius, int taps, int64_t in) {
    float first = radius ? floorf(place - 0.5F) + 1 - (float)radius : floorf(place);
    return (int64_t)fminf(fmaxf(first, 0), (float)(in - taps));
}

/* TensorFlow reads its cubic filter from a table of 1024 steps between two cells. */
static double centre_of(ResizeKind kind, float place) {
    double centre = place - 0.5F;
    if (kind != RESIZE_BICUBIC)
        return centre;
    double cell = floor(centre);
    return cell + rint((centre - cell) * 1024) / 1024;
}

ResizeAxis resize_axis(Arena *a, ResizeKind kind, int64_t in, int64_t out) {
    int radius = radius_of(kind), taps = radius ? 2 * radius : 1;
    if (taps > in)
        taps = (int)in;
    ResizeAxis r = {
        .taps = taps,
        .start = arena_array(a, (size_t)out, sizeof *r.start),
        .weight = arena_array(a, (size_t)(out * taps), sizeof *r.weight),
    };
    for (int64_t i = 0; i < out; i++) {
        float place = place_of(kind, i, in, out);
        double centre = centre_of(kind, place);
        int64_t start = first_cell(place, radius, taps, in);
        double sum = 0;
        for (int k = 0; k < taps; k++)
            sum += filter(kind, (double)(start + k) - centre);
        for (int k = 0; k < taps; k++)
            r.weight[i * taps + k] = (float)(filter(kind, (double)(start + k) - centre) / sum);
        r.start[i] = start;
    }
    return r;
}
