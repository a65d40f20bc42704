/* One tile of a direct convolution:
 *
 *     accumulators = bias
 *     for each row of taps: for each i in a row of the window (one contiguous run of NHWC):
 *         acc[pixel][v] += input[pixel + i] * weights[i][v]
 *     result = pool(epilogue(accumulators))
 *
 * Taps in the padding are left out, never multiplied by zero. */
#include "conv_tile.h"

#include "depthwise.h"
#include "signature.h"

#include <string.h>

typedef struct TileBody {
    const Kernel *k;
    const ConvTile *t;
    int lanes, vectors;
    int64_t input_channels;          /* of one group */
    int64_t tap_floats, row_floats;  /* weights of one tap, of one row of taps */
    int window_height, window_width; /* of the pooling; 1 without */
    ConvTileArgs args;               /* as parameters of the function */
    LLVMValueRef out, *operands;
    LLVMValueRef acc[TILE_ACCUMULATORS_MAX];
    TileRun run;
    DepthwiseChannels depthwise;
} TileBody;

/* Taps [first, end) of one output cell that lie in the input. */
typedef struct TapRange {
    LLVMValueRef first, end;
} TapRange;

/* ceil(max(a, 0) / divisor) */
static LLVMValueRef emit_steps(Emit *e, LLVMValueRef a, int64_t divisor) {
    LLVMValueRef positive = emit_imax(e, a, emit_int(e, 0));
    return emit_idiv(e, emit_iadd(e, positive, emit_int(e, divisor - 1)), divisor);
}

/* Tap 0 lies at input cell `cell`, which may be negative; the input has n cells. */
static TapRange emit_tap_range(Emit *e, LLVMValueRef cell, int64_t taps, int64_t dilation,
                               int64_t n) {
    LLVMValueRef first = emit_steps(e, emit_isub(e, emit_int(e, 0), cell), dilation);
    LLVMValueRef end = emit_steps(e, emit_isub(e, emit_int(e, n), cell), dilation);
    return (TapRange){first, emit_imin(e, end, emit_int(e, taps))};
}

/* Which pixels take part: all, those of one row, or one. */
typedef struct Only {
    int row, column; /* -1: all */
} Only;

/* Sets run.offset, which counts from the cell of the first pixel that takes part, but from column 0
 * where columns are TILE_AT: then kw is the tap. False if no pixel has it. */
static bool place_pixels(TileBody *b, Only only, int64_t kw) {
    const ConvGeometry *g = &b->k->conv;
    const TileAxis *columns = &b->t->columns;
    bool any = false;
    for (int p = 0; p < b->run.pixels; p++) {
        int r = p / columns->count, c = p % columns->count;
        int64_t y = only.row < 0 ? r * g->stride_h : 0, x = only.column < 0 ? c * g->stride_w : 0;
        bool inside = true;
        if (columns->place == TILE_AT) {
            x = (columns->first + c) * g->stride_w - g->left + kw * g->dilation_w;
            inside = x >= 0 && x < g->iw;
        }
        b->run.skip[p] =
            !inside || (only.row >= 0 && r != only.row) || (only.column >= 0 && c != only.column);
        b->run.offset[p] = (y * g->iw + x) * g->ic;
        any = any || !b->run.skip[p];
    }
    return any;
}

/* `length` terms that lie side by side in the input, of all pixels placed. */
static void emit_run(Emit *e, TileBody *b, LLVMValueRef input, LLVMValueRef weights,
                     LLVMValueRef length) {
    if (b->k->kind == KERNEL_DEPTHWISE)
        emit_depthwise_tap(e, &b->run, &b->depthwise, input, weights, b->acc);
    else
        emit_tile_run(e, &b->run, input, weights, length, b->acc);
}

/* Depthwise taps side by side read the same inputs: unrolled, they are loaded once. */
static bool is_unrolled(const TileBody *b, LLVMValueRef count) {
    return b->k->kind == KERNEL_DEPTHWISE && LLVMIsAConstantInt(count) && b->k->conv.kw <= 8;
}

/* A row's taps `taps` of all pixels placed; tap 0 lies at cell `cell` of that row, which begins at
 * `input`. */
