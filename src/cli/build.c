/* kmodel build FILE: from a model to whatever --emit asks for. */
#include "code_options.h"

#include "link.h"
#include "link/workdir.h"
#include "path.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum { THREADS_MOST = 1024 }; /* of a binary's --threads */

typedef struct Build Build;

/* What --emit can ask for beside the stages' products. */
typedef struct Product {
    const char *name;
    bool text; /* goes to standard output unless there is -o */
    CodegenOutput output;
    LinkKind kind;               /* unless text */
    const char *prefix, *suffix; /* of the file's name, around that of -o */
} Product;

static const Product products[] = {
    {"exe", false, CODEGEN_OBJECT, LINK_EXE, "", ""},
    {"lib", false, CODEGEN_OBJECT, LINK_STATIC, "lib", ".a"},
    {"shared", false, CODEGEN_OBJECT, LINK_SHARED, "lib", ".so"},
    {"obj", false, CODEGEN_OBJECT, LINK_OBJECT, "", ".o"},
    {"asm", true, CODEGEN_ASSEMBLY, LINK_OBJECT, "", ""},
    {"llvm", true, CODEGEN_LLVM_IR, LINK_OBJECT, "", ""},
};

struct Build {
    Compile *c;
    const char *input;  /* the model's file */
    const char *output; /* -o; NULL */
    const char *emit, *weights_file;
    int threads;
    const Product *product; /* one of them is NULL */
    const Stage *stage;
};

enum { NKINDS_MOST = 16 };

/* Everything that --emit takes, ended by NULL. */
static void list_kinds(const char *kinds[NKINDS_MOST]) {
    for (size_t i = 0; i < COUNT_OF(products); i++)
        *kinds++ = products[i].name;
    for (size_t i = 0; i < compile_nstages; i++)
        *kinds++ = compile_stages[i].name;
    *kinds = NULL;
}

static bool take_emit(void *user, const char *value) {
    Build *b = user;
    b->emit = value;
    b->product = NULL;
    b->stage = stage_find(value);
    for (size_t i = 0; i < COUNT_OF(products); i++)
        if (!strcmp(products[i].name, value))
            b->product = &products[i];
    return true;
}

/* "net.kmodel" -> "net"; what has no extension to lose gets one instead of being replaced. */
static const char *default_name(Arena *a, const char *input) {
    const char *name = path_name(input), *dot = strchr(name, '.');
    return dot && dot > name ? arena_strndup(a, name, (size_t)(dot - name))
                             : arena_printf(a, "%s.out", name);
}

/* "out/mnist", "out/libmnist.a" -> "mnist": the name that headers and symbols have. */
static const char *bare_name(const Build *b, const char *path) {
    Arena *a = b->c->arena;
    const Product *p = b->product;
    const char *name = path_name(path);
    size_t len = strlen(name), prefix = strlen(p->prefix), suffix = strlen(p->suffix);
    if (suffix && len > suffix && !strcmp(name + len - suffix, p->suffix)) {
        len -= suffix;
        if (len > prefix && !strncmp(name, p->prefix, prefix))
            return arena_strndup(a, name + prefix, len - prefix);
    }
    return arena_strndup(a, name, len);
}

static LinkOptions link_options(const Build *b) {
    Arena *a = b->c->arena;
    const Product *p = b->product;
    const char *path = b->output ? b->output : default_name(a, b->input);
    const char *name = bare_name(b, path), *folder = path_folder(a, path);
    const char *beside = strchr(path, '/') ? arena_printf(a, "%s/", folder) : "";
    bool exe = p->kind == LINK_EXE;
    return (LinkOptions){
        .kind = p->kind,
        .symbol = link_symbol(a, name),
        .path = exe ? path : arena_printf(a, "%s%s%s%s", beside, p->prefix, name, p->suffix),
        .header = exe ? NULL : arena_printf(a, "%s%s.h", beside, name),
        .weights_file = b->weights_file,
        .threads = b->threads,
    };
}

static CodegenOptions codegen_options(const Build *b, const LinkOptions *link) {
    return (CodegenOptions){
        .output = b->product->output,
        .opt_level = b->c->options->opt_level,
        .symbol = link->symbol,
        .summary = code_summary(b->c),
        .weights_symbol = !b->weights_file,
        .library = link->kind != LINK_EXE,
    };
}

