/* kmodel import: a saved model becomes readable source, with its weights beside it. */
#include "options.h"

#include "formats/atomic_file.h"
#include "path.h"

#include <string.h>

/* `path` with another ending: up to the last dot of its last component. */
static char *with_ending(Arena *a, const char *path, const char *ending) {
    const char *slash = strrchr(path, '/'), *dot = strrchr(path, '.');
    int len = dot && dot > (slash ? slash + 1 : path) ? (int)(dot - path) : (int)strlen(path);
    return arena_printf(a, "%.*s%s", len, path, ending);
}

static bool write_source(const Compile *c, const char *input, const char *output,
                         const char *weights) {
    AtomicFile file;
    if (!atomic_open(&file, c->arena, output, c->diag))
        return false;
    fprintf(file.out, "# From %s, by kmodel import.\n", path_name(input));
    source_write(c->model, weights ? path_name(weights) : NULL, file.out);
    return atomic_commit(&file, c->diag);
}

static bool import(Compile *c, const char *input, const char *output) {
    c->model = format_import(c->arena, input, c->files, c->names, c->diag);
    if (!c->model)
        return false;
    if (!output)
        output = with_ending(c->arena, path_name(input), ".kmodel");
    const char *weights = with_ending(c->arena, output, ".weights.h5");
    if (path_is_same_file(input, output) || path_is_same_file(input, weights))
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