static void emit_tap_range_row(Emit *e, TileBody *b, LLVMValueRef cell, TapRange taps,
                               LLVMValueRef input, LLVMValueRef weights) {
    const ConvGeometry *g = &b->k->conv;
    LLVMValueRef count = emit_isub(e, taps.end, taps.first);
    LLVMValueRef first = emit_iadd(e, cell, emit_imul(e, taps.first, g->dilation_w));
    input = emit_at(e, input, emit_imul(e, first, g->ic));
    weights = emit_at(e, weights, emit_imul(e, taps.first, b->tap_floats));
    bool contiguous = g->dilation_w == 1 && g->groups == 1;
    if (contiguous) {
        emit_run(e, b, input, weights, emit_imul(e, count, g->ic));
        return;
    }
    if (is_unrolled(b, count)) {
        for (int64_t kw = 0; kw < g->kw; kw++)
            emit_run(e, b, emit_at_const(e, input, kw * g->dilation_w * g->ic),
                     emit_at_const(e, weights, kw * b->tap_floats), emit_int(e, b->input_channels));
        return;
    }
    Loop l = emit_loop_begin(e, emit_int(e, 0), count, 1, b->acc, b->run.pixels * b->vectors);
    emit_run(e, b, emit_at(e, input, emit_imul(e, l.index, g->dilation_w * g->ic)),
             emit_at(e, weights, emit_imul(e, l.index, b->tap_floats)),
             emit_int(e, b->input_channels));
    emit_loop_end(e, &l, b->acc);
}

/* One row of taps of the tile's row only_row, or of all of them. input: column 0 of the row of the
 * input. */
static void emit_tap_row(Emit *e, TileBody *b, int only_row, LLVMValueRef input,
                         LLVMValueRef weights) {
    const ConvGeometry *g = &b->k->conv;
    const TileAxis *columns = &b->t->columns;
    if (columns->place == TILE_AT) {
        for (int64_t kw = 0; kw < g->kw; kw++)
            if (place_pixels(b, (Only){only_row, -1}, kw))
                emit_run(e, b, input, emit_at_const(e, weights, kw * b->tap_floats),
                         emit_int(e, b->input_channels));
        return;
    }
    LLVMValueRef cell =
        emit_isub(e, emit_imul(e, b->args.column, g->stride_w), emit_int(e, g->left));
    if (columns->place == TILE_INSIDE) {
        place_pixels(b, (Only){only_row, -1}, 0);
        TapRange all = {emit_int(e, 0), emit_int(e, g->kw)};
        emit_tap_range_row(e, b, cell, all, input, weights);
        return;
    }
    for (int c = 0; c < columns->count; c++) {
        LLVMValueRef own = emit_iadd(e, cell, emit_int(e, c * g->stride_w));
        TapRange taps = emit_tap_range(e, own, g->kw, g->dilation_w, g->iw);
        place_pixels(b, (Only){only_row, c}, 0);
        emit_tap_range_row(e, b, own, taps, input, weights);
    }
}

/* Rows of taps `taps` of the tile's row only_row, or of all of them; tap row 0 lies at input row
 * `cell`. */
static void emit_tap_rows(Emit *e, TileBody *b, int only_row, LLVMValueRef cell, TapRange taps) {
    const ConvGeometry *g = &b->k->conv;
    Loop l = emit_loop_begin(e, taps.first, taps.end, 1, b->acc, b->run.pixels * b->vectors);
    LLVMValueRef row = emit_iadd(e, cell, emit_imul(e, l.index, g->dilation_h));
    emit_tap_row(e, b, only_row, emit_at(e, b->args.input, emit_imul(e, row, g->iw * g->ic)),
                 emit_at(e, b->args.weights, emit_imul(e, l.index, b->row_floats)));
    emit_loop_end(e, &l, b->acc);
}

/* Asks for the input of a later tile: 1x1 convolutions only. An address behind the input is no
 * harm. */
