/* Ops: the small typed graph that layers are lowered to. One sample flows through it: shapes carry
 * no batch. Spatial data are channels-last, row-major. Every op has two meanings, the interpreter's
 * (interp/) and the code generator's, which the tests hold against each other. */
#ifndef OP_H
#define OP_H

#include "elt.h"
#include "model.h"

#include <stdio.h>

typedef struct Op Op;
enum { SPATIAL_MAX = 3 };

/* A window over `n` spatial axes. Padding cells count as zero (conv), as nothing (max), or are left
 * out of the count (average). */
typedef struct Spatial {
    int n;
    int64_t kernel[SPATIAL_MAX], stride[SPATIAL_MAX], dilation[SPATIAL_MAX];
    int64_t before[SPATIAL_MAX], after[SPATIAL_MAX];
} Spatial;

typedef enum ReduceKind { REDUCE_SUM, REDUCE_MEAN, REDUCE_MAX, REDUCE_MIN } ReduceKind;
typedef enum PoolKind { POOL_MAX, POOL_AVERAGE } PoolKind;
typedef enum ResizeKind {
    RESIZE_NEAREST,
    RESIZE_BILINEAR,
    RESIZE_BICUBIC,
    RESIZE_LANCZOS3,
    RESIZE_LANCZOS5
} ResizeKind;

/* OP(NAME, function suffix): each row gives an enumerator, an interpreter function and a name in
 * dumps. Later kinds (gather, scan) are further rows. */
#define OP_KINDS(OP)                                                                               \
    OP(INPUT, input)         /* the model's input */                                               \
    OP(CONST, constant)      /* a weight or computed constant */                                   \
    OP(CONV, conv)           /* x, kernel, bias: kernel (k..., in/groups, out) */                  \
    OP(MATMUL, matmul)       /* x (..., k), kernel (k, n), bias: over the last axis */             \
    OP(POOL, pool)           /* window maximum or average */                                       \
    OP(MAP, map)             /* elementwise tree over operands that broadcast to the output */     \
    OP(REDUCE, reduce)       /* over a set of axes */                                              \
    OP(SOFTMAX, softmax)     /* over a set of axes; or its logarithm */                            \
    OP(SPARSEMAX, sparsemax) /* over the last axis */                                              \
    OP(PAD, pad)             /* constant cells around; negative amounts crop */                    \
    OP(RESHAPE, reshape)     /* the same elements in the same order */                             \
    OP(TRANSPOSE, transpose) /* axes permuted */                                                   \
    OP(CONCAT, concat)       /* along one axis */                                                  \
    OP(SLICE, slice)         /* start, length, step of every axis */                               \
    OP(RESIZE, resize)       /* two or fewer spatial axes, half-pixel centres */

typedef enum OpKind {
#define OP(name, suffix) OP_##name,
    OP_KINDS(OP)
#undef OP
} OpKind;

struct Op {
    OpKind kind;
    int id;        /* position in the graph: operands come before their users */
    Shape shape;   /* static; batch unused */
    Op *const *in; /* conv and matmul without bias have two operands */
    int nin;
    const Layer *layer; /* it came from; NULL for none: names kernels in profiles and plans */
    union {
        /* CONST: data, or the weight that has them, if perhaps in another shape; exactly one is
         * set. A model that is compiled always has data by then; --emit ops of one without weights
         * shows the weight's name. */
        struct {
            const Weight *weight;
            const float *data;
        } constant;
        struct {
            Spatial window;
            int64_t groups;
        } conv;
        struct {
            PoolKind kind;
            Spatial window;
        } pool;
        const Elt *map;
        struct {
            ReduceKind kind;
            unsigned axes;
        } reduce; /* bit i: axis i; reduced axes become 1: reshape follows */
        struct {
            unsigned axes;
            bool log;
        } softmax;
        struct {
            int64_t before[SHAPE_MAX], after[SHAPE_MAX];
            double value;
        } pad;
        int perm[SHAPE_MAX]; /* TRANSPOSE: output axis i is input axis perm[i] */
        int axis;            /* CONCAT */
        struct {
            int64_t start[SHAPE_MAX], step[SHAPE_MAX];
        } slice;           /* lengths are the shape's */
        ResizeKind resize; /* sizes are the shape's */
    } u;
};

