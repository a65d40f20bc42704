/* What build, run and verify share. */
#include "code_options.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static bool take_init(void *user, const char *value) {
    CompileOptions *o = user;
    char *end;
    if (strncmp(value, "seed=", 5) || !value[5])
        return false;
    o->init = true;
    o->seed = strtoull(value + 5, &end, 10);
    return !*end;
}

static bool take_math(void *user, const char *value) {
    ((CompileOptions *)user)->math = strcmp(value, "fast") ? MATH_PRECISE : MATH_FAST;
    return true;
}

static bool take_level(void *user, const char *value) {
    ((CompileOptions *)user)->opt_level = *value - '0';
    return true;
}

void code_options(CompileOptions *o, Option rows[NCODE_OPTIONS]) {
    static const char *const maths[] = {"fast", "precise", NULL};
    static const char *const levels[] = {"0", "1", "2", "3", NULL};
    *o = (CompileOptions){.opt_level = 2, .math = MATH_FAST};
    const Option table[NCODE_OPTIONS] = {
        {"--cpu", "NAME", "the CPU to compile for, of 'kmodel targets'; native", .text = &o->cpu},
        {"--weights", "FILE", "a .weights.h5, .h5 or .keras file", .text = &o->weights},
        {"--init", "seed=N", "initial values for weights without any", .take = take_init,
         .user = o},
        {"--math", "fast|precise", "fast (within 1e-5 of Keras), or precise", .take = take_math,
         .user = o, .choices = maths},
        {"-O", "0..3", "how hard LLVM tries; 2", .take = take_level, .user = o, .choices = levels},
    };
    memcpy(rows, table, sizeof table);
}

const char *code_summary(Compile *c) {
    char *text = NULL;
    size_t size = 0;
    const char *error = NULL;
    SummaryOptions options = {0};
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return "";
    model_summary(c->model, &options, out, &error);
    fclose(out);
    const char *copy = arena_strndup(c->arena, text, size);
    free(text);
    return copy;
}

static bool append(void *user, const void *bytes, size_t size) {
    char **at = user;
    memcpy(*at, bytes, size);
    *at += size;
    return true;
}

/* Mapped, not of the arena: there are many, and their alignment is a page. */
static bool pack(Compile *c, Loaded *l) {
    l->weights_bytes = (size_t)c->plan->weights_bytes + 1;
    l->weights =
        mmap(NULL, l->weights_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    char *at = l->weights;
    if (l->weights != MAP_FAILED)
        return plan_pack_weights(c->plan, append, &at);
    l->weights = NULL;
    return diag_error(c->diag, DIAG_weights_too_large, SPAN_NONE,
                      "there is not enough memory for %zu bytes of weights", l->weights_bytes);
}

bool code_load(Compile *c, const char *path, Loaded *l) {
    static const char symbol[] = "kmodel_run";
    *l = (Loaded){0};
    if (!compile_plan(c, path))
        return false;
    CodegenResult object;
    CodegenOptions options = {
        .output = CODEGEN_OBJECT,
        .opt_level = c->options->opt_level,
        .symbol = symbol,
        .summary = code_summary(c),
    };
    if (!compile_object(c, path, &options, &object) || !pack(c, l))
        return false;
    l->jit = jit_load(&object, symbol, c->diag);
    l->model = l->jit ? jit_model(l->jit) : NULL;
    return l->jit != NULL;
}

void code_unload(Loaded *l) {
    jit_free(l->jit);
    if (l->weights)
        munmap(l->weights, l->weights_bytes);
}