static void emit_prefetch(Emit *e, const TileBody *b) {
    enum { LINE = 64 };
    const ConvGeometry *g = &b->k->conv;
    LLVMValueRef pixel = emit_iadd(e, emit_imul(e, b->args.row, g->iw), b->args.column);
    LLVMValueRef first = emit_imul(e, pixel, g->ic * (int64_t)sizeof(float));
    int64_t bytes = b->run.pixels * g->ic * (int64_t)sizeof(float);
    for (int64_t at = 0; at < bytes; at += LINE) {
        LLVMValueRef index = emit_iadd(e, first, emit_int(e, b->k->tiling.prefetch + at));
        LLVMValueRef line = LLVMBuildGEP2(e->builder, e->i8, b->args.input, &index, 1, "");
        LLVMValueRef read = LLVMConstInt(e->i32, 0, false), data = LLVMConstInt(e->i32, 1, false);
        LLVMValueRef args[] = {line, read, LLVMConstInt(e->i32, 3, false), data};
        emit_intrinsic(e, "llvm.prefetch", e->ptr, args, 4);
    }
}

static void emit_taps(Emit *e, TileBody *b) {
    if (b->k->tiling.prefetch)
        emit_prefetch(e, b);
    const ConvGeometry *g = &b->k->conv;
    const TileAxis *rows = &b->t->rows;
    LLVMValueRef cell = emit_isub(e, emit_imul(e, b->args.row, g->stride_h), emit_int(e, g->top));
    if (rows->place == TILE_INSIDE) {
        emit_tap_rows(e, b, -1, cell, (TapRange){emit_int(e, 0), emit_int(e, g->kh)});
        return;
    }
    for (int r = 0; r < rows->count; r++) {
        LLVMValueRef own = emit_iadd(e, cell, emit_int(e, r * g->stride_h));
        emit_tap_rows(e, b, r, own, emit_tap_range(e, own, g->kh, g->dilation_h, g->ih));
    }
}

static void emit_start(Emit *e, TileBody *b) {
    for (int v = 0; v < b->vectors; v++) {
        int64_t at = (int64_t)v * b->lanes;
        LLVMValueRef start =
            b->args.bias ? emit_load_aligned(e, emit_at_const(e, b->args.bias, at), b->lanes)
                         : emit_number(e, b->lanes, 0);
        for (int p = 0; p < b->run.pixels; p++)
            b->acc[p * b->vectors + v] = start;
    }
}

/* Address of the tile's first result in an image `width` pixels wide, and of the pixel (row,
 * column) after it: vector v. */
static LLVMValueRef emit_image_index(Emit *e, const TileBody *b, LLVMValueRef row,
                                     LLVMValueRef column, int64_t width) {
    LLVMValueRef pixel = emit_iadd(e, emit_imul(e, row, width), column);
    return emit_iadd(e, emit_imul(e, pixel, b->k->conv.oc), b->args.channel);
}

static LLVMValueRef emit_pixel_index(Emit *e, const TileBody *b, LLVMValueRef first, int64_t width,
                                     int row, int column, int v) {
    int64_t offset = (row * width + column) * b->k->conv.oc + (int64_t)v * b->lanes;
    return emit_iadd(e, first, emit_int(e, offset));
}

/* The window at (row, column) of the pooled tile. y: the tile's pixels. */
static LLVMValueRef emit_window(Emit *e, const TileBody *b, LLVMValueRef *y, int row, int column) {
    LLVMValueRef values[TILE_PIXELS_MAX];
    int n = b->window_height * b->window_width;
    for (int i = 0; i < n; i++) {
        int r = row * b->window_height + i / b->window_width;
        int c = column * b->window_width + i % b->window_width;
        values[i] = y[r * b->t->columns.count + c];
    }
    return emit_epilogue_pool(e, &b->k->epilogue, values, n);
}

/* Vector v, `count` channels of it, of the pixels y, which the epilogue has been applied to. */
static void emit_stores(Emit *e, const TileBody *b, LLVMValueRef *y, int v, int count) {
    const int height = b->window_height, width = b->window_width;
    int64_t image_width = b->k->conv.ow / width;
    LLVMValueRef first = emit_image_index(e, b, emit_idiv(e, b->args.row, height),
                                          emit_idiv(e, b->args.column, width), image_width);
    for (int r = 0; r < b->t->rows.count / height; r++) {
        for (int c = 0; c < b->t->columns.count / width; c++) {
            LLVMValueRef index = emit_pixel_index(e, b, first, image_width, r, c, v);
            emit_store_part(e, emit_window(e, b, y, r, c), emit_at(e, b->out, index), count);
        }
    }
}

