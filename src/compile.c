/* The compiler as a paragraph. */
#include "compile.h"

#include "lower.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_MAX = 64 << 20 }; /* no one writes longer models */

void compile_init(Compile *c, const CompileOptions *options) {
    *c = (Compile){.arena = arena_new(), .options = options};
    c->diag = diag_new(c->arena);
    c->files = files_new(c->arena);
    c->names = namer_new(c->arena);
}

void compile_release(Compile *c) {
    files_close(c->files);
    arena_free(c->arena);
    *c = (Compile){0};
}

static bool unreadable(Compile *c, const char *path, const char *why) {
    return diag_file_error(c->diag, DIAG_cannot_read_file, path, "cannot read the file: %s", why);
}

/* Reads all of a stream; files may be pipes, so their size is not asked for. */
static bool read_text(Compile *c, const char *path, FILE *in, const Source **source) {
    size_t len = 0, capacity = 64 << 10;
    char *text = NULL, *grown;
    while ((grown = realloc(text, capacity))) {
        text = grown;
        len += fread(text + len, 1, capacity - len, in);
        if (len < capacity || len > TEXT_MAX)
            break;
        capacity *= 2;
    }
    if (!grown || len > TEXT_MAX)
        unreadable(c, path, "it is too long to be a model's text");
    else if (ferror(in))
        unreadable(c, path, strerror(errno));
    else
        *source = source_from_text(c->arena, path, text, len);
    free(text);
    return *source != NULL;
}

bool compile_parse(Compile *c, const char *path) {
    if (c->ast)
        return diag_errors(c->diag) == 0;
    FILE *in = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
    if (!in)
        return unreadable(c, path, strerror(errno));
    const Source *source = NULL;
    if (read_text(c, in == stdin ? "<stdin>" : path, in, &source))
        c->ast = parse(c->arena, source, c->diag);
    if (in != stdin)
        fclose(in);
    return c->ast && diag_errors(c->diag) == 0;
}

/* Goes on after mistakes, to find more; not if something was left out that nothing stands for,
 * since then names would seem to be missing. */
static bool check_source(Compile *c, const char *path) {
    compile_parse(c, path);
    if (c->ast && c->ast->whole) {
        c->program = check(c->arena, c->ast, &c->options->check, c->names, c->diag);
        c->model = c->program ? c->program->model : NULL;
    }
    return c->model && diag_errors(c->diag) == 0;
}

bool compile_check(Compile *c, const char *path) {
    if (c->model)
        return diag_errors(c->diag) == 0;
    FormatKind kind = strcmp(path, "-") == 0 ? FORMAT_KMODEL : format_sniff(path, c->diag);
    if (kind == FORMAT_UNKNOWN)
        return false;
    if (kind == FORMAT_KMODEL)
        return check_source(c, path);
    c->model = format_import(c->arena, path, c->files, c->names, c->diag);
    return c->model && diag_errors(c->diag) == 0;
}

/* load_weights('x.h5') in a file means x.h5 beside that file, wherever kmodel runs. */
static const char *beside(Arena *a, const char *path, const char *name) {
    const char *slash = strrchr(path, '/');
    if (name[0] == '/' || !slash)
        return name;
    return arena_printf(a, "%.*s/%s", (int)(slash - path), path, name);
}

static const Layer *layer_without_data(const Model *m) {
    for (size_t i = 0; i < m->layers.count; i++)
        for (int k = 0; k < m->layers.at[i]->nweights; k++)
            if (!m->layers.at[i]->weights[k].data)
                return m->layers.at[i];
    return NULL;
}

static bool need_weights(Compile *c, const Layer *l) {
    diag_error(c->diag, DIAG_no_weights, l->span, "the weights of layer '%s' have no values",
               l->name);
    diag_help(c->diag, "load them in the file, model.load_weights('FILE'), or with --weights FILE");
    diag_help(c->diag, "to try the architecture before it is trained: --init seed=1");
    return false;
}

bool compile_weights(Compile *c, const char *path) {
    if (!compile_check(c, path))
        return false;
    const char *file = c->options->weights;
    if (!file && c->program && c->program->weights_path)
        file = beside(c->arena, path, c->program->weights_path);
    if (file && !format_load_weights(c->model, file, c->files, c->diag))
        return false;
    if (c->options->init)
        weights_initialize(c->model, c->options->seed);
    const Layer *without = layer_without_data(c->model);
    return without ? need_weights(c, without) : true;
}

bool compile_ops(Compile *c, const char *path) {
    if (c->ops)
        return true;
    if (!compile_weights(c, path))
        return false;
    const Ops *ops = lower(c->arena, c->model, c->diag);
    c->ops = ops ? fold(c->arena, ops) : NULL;
    return c->ops != NULL;
}

bool compile_plan(Compile *c, const char *path) {
    if (c->plan)
        return true;
    const Target *target = target_find(c->arena, c->options->cpu, c->diag);
    if (!target || !compile_ops(c, path))
        return false;
    PlanOptions options = {.target = target, .math = c->options->math};
    c->plan = plan(c->arena, c->ops, c->model, &options, c->diag);
    return c->plan != NULL;
}

bool compile_object(Compile *c, const char *path, const CodegenOptions *options,
                    CodegenResult *result) {
    return compile_plan(c, path) && codegen(c->arena, c->plan, options, result, c->diag);
}

/* --- --emit --- */

static void dump_ast(const Compile *c, FILE *out) {
    ast_dump(c->ast, out);
}

static void dump_model(const Compile *c, FILE *out) {
    model_dump(c->model, out);
}

static void dump_ops(const Compile *c, FILE *out) {
    ops_dump(c->ops, out);
}

static void dump_plan(const Compile *c, FILE *out) {
    plan_dump(c->plan, out);
}

const Stage compile_stages[] = {
    {"ast", "the syntax tree, with places", compile_parse, dump_ast},
    {"model", "layers with bound arguments, shapes, weights", compile_check, dump_model},
    {"ops", "the graph of tensor operations, folded", compile_ops, dump_ops},
    {"plan", "kernels, buffers, packed weights", compile_plan, dump_plan},
};
const size_t compile_nstages = COUNT_OF(compile_stages);

const Stage *stage_find(const char *name) {
    for (size_t i = 0; i < compile_nstages; i++)
        if (strcmp(compile_stages[i].name, name) == 0)
            return &compile_stages[i];
    return NULL;
}

bool compile_emit(Compile *c, const char *path, const Stage *stage, FILE *out) {
    if (!stage->run(c, path))
        return false;
    stage->dump(c, out);
    return true;
}
