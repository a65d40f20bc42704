/* The weights' blob, written from front to back: each constant is rearranged as the plan says, a
 * piece at a time, straight from where the weights file is mapped. */
#include "plan.h"

#include <stdlib.h>
#include <string.h>

enum { PIECE = 1 << 16, ALPHA_MAX = 6 };

/* A buffer in front of the sink. */
typedef struct Packer {
    PackSink sink;
    void *user;
    int64_t written; /* bytes given to put() so far */
    size_t used;
    bool ok;
    char piece[PIECE];
} Packer;

static void flush(Packer *p) {
    if (p->ok && p->used)
        p->ok = p->sink(p->user, p->piece, p->used);
    p->used = 0;
}

static void put(Packer *p, const void *bytes, size_t size) {
    p->written += (int64_t)size;
    if (size > PIECE - p->used)
        flush(p);
    if (size >= PIECE) {
        if (p->ok)
            p->ok = p->sink(p->user, bytes, size);
        return;
    }
    memcpy(p->piece + p->used, bytes, size);
    p->used += size;
}

static void put_zeros(Packer *p, int64_t size) {
    static const char zeros[256];
    for (; size > 0; size -= (int64_t)sizeof zeros)
        put(p, zeros, size < (int64_t)sizeof zeros ? (size_t)size : sizeof zeros);
}

static void put_floats(Packer *p, const float *from, int64_t count) {
    put(p, from, (size_t)count * sizeof *from);
}

/* A matrix (rows, columns): [group][columns of it / panel][rows][panel]. */
static void pack_panels(Packer *p, const PackedWeight *w, const float *data, int64_t rows,
                        int64_t columns) {
    int64_t per_group = columns / w->groups;
    for (int64_t first = 0; first < columns; first += per_group) {
        for (int64_t c = 0; c < per_group; c += w->panel) {
            int64_t width = per_group - c < w->panel ? per_group - c : w->panel;
            for (int64_t r = 0; r < rows && p->ok; r++) {
                put_floats(p, data + r * columns + first + c, width);
                put_zeros(p, (w->panel - width) * (int64_t)sizeof(float));
            }
        }
    }
}

/* G of F(2,3) at the points 0, 1, -1, infinity; of F(4,3) at those and 2, -2. */
static const double transform_2[4][3] = {{1, 0, 0}, {.5, .5, .5}, {.5, -.5, .5}, {0, 0, 1}};
static const double transform_4[6][3] = {
    {1. / 4, 0, 0},
    {-1. / 6, -1. / 6, -1. / 6},
    {-1. / 6, 1. / 6, -1. / 6},
    {1. / 24, 1. / 12, 1. / 6},
    {1. / 24, -1. / 12, 1. / 6},
    {0, 0, 1},
};

/* u = G k G^T, of one 3x3 kernel whose taps are `step` apart; u's are `to_step` apart. */
static void transform_kernel(int alpha, const float *k, int64_t step, float *u, int64_t to_step) {
    const double(*g)[3] = alpha == 4 ? transform_2 : transform_4;
    double half[ALPHA_MAX][3];
    for (int i = 0; i < alpha; i++) {
        for (int x = 0; x < 3; x++)
            half[i][x] =
                g[i][0] * k[x * step] + g[i][1] * k[(3 + x) * step] + g[i][2] * k[(6 + x) * step];
    }
    for (int i = 0; i < alpha; i++) {
        for (int j = 0; j < alpha; j++) {
            double sum = g[j][0] * half[i][0] + g[j][1] * half[i][1] + g[j][2] * half[i][2];
            u[(i * alpha + j) * to_step] = (float)sum;
        }
    }
}

/* One panel of [alpha^2][ic][panel] at a time. */
static void pack_winograd(Packer *p, const PackedWeight *w, const float *data, int64_t ic,
                          int64_t oc) {
    int alpha = w->winograd + 2;
    int64_t floats = alpha * alpha * ic * w->panel;
    float *panel = malloc((size_t)floats * sizeof *panel);
    if (!panel) {
        p->ok = false;
        return;
    }
    for (int64_t first = 0; first < oc && p->ok; first += w->panel) {
        int64_t width = oc - first < w->panel ? oc - first : w->panel;
        memset(panel, 0, (size_t)floats * sizeof *panel);
        for (int64_t i = 0; i < ic; i++) {
            for (int64_t c = 0; c < width; c++)
                transform_kernel(alpha, data + i * oc + first + c, ic * oc,
                                 panel + i * w->panel + c, ic * w->panel);
        }
        put_floats(p, panel, floats);
    }
    free(panel);
}

static void pack_weight(Packer *p, const PackedWeight *w) {
    const Shape *s = &w->constant->shape;
    const float *data = op_const_data(w->constant);
    int64_t numel = op_numel(w->constant), columns = s->rank ? s->dim[s->rank - 1] : 1;
    if (!data)
        BUG("weights are packed before they are attached");
    switch (w->packing) {
    case PACK_PLAIN:
        put_floats(p, data, numel);
        break;
    case PACK_PADDED:
    case PACK_PANELS:
        pack_panels(p, w, data, numel / columns, columns);
        break;
    case PACK_WINOGRAD:
        pack_winograd(p, w, data, s->dim[2], columns);
        break;
    }
}

bool plan_pack_weights(const Plan *plan, PackSink sink, void *user) {
    Packer *p = malloc(sizeof *p);
    if (!p)
        return false;
    *p = (Packer){.sink = sink, .user = user, .ok = true};
    for (int i = 0; i < plan->nweights && p->ok; i++) {
        put_zeros(p, plan->weights[i].offset - p->written);
        pack_weight(p, &plan->weights[i]);
    }
    put_zeros(p, plan->weights_bytes - p->written);
    flush(p);
    bool ok = p->ok;
    free(p);
    return ok;
}
