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
    const CompileOptions *options;
    const char *path;
    /* Products, each NULL until its stage has run. */
    const Ast *ast;
    Program *program;
    Model *model;
    const Ops *ops; /* folded */
    const Plan *plan;
} Compile;

void compile_init(Compile *c, const CompileOptions *options);
void compile_release(Compile *c);

/* Each runs all stages before it that have not run. False after a diagnostic. */
bool compile_parse(Compile *c, const char *path);
bool compile_check(Compile *c,
                   const char *path); /* a .kmodel, or any file that holds the architecture */
bool compile_weights(
    Compile *c,
    const char *path); /* attached: from --weights, the file's load_weights, or --init */
bool compile_ops(Compile *c, const char *path);
bool compile_plan(Compile *c, const char *path);
bool compile_object(Compile *c, const char *path, const CodegenOptions *options,
                    CodegenResult *result);

#endif
