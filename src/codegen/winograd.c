/* 3x3 convolutions by Winograd's F(m,3): a tile of m x m outputs takes alpha^2 = (m + 2)^2 products
 * a channel instead of 9 m^2.
 *
 *     for each task: block of tiles, panel of output channels
 *         V[e][tile][ic] = B^T patch B              once for a block: winograd_input.c
 *         P[e][tile][panel] = V[e] * U[panel][e]    alpha^2 matrix products
 *         out = pool(epilogue(A^T P A + bias))      winograd_output.c
 *
 * V and P are the thread's scratch. */
#include "winograd.h"

#include "tile.h"

static Winograd make_winograd(Emit *e, const Kernel *k) {
    const ConvGeometry *g = &k->conv;
    const ConvTiling *t = &k->tiling;
    Winograd w = {
        .k = k,
        .m = t->winograd,
        .alpha = t->winograd + 2,
        .lanes = e->target->vector,
        .panel = (int64_t)t->vectors * e->target->vector,
    };
    w.products = w.alpha * w.alpha;
    w.columns = (g->ow + w.m - 1) / w.m;
    w.tiles = (g->oh + w.m - 1) / w.m * w.columns;
    w.blocks = (w.tiles + t->block - 1) / t->block;
    w.input_stride = t->block * g->ic;
    w.product_stride = t->block * w.panel;
    if (k->tasks != w.blocks * t->panels)
        BUG("%s: %lld tasks for %lld blocks x %lld panels", k->name, (long long)k->tasks,
            (long long)w.blocks, (long long)t->panels);
    return w;
}

/* P's `pixels` rows = V's rows * U, over all input channels. */
static void emit_product_call(Emit *e, const Winograd *w, int pixels, int vectors,
                              LLVMValueRef *args) {
    Function f;
    const char *name = arena_printf(e->arena, "%s.product%dx%d", e->kernel_name, pixels, vectors);
    if (emit_function_begin(e, &f, name, (LLVMTypeRef[]){e->ptr, e->ptr, e->ptr}, 3)) {
        TileRun run = {.pixels = pixels, .vectors = vectors, .panel = w->panel};
        LLVMValueRef acc[TILE_ACCUMULATORS_MAX];
        for (int i = 0; i < pixels * vectors; i++)
            acc[i] = emit_number(e, w->lanes, 0);
        for (int p = 0; p < pixels; p++)
            run.offset[p] = p * w->k->conv.ic;
        emit_tile_run(e, &run, emit_param(e, 0), emit_param(e, 1), emit_int(e, w->k->conv.ic), acc);
        for (int i = 0; i < pixels * vectors; i++) {
            int64_t at = i / vectors * w->panel + (int64_t)(i % vectors) * w->lanes;
            emit_store_aligned(e, acc[i], emit_at_const(e, emit_param(e, 2), at));
        }
        emit_function_end(e, &f);
    }
    emit_call(e, &f, args, 3);
}

/* `pixels` tiles at a time, from tile `from` to `to` of the block, for all alpha^2 products. */
static void emit_products_of(Emit *e, const Winograd *w, int pixels, int vectors,
                             LLVMValueRef weights, LLVMValueRef from, LLVMValueRef to) {
    const int64_t ic = w->k->conv.ic;
    Loop product = emit_count_begin(e, w->products);
    LLVMValueRef u = emit_at(e, weights, emit_imul(e, product.index, ic * w->panel));
    LLVMValueRef v = emit_at(e, w->input, emit_imul(e, product.index, w->input_stride));
    LLVMValueRef p = emit_at(e, w->product, emit_imul(e, product.index, w->product_stride));
    Loop tile = emit_loop_begin(e, from, to, pixels, NULL, 0);
    LLVMValueRef args[] = {emit_at(e, v, emit_imul(e, tile.index, ic)), u,
                           emit_at(e, p, emit_imul(e, tile.index, w->panel))};
    emit_product_call(e, w, pixels, vectors, args);
    emit_loop_end(e, &tile, NULL);
    emit_count_end(e, &product);
}

/* The products of a block of `tiles` tiles, of which only the last block may have a rest. */
static void emit_products(Emit *e, const Winograd *w, int vectors, LLVMValueRef weights,
                          LLVMValueRef tiles) {
    const ConvTiling *t = &w->k->tiling;
    int64_t last = w->tiles - (w->blocks - 1) * t->block;
    int rest = (int)(last % t->columns);
    LLVMValueRef whole = emit_imul(e, emit_idiv(e, tiles, t->columns), t->columns);
    emit_products_of(e, w, t->columns, vectors, weights, emit_int(e, 0), whole);
    if (rest)
        emit_products_of(e, w, rest, vectors, weights, whole, tiles);
}

/* Panels [from, to) have `channels` channels. */
static void emit_panel(Emit *e, const Winograd *w, const WinogradTask *t, int64_t from, int64_t to,
                       int64_t channels) {
    if (from == to || channels == 0)
        return;
    If only = emit_if_between(e, t->panel, from, to);
    int64_t floats = w->products * w->k->conv.ic * w->panel;
    int vectors = (int)((channels + w->lanes - 1) / w->lanes);
    emit_products(e, w, vectors, emit_at(e, e->weights, emit_imul(e, t->panel, floats)), t->tiles);
    emit_winograd_outputs(e, w, t, channels);
    emit_if_end(e, &only);
}

/* The block's input is in scratch already unless its first panel, or the thread, begins. */
static void emit_block_input(Emit *e, const Winograd *w, const WinogradTask *t, LLVMValueRef task) {
    LLVMValueRef first = LLVMBuildICmp(e->builder, LLVMIntEQ, t->panel, emit_int(e, 0), "");
    LLVMValueRef begins = LLVMBuildICmp(e->builder, LLVMIntEQ, task, e->begin, "");
    If needed = emit_if_begin(e, LLVMBuildOr(e->builder, first, begins, ""));
    emit_winograd_inputs(e, w, t);
    emit_if_end(e, &needed);
}

void emit_kernel_winograd(Emit *e, const Kernel *k) {
    Winograd w = make_winograd(e, k);
    int64_t input_floats = (w.products * w.input_stride + 15) / 16 * 16; /* whole 64 bytes */
    w.input = e->scratch;
    w.product = emit_at_const(e, e->scratch, input_floats);
    Loop task = emit_tasks_begin(e);
    LLVMValueRef block = emit_idiv(e, task.index, k->tiling.panels);
    WinogradTask t = {.panel = emit_irem(e, task.index, k->tiling.panels),
                      .first = emit_imul(e, block, k->tiling.block)};
    t.tiles =
        emit_imin(e, emit_int(e, k->tiling.block), emit_isub(e, emit_int(e, w.tiles), t.first));
    emit_block_input(e, &w, &t, task.index);
    int64_t full = k->conv.oc / w.panel;
    emit_panel(e, &w, &t, 0, full, w.panel);
    emit_panel(e, &w, &t, full, k->tiling.panels, k->conv.oc % w.panel);
    emit_tasks_end(e, &task);
}
