/* V[e][tile][ic] = B^T patch B. A patch of alpha x alpha cells may reach over the input's edges:
 * what lies outside is read from a row of zeros. */
#include "winograd.h"

/* `count` channels of all cells, transformed and stored. cell[]: addresses of the patch's cells. */
static void emit_transform(Emit *e, const Winograd *w, LLVMValueRef *cell, LLVMValueRef channel,
                           LLVMValueRef to, int count) {
    LLVMValueRef d[WINOGRAD_PRODUCTS_MAX];
    for (int i = 0; i < w->products; i++)
        d[i] = emit_load_part(e, emit_at(e, cell[i], channel), w->lanes, count);
    for (int column = 0; column < w->alpha; column++)
        emit_winograd_input(e, w->m, d + column, w->alpha);
    for (int row = 0; row < w->alpha; row++)
        emit_winograd_input(e, w->m, d + row * w->alpha, 1);
    LLVMValueRef at = emit_at(e, to, channel);
    for (int i = 0; i < w->products; i++)
        emit_store_part(e, d[i], emit_at_const(e, at, i * w->input_stride), count);
}

static void emit_channels(Emit *e, const Winograd *w, LLVMValueRef *cell, LLVMValueRef to) {
    const int64_t ic = w->k->conv.ic, whole = ic / w->lanes * w->lanes;
    if (whole) {
        Loop l = emit_loop_begin(e, emit_int(e, 0), emit_int(e, whole), w->lanes, NULL, 0);
        emit_transform(e, w, cell, l.index, to, w->lanes);
        emit_loop_end(e, &l, NULL);
    }
    if (ic > whole)
        emit_transform(e, w, cell, emit_int(e, whole), to, (int)(ic - whole));
}

/* inside(patch, to): a patch that lies in the input, its first cell at `patch`. */
static void emit_inside_call(Emit *e, const Winograd *w, LLVMValueRef patch, LLVMValueRef to) {
    const ConvGeometry *g = &w->k->conv;
    Function f;
    const char *name = arena_printf(e->arena, "%s.input", e->kernel_name);
    if (emit_function_begin(e, &f, name, (LLVMTypeRef[]){e->ptr, e->ptr}, 2)) {
        LLVMValueRef cell[WINOGRAD_PRODUCTS_MAX];
        for (int i = 0; i < w->products; i++) {
            int64_t at = (i / w->alpha * g->iw + i % w->alpha) * g->ic;
            cell[i] = emit_at_const(e, emit_param(e, 0), at);
        }
        emit_channels(e, w, cell, emit_param(e, 1));
        emit_function_end(e, &f);
    }
    emit_call(e, &f, (LLVMValueRef[]){patch, to}, 2);
}

/* As many zeros as the input has channels. */
static LLVMValueRef zeros(Emit *e, const Winograd *w) {
    const char *name = arena_printf(e->arena, "%s.zeros", e->kernel_name);
    LLVMValueRef global = LLVMGetNamedGlobal(e->module, name);
    if (global)
        return global;
    LLVMTypeRef type = LLVMArrayType2(e->f32, (uint64_t)w->k->conv.ic);
    global = LLVMAddGlobal(e->module, type, name);
    LLVMSetInitializer(global, LLVMConstNull(type));
    LLVMSetGlobalConstant(global, true);
    LLVMSetLinkage(global, LLVMPrivateLinkage);
    return global;
}

/* 0 <= cell < n, in one comparison; never for n <= 0 */
static LLVMValueRef emit_is_inside(Emit *e, LLVMValueRef cell, int64_t n) {
    return LLVMBuildICmp(e->builder, LLVMIntULT, cell, emit_int(e, n < 0 ? 0 : n), "");
}

/* Addresses of the cells of the patch at (row, column), kept in memory: there are more than there
 * are registers. */
static void emit_cells(Emit *e, const Winograd *w, LLVMValueRef input, LLVMValueRef row,
                       LLVMValueRef column, LLVMValueRef *cell) {
    const ConvGeometry *g = &w->k->conv;
    for (int i = 0; i < w->products; i++) {
        LLVMValueRef y = emit_iadd(e, row, emit_int(e, i / w->alpha));
        LLVMValueRef x = emit_iadd(e, column, emit_int(e, i % w->alpha));
        LLVMValueRef inside =
            LLVMBuildAnd(e->builder, emit_is_inside(e, y, g->ih), emit_is_inside(e, x, g->iw), "");
        LLVMValueRef index = emit_imul(e, emit_iadd(e, emit_imul(e, y, g->iw), x), g->ic);
        index = LLVMBuildSelect(e->builder, inside, index, emit_int(e, 0), "");
        cell[i] = LLVMBuildSelect(e->builder, inside, emit_at(e, input, index), zeros(e, w), "");
    }
}

/* edge(input, row, column, to) */
static void emit_edge_call(Emit *e, const Winograd *w, LLVMValueRef *args) {
    Function f;
    const char *name = arena_printf(e->arena, "%s.input_edge", e->kernel_name);
    if (emit_function_begin(e, &f, name, (LLVMTypeRef[]){e->ptr, e->i64, e->i64, e->ptr}, 4)) {
        LLVMValueRef cell[WINOGRAD_PRODUCTS_MAX];
        emit_cells(e, w, emit_param(e, 0), emit_param(e, 1), emit_param(e, 2), cell);
        emit_channels(e, w, cell, emit_param(e, 3));
        emit_function_end(e, &f);
    }
    emit_call(e, &f, args, 4);
}

void emit_winograd_inputs(Emit *e, const Winograd *w, const WinogradTask *t) {
    const ConvGeometry *g = &w->k->conv;
    Loop l = emit_loop_begin(e, emit_int(e, 0), t->tiles, 1, NULL, 0);
    LLVMValueRef tile = emit_iadd(e, t->first, l.index);
    LLVMValueRef row = emit_imul(e, emit_idiv(e, tile, w->columns), w->m);
    LLVMValueRef column = emit_imul(e, emit_irem(e, tile, w->columns), w->m);
    row = emit_isub(e, row, emit_int(e, g->top));
    column = emit_isub(e, column, emit_int(e, g->left));
    LLVMValueRef to = emit_at(e, w->input, emit_imul(e, l.index, g->ic));

    LLVMBuilderRef b = e->builder;
    LLVMValueRef inside = LLVMBuildAnd(b, emit_is_inside(e, row, g->ih - w->alpha + 1),
                                       emit_is_inside(e, column, g->iw - w->alpha + 1), "");
    If whole = emit_if_begin(e, inside);
    LLVMValueRef index = emit_imul(e, emit_iadd(e, emit_imul(e, row, g->iw), column), g->ic);
    emit_inside_call(e, w, emit_at(e, e->in[0], index), to);
    emit_if_end(e, &whole);
    If edge = emit_if_begin(e, LLVMBuildNot(b, inside, ""));
    emit_edge_call(e, w, (LLVMValueRef[]){e->in[0], row, column, to});
    emit_if_end(e, &edge);
    emit_loop_end(e, &l, NULL);
}
