/* Winograd's 1-D transforms F(2,3) and F(4,3). */
#include "winograd.h"

/* a + factor * b */
static LLVMValueRef plus_times(Emit *e, LLVMValueRef a, double factor, LLVMValueRef b) {
    return emit_fma(e, emit_number(e, emit_lanes(a), factor), b, a);
}

static void input_2(Emit *e, LLVMValueRef *d, int s) {
    LLVMValueRef d0 = d[0], d1 = d[s], d2 = d[2 * s], d3 = d[3 * s];
    d[0] = emit_fsub(e, d0, d2);
    d[s] = emit_fadd(e, d1, d2);
    d[2 * s] = emit_fsub(e, d2, d1);
    d[3 * s] = emit_fsub(e, d1, d3);
}

/* 4 d0 - 5 d2 + d4,  (d4 - 4 d2) +- (d3 - 4 d1),  (d4 - d2) +- 2 (d3 - d1),  4 d1 - 5 d3 + d5 */
static void input_4(Emit *e, LLVMValueRef *d, int s) {
    LLVMValueRef d0 = d[0], d1 = d[s], d2 = d[2 * s], d3 = d[3 * s], d4 = d[4 * s], d5 = d[5 * s];
    LLVMValueRef even_4 = plus_times(e, d4, -4, d2), odd_4 = plus_times(e, d3, -4, d1);
    LLVMValueRef even_1 = emit_fsub(e, d4, d2), odd_1 = emit_fsub(e, d3, d1);
    d[0] = plus_times(e, plus_times(e, d4, -5, d2), 4, d0);
    d[s] = emit_fadd(e, even_4, odd_4);
    d[2 * s] = emit_fsub(e, even_4, odd_4);
    d[3 * s] = plus_times(e, even_1, 2, odd_1);
    d[4 * s] = plus_times(e, even_1, -2, odd_1);
    d[5 * s] = plus_times(e, plus_times(e, d5, -5, d3), 4, d1);
}

static void output_2(Emit *e, LLVMValueRef *p, int s) {
    LLVMValueRef p0 = p[0], p1 = p[s], p2 = p[2 * s], p3 = p[3 * s];
    p[0] = emit_fadd(e, emit_fadd(e, p0, p1), p2);
    p[s] = emit_fsub(e, emit_fsub(e, p1, p2), p3);
}

/* p0 + a + c,  b + 2 d,  a + 4 c,  b + 8 d + p5,  where a, b = p1 +- p2 and c, d = p3 +- p4 */
static void output_4(Emit *e, LLVMValueRef *p, int s) {
    LLVMValueRef p0 = p[0], p1 = p[s], p2 = p[2 * s], p3 = p[3 * s], p4 = p[4 * s], p5 = p[5 * s];
    LLVMValueRef a = emit_fadd(e, p1, p2), b = emit_fsub(e, p1, p2);
    LLVMValueRef c = emit_fadd(e, p3, p4), d = emit_fsub(e, p3, p4);
    p[0] = emit_fadd(e, emit_fadd(e, p0, a), c);
    p[s] = plus_times(e, b, 2, d);
    p[2 * s] = plus_times(e, a, 4, c);
    p[3 * s] = emit_fadd(e, plus_times(e, b, 8, d), p5);
}

void emit_winograd_input(Emit *e, int m, LLVMValueRef *d, int step) {
    if (m == 2)
        input_2(e, d, step);
    else
        input_4(e, d, step);
}

void emit_winograd_output(Emit *e, int m, LLVMValueRef *p, int step) {
    if (m == 2)
        output_2(e, p, step);
    else
        output_4(e, p, step);
}
