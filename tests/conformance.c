/* Holds what we compute against what Keras computed: every fixture of tests/keras/fixtures through
 * the interpreter and through compiled code. tests/keras/README.md describes the fixtures.
 *
 *     conformance [--interpreter] FOLDER [WORD]     WORD: only fixtures whose name holds it
 */
#include "compile.h"
#include "km.h"
#include "npy.h"

#include <dirent.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const double tolerance = 1e-5; /* of the largest expected value */

typedef struct Array {
    int64_t count; /* of floats */
    int64_t batch;
    float *at;
} Array;

typedef struct Fixture {
    Arena *arena;
    const char *name, *model, *weights;
    Array input, expected;
    int failures;
} Fixture;

typedef struct Way {
    const char *name, *cpu;
    int opt_level;
} Way;

static const Way ways[] = {
    {"-O0", NULL, 0},
    {"native", NULL, 2},
    {"x86-64-v2", "x86-64-v2", 2},
};

__attribute__((format(printf, 2, 3))) static void fail(Fixture *f, const char *format, ...) {
    va_list args;
    va_start(args, format);
    printf("%s: %s\n", f->name, arena_vprintf(f->arena, format, args));
    va_end(args);
    f->failures++;
}

static char *join(Arena *a, const char *folder, const char *name) {
    return arena_printf(a, "%s/%s", folder, name);
}

static bool read_array(Fixture *f, const char *path, Array *array) {
    Bytes file;
    NpyArray npy;
    Problem p;
    bool ok = bytes_open(&file, path, &p);
    if (!ok || !npy_parse(&file, &npy, &p)) {
        fail(f, "%s", p.text);
        return false;
    }
    array->count = npy.count;
    array->batch = npy.dim[0];
    array->at = arena_array(f->arena, (size_t)npy.count, sizeof *array->at);
    npy_convert(&npy, array->at);
    bytes_close(&file);
    return true;
}

static double largest(const Array *a) {
    double scale = 0;
    for (int64_t i = 0; i < a->count; i++)
        if (isfinite(a->at[i]) && fabs(a->at[i]) > scale)
            scale = fabs(a->at[i]);
    return scale > 0 ? scale : 1;
}

static bool same(float got, float expected, double scale) {
    if (isnan(expected) || isinf(expected))
        return isnan(expected) ? isnan(got) : got == expected;
    return fabs((double)got - expected) <= tolerance * scale;
}

static void compare(Fixture *f, const char *what, const float *got, int64_t batch) {
    int64_t count = f->expected.count / f->expected.batch * batch;
    double scale = largest(&f->expected);
    for (int64_t i = 0; i < count; i++)
        if (!same(got[i], f->expected.at[i], scale)) {
            fail(f, "%s: element %lld is %.9g, Keras has %.9g (scale %g)", what, (long long)i,
                 got[i], f->expected.at[i], scale);
            return;
        }
}

static void check_meta(Fixture *f, const Model *m, const char *path) {
    char text[512] = "";
    FILE *in = fopen(path, "r");
    size_t len = in ? fread(text, 1, sizeof text - 1, in) : 0;
    if (in)
        fclose(in);
    text[len] = '\0';
    const char *ours =
        arena_printf(f->arena, "output_shape %s\nparams %lld\n",
                     shape_str(f->arena, m->output->shape), (long long)model_count_params(m).total);
    if (strcmp(text, ours) != 0)
        fail(f, "the model has\n%sKeras says\n%s", ours, text);
}

static void interpret(Fixture *f, const Ops *ops) {
    int64_t in = op_numel(ops->input), out = op_numel(ops->output);
    float *got = arena_array(f->arena, (size_t)(out * f->input.batch), sizeof *got);
    if (out != f->expected.count / f->expected.batch) {
        fail(f, "an output has %lld elements", (long long)out);
        return;
    }
    for (int64_t i = 0; i < f->input.batch; i++)
        interp_run(ops, f->input.at + i * in, got + i * out);
    compare(f, "interpreter", got, f->input.batch);
}

typedef struct Blob {
    char *at;
    size_t size;
} Blob;

static bool collect(void *user, const void *bytes, size_t size) {
    Blob *blob = user;
    memcpy(blob->at + blob->size, bytes, size);
    blob->size += size;
    return true;
}

static void *aligned(size_t size) {
    void *p = aligned_alloc(64, (size + 64) / 64 * 64);
    if (!p)
        abort();
    return p;
}

static void run(Fixture *f, const char *way, const km_model *m, const char *weights, int64_t batch,
                int threads) {
    km_pool *pool = km_pool_new(threads);
    void *workspace = aligned(km_workspace_bytes(m, threads));
    float *got = aligned((size_t)f->expected.count * sizeof *got);
    km_run(m, weights, f->input.at, got, (size_t)batch, workspace, pool, NULL);
    compare(f, arena_printf(f->arena, "%s, batch %lld, %d threads", way, (long long)batch, threads),
            got, batch);
    free(got);
    free(workspace);
    km_pool_free(pool);
}

