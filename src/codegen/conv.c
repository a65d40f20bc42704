/* Direct convolutions and matrix products: cuts the output into tiles, whose code is conv_tile.c's.
 *
 *     for each task: panel, row of tiles, strip of columns
 *         for each tile of the strip: the microkernel for tiles of its shape and place
 *
 * Tiles are grouped into segments of equal code along each axis: those at the padded edges and
 * those inside. */
#include "conv_tile.h"

/* Tiles [from, to) of an axis, all of one code. */
typedef struct Segment {
    int64_t from, to;
    TileAxis tile;
} Segment;

typedef Vec(Segment) Segments;

/* One axis of the output and the window along it. */
typedef struct Axis {
    int64_t in, out; /* out: the cells to compute */
    int64_t taps, stride, dilation, before;
    int count; /* cells of a tile */
} Axis;

typedef struct Conv {
    const Kernel *k;
    Axis rows, columns;
    Segments row_segments, column_segments;
    int pool_width;                         /* columns of the pooling window; 1 without */
    bool clip_columns;                      /* too many edge tiles to have code each */
    int64_t groups;                         /* 1 for DEPTHWISE, whose panels go over all channels */
    int64_t panels, panels_of_group, panel; /* panel: channels of a full one */
    int64_t group_inputs, group_channels;
    int64_t row_tiles, strips;
} Conv;

/* More code than this for the tiles at the edges does not pay. */
enum { EDGE_TAPS_MAX = 32 };

static bool is_cell_inside(const Axis *a, int64_t cell) {
    int64_t first = cell * a->stride - a->before;
    return first >= 0 && first + (a->taps - 1) * a->dilation < a->in;
}

static int tile_cells(const Axis *a, int64_t tile) {
    int64_t left = a->out - tile * a->count;
    return left < a->count ? (int)left : a->count;
}

static bool is_tile_inside(const Axis *a, int64_t tile) {
    int64_t first = tile * a->count;
    return is_cell_inside(a, first) && is_cell_inside(a, first + tile_cells(a, tile) - 1);
}

static int64_t count_tiles(const Axis *a) {
    return (a->out + a->count - 1) / a->count;
}

/* Equal neighbours are merged. edge: what a tile that is not inside is. */
static Segments find_segments(Arena *arena, const Axis *a, TilePlace edge) {
    Segments s = {0};
    for (int64_t i = 0; i < count_tiles(a); i++) {
        TileAxis tile = {.place = is_tile_inside(a, i) ? TILE_INSIDE : edge,
                         .count = tile_cells(a, i)};
        if (tile.place == TILE_AT)
            tile.first = i * a->count;
        Segment *last = s.count ? &s.at[s.count - 1] : NULL;
        bool same = last && last->tile.place == tile.place && last->tile.first == tile.first &&
                    last->tile.count == tile.count;
        if (same)
            last->to = i + 1;
        else
            vec_push(arena, &s, (Segment){i, i + 1, tile});
    }
    return s;
}

static bool is_edge_too_long(const Conv *c) {
    int64_t taps = 0;
    for (size_t i = 0; i < c->column_segments.count; i++)
        if (c->column_segments.at[i].tile.place == TILE_AT)
            taps += c->columns.taps;
    return taps > EDGE_TAPS_MAX;
}

/* A tile of one row has the same code everywhere: its range of taps is found when it runs. */
static Segments find_row_segments(Arena *arena, const Axis *rows) {
    Segments s = find_segments(arena, rows, TILE_CLIPPED);
    if (rows->count > 1 || s.count == 1)
        return s;
    Segments one = {0};
    TileAxis tile = {.place = TILE_CLIPPED, .count = 1};
    vec_push(arena, &one, (Segment){0, rows->out, tile});
    return one;
}

