/* The plan: kernels in order, with their epilogues; buffers at fixed offsets of one workspace;
 * packed weights; how each kernel splits over threads. All decisions that cost or gain speed are
 * taken here and shown by --emit plan; codegen/ only writes down what the plan says, one kernel
 * family a file. */
#ifndef PLAN_H
#define PLAN_H

#include "op.h"
#include "target.h"

typedef struct Kernel Kernel;

/* Where a tensor lives while the model runs. All offsets in bytes, multiples of 64. */
typedef enum Place {
    PLACE_NONE,
    PLACE_INPUT,     /* the caller's input sample */
    PLACE_OUTPUT,    /* the caller's output sample */
    PLACE_WORKSPACE, /* of this run; shared by its threads */
    PLACE_WEIGHTS,   /* the packed, read-only blob */
} Place;

typedef struct Ref {
    Place place;
    int64_t offset;
} Ref;

/* How floats are laid out in the blob. The packer streams them (weights_pack.c), never holding a
 * second copy. */
typedef enum Packing {
    PACK_PLAIN,    /* as the op's constant has them */
    PACK_PANELS,   /* matrix (k, n) -> [n / panel][k][panel], the last panel padded with zeros:
                      convolutions have k = kh*kw*ic */
    PACK_WINOGRAD, /* 3x3 kernel -> [alpha*alpha][n / panel][ic][panel], transformed in double */
} Packing;

typedef struct PackedWeight {
    const Op *constant;
    Packing packing;
    int panel;      /* PANELS, WINOGRAD: channels in a panel */
    int winograd;   /* WINOGRAD: m of F(m,3): 2 or 4 */
    int64_t groups; /* PANELS: each group's columns are padded to whole panels on their own */
    int64_t offset, bytes;
} PackedWeight;

/* Done to every accumulated value before it is stored: y = tree(acc, operands...), then optionally
 * pooled. */
typedef enum OperandKind {
    OPERAND_CHANNEL, /* a vector over the last axis, in the weights */
    OPERAND_FULL,    /* a tensor of the output's shape: a residual */
    OPERAND_SCALAR,  /* one number in the weights */
} OperandKind;

typedef struct EpilogueOperand {
    OperandKind kind;
    Ref ref;
} EpilogueOperand;

typedef struct Epilogue {
    const Elt *tree;           /* input 0 is the accumulator; NULL: identity */
    EpilogueOperand *operands; /* inputs 1.. of the tree */
    int noperands;
    bool pool; /* the output is the pooled one: */
    PoolKind pool_kind;
    Spatial pool_window; /* stride == kernel, no padding */
} Epilogue;

/* The families; each is one file of codegen/ and one row here: enumerator, emitter's suffix. */
#define KERNEL_KINDS(KERNEL)                                                                       \
    KERNEL(CONV, conv)           /* direct convolution, also 1x1 and matrix products: panels */    \
    KERNEL(WINOGRAD, winograd)   /* 3x3, stride 1 */                                               \
    KERNEL(DEPTHWISE, depthwise) /* groups == channels */                                          \
    KERNEL(MATVEC, matvec)       /* Dense on one row */                                            \
    KERNEL(POOL, pool)                                                                             \
    KERNEL(MAP, map) /* elementwise with broadcasting */                                           \
    KERNEL(REDUCE, reduce)                                                                         \
    KERNEL(SOFTMAX, softmax)                                                                       \
    KERNEL(SPARSEMAX, sparsemax)                                                                   \
    KERNEL(MOVE, move)     /* pad, crop, slice, concat, transpose, nearest resize: copies */       \
    KERNEL(RESIZE, resize) /* interpolating resize */

typedef enum KernelKind {
#define KERNEL(name, suffix) KERNEL_##name,
    KERNEL_KINDS(KERNEL)
#undef KERNEL
} KernelKind;

/* A convolution's tile: MR output pixels of one row (or TH rows of them) times NR output channels
 * in registers. */
typedef struct ConvTiling {
    int rows, columns; /* output pixels of a tile; rows > 1 when the epilogue pools */
    int vectors;       /* NR / vector length: channels of a panel */
    int winograd;      /* m of F(m,3) */
    int64_t
        tiles_per_block; /* winograd: tiles transformed at a time, so that the block stays in L2 */
    bool panels_outer;   /* loop order: weights' panel stays in L2, or the input rows do */
} ConvTiling;

struct Kernel {
    KernelKind kind;
    const char *name; /* the layer's, for profiles: "conv2d_1"; ASCII */
    const Op *op;     /* what it computes before the epilogue; parameters are read from op->u */
    const Op *result; /* the op whose value it leaves in out, after the epilogue */
    Ref *in; /* one for each operand of op; PLACE_WEIGHTS for constants that are read as they are */
    int nin;
    Ref out;
    Ref weights,
        bias; /* packed; PLACE_NONE when there is none. The bias is padded to whole panels */
    Epilogue epilogue;
    ConvTiling tiling; /* CONV, WINOGRAD, DEPTHWISE, MATVEC */
    int64_t tasks;     /* independent equal pieces (rows, panels, row x panel): thread t of T does
                          [t * tasks / T, (t + 1) * tasks / T) */
    int64_t scratch_bytes; /* private to a thread, contents undefined before and after */
};

/* --math: how far results may be from the exact order of operations. */
typedef enum MathMode { MATH_FAST, MATH_PRECISE } MathMode;

typedef struct PlanOptions {
    const Target *target;
    MathMode math;
} PlanOptions;

typedef struct Plan {
    const Target *target;
    const char *model_name;
    Shape input, output; /* of one sample */
    Kernel *kernels;
    int nkernels;
    PackedWeight *weights; /* in the order of their offsets */
    int nweights;
    int64_t weights_bytes;
    int64_t workspace_bytes; /* shared by the threads of one run */
    int64_t scratch_bytes;   /* for each thread: the largest of the kernels' */
} Plan;

/* fuse.c: which ops become one kernel. plan.c: layouts, tiles, offsets. False after a diagnostic.
 */
const Plan *plan(Arena *a, const Ops *g, const Model *m, const PlanOptions *options, Diag *d);

void plan_dump(const Plan *p, FILE *out); /* --emit plan */
void plan_verify(const Plan *p);

/* pack.c: streams the weights blob, weights_bytes long, piece by piece in order. The sink returns
 * false to stop (its error is its own to report). */
typedef bool (*PackSink)(void *user, const void *bytes, size_t size);
bool plan_pack_weights(const Plan *p, PackSink sink, void *user);

#endif