static void emit_finish(Emit *e, TileBody *b) {
    const Epilogue *ep = &b->k->epilogue;
    const int64_t width = b->k->conv.ow;
    LLVMValueRef first = emit_image_index(e, b, b->args.row, b->args.column, width);
    for (int v = 0; v < b->vectors; v++) {
        int64_t done = (int64_t)v * b->lanes, left = b->t->channels - done;
        int count = left < b->lanes ? (int)left : b->lanes;
        EpilogueValues channels = emit_epilogue_channels(
            e, ep, b->operands, emit_iadd(e, b->args.channel, emit_int(e, done)), b->lanes, count);
        LLVMValueRef y[TILE_PIXELS_MAX];
        for (int p = 0; p < b->run.pixels; p++) {
            int row = p / b->t->columns.count, column = p % b->t->columns.count;
            LLVMValueRef index = emit_pixel_index(e, b, first, width, row, column, v);
            y[p] = emit_epilogue(e, ep, b->operands, &channels, b->acc[p * b->vectors + v], index,
                                 count);
        }
        emit_stores(e, b, y, v, count);
    }
}

static Signature make_signature(Emit *e, TileBody *b) {
    Signature s = {0};
    signature_add(&s, e->ptr, &b->args.input);
    signature_add(&s, e->ptr, &b->args.weights);
    signature_add(&s, e->ptr, &b->args.bias);
    signature_add(&s, e->ptr, &b->out);
    signature_add(&s, e->i64, &b->args.row);
    signature_add(&s, e->i64, &b->args.column);
    signature_add(&s, e->i64, &b->args.channel);
    signature_add_operands(e, &s, &b->k->epilogue, b->operands);
    return s;
}

static const char *axis_name(Emit *e, const TileAxis *axis) {
    static const char *const places[] = {"in", "at", "clip"};
    const char *name = arena_printf(e->arena, "%s%d", places[axis->place], axis->count);
    return axis->place == TILE_AT ? arena_printf(e->arena, "%s_%d", name, (int)axis->first) : name;
}

static const char *tile_name(Emit *e, const ConvTile *t) {
    return arena_printf(e->arena, "%s.%s.%s.%d", e->kernel_name, axis_name(e, &t->rows),
                        axis_name(e, &t->columns), (int)t->channels);
}

static TileBody make_body(Emit *e, const Kernel *k, const ConvTile *t, const ConvTileArgs *args) {
    const int lanes = e->target->vector;
    TileBody b = {
        .k = k,
        .t = t,
        .lanes = lanes,
        .vectors = (int)((t->channels + lanes - 1) / lanes),
        .input_channels = k->conv.ic / k->conv.groups,
        .window_height = k->epilogue.pool ? (int)k->epilogue.pool_window.kernel[0] : 1,
        .window_width = k->epilogue.pool ? (int)k->epilogue.pool_window.kernel[1] : 1,
        .args = *args,
        .out = e->out,
    };
    b.run = (TileRun){.pixels = t->rows.count * t->columns.count,
                      .vectors = b.vectors,
                      .panel = (int64_t)k->tiling.vectors * lanes};
    b.tap_floats = b.input_channels * b.run.panel;
    b.row_floats = k->conv.kw * b.tap_floats;
    if (b.run.pixels > TILE_PIXELS_MAX || b.run.pixels * b.vectors > TILE_ACCUMULATORS_MAX)
        BUG("a tile of %d pixels x %d vectors", b.run.pixels, b.vectors);
    if (k->epilogue.noperands > EPILOGUE_OPERANDS_MAX)
        BUG("an epilogue of %d operands", k->epilogue.noperands);
    return b;
}

void emit_conv_tile(Emit *e, const Kernel *k, const ConvTile *t, const ConvTileArgs *args) {
    TileBody b = make_body(e, k, t, args);
    LLVMValueRef operands[EPILOGUE_OPERANDS_MAX];
    memcpy(operands, e->operand, (size_t)k->epilogue.noperands * sizeof *operands);
    b.operands = operands;

    Signature s = make_signature(e, &b);
    Function f;
    if (signature_begin(e, &s, &f, tile_name(e, t))) {
        b.depthwise = (DepthwiseChannels){b.args.channel, t->channels, k->conv.oc / k->conv.ic};
        emit_start(e, &b);
        emit_taps(e, &b);
        emit_finish(e, &b);
        emit_function_end(e, &f);
    }
    signature_call(e, &s, &f);
}