static Conv make_conv(Emit *e, const Kernel *k) {
    const ConvGeometry *g = &k->conv;
    const ConvTiling *t = &k->tiling;
    int64_t pool_h = k->epilogue.pool ? k->epilogue.pool_window.kernel[0] : 1;
    int64_t pool_w = k->epilogue.pool ? k->epilogue.pool_window.kernel[1] : 1;
    Conv c = {
        .k = k,
        .rows = {g->ih, g->oh / pool_h * pool_h, g->kh, g->stride_h, g->dilation_h, g->top,
                 t->rows},
        .columns = {g->iw, g->ow / pool_w * pool_w, g->kw, g->stride_w, g->dilation_w, g->left,
                    t->columns},
        .pool_width = (int)pool_w,
        .panels = t->panels,
        .groups = k->kind == KERNEL_DEPTHWISE ? 1 : g->groups,
        .panel = (int64_t)t->vectors * e->target->vector,
    };
    c.panels_of_group = c.panels / c.groups;
    c.group_inputs = g->ic / c.groups;
    c.group_channels = g->oc / c.groups;
    c.row_segments = find_row_segments(e->arena, &c.rows);
    c.column_segments = find_segments(e->arena, &c.columns, TILE_AT);
    c.clip_columns = is_edge_too_long(&c);
    c.row_tiles = count_tiles(&c.rows);
    c.strips = (c.columns.out + t->strip - 1) / t->strip;
    if (k->tasks != c.panels * c.row_tiles * c.strips)
        BUG("%s: %lld tasks for %lld panels x %lld rows x %lld strips", k->name,
            (long long)k->tasks, (long long)c.panels, (long long)c.row_tiles, (long long)c.strips);
    return c;
}

/* Tiles [from, to) of one code, from left to right. */
static void emit_tiles(Emit *e, const Conv *c, ConvTile *t, ConvTileArgs *args, LLVMValueRef from,
                       LLVMValueRef to) {
    Loop l = emit_loop_begin(e, from, to, 1, NULL, 0);
    args->column = emit_imul(e, l.index, c->columns.count);
    emit_conv_tile(e, c->k, t, args);
    emit_loop_end(e, &l, NULL);
}

/* The tiles of the strip that belong to a segment. */
static void emit_segment(Emit *e, const Conv *c, const Segment *s, ConvTile *t, ConvTileArgs *args,
                         LLVMValueRef strip) {
    t->columns = s->tile;
    LLVMValueRef from = emit_int(e, s->from), to = emit_int(e, s->to);
    if (c->strips > 1) {
        int64_t tiles = c->k->tiling.strip / c->columns.count;
        LLVMValueRef first = emit_imul(e, strip, tiles);
        from = emit_imax(e, from, first);
        to = emit_imin(e, to, emit_iadd(e, first, emit_int(e, tiles)));
    }
    emit_tiles(e, c, t, args, from, to);
}

/* Columns [from, to), `count` at a time while so many are left; returns the first not done. */
static LLVMValueRef emit_columns(Emit *e, const Conv *c, ConvTile *t, ConvTileArgs *args,
                                 TileAxis tile, LLVMValueRef from, LLVMValueRef to) {
    t->columns = tile;
    LLVMValueRef last = emit_isub(e, to, emit_int(e, tile.count - 1));
    LLVMValueRef next = from;
    Loop l = emit_loop_begin(e, from, last, tile.count, &next, 1);
    args->column = l.index;
    emit_conv_tile(e, c->k, t, args);
    next = emit_iadd(e, l.index, emit_int(e, tile.count));
    emit_loop_end(e, &l, &next);
    return next;
}

/* Columns [from, to) whose taps all lie in the input, as far as whole steps go. */
static void find_inside(const Axis *a, int64_t step, int64_t *from, int64_t *to) {
    *from = 0;
    while (*from < a->out && !is_cell_inside(a, *from))
        *from += step;
    *to = a->out;
    while (*to > *from && !is_cell_inside(a, *to - 1))
        *to -= step;
}

/* The strip where edges are long: near them one column (or window of the pooling) at a time, each
 * column with its own range of taps. */
static void emit_clipped_strip(Emit *e, const Conv *c, ConvTile *t, ConvTileArgs *args,
                               LLVMValueRef strip) {
    const Axis *a = &c->columns;
    int64_t inside, inside_end;
    find_inside(a, c->pool_width, &inside, &inside_end);
    LLVMValueRef first = emit_imul(e, strip, c->k->tiling.strip);
    LLVMValueRef end =
        emit_imin(e, emit_iadd(e, first, emit_int(e, c->k->tiling.strip)), emit_int(e, a->out));
    LLVMValueRef left_end = emit_imin(e, emit_imax(e, first, emit_int(e, inside)), end);
    LLVMValueRef middle_end = emit_imin(e, emit_imax(e, left_end, emit_int(e, inside_end)), end);
    const TileAxis clipped = {.place = TILE_CLIPPED, .count = c->pool_width};
    const TileAxis tile = {.place = TILE_INSIDE, .count = a->count};
    const TileAxis single = {.place = TILE_INSIDE, .count = c->pool_width};
    emit_columns(e, c, t, args, clipped, first, left_end);
    LLVMValueRef rest = emit_columns(e, c, t, args, tile, left_end, middle_end);
    emit_columns(e, c, t, args, single, rest, middle_end);
    emit_columns(e, c, t, args, clipped, middle_end, end);
}

