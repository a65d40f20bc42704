/* Tiles of convolutions, chosen by a small model of what they cost.
 *
 * The inner loop of a tile of P pixels x V vectors of channels does, for every term of the sum, V
 * loads of weights, P loads that spread one input over a vector, and P*V multiply-adds. It takes as
 * long as the busiest of: the multiplier, the load ports, the chain of dependent adds, and the
 * cache that the panel of weights comes from. What is left over at the ends of rows and of channels
 * is charged as the smaller tiles that compute it. */
#include "planner.h"

#include <math.h>

/* Of x86 cores since about 2015 and of comparable ARM cores; ratios matter, not cycles. */
static const double LOADS = 0.5;       /* cycles of a load */
static const double LOAD_ANYWAY = 0.1; /* of what it costs beside a busier multiplier */
static const double LOAD_MISSED = 3;   /* cycles of a load that L1 cannot keep */
static const double ADD_LATENCY = 6;   /* of a multiply-add, until the next one on the same sum */
static const double L1_BYTES = 64;     /* a cycle */
static const double L2_BYTES = 32;
static const double L3_BYTES = 12;
static const double MEMORY_BYTES = 16;  /* half of it hidden behind work */
static const double TILE_OVERHEAD = 20; /* cycles: call, addresses, loop */
static const double PLACE_OVERHEAD = 6; /* one more place to store to */
static const double TRANSFORM_OVERHEAD = 30;

/* L1 finds a line by its address within 4096 bytes, and keeps this many that agree in it. */
enum { WAY_BYTES = 4096, LINE_BYTES = 64, WAYS = 6 };

static double min(double a, double b) {
    return a < b ? a : b;
}

static double max(double a, double b) {
    return a > b ? a : b;
}

/* 512-bit units are often half as wide as they look; without FMA there are two instructions. */
static double multiply_add_cycles(const Target *t) {
    return (t->vector == 16 ? 1 : 0.5) * (t->fma ? 1 : 2);
}

static int registers_needed(const Target *t, int pixels, int vectors) {
    return pixels * vectors + vectors + (t->fma ? 1 : 2);
}

static double cache_bytes(const Target *t, double resident) {
    return resident < (double)t->l1 * 0.6   ? L1_BYTES
           : resident < (double)t->l2 * 0.7 ? L2_BYTES
                                            : L3_BYTES;
}

/* The sums of a convolution, as its tiles see them. */
typedef struct Sums {
    const Target *target;
    double terms;     /* of one sum */
    int64_t stride;   /* bytes from one pixel's inputs to the next one's */
    int64_t channels; /* of a group: sums of a pixel */
    double places;    /* to store to, for each pixel: not all of them side by side */
} Sums;

static int64_t lowest_bit(int64_t n) {
    return n & -n;
}

/* Whether the lines that the tile's pixels are at push each other out of L1: those whose distance
 * is a large power of 2 do. */
static bool thrashes(const Sums *s, int pixels) {
    int64_t step = lowest_bit(s->stride | WAY_BYTES);
    int64_t places = WAY_BYTES / (step < LINE_BYTES ? LINE_BYTES : step);
    return ceil_div(pixels, places) > WAYS;
}

/* One tile whose panel of weights is read from where `resident` bytes fit. */
static double tile_cycles(const Sums *s, int pixels, int vectors, double resident) {
    const Target *t = s->target;
    double work = pixels * vectors * multiply_add_cycles(t);
    double loads = vectors * LOADS + pixels * (thrashes(s, pixels) ? LOAD_MISSED : LOADS);
    double weights = vectors * t->vector * 4 / cache_bytes(t, resident);
    double term = max(max(work, loads), max(ADD_LATENCY, weights)) + LOAD_ANYWAY * loads;
    return s->terms * term + TILE_OVERHEAD + PLACE_OVERHEAD * s->places * pixels +
           2.0 * pixels * vectors;
}

/* A row of `pixels` cut into tiles of `columns` and a rest; `rows` rows at a time. */
static double row_cycles(const Sums *s, int64_t pixels, int rows, int columns, int vectors,
                         double resident) {
    double whole = tile_cycles(s, rows * columns, vectors, resident);
    double cycles = (double)(pixels / columns) * whole;
    int rest = (int)(pixels % columns);
    return rest ? cycles + tile_cycles(s, rows * rest, vectors, resident) : cycles;
}

/* All panels over that row: whole ones, and a last one with fewer vectors. */
static double panels_cycles(const Sums *s, int64_t pixels, int rows, int columns, int vectors) {
    int64_t nvectors = ceil_div(s->channels, s->target->vector);
    double panel = s->terms * vectors * s->target->vector * 4;
    double whole = row_cycles(s, pixels, rows, columns, vectors, panel);
    double cycles = (double)(nvectors / vectors) * whole;
    int rest = (int)(nvectors % vectors);
    return rest ? cycles + row_cycles(s, pixels, rows, columns, rest, panel) : cycles;
}

typedef struct Tile {
    int columns, vectors;
    double cycles;
} Tile;

