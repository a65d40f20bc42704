/* What generated code and the runtime agree on. SPDX-License-Identifier: 0BSD
 *
 * Generated code is pure: it has no writable globals, calls nothing but memcpy and memset, and gets
 * weights, workspace and threads by pointer. A compiled model is a `km_model`: a table of steps
 * (one kernel each) that run in order. */
#ifndef KM_H
#define KM_H

#include <stddef.h>
#include <stdint.h>

enum { KM_ABI = 1, KM_MAX_RANK = 7 };

/* One thread's view of one run over one sample. */
typedef struct km_call {
    const float *input; /* one sample */
    float *output;      /* one sample */
    char *workspace;    /* km_model.workspace_bytes, 64-byte aligned, shared by the run's threads */
    const char *weights;     /* km_model.weights_bytes, 64-byte aligned */
    char *scratch;           /* km_model.scratch_bytes, 64-byte aligned, this thread's own */
    int64_t thread, threads; /* this thread is number `thread` of `threads` */
} km_call;

/* Does this thread's share of a step. All threads must have finished a step before any begins the
 * next. */
typedef void km_step_fn(const km_call *call);

typedef struct km_step {
    km_step_fn *run;
    const char *name; /* layer name */
    const char *kind; /* kernel family */
    double flops;     /* of the layer's definition: 2 per multiply-add */
} km_step;

typedef struct km_shape {
    int32_t rank; /* batch not counted */
    int64_t dim[KM_MAX_RANK];
} km_shape;

/* The descriptor, constant data in the generated object. */
typedef struct km_model {
    uint32_t abi; /* KM_ABI */
    uint32_t nsteps;
    const char *name;     /* of the model */
    const char *summary;  /* the text of model.summary() */
    const char *required; /* CPU features that the code needs, spaces between: see cpu.c */
    const km_step *steps;
    const char *weights; /* NULL when they are in a side file */
    uint64_t weights_bytes, workspace_bytes, scratch_bytes;
    km_shape input, output;
} km_model;

/* The threads of a run. A program with threads of its own fills in one of these; km_pool_new makes
 * one whose threads spin briefly for work and then sleep. */
#ifndef KM_POOL /* a library's header has it, too */
#define KM_POOL
typedef struct km_pool km_pool;
struct km_pool {
    int threads;
    /* Calls job(context, t) on thread t, for all t below threads at the same time; returns when all
     * have returned. */
    void (*run)(km_pool *pool, void (*job)(void *context, int thread), void *context);
    /* Called by jobs: returns when all threads have called it. */
    void (*barrier)(km_pool *pool);
};
#endif
km_pool *km_pool_new(int threads); /* the caller is thread 0; NULL if threads cannot be made */
void km_pool_free(km_pool *pool);

/* Bytes that km_run needs for this many threads, a multiple of 64. */
size_t km_workspace_bytes(const km_model *model, int threads);

/* Runs all steps over `batch` samples. weights may be NULL: the model's own. pool may be NULL: one
 * thread. workspace is 64-byte aligned. seconds may be NULL; else nsteps doubles that each step's
 * time is added to. */
void km_run(const km_model *model, const char *weights, const float *input, float *output,
            size_t batch, void *workspace, km_pool *pool, double *seconds);

/* NULL if this CPU has all that the model requires; else the first missing feature's name. Names
 * listed in the environment's KM_CPU_WITHOUT count as missing. */
const char *km_cpu_missing(const char *required);

/* What main() of a built binary gets beside the model. */
typedef struct km_launch {
    const char *program; /* how messages and --help name it */
    const char *weights; /* km_model.weights_bytes, 64-byte aligned */
    int threads;         /* unless --threads says otherwise */
} km_launch;

/* main() of built binaries and of `kmodel run`: arguments, reading, running, writing. Returns the
 * exit code. */
int km_main(const km_model *model, const km_launch *launch, int argc, char **argv);

/* What the linking stage tells a binary; start.c reads it. */
typedef struct km_binary {
    uint32_t threads;          /* default of --threads */
    uint32_t has_weights_file; /* the weights are in weights_file, not in the binary */
    uint64_t weights_id;       /* must equal the file's */
    char weights_file[1008];   /* a relative path starts at the binary's folder */
} km_binary;

/* The side file: this header, zeros up to KM_PAGE, then the weights. */
enum { KM_PAGE = 4096 };
typedef struct km_weights_header {
    char magic[8]; /* KM_WEIGHTS_MAGIC */
    uint64_t bytes, id;
} km_weights_header;
#define KM_WEIGHTS_MAGIC "KMWEIGHT"

#endif
