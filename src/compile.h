/* The compiler as a paragraph: parse, check, lower, fold, plan, codegen, link. One Compile holds
 * what a compilation owns; nothing else does, so two run side by side. */
#ifndef COMPILE_H
#define COMPILE_H

#include "check.h"
#include "codegen/codegen.h"
#include "formats/format.h"
#include "plan.h"

typedef struct CompileOptions {
    const char *cpu;     /* --cpu; NULL: native */
    const char *weights; /* --weights FILE; NULL: what the file says */
    const char *symbol;  /* C identifier for generated symbols; NULL: from the output's name */
    bool init;           /* --init seed=N: initial values for weights that no file gives */
    uint64_t seed;
    MathMode math;
    int opt_level;
    CheckOptions check;
} CompileOptions;

typedef struct Compile {
    Arena *arena;
    Diag *diag;
    Files *files;
    Namer *names;
    const CompileOptions *options;
    /* Products, each NULL until its stage has run. */
    const Ast *ast;
    Program *program; /* of a .kmodel */
    Model *model;
    const Ops *ops; /* folded */
    const Plan *plan;
} Compile;

void compile_init(Compile *c, const CompileOptions *options);
void compile_release(Compile *c);

/* Each runs all stages before it that have not run. False after a diagnostic. */
bool compile_parse(Compile *c, const char *path);
/* A .kmodel, or any file that holds the architecture. */
bool compile_check(Compile *c, const char *path);
/* Attached: from --weights, else the file's own or its load_weights, else --init. */
bool compile_weights(Compile *c, const char *path);
bool compile_ops(Compile *c, const char *path);
bool compile_plan(Compile *c, const char *path);
bool compile_object(Compile *c, const char *path, const CodegenOptions *options,
                    CodegenResult *result);

/* The products that are text about the compilation, for --emit: ast, model, ops, plan. */
typedef struct Stage {
    const char *name;
    const char *help;
    bool (*run)(Compile *c, const char *path);
    void (*dump)(const Compile *c, FILE *out);
} Stage;

extern const Stage compile_stages[];
extern const size_t compile_nstages;

const Stage *stage_find(const char *name); /* NULL: not one of them */

/* Runs the stages up to this one and prints its product. */
bool compile_emit(Compile *c, const char *path, const Stage *stage, FILE *out);

#endif
