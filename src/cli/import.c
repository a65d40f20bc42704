/* kmodel import: a saved model becomes readable source, with its weights beside it. */
#include "command.h"

#include "../formats/atomic_file.h"

#include <getopt.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct ImportOptions {
    const char *input, *output;
    DiagFormat format;
    bool color;
} ImportOptions;

static int usage(const char *what) {
    fprintf(stderr,
            "kmodel import: %s\n"
            "usage: kmodel import FILE.keras|FILE.h5 [-o OUT.kmodel] [--message-format text|json] "
            "[--color auto|always|never]\n",
            what);
    return EXIT_USAGE;
}

static int read_options(int argc, char **argv, ImportOptions *o) {
    static const struct option longs[] = {
        {"output", required_argument, NULL, 'o'},
        {"message-format", required_argument, NULL, 'm'},
        {"color", required_argument, NULL, 'c'},
        {0},
    };
    *o = (ImportOptions){.color = isatty(STDERR_FILENO)};
    optind = 0; /* getopt starts afresh */
    opterr = 0;
    for (int c; (c = getopt_long(argc, argv, "o:", longs, NULL)) != -1;) {
        if (c == 'o')
            o->output = optarg;
        else if (c == 'm' && (!strcmp(optarg, "json") || !strcmp(optarg, "text")))
            o->format = optarg[0] == 'j' ? DIAG_JSON : DIAG_TEXT;
        else if (c == 'c' && strcmp(optarg, "auto"))
            o->color = !strcmp(optarg, "always");
        else if (c != 'c')
            return usage("unknown option, or one without its value");
    }
    if (optind + 1 != argc)
        return usage(optind == argc ? "no file given" : "more than one file given");
    o->input = argv[optind];
    return EXIT_FINE;
}

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

static bool write_source(const Model *m, const ImportOptions *o, const char *weights, Arena *a,
                         Diag *d) {
    AtomicFile file;
    if (!atomic_open(&file, a, o->output, d))
        return false;
    fprintf(file.out, "# From %s, by kmodel import.\n", last_component(o->input));
    source_write(m, weights, file.out);
    return atomic_commit(&file, d);
}

static bool import(ImportOptions *o, Arena *a, Files *files, Diag *d) {
    const Model *m = format_import(a, o->input, files, namer_new(a), d);
    if (!m)
        return false;
    if (!o->output)
        o->output = with_ending(a, last_component(o->input), ".kmodel");
    const char *weights = with_ending(a, o->output, ".weights.h5");
    bool has_weights = model_is_built(m);
    if (is_same_file(o->input, o->output) || is_same_file(o->input, weights))
        return diag_file_error(d, DIAG_cannot_write_file, o->input,
                               "the output would overwrite the file it is made from");
    return (!has_weights || format_save_weights(m, weights, d)) &&
           write_source(m, o, has_weights ? last_component(weights) : NULL, a, d);
}

int command_import(int argc, char **argv) {
    ImportOptions o;
    int wrong = read_options(argc, argv, &o);
    if (wrong)
        return wrong;
    Arena *a = arena_new();
    Diag *d = diag_new(a);
    Files *files = files_new(a);
    diag_set_format(d, o.format, o.color);
    bool ok = import(&o, a, files, d);
    diag_flush(d, stderr);
    files_close(files);
    arena_free(a);
    return ok ? EXIT_FINE : EXIT_INPUT;
}
