/* out = pool(epilogue(A^T P A + bias)) for the tiles of a block. */
#include "signature.h"
#include "winograd.h"

#include <string.h>

typedef struct Output {
    const Winograd *w;
    int count;             /* channels of the vector that exist */
    bool edge;             /* pixels may lie outside of the output */
    int height, width;     /* of the pooling window; 1 without */
    int64_t rows, columns; /* of the output before pooling, as far as windows cover it */
    /* Parameters of its function. */
    LLVMValueRef product, bias, out, row, column, channel, operands[EPILOGUE_OPERANDS_MAX];
} Output;

/* Float number of a pixel in an image of the result `width` pixels wide. */
static LLVMValueRef emit_index(Emit *e, const Output *o, LLVMValueRef row, LLVMValueRef column,
                               int64_t width, int row_offset, int column_offset) {
    const int64_t oc = o->w->k->conv.oc;
    LLVMValueRef first = emit_iadd(e, emit_imul(e, row, width), column);
    LLVMValueRef index = emit_iadd(e, emit_imul(e, first, oc), o->channel);
    return emit_iadd(e, index, emit_int(e, (row_offset * width + column_offset) * oc));
}

/* The pooling window at (r, c) of the tile, in windows; y: the tile's pixels, alpha to a row. */
static void emit_window(Emit *e, const Output *o, const EpilogueValues *channels, LLVMValueRef *y,
                        int r, int c) {
    const Kernel *k = o->w->k;
    LLVMValueRef values[WINOGRAD_PRODUCTS_MAX];
    for (int i = 0; i < o->height * o->width; i++) {
        int row = r * o->height + i / o->width, column = c * o->width + i % o->width;
        LLVMValueRef index = emit_index(e, o, o->row, o->column, k->conv.ow, row, column);
        values[i] = emit_epilogue(e, &k->epilogue, (LLVMValueRef *)o->operands, channels,
                                  y[row * o->w->alpha + column], index, o->count);
    }
    LLVMValueRef pooled = emit_epilogue_pool(e, &k->epilogue, values, o->height * o->width);
    LLVMValueRef index = emit_index(e, o, emit_idiv(e, o->row, o->height),
                                    emit_idiv(e, o->column, o->width), k->conv.ow / o->width, r, c);
    emit_store_part(e, pooled, emit_at(e, o->out, index), o->count);
}

/* Does the window at (r, c) of the tile lie in the output? */
static LLVMValueRef emit_is_window_inside(Emit *e, const Output *o, int r, int c) {
    LLVMValueRef row = emit_iadd(e, o->row, emit_int(e, r * o->height));
    LLVMValueRef column = emit_iadd(e, o->column, emit_int(e, c * o->width));
    LLVMValueRef below = LLVMBuildICmp(e->builder, LLVMIntSLT, row, emit_int(e, o->rows), "");
    LLVMValueRef left = LLVMBuildICmp(e->builder, LLVMIntSLT, column, emit_int(e, o->columns), "");
    return LLVMBuildAnd(e->builder, below, left, "");
}

static void emit_windows(Emit *e, const Output *o, LLVMValueRef *y) {
    const Winograd *w = o->w;
    EpilogueValues channels = emit_epilogue_channels(
        e, &w->k->epilogue, (LLVMValueRef *)o->operands, o->channel, w->lanes, o->count);
    for (int r = 0; r < w->m / o->height; r++) {
        for (int c = 0; c < w->m / o->width; c++) {
            if (!o->edge) {
                emit_window(e, o, &channels, y, r, c);
                continue;
            }
            If inside = emit_if_begin(e, emit_is_window_inside(e, o, r, c));
            emit_window(e, o, &channels, y, r, c);
            emit_if_end(e, &inside);
        }
    }
}

/* One vector of channels of one tile. */
static void emit_body(Emit *e, const Output *o) {
    const Winograd *w = o->w;
    LLVMValueRef y[WINOGRAD_PRODUCTS_MAX];
    for (int i = 0; i < w->products; i++)
        y[i] = emit_load_aligned(e, emit_at_const(e, o->product, i * w->product_stride), w->lanes);
    for (int column = 0; column < w->alpha; column++)
        emit_winograd_output(e, w->m, y + column, w->alpha);
    for (int row = 0; row < w->m; row++)
        emit_winograd_output(e, w->m, y + row * w->alpha, 1);
    if (o->bias) {
        LLVMValueRef bias = emit_load_aligned(e, o->bias, w->lanes);
        for (int row = 0; row < w->m; row++)
            for (int column = 0; column < w->m; column++)
                y[row * w->alpha + column] = emit_fadd(e, y[row * w->alpha + column], bias);
    }
    emit_windows(e, o, y);
}

