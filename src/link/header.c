/* The C header of a library. */
#include "link.h"

#include <ctype.h>

static char *upper(Arena *a, const char *text) {
    char *copy = arena_strdup(a, text);
    for (char *c = copy; *c; c++)
        *c = (char)toupper((unsigned char)*c);
    return copy;
}

static const char opening[] =
    "/* %s.h: the model '%s', compiled by kmodel. SPDX-License-Identifier: 0BSD\n"
    " *\n"
    " * input   %s, output  %s: float32, one sample after another, last axis fastest.\n"
    " * Nothing here but %s_pool_new allocates, nothing locks or keeps state: functions may run\n"
    " * at the same time on different workspaces. */\n"
    "#ifndef %s_H\n"
    "#define %s_H\n"
    "\n"
    "#include <stddef.h>\n"
    "\n"
    "#ifdef __cplusplus\n"
    "extern \"C\" {\n"
    "#endif\n"
    "\n";

/* Every %1$s is the symbol, %2$s the same in capitals. */
static const char functions[] =
    "/* Floats of one sample. */\n"
    "enum { %2$s_INPUT = %3$lld, %2$s_OUTPUT = %4$lld };\n"
    "\n"
    "/* Bytes of workspace that %1$s_predict needs, a multiple of 64. */\n"
    "size_t %1$s_workspace_size(size_t batch);\n"
    "\n"
    "/* Runs the model on `batch` samples. workspace is aligned to 64 bytes; its contents mean\n"
    " * nothing before and after. Returns 0. */\n"
    "int %1$s_predict(const float *input, float *output, size_t batch, void *workspace);\n"
    "\n"
    "/* NULL if this CPU has all that the code was compiled for; else the name of what it lacks. "
    "*/\n"
    "const char *%1$s_cpu_missing(void);\n"
    "\n"
    "/* With several threads for a batch: threads of your own that fill in a km_pool, or those of\n"
    " * %1$s_pool_new. */\n"
    "#ifndef KM_POOL /* once, however many models a program has */\n"
    "#define KM_POOL\n"
    "typedef struct km_pool km_pool;\n"
    "struct km_pool {\n"
    "    int threads;\n"
    "    /* Calls job(context, t) on thread t, for all t below threads at the same time; returns\n"
    "     * when all have returned. */\n"
    "    void (*run)(km_pool *pool, void (*job)(void *context, int thread), void *context);\n"
    "    /* Called by jobs: returns when all threads have called it. */\n"
    "    void (*barrier)(km_pool *pool);\n"
    "};\n"
    "#endif\n"
    "size_t %1$s_pool_workspace_size(int threads); /* bytes, a multiple of 64 */\n"
    "int %1$s_pool_predict(const float *input, float *output, size_t batch, void *workspace,\n"
    "                      km_pool *pool);\n"
    "km_pool *%1$s_pool_new(int threads); /* the caller is one of them; NULL: none could be made "
    "*/\n"
    "void %1$s_pool_free(km_pool *pool);\n";

static const char closing[] = "\n"
                              "#ifdef __cplusplus\n"
                              "}\n"
                              "#endif\n"
                              "\n"
                              "#endif\n";

void header_write(const Plan *p, const char *symbol, FILE *out) {
    Arena *a = arena_new();
    int64_t in = 0, output = 0;
    shape_numel(p->input, &in);
    shape_numel(p->output, &output);
    const char *capitals = upper(a, symbol);
    fprintf(out, opening, symbol, p->model_name, shape_str(a, p->input), shape_str(a, p->output),
            symbol, capitals, capitals);
    fprintf(out, functions, symbol, capitals, (long long)in, (long long)output);
    fputs(closing, out);
    arena_free(a);
}