/* The cheapest tile for `rows` x (a multiple of `step`) pixels that fits into registers. */
static Tile best_tile(const Sums *s, int64_t pixels, int rows, int step) {
    const Target *t = s->target;
    Tile best = {step, 1, INFINITY};
    int most = (int)min(4, (double)ceil_div(s->channels, t->vector));
    for (int vectors = 1; vectors <= most; vectors++) {
        for (int columns = step; columns == step || columns <= pixels; columns += step) {
            if (registers_needed(t, rows * columns, vectors) >= t->registers)
                break;
            double c = panels_cycles(s, pixels, rows, columns, vectors);
            if (c < best.cycles * 0.995)
                best = (Tile){columns, vectors, c};
        }
    }
    if (isinf(best.cycles)) /* even one window of the pooling spills: still right, only slow */
        best.cycles = 4 * panels_cycles(s, pixels, rows, step, 1);
    return best;
}

static double terms_of(const ConvGeometry *g) {
    bool depthwise = g->groups > 1 && g->groups == g->ic;
    return (double)(g->kh * g->kw) * (depthwise ? 1 : (double)(g->ic / g->groups));
}

/* Cutting an image without rows: enough tasks for many threads, each with its input in L2. */
static int64_t flat_strip(const Target *t, const ConvGeometry *g, int columns) {
    enum { TASKS = 32 };
    int64_t tiles = ceil_div(g->ow, columns);
    int64_t fit = t->l2 / 4 / (g->ic * 4 * columns);
    int64_t each = tiles / TASKS < fit ? tiles / TASKS : fit;
    return each < 1 ? columns : each >= tiles ? g->ow : each * columns;
}

/* The outer loop goes over panels when reading all weights again for every strip of rows would
 * cost more than reading the input again for every panel. */
static bool outer_panels(const Target *t, const ConvGeometry *g, double strips, double panels) {
    double weights = terms_of(g) * (double)g->oc * 4;
    double input = (double)(g->ih * g->iw * g->ic) * 4;
    double half = (double)t->l2 / 2;
    if (weights <= half)
        return false;
    double rereading_input = input * panels / (input <= half ? 4 : 1);
    return weights * strips > weights + rereading_input;
}

/* A 1x1 convolution with one panel reads every input once: from memory, if it is larger than L2. */
static bool is_streaming(const Target *t, const ConvGeometry *g, int64_t panels) {
    return g->kh == 1 && g->kw == 1 && g->stride_h == 1 && g->stride_w == 1 && g->groups == 1 &&
           panels == 1 && g->ih * g->iw * g->ic * 4 > t->l2;
}

/* Pixels of a tile that streams: few lines at a time, so that they arrive while others are used. */
static int streaming_columns(const ConvGeometry *g, int columns) {
    enum { BYTES = 2048, LEAST = 4 };
    int64_t most = BYTES / (g->ic * 4);
    most = most < LEAST ? LEAST : most;
    return columns < most ? columns : (int)most;
}

Tiled plan_tile_direct(const Target *t, const ConvGeometry *g, const Spatial *pool) {
    enum { PREFETCH = 8192 };
    int rows = pool ? (int)pool->kernel[0] : 1, step = pool ? (int)pool->kernel[1] : 1;
    int64_t row_tiles = g->oh / rows, width = g->ow / step * step; /* without what nobody pools */
    Sums sums = {t, terms_of(g), g->stride_w * g->ic * 4, g->oc / g->groups, 1.0 / (rows * step)};
    Tile tile = best_tile(&sums, width, rows, step);
    int64_t panels = g->groups * ceil_div(sums.channels, (int64_t)tile.vectors * t->vector);
    bool streams = !pool && is_streaming(t, g, panels);
    if (streams)
        tile.columns = streaming_columns(g, tile.columns);
    int64_t strip = g->oh == 1 ? flat_strip(t, g, tile.columns) : g->ow;
    int64_t pieces = row_tiles * ceil_div(width, strip);
    return (Tiled){
        .tiling = {.rows = rows,
                   .columns = tile.columns,
                   .vectors = tile.vectors,
                   .strip = strip,
                   .panels = panels,
                   .panels_outer = outer_panels(t, g, (double)pieces, (double)panels),
                   .prefetch = streams ? PREFETCH : 0},
        .tasks = pieces * panels,
        .cycles = (double)(g->groups * row_tiles) * tile.cycles +
                  sums.terms * (double)g->oc * 4 / MEMORY_BYTES,
    };
}

/* Cycles to transform one tile of one vector of channels there, or back: alpha^2 values are loaded,
 * pass through two 1-D transforms of about 2 operations a value each, and are stored. With 16
 * registers they spill. */
static double transform_cycles(const Target *t, int alpha) {
    double spill = t->registers < alpha * alpha ? 1.5 : 1;
    return TRANSFORM_OVERHEAD +
           alpha * alpha * (2 * LOADS + 4 * 0.5 * (t->vector == 16 ? 1.5 : 1)) * spill;
}

