/* How far compiled elementwise trees are from the exact values, in units of the last place. */
#ifndef ACCURACY_H
#define ACCURACY_H

#include "native.h"

/* y = tree(x). */
typedef struct Subject {
    const char *name;
    const Elt *tree;
} Subject;
typedef Vec(Subject) Subjects;

/* exp, log, ..., pow with some exponents. */
void subjects_add_functions(Arena *a, Subjects *s);

/* The activations of one element, as layers are lowered to them. */
void subjects_add_activations(Arena *a, Subjects *s);

/* native_function(n, i) is subject i. */
Native *subjects_compile(Arena *a, const Subjects *s, const Target *t, int opt_level);

/* The tree in long double. */
long double subject_exact(const Elt *tree, float x);

typedef struct Worst {
    double error; /* infinite when one is NaN, or infinite where the other is not */
    float at;
} Worst;

/* The worst over every `stride`th float, all of them if it is 1. Results that are subnormal, or
 * should be, are counted apart: their last place is 2^-149. */
typedef struct Accuracy {
    Worst normal, subnormal;
} Accuracy;
Accuracy subject_measure(NativeMap *f, const Elt *tree, uint32_t stride);

#endif