static void execute(Fixture *f, const Way *way, const Compile *c, const CodegenResult *object) {
    Jit *jit = jit_load(object, "test", c->diag);
    if (!jit)
        return;
    Blob weights = {.at = aligned((size_t)c->plan->weights_bytes)};
    plan_pack_weights(c->plan, collect, &weights);
    for (int threads = 1; threads <= 2; threads++) {
        run(f, way->name, jit_model(jit), weights.at, 1, threads);
        run(f, way->name, jit_model(jit), weights.at, f->input.batch, threads);
    }
    free(weights.at);
    jit_free(jit);
}

static void compiled(Fixture *f, const Way *way) {
    CompileOptions options = {.weights = f->weights, .cpu = way->cpu, .opt_level = way->opt_level};
    CodegenOptions codegen_options = {
        .output = CODEGEN_OBJECT, .opt_level = way->opt_level, .symbol = "test"};
    Compile c;
    CodegenResult object;
    compile_init(&c, &options);
    if (compile_object(&c, f->model, &codegen_options, &object))
        execute(f, way, &c, &object);
    if (diag_errors(c.diag) > 0)
        fail(f, "%s: does not compile", way->name);
    diag_flush(c.diag, stdout);
    compile_release(&c);
}

static void interpreted(Fixture *f, const char *folder) {
    CompileOptions options = {.weights = f->weights};
    Compile c;
    compile_init(&c, &options);
    bool ok = compile_ops(&c, f->model);
    diag_flush(c.diag, stdout);
    if (ok) {
        check_meta(f, c.model, join(f->arena, folder, "meta"));
        interpret(f, c.ops);
    } else {
        fail(f, "does not compile");
    }
    compile_release(&c);
}

/* Returns the number of failures. */
static int fixture(const char *folder, const char *name, bool interpreter_only) {
    Arena *a = arena_new();
    folder = join(a, folder, name);
    Fixture f = {.arena = a, .name = name, .model = join(a, folder, "model.kmodel")};
    f.weights = join(a, folder, "model.weights.h5");
    if (access(f.weights, R_OK) != 0)
        f.weights = NULL;
    if (read_array(&f, join(a, folder, "input.npy"), &f.input) &&
        read_array(&f, join(a, folder, "expected.npy"), &f.expected)) {
        interpreted(&f, folder);
        for (size_t i = 0; !interpreter_only && f.failures == 0 && i < COUNT_OF(ways); i++)
            compiled(&f, &ways[i]);
    }
    arena_free(a);
    return f.failures;
}

/* The first line of a rejected model: "# names: WORD", what the error must speak of. */
static const char *word_of(Arena *a, const char *path) {
    char line[256] = "";
    FILE *in = fopen(path, "r");
    char *got = in ? fgets(line, sizeof line, in) : NULL;
    if (in)
        fclose(in);
    const char *colon = got ? strstr(line, ": ") : NULL;
    return colon ? arena_strndup(a, colon + 2, strcspn(colon + 2, "\n")) : "";
}

static int rejection(const char *folder, const char *name) {
    Arena *a = arena_new();
    const char *path = join(a, folder, name);
    CompileOptions options = {.init = true};
    Compile c;
    char *text = NULL;
    size_t size;
    compile_init(&c, &options);
    bool accepted = compile_ops(&c, path);
    FILE *out = open_memstream(&text, &size);
    diag_flush(c.diag, out);
    fclose(out);
    compile_release(&c);
    bool right = !accepted && strstr(text, word_of(a, path));
    if (!right)
        printf("%s: %s\n%s", path, accepted ? "is accepted" : "the error names something else",
               text);
    free(text);
    arena_free(a);
    return !right;
}

typedef struct Tally {
    int passed, failed;
} Tally;

static void count(Tally *t, int failures) {
    t->passed += failures == 0;
    t->failed += failures > 0;
}

static bool is_folder(const char *path) {
    DIR *dir = opendir(path);
    if (dir)
        closedir(dir);
    return dir != NULL;
}

/* Folders of rejected models hold .kmodel files; all others are fixtures. */
static void sweep(Tally *t, const char *folder, const char *word, bool interpreter_only) {
    struct dirent **entries;
    int n = scandir(folder, &entries, NULL, alphasort);
    for (int i = 0; i < n; i++) {
        const char *name = entries[i]->d_name;
        Arena *a = arena_new();
        const char *path = join(a, folder, name);
        if (name[0] == '.' || !strstr(path, word))
            ;
        else if (strstr(name, ".kmodel"))
            count(t, rejection(folder, name));
        else if (access(join(a, path, "model.kmodel"), R_OK) == 0)
            count(t, fixture(folder, name, interpreter_only));
        else if (is_folder(path))
            sweep(t, path, word, interpreter_only);
        arena_free(a);
        free(entries[i]);
    }
    if (n >= 0)
        free(entries);
}

int main(int argc, char **argv) {
    bool interpreter_only = argc > 1 && strcmp(argv[1], "--interpreter") == 0;
    argv += interpreter_only;
    argc -= interpreter_only;
    if (argc < 2) {
        fputs("usage: conformance [--interpreter] FOLDER [WORD]\n", stderr);
        return 2;
    }
    Tally t = {0};
    sweep(&t, argv[1], argc > 2 ? argv[2] : "", interpreter_only);
    printf("conformance: %d passed, %d failed\n", t.passed, t.failed);
    return t.failed > 0 || t.passed == 0;
}