static void emit_strip(Emit *e, const Conv *c, ConvTile *t, ConvTileArgs *args,
                       LLVMValueRef strip) {
    if (c->clip_columns) {
        emit_clipped_strip(e, c, t, args, strip);
        return;
    }
    for (size_t i = 0; i < c->column_segments.count; i++)
        emit_segment(e, c, &c->column_segments.at[i], t, args, strip);
}

static void emit_rows(Emit *e, const Conv *c, ConvTile *t, ConvTileArgs *args,
                      LLVMValueRef row_tile, LLVMValueRef strip) {
    args->row = emit_imul(e, row_tile, c->rows.count);
    for (size_t i = 0; i < c->row_segments.count; i++) {
        const Segment *s = &c->row_segments.at[i];
        t->rows = s->tile;
        If only = emit_if_between(e, row_tile, s->from, s->to);
        emit_strip(e, c, t, args, strip);
        emit_if_end(e, &only);
    }
}

/* The buffers' parts that belong to a panel. */
static ConvTileArgs emit_panel_args(Emit *e, const Conv *c, LLVMValueRef panel) {
    const ConvGeometry *g = &c->k->conv;
    LLVMValueRef group = emit_int(e, 0), in_group = panel;
    if (c->groups > 1) {
        group = emit_idiv(e, panel, c->panels_of_group);
        in_group = emit_irem(e, panel, c->panels_of_group);
    }
    int64_t inputs = c->k->kind == KERNEL_DEPTHWISE ? 1 : c->group_inputs;
    int64_t floats = g->kh * g->kw * inputs * c->panel;
    return (ConvTileArgs){
        .input = emit_at(e, e->in[0], emit_imul(e, group, c->group_inputs)),
        .weights = emit_at(e, e->weights, emit_imul(e, panel, floats)),
        .bias = e->bias ? emit_at(e, e->bias, emit_imul(e, panel, c->panel)) : NULL,
        .channel =
            emit_iadd(e, emit_imul(e, group, c->group_channels), emit_imul(e, in_group, c->panel)),
    };
}

/* Panels [from, to) of each group have `channels` channels. */
static void emit_panels(Emit *e, const Conv *c, int64_t from, int64_t to, int64_t channels,
                        LLVMValueRef panel, LLVMValueRef row_tile, LLVMValueRef strip) {
    if (from == to)
        return;
    LLVMValueRef in_group = c->groups > 1 ? emit_irem(e, panel, c->panels_of_group) : panel;
    If only = emit_if_between(e, in_group, from, to);
    ConvTileArgs args = emit_panel_args(e, c, panel);
    ConvTile t = {.channels = channels};
    emit_rows(e, c, &t, &args, row_tile, strip);
    emit_if_end(e, &only);
}

void emit_tiled_convolution(Emit *e, const Kernel *k) {
    Conv c = make_conv(e, k);
    int64_t full = c.group_channels / c.panel, rest = c.group_channels % c.panel;
    int64_t pieces = c.row_tiles * c.strips;
    Loop task = emit_tasks_begin(e);
    LLVMValueRef panel, piece;
    if (k->tiling.panels_outer) {
        panel = emit_idiv(e, task.index, pieces);
        piece = emit_irem(e, task.index, pieces);
    } else {
        panel = emit_irem(e, task.index, c.panels);
        piece = emit_idiv(e, task.index, c.panels);
    }
    LLVMValueRef row_tile = emit_idiv(e, piece, c.strips), strip = emit_irem(e, piece, c.strips);
    emit_panels(e, &c, 0, full, c.panel, panel, row_tile, strip);
    emit_panels(e, &c, full, c.panels_of_group, rest, panel, row_tile, strip);
    emit_tasks_end(e, &task);
}

void emit_kernel_conv(Emit *e, const Kernel *k) {
    emit_tiled_convolution(e, k);
}
