/* Elementwise trees: y = f(x0, x1, ...) for one element. Activations, BatchNormalization, Rescaling
 * and later custom activations are such trees; the interpreter evaluates them in double, codegen
 * emits them as vector code. */
#ifndef ELT_H
#define ELT_H

#include "arena.h"

#include <stdbool.h>
#include <stdio.h>

/* ELT(NAME, arity, what it computes in C on double a, b, c). MAX and MIN give `a` when either is
 * NaN-compared false: max(a, b) = a < b ? b : a, so NaN in a survives. SELECT(a, b, c) = a != 0 ? b
 * : c. Comparisons give 1 or 0. */
#define ELT_OPERATIONS(ELT)                                                                        \
    ELT(ADD, 2, a + b)                                                                             \
    ELT(SUB, 2, a - b)                                                                             \
    ELT(MUL, 2, a *b)                                                                              \
    ELT(DIV, 2, a / b)                                                                             \
    ELT(MAX, 2, a < b ? b : a)                                                                     \
    ELT(MIN, 2, b < a ? b : a)                                                                     \
    ELT(POW, 2, pow(a, b))                                                                         \
    ELT(NEG, 1, -a)                                                                                \
    ELT(ABS, 1, fabs(a))                                                                           \
    ELT(SQRT, 1, sqrt(a))                                                                          \
    ELT(EXP, 1, exp(a))                                                                            \
    ELT(EXPM1, 1, expm1(a))                                                                        \
    ELT(LOG, 1, log(a))                                                                            \
    ELT(LOG1P, 1, log1p(a))                                                                        \
    ELT(TANH, 1, tanh(a))                                                                          \
    ELT(SIGMOID, 1, 1 / (1 + exp(-a)))                                                             \
    ELT(ERF, 1, erf(a))                                                                            \
    ELT(ERFC, 1, erfc(a))                                                                          \
    ELT(FLOOR, 1, floor(a))                                                                        \
    ELT(LT, 2, a < b)                                                                              \
    ELT(LE, 2, a <= b)                                                                             \
    ELT(EQ, 2, a == b)                                                                             \
    ELT(SELECT, 3, a != 0 ? b : c)

typedef enum EltKind {
    ELT_INPUT,  /* operand number `input` */
    ELT_NUMBER, /* the constant `number` */
#define ELT(name, arity, meaning) ELT_##name,
    ELT_OPERATIONS(ELT)
#undef ELT
} EltKind;

typedef struct Elt {
    EltKind kind;
    int input;
    double number;
    const struct Elt *arg[3];
} Elt;

/* Nodes may be shared: a tree is really a DAG, and codegen emits a shared node once. Builders fold
 * constants. */
const Elt *elt_input(Arena *a, int input);
const Elt *elt_number(Arena *a, double number);
const Elt *elt_1(Arena *a, EltKind kind, const Elt *x);
const Elt *elt_2(Arena *a, EltKind kind, const Elt *x, const Elt *y);
const Elt *elt_3(Arena *a, EltKind kind, const Elt *x, const Elt *y, const Elt *z);

int elt_arity(EltKind kind);

/* One operation on numbers; those past its arity are ignored. */
double elt_apply(EltKind kind, double a, double b, double c);
double elt_eval(const Elt *e, const double *inputs);

int elt_inputs(const Elt *e); /* one more than the highest input that e reads */
int elt_size(const Elt *e);   /* nodes, a shared one counted at each use */
bool elt_equal(const Elt *x, const Elt *y);

/* f with every input i replaced by replacement[i]: the composition of two trees. */
const Elt *elt_substitute(Arena *a, const Elt *f, const Elt *const *replacement);

/* "max(x0, 0)" */
char *elt_str(Arena *a, const Elt *e);

#endif
