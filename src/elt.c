/* Elementwise trees: built bottom-up, folded where all arguments are numbers, evaluated in double.
 */
#include "elt.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef struct EltRow {
    const char *name; /* lower case, as printed */
    int arity;
} EltRow;

static const EltRow rows[] = {[ELT_INPUT] = {"input", 0},
                              [ELT_NUMBER] = {"number", 0},
#define ELT(name, arity, meaning) [ELT_##name] = {#name, arity},
                              ELT_OPERATIONS(ELT)
#undef ELT
};

int elt_arity(EltKind kind) {
    return rows[kind].arity;
}

double elt_apply(EltKind kind, double a, double b, double c) {
    switch (kind) {
#define ELT(name, arity, meaning)                                                                  \
    case ELT_##name:                                                                               \
        return meaning;
        ELT_OPERATIONS(ELT)
#undef ELT
    case ELT_INPUT:
    case ELT_NUMBER:
        break;
    }
    return NAN;
}

static const Elt *make(Arena *a, Elt e) {
    Elt *copy = arena_alloc(a, sizeof *copy);
    *copy = e;
    return copy;
}

const Elt *elt_input(Arena *a, int input) {
    return make(a, (Elt){.kind = ELT_INPUT, .input = input});
}

const Elt *elt_number(Arena *a, double number) {
    return make(a, (Elt){.kind = ELT_NUMBER, .number = number});
}

static bool is_number(const Elt *e, double number) {
    return e->kind == ELT_NUMBER && e->number == number;
}

/* The argument that a neutral operation gives back unchanged, NaN and infinities included; NULL if
 * it is not neutral. (x + 0 turns -0 into 0, which nobody tells apart.) */
static const Elt *neutral(EltKind kind, const Elt *x, const Elt *y, const Elt *z) {
    switch (kind) {
    case ELT_ADD:
        return is_number(y, 0) ? x : is_number(x, 0) ? y : NULL;
    case ELT_SUB:
        return is_number(y, 0) ? x : NULL;
    case ELT_MUL:
        return is_number(y, 1) ? x : is_number(x, 1) ? y : NULL;
    case ELT_DIV:
    case ELT_POW:
        return is_number(y, 1) ? x : NULL;
    case ELT_SELECT:
        return x->kind == ELT_NUMBER ? (x->number != 0 ? y : z) : NULL;
    default:
        return NULL;
    }
}

static const Elt *operation(Arena *a, EltKind kind, const Elt *x, const Elt *y, const Elt *z) {
    const Elt *arg[3] = {x, y, z};
    double number[3] = {0};
    int arity = rows[kind].arity, numbers = 0;
    for (int i = 0; i < arity; i++) {
        if (arg[i]->kind == ELT_NUMBER) {
            number[i] = arg[i]->number;
            numbers++;
        }
    }
    if (numbers == arity)
        return elt_number(a, elt_apply(kind, number[0], number[1], number[2]));
    const Elt *same = neutral(kind, x, y, z);
    if (same)
        return same;
    return make(a, (Elt){.kind = kind, .arg = {x, y, z}});
}

const Elt *elt_1(Arena *a, EltKind kind, const Elt *x) {
    return operation(a, kind, x, NULL, NULL);
}

const Elt *elt_2(Arena *a, EltKind kind, const Elt *x, const Elt *y) {
    return operation(a, kind, x, y, NULL);
}

const Elt *elt_3(Arena *a, EltKind kind, const Elt *x, const Elt *y, const Elt *z) {
    return operation(a, kind, x, y, z);
}

double elt_eval(const Elt *e, const double *inputs) {
    if (e->kind == ELT_INPUT)
        return inputs[e->input];
    if (e->kind == ELT_NUMBER)
        return e->number;
    double value[3] = {0};
    for (int i = 0; i < rows[e->kind].arity; i++)
        value[i] = elt_eval(e->arg[i], inputs);
    return elt_apply(e->kind, value[0], value[1], value[2]);
}

int elt_inputs(const Elt *e) {
    if (e->kind == ELT_INPUT)
        return e->input + 1;
    int n = 0;
    for (int i = 0; i < rows[e->kind].arity; i++) {
        int m = elt_inputs(e->arg[i]);
        n = m > n ? m : n;
    }
    return n;
}

int elt_size(const Elt *e) {
    int size = 1;
    for (int i = 0; i < rows[e->kind].arity; i++)
        size += elt_size(e->arg[i]);
    return size;
}

bool elt_equal(const Elt *x, const Elt *y) {
    if (x == y)
        return true;
    if (x->kind != y->kind || x->input != y->input ||
        memcmp(&x->number, &y->number, sizeof x->number) != 0)
        return false;
    for (int i = 0; i < rows[x->kind].arity; i++) {
        if (!elt_equal(x->arg[i], y->arg[i]))
            return false;
    }
    return true;
}

/* Nodes already rewritten, so that what was shared stays shared. */
typedef struct Rewrite {
    Arena *arena;
    const Elt *const *replacement;
    Vec(const Elt *) from;
    Vec(const Elt *) to;
} Rewrite;

static const Elt *rewrite(Rewrite *r, const Elt *e) {
    if (e->kind == ELT_INPUT)
        return r->replacement[e->input];
    if (e->kind == ELT_NUMBER)
        return e;
    for (size_t i = 0; i < r->from.count; i++) {
        if (r->from.at[i] == e)
            return r->to.at[i];
    }
    const Elt *arg[3] = {0};
    for (int i = 0; i < rows[e->kind].arity; i++)
        arg[i] = rewrite(r, e->arg[i]);
    const Elt *made = operation(r->arena, e->kind, arg[0], arg[1], arg[2]);
    vec_push(r->arena, &r->from, e);
    vec_push(r->arena, &r->to, made);
    return made;
}

const Elt *elt_substitute(Arena *a, const Elt *f, const Elt *const *replacement) {
    Rewrite r = {.arena = a, .replacement = replacement};
    return rewrite(&r, f);
}

/* The shortest decimal that reads back as the same double. */
static char *number_str(Arena *a, double number) {
    for (int digits = 1; digits < 17; digits++) {
        char *text = arena_printf(a, "%.*g", digits, number);
        if (strtod(text, NULL) == number)
            return text;
    }
    return arena_printf(a, "%.17g", number);
}

char *elt_str(Arena *a, const Elt *e) {
    if (e->kind == ELT_INPUT)
        return arena_printf(a, "x%d", e->input);
    if (e->kind == ELT_NUMBER)
        return number_str(a, e->number);
    char *text = arena_strdup(a, rows[e->kind].name);
    for (char *c = text; *c; c++)
        *c += *c >= 'A' && *c <= 'Z' ? 'a' - 'A' : 0;
    for (int i = 0; i < rows[e->kind].arity; i++)
        text = arena_printf(a, "%s%s%s", text, i ? ", " : "(", elt_str(a, e->arg[i]));
    return arena_printf(a, "%s)", text);
}
