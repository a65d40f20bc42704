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

/* How floats are laid out in the blob. The packer streams them (pack.c), never holding a second
 * copy. Every packed weight starts at a multiple of 64 bytes. */
typedef enum Packing {
    PACK_PLAIN,    /* as the op's constant has them */
    PACK_PADDED,   /* a vector over channels (a bias), each group's zero-padded to whole panels */
    PACK_PANELS,   /* matrix (k, n) -> [n / panel][k][panel], the last panel padded with zeros:
                      convolutions have k = kh*kw*ic (of one group), depthwise ones k = kh*kw */
    PACK_WINOGRAD, /* 3x3 kernel -> [n / panel][alpha*alpha][ic][panel], transformed in double */
} Packing;

typedef struct PackedWeight {
    const Op *constant;
    Packing packing;
    int panel;      /* PADDED, PANELS, WINOGRAD: channels in a panel */
    int winograd;   /* WINOGRAD: m of F(m,3): 2 or 4; alpha = m + 2 */
    int64_t groups; /* PADDED, PANELS: each group's columns are padded to whole panels on their own:
                       [group][n / panel][k][panel] */
    int64_t offset, bytes;
} PackedWeight;

/* Done to every accumulated value (which began as the bias) before it is stored: y = tree(acc,
 * operands...), then optionally a softmax or a pooling. */
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
    const Op *softmax; /* of y, over the channels, which one vector holds; or NULL. Never pooled */
    bool pool;         /* the output is the pooled one: */
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
    KERNEL(MOVE, move)     /* pad, crop, slice, concat, transpose, nearest resize, copy (an op     \
                              RESHAPE): nothing is computed */                                     \
    KERNEL(RESIZE, resize) /* interpolating resize */

typedef enum KernelKind {
#define KERNEL(name, suffix) KERNEL_##name,
    KERNEL_KINDS(KERNEL)
#undef KERNEL
} KernelKind;

/* Convolutions and matrix products in one form: NHWC, one sample. A matrix product is a 1x1
 * convolution over one row of pixels, and so is a 1x1 convolution that neither steps, pads nor
 * pools. MATVEC has 1x1 pixels and ic = the length of the sum. A 1-D convolution has height 1. */
typedef struct ConvGeometry {
    int64_t ih, iw, ic;
    int64_t oh, ow, oc; /* before the epilogue's pooling */
    int64_t kh, kw, stride_h, stride_w, dilation_h, dilation_w;
    int64_t top, left; /* cells of padding before the input; those after follow from the rest */
    int64_t groups;    /* DEPTHWISE: output channel o reads input channel o / (oc / ic) */
} ConvGeometry;

/* How a convolution's output is cut into tiles and tasks. A panel is `vectors` vector registers of
 * output channels; a last panel with fewer channels computes only the vectors that it needs.
 *
 * A task is one panel times
 *   CONV, DEPTHWISE  `rows` rows of output, `strip` columns of them (the last of each fewer);
 *   WINOGRAD         one block: `block` tiles of m x m output pixels, in row-major order of tiles;
 *   MATVEC           nothing else.
 * Tasks are numbered in the order that keeps in cache what is larger: with panels_outer, task =
 * panel * pieces + piece, else task = piece * panels + panel. A Winograd task transforms its
 * block's input into scratch if it is the first of its thread's or its panel is 0, so tasks with
 * the same block share it. If the epilogue pools, rows, columns and m are multiples of the pooling
 * window and what no window covers is not computed. */
typedef struct ConvTiling {
    int rows, columns; /* output pixels of a tile in registers; a WINOGRAD tile of its products */
    int vectors;
    int winograd;      /* m of F(m,3); 0 for the others */
    int64_t block;     /* WINOGRAD: a multiple of columns, or all tiles */
    int64_t strip;     /* CONV, DEPTHWISE: a multiple of columns, or ow */
    int64_t panels;    /* of all groups */
    bool panels_outer; /* never for WINOGRAD */
    int64_t prefetch;  /* CONV: how many bytes ahead of a tile its input is asked for; 0: not */
} ConvTiling;

struct Kernel {
    KernelKind kind;
    const char *name; /* the layer's, for profiles: "conv2d_1"; ASCII */
    const Op *op;     /* what it computes before the epilogue; parameters are read from op->u */
    const Op *result; /* the op whose value it leaves in out, after the epilogue */
    Ref *in; /* one for each operand of op; PLACE_WEIGHTS for constants that are read as they are,
                PLACE_NONE for those that are packed */
    int nin;
    Ref out;           /* MAP's may be one of its inputs; apart from that, no buffer overlaps it */
    Ref weights, bias; /* packed; PLACE_NONE when there is none */
    Epilogue epilogue; /* CONV, WINOGRAD, DEPTHWISE, MATVEC; the others have none */
    ConvGeometry conv; /* of the same four */
    ConvTiling tiling;
    /* Independent pieces: thread t of T does tasks [t * tasks / T, (t + 1) * tasks / T). MAP:
     * `grain` elements of the output in row-major order (the last fewer), whole rows of the last
     * axis where an operand broadcasts. Others but convolutions: one index of the output's axis 0
     * (all of it where axis 0 is among the reduced ones, or there is none). */
    int64_t tasks, grain;
    int64_t scratch_bytes; /* private to a thread, contents undefined before and after. WINOGRAD:
                              [alpha*alpha][block][ic] floats of transformed input, rounded up
                              to 64 bytes, then [alpha*alpha][block][panel] of products */
    double flops;          /* of the layer's definition: 2 per multiply-add */
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

/* fuse.c: which ops become one kernel. plan.c: layouts, tiles, offsets. NULL after a diagnostic:
 * the model is too large for any machine. */
const Plan *plan(Arena *a, const Ops *g, const Model *m, const PlanOptions *options, Diag *d);

const char *kernel_kind_name(KernelKind kind); /* "winograd" */
void plan_dump(const Plan *p, FILE *out);      /* --emit plan */
void plan_verify(const Plan *p);

/* pack.c: streams the weights blob, weights_bytes long, piece by piece in order. The sink returns
 * false to stop (its error is its own to report). */
typedef bool (*PackSink)(void *user, const void *bytes, size_t size);
bool plan_pack_weights(const Plan *p, PackSink sink, void *user);

#endif
