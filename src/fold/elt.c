/* Elementwise trees as functions of one input: affine, monotone, never negative. */
#include "fold.h"

#include <math.h>

static bool reads(const Elt *e, int x) {
    if (e->kind == ELT_INPUT)
        return e->input == x;
    for (int i = 0; i < elt_arity(e->kind); i++) {
        if (reads(e->arg[i], x))
            return true;
    }
    return false;
}

/* A coefficient times, or divided by, one that is finite: nothing stays nothing. */
static const Elt *times(Arena *a, EltKind kind, const Elt *coefficient, const Elt *factor) {
    if (coefficient->kind == ELT_NUMBER && coefficient->number == 0)
        return coefficient;
    return elt_2(a, kind, coefficient, factor);
}

bool elt_affine(Arena *a, const Elt *e, int x, Affine *r) {
    if (!reads(e, x)) {
        *r = (Affine){elt_number(a, 0), e};
        return true;
    }
    if (e->kind == ELT_INPUT) {
        *r = (Affine){elt_number(a, 1), elt_number(a, 0)};
        return true;
    }
    Affine p, q;
    switch (e->kind) {
    case ELT_NEG:
        if (!elt_affine(a, e->arg[0], x, &p))
            return false;
        *r = (Affine){elt_1(a, ELT_NEG, p.scale), elt_1(a, ELT_NEG, p.shift)};
        return true;
    case ELT_ADD:
    case ELT_SUB:
        if (!elt_affine(a, e->arg[0], x, &p) || !elt_affine(a, e->arg[1], x, &q))
            return false;
        *r = (Affine){elt_2(a, e->kind, p.scale, q.scale), elt_2(a, e->kind, p.shift, q.shift)};
        return true;
    case ELT_MUL: {
        bool second = reads(e->arg[1], x); /* the factor with x */
        const Elt *factor = e->arg[!second];
        if (reads(factor, x) || !elt_affine(a, e->arg[second], x, &p))
            return false;
        *r = (Affine){times(a, ELT_MUL, p.scale, factor), times(a, ELT_MUL, p.shift, factor)};
        return true;
    }
    case ELT_DIV:
        if (reads(e->arg[1], x) || !elt_affine(a, e->arg[0], x, &p))
            return false;
        *r = (Affine){times(a, ELT_DIV, p.scale, e->arg[1]), times(a, ELT_DIV, p.shift, e->arg[1])};
        return true;
    default:
        return false;
    }
}

static bool positive_number(const Elt *e) {
    return e->kind == ELT_NUMBER && e->number >= 0;
}

bool elt_monotone(const Elt *e) {
    switch (e->kind) {
    case ELT_INPUT:
    case ELT_NUMBER:
    case ELT_EXP:
    case ELT_EXPM1:
    case ELT_TANH:
    case ELT_SIGMOID:
    case ELT_ERF:
    case ELT_FLOOR:
    case ELT_ADD:
    case ELT_MAX:
    case ELT_MIN:
        for (int i = 0; i < elt_arity(e->kind); i++) {
            if (!elt_monotone(e->arg[i]))
                return false;
        }
        return true;
    case ELT_SUB:
        return elt_monotone(e->arg[0]) && e->arg[1]->kind == ELT_NUMBER;
    case ELT_MUL:
        return (positive_number(e->arg[0]) && elt_monotone(e->arg[1])) ||
               (positive_number(e->arg[1]) && elt_monotone(e->arg[0]));
    case ELT_DIV:
        return positive_number(e->arg[1]) && elt_monotone(e->arg[0]);
    default:
        return false;
    }
}

/* A number that e never falls below. */
static double lower_bound(const Elt *e) {
    switch (e->kind) {
    case ELT_NUMBER:
        return e->number;
    case ELT_ABS:
    case ELT_SQRT:
    case ELT_EXP:
    case ELT_SIGMOID:
        return 0;
    case ELT_MAX:
        return fmax(lower_bound(e->arg[0]), lower_bound(e->arg[1]));
    case ELT_MIN:
        return fmin(lower_bound(e->arg[0]), lower_bound(e->arg[1]));
    case ELT_SELECT:
        return fmin(lower_bound(e->arg[1]), lower_bound(e->arg[2]));
    default:
        return -INFINITY;
    }
}

bool elt_nonnegative(const Elt *e) {
    return lower_bound(e) >= 0;
}
