/* kmodel import: a saved model becomes readable source, with its weights beside it. */
#include "options.h"

#include "formats/atomic_file.h"

#include <string.h>
#include <sys/stat.h>

/* `path` with another ending: up to the last dot of its last component. */
static char *with_ending(Arena *a, const char *path, const char *ending) {
    const char *slash = strrchr(path, '/'), *dot = strrchr(path, '.');
    int len = dot && dot > (slash ? slash + 1 : path) ? (int)(dot - path) : (int)strlen(path);
    return arena_printf(a, "%.*s%s", len, path, ending);
}

static const char *last_component(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static bool is_same_file(const char *a, const char *b) {
    struct stat x, y;
    return !stat(a, &x) && !stat(b, &y) && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

static bool write_source(const Compile *c, const char *input, const char *output,
                         const char *weights) {
    AtomicFile file;
    if (!atomic_open(&file, c->arena, output, c->diag))
        return false;
    fprintf(file.out, "# From %s, by kmodel import.\n", last_component(input));
    source_write(c->model, weights ? last_component(weights) : NULL, file.out);
    return atomic_commit(&file, c->diag);
}

static bool import(Compile *c, const char *input, const char *output) {
    c->model = format_import(c->arena, input, c->files, c->names, c->diag);
    if (!c->model)
        return false;
    if (!output)
        output = with_ending(c->arena, last_component(input), ".kmodel");
    const char *weights = with_ending(c->arena, output, ".weights.h5");
    if (is_same_file(input, output) || is_same_file(input, weights))
        return diag_file_error(c->diag, DIAG_cannot_write_file, input,
                               "the output would overwrite the file it is made from");
    if (!model_is_built(c->model)) /* no shapes yet, so there are no weights to write */
        return write_source(c, input, output, NULL);
    return format_save_weights(c->model, weights, c->diag) &&
           write_source(c, input, output, weights);
}

int command_import(int argc, char **argv) {
    const char *output = NULL;
    CompileOptions options = {0};
    CommonOptions common = {0};
    const Option table[] = {
        {"-o", "FILE", "the source to write; its weights go beside it, as FILE.weights.h5",
         .text = &output},
    };
    int code = options_parse(&argc, argv, table, COUNT_OF(table), 1, 1, &common);
    if (code != OPTIONS_FINE)
        return code;

    Compile c;
    compile_init(&c, &options);
    diag_set_format(c.diag, common.format, common.color);
    import(&c, argv[1], output);
    return command_end(&c);
}