typedef struct Ops {
    Arena *arena;
    Vec(Op *) ops;      /* topological */
    Op *input, *output; /* op_input sets the one, lower() the other */
    const Layer *layer; /* what new ops are said to come from */
} Ops;

Ops *ops_new(Arena *a);

/* Constructors append to the graph and compute the result's shape; operands must fit, or BUG().
 * `layer` is remembered by ops_set_layer for those that follow. */
void ops_set_layer(Ops *g, const Layer *layer);
Op *op_input(Ops *g, Shape shape);
Op *op_weight(Ops *g, const Weight *weight);
Op *op_constant(Ops *g, Shape shape, const float *data);
Op *op_scalar(Ops *g, double value);
Op *op_conv(Ops *g, Op *x, Op *kernel, Op *bias, Spatial window,
            int64_t groups); /* bias may be NULL */
Op *op_matmul(Ops *g, Op *x, Op *kernel, Op *bias);
Op *op_pool(Ops *g, Op *x, PoolKind kind, Spatial window);
Op *op_map(Ops *g, const Elt *tree, Op *const *operands, int n);
Op *op_map1(Ops *g, const Elt *tree, Op *x);
Op *op_reduce(Ops *g, Op *x, ReduceKind kind, unsigned axes);
Op *op_softmax(Ops *g, Op *x, unsigned axes, bool log);
Op *op_sparsemax(Ops *g, Op *x);
Op *op_pad(Ops *g, Op *x, const int64_t *before, const int64_t *after, double value);
Op *op_reshape(Ops *g, Op *x, Shape shape);
Op *op_transpose(Ops *g, Op *x, const int *perm);
Op *op_concat(Ops *g, Op *const *x, int n, int axis);
Op *op_slice(Ops *g, Op *x, const int64_t *start, const int64_t *step, const int64_t *length);
Op *op_resize(Ops *g, Op *x, ResizeKind kind, Shape shape);

const char *op_kind_name(OpKind kind);
int64_t op_numel(const Op *op);
bool op_is_scalar(const Op *op); /* one element, of whatever rank */

/* The op's name in dumps and profiles: its layer's, else its kind's. */
const char *op_name(const Op *op);

/* For operand x of a broadcast to `out` (as numpy does it): how many elements of x to go on for one
 * step along each axis of out; 0 along axes that x repeats. */
void broadcast_strides(Shape x, Shape out, int64_t *strides);
const float *op_const_data(const Op *op); /* of a CONST: NULL while the weight has none */

/* For each op id, how many operands are that op (the graph's output counts as one). */
int *ops_count_uses(const Ops *g, Arena *a);

/* The same op again in g, over other operands. */
Op *op_rebuild(Ops *g, const Op *op, Op *const *in);

void ops_dump(const Ops *g, FILE *out); /* --emit ops */
void ops_verify(const Ops *g);

/* op_dump.c: the parameters of an op as dumps show them: "3x3 stride 2x2 groups 4". */
char *op_details(Arena *a, const Op *op);
char *spatial_str(Arena *a, const Spatial *w);
const char *pool_kind_name(PoolKind kind);

/* fold.c: constants evaluated, BatchNormalization and Rescaling folded into the convolution before
 * (or after) them, adjacent transposes, reshapes and maps merged, identities dropped. A new graph.
 */
Ops *fold(Arena *a, const Ops *g);

/* interp/: the reference. in: one sample of the input's numel; out: one of the output's. Plain
 * loops, double accumulation. Every constant must have data. */
void interp_run(const Ops *g, const float *in, float *out);

#endif