static void emit_output_call(Emit *e, Output o) {
    Signature s = {0};
    signature_add(&s, e->ptr, &o.product);
    signature_add(&s, e->ptr, &o.bias);
    signature_add(&s, e->ptr, &o.out);
    signature_add(&s, e->i64, &o.row);
    signature_add(&s, e->i64, &o.column);
    signature_add(&s, e->i64, &o.channel);
    signature_add_operands(e, &s, &o.w->k->epilogue, o.operands);
    Function f;
    const char *name =
        arena_printf(e->arena, "%s.output%s%d", e->kernel_name, o.edge ? "_edge" : "", o.count);
    if (signature_begin(e, &s, &f, name)) {
        emit_body(e, &o);
        emit_function_end(e, &f);
    }
    signature_call(e, &s, &f);
}

/* Vectors [from, to) of the panel, each with o->count channels. */
static void emit_vectors(Emit *e, Output o, LLVMValueRef panel_product, LLVMValueRef panel_channel,
                         int64_t from, int64_t to) {
    if (from == to)
        return;
    Loop l = emit_loop_begin(e, emit_int(e, from), emit_int(e, to), 1, NULL, 0);
    LLVMValueRef done = emit_imul(e, l.index, o.w->lanes);
    o.product = emit_at(e, panel_product, done);
    o.channel = emit_iadd(e, panel_channel, done);
    o.bias = e->bias ? emit_at(e, e->bias, o.channel) : NULL;
    emit_output_call(e, o);
    emit_loop_end(e, &l, NULL);
}

static void emit_tile(Emit *e, Output o, LLVMValueRef product, LLVMValueRef channel,
                      int64_t channels) {
    const int lanes = o.w->lanes;
    o.count = lanes;
    emit_vectors(e, o, product, channel, 0, channels / lanes);
    o.count = (int)(channels % lanes);
    if (o.count)
        emit_vectors(e, o, product, channel, channels / lanes, channels / lanes + 1);
}

static Output make_output(Emit *e, const Winograd *w) {
    const Epilogue *ep = &w->k->epilogue;
    Output o = {.w = w, .height = 1, .width = 1, .out = e->out};
    if (ep->pool) {
        o.height = (int)ep->pool_window.kernel[0];
        o.width = (int)ep->pool_window.kernel[1];
    }
    o.rows = w->k->conv.oh / o.height * o.height;
    o.columns = w->k->conv.ow / o.width * o.width;
    if (ep->noperands > EPILOGUE_OPERANDS_MAX)
        BUG("an epilogue of %d operands", ep->noperands);
    memcpy(o.operands, e->operand, (size_t)ep->noperands * sizeof *o.operands);
    return o;
}

void emit_winograd_outputs(Emit *e, const Winograd *w, const WinogradTask *t, int64_t channels) {
    Output o = make_output(e, w);
    LLVMValueRef channel = emit_imul(e, t->panel, w->panel);
    Loop l = emit_loop_begin(e, emit_int(e, 0), t->tiles, 1, NULL, 0);
    LLVMValueRef tile = emit_iadd(e, t->first, l.index);
    LLVMValueRef product = emit_at(e, w->product, emit_imul(e, l.index, w->panel));
    o.row = emit_imul(e, emit_idiv(e, tile, w->columns), w->m);
    o.column = emit_imul(e, emit_irem(e, tile, w->columns), w->m);
    if (w->tiles / w->columns * w->m == o.rows && w->columns * w->m == o.columns) {
        emit_tile(e, o, product, channel, channels);
    } else {
        LLVMValueRef inside = emit_is_window_inside(e, &o, w->m / o.height - 1, w->m / o.width - 1);
        If whole = emit_if_begin(e, inside);
        emit_tile(e, o, product, channel, channels);
        emit_if_end(e, &whole);
        If partly = emit_if_begin(e, LLVMBuildNot(e->builder, inside, ""));
        o.edge = true;
        emit_tile(e, o, product, channel, channels);
        emit_if_end(e, &partly);
    }
    emit_loop_end(e, &l, NULL);
}