/* Text to standard output, or by way of a private folder to a file. */
typedef bool TextWriter(Build *b, FILE *out);
static bool write_text(Build *b, TextWriter *write) {
    Compile *c = b->c;
    if (!b->output || !strcmp(b->output, "-"))
        return write(b, stdout);
    WorkDir dir;
    if (!workdir_open(c->arena, &dir, b->output, c->diag))
        return false;
    FILE *out = fopen(workdir_file(c->arena, &dir, "output"), "wb");
    bool ok = out && write(b, out);
    bool written = out && !ferror(out) && !fflush(out);
    if (!written && diag_errors(c->diag) == 0)
        ok = diag_file_error(c->diag, DIAG_cannot_write_output, b->output, "%s", strerror(errno));
    if (out)
        fclose(out);
    ok = ok && workdir_publish(c->arena, &dir, "output", b->output, c->diag);
    workdir_close(c->arena, &dir);
    return ok;
}

static bool write_stage(Build *b, FILE *out) {
    return compile_emit(b->c, b->input, b->stage, out);
}

static bool write_code(Build *b, FILE *out) {
    LinkOptions link = link_options(b);
    CodegenOptions options = codegen_options(b, &link);
    CodegenResult result;
    if (!compile_object(b->c, b->input, &options, &result))
        return false;
    fwrite(result.bytes, 1, result.size, out);
    return true;
}

static bool write_linked(Build *b, const LinkOptions *link) {
    CodegenOptions options = codegen_options(b, link);
    CodegenResult object;
    return compile_object(b->c, b->input, &options, &object) &&
           link_output(b->c->arena, b->c->plan, &object, link, b->c->diag);
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void put_result(const char *path, double seconds) {
    struct stat st;
    if (!stat(path, &st))
        fprintf(stderr, "%s: %.0f kB in %.2f s\n", path, (double)st.st_size / 1000, seconds);
}

/* Nobody wants the model replaced by what was made of it. */
static bool keeps_input(Build *b, const char *path) {
    return !path || !path_is_same_file(path, b->input) ||
           diag_file_error(b->c->diag, DIAG_cannot_write_output, path,
                           "this is the model itself; name another file with -o");
}

/* One of them would be lost. */
static bool keeps_weights(Build *b, const char *path) {
    Arena *a = b->c->arena;
    const char *weights = b->weights_file;
    return !weights || strcmp(path_name(weights), path_name(path)) ||
           !path_is_same_file(path_folder(a, weights), path_folder(a, path)) ||
           diag_file_error(b->c->diag, DIAG_cannot_write_output, weights,
                           "-o and --weights-file name the same file");
}

static bool build(Build *b, bool quiet) {
    double start = now();
    if (!keeps_input(b, b->output) || !keeps_input(b, b->weights_file))
        return false;
    if (b->stage)
        return write_text(b, write_stage);
    if (!compile_plan(b->c, b->input))
        return false;
    if (b->product->text)
        return write_text(b, write_code);
    LinkOptions link = link_options(b);
    if (!keeps_input(b, link.path) || !keeps_weights(b, link.path) || !write_linked(b, &link))
        return false;
    if (!quiet)
        put_result(link.path, now() - start);
    return true;
}

int command_build(int argc, char **argv) {
    Build b = {.emit = "exe", .product = &products[0], .threads = 1};
    CompileOptions options;
    CommonOptions common = {0};
    const char *kinds[NKINDS_MOST];
    list_kinds(kinds);
    Option table[NCODE_OPTIONS + 4] = {
        {"-o", "FILE", "what to write; the model's name", .text = &b.output},
        {"--emit", "KIND", "exe, lib, shared, obj, asm, llvm; or ast, model, ops, plan",
         .take = take_emit, .user = &b, .choices = kinds},
        {"--threads", "N", "what the binary's --threads is by default; 1", .number = &b.threads},
        {"--weights-file", "FILE", "leave the weights in a file beside the binary",
         .text = &b.weights_file},
    };
    code_options(&options, table + 4);
    int code = options_parse(&argc, argv, table, COUNT_OF(table), 1, 1, &common);
    if (code != OPTIONS_FINE)
        return code;
    if (b.threads > THREADS_MOST)
        return usage_error(argv[0], "--threads is at most %d, not %d", THREADS_MOST, b.threads);
    bool text = b.stage || b.product->text;
    if (!text && b.output && !strcmp(b.output, "-"))
        return usage_error(argv[0], "--emit %s needs a file to write", b.emit);

    Compile c;
    options.check.out = common.quiet || text ? NULL : stdout;
    options.init |= b.stage != NULL; /* values matter to no stage that is shown */
    compile_init(&c, &options);
    diag_set_format(c.diag, common.format, common.color);
    b.c = &c;
    b.input = argv[1];
    build(&b, common.quiet || common.format == DIAG_JSON);
    return command_end(&c);
}