static bool is_winograd(const Target *t, const ConvGeometry *g, const Spatial *pool, int m) {
    if (pool && (m % pool->kernel[0] || m % pool->kernel[1]))
        return false;
    return g->kh == 3 && g->kw == 3 && g->stride_h == 1 && g->stride_w == 1 && g->dilation_h == 1 &&
           g->dilation_w == 1 && g->groups == 1 && g->ic >= t->vector && g->oc >= t->vector;
}

/* A block: its tiles, how many blocks there are, and what one thread takes for all of them. */
typedef struct Block {
    int64_t tiles, blocks;
    double cycles;
} Block;

/* What a Winograd kernel computes, as its blocks see it. */
typedef struct Blocks {
    const Sums *sums;
    Tile tile;
    int64_t tiles, products, panel, panels;
} Blocks;

static double input_bytes(const Blocks *b, int64_t tiles) {
    return (double)(b->products * tiles) * b->sums->terms * 4;
}

static double product_bytes(const Blocks *b, int64_t tiles) {
    return (double)(b->products * tiles * b->panel) * 4;
}

/* Every block reads all weights, the first one from memory. A block whose transformed input does
 * not fit into L2 beside one panel's products writes it to L3 and reads it there for every panel.
 */
static double block_waits(const Blocks *b, int64_t tiles, int64_t blocks) {
    const double l2 = (double)b->sums->target->l2;
    double weights = (double)(b->products * b->panels * b->panel) * b->sums->terms * 4;
    double again = (double)(blocks - 1) * weights / (weights < l2 / 2 ? L2_BYTES : L3_BYTES);
    bool fits = input_bytes(b, tiles) + product_bytes(b, tiles) <= l2 * 0.6;
    double input = fits ? 0 : input_bytes(b, b->tiles) * (double)(b->panels + 1) / L3_BYTES;
    return weights / MEMORY_BYTES + again + input;
}

static double block_cycles(const Blocks *b, int64_t tiles, int64_t blocks) {
    const Tile *t = &b->tile;
    double whole = panels_cycles(b->sums, tiles, 1, t->columns, t->vectors);
    double last =
        panels_cycles(b->sums, b->tiles - (blocks - 1) * tiles, 1, t->columns, t->vectors);
    double work = (double)b->products * ((double)(blocks - 1) * whole + last);
    return work + block_waits(b, tiles, blocks);
}

/* Of time, what threads wait for each other: few tasks do not divide evenly between them, nor do
 * those of a smaller last block. */
static double idle(const Blocks *b, int64_t tiles, int64_t blocks) {
    double uneven = (double)(blocks * tiles) / (double)b->tiles - 1;
    return 1 / (double)(blocks * b->panels) + uneven / 2;
}

/* The cheapest size of blocks, all of about equal size; its scratch is not many times L2. */
static Block best_block(const Blocks *b) {
    const double most = 4 * (double)b->sums->target->l2;
    const int columns = b->tile.columns;
    double least = INFINITY;
    Block best = {0};
    for (int64_t steps = 1;; steps++) {
        int64_t wanted = ceil_div(b->tiles, steps * columns);
        int64_t tiles = ceil_div(ceil_div(b->tiles, wanted), columns) * columns;
        tiles = tiles < b->tiles ? tiles : b->tiles;
        int64_t blocks = ceil_div(b->tiles, tiles);
        double alone = block_cycles(b, tiles, blocks), c = alone * (1 + idle(b, tiles, blocks));
        if (c < least * 0.995) {
            best = (Block){tiles, blocks, alone};
            least = c;
        }
        if (tiles == b->tiles || input_bytes(b, tiles) + product_bytes(b, tiles) > most)
            return best;
    }
}

Tiled plan_tile_winograd(const Target *t, const ConvGeometry *g, const Spatial *pool, int m) {
    if (!is_winograd(t, g, pool, m))
        return (Tiled){.cycles = INFINITY};
    int alpha = m + 2;
    int64_t tiles = ceil_div(g->oh, m) * ceil_div(g->ow, m);
    Sums sums = {t, (double)g->ic, g->ic * 4, g->oc, 0};
    Blocks b = {.sums = &sums,
                .tile = best_tile(&sums, tiles, 1, 1),
                .tiles = tiles,
                .products = alpha * alpha};
    b.panel = (int64_t)b.tile.vectors * t->vector;
    b.panels = ceil_div(g->oc, b.panel);
    Block block = best_block(&b);
    double vectors = (double)(ceil_div(g->ic, t->vector) + ceil_div(g->oc, t->vector));
    return (Tiled){
        .tiling = {.rows = 1,
                   .columns = b.tile.columns,
                   .vectors = b.tile.vectors,
                   .winograd = m,
                   .block = block.tiles,
                   .strip = g->ow,
                   .panels = b.panels},
        .tasks = b.panels * block.blocks,
        .scratch_bytes = align_up((int64_t)input_bytes(&b, block.tiles)) +
                         align_up((int64_t)product_bytes(&b, block.tiles)),
        .cycles = block.cycles + (double)tiles * vectors * transform_cycles(t, alpha),
    };
}
