/* kmodel run FILE ...: compiles into this process, then does what a built binary does. */
#include "code_options.h"

#include "km.h"
#include "run_options.h"

#include <stdlib.h>
#include <string.h>

/* The command line, parted: what kmodel takes, and what the binary would. */
typedef struct Parted {
    int mine, theirs;
    char **my, **their; /* each with room for all */
    bool has_file, help;
} Parted;

/* Options that options_parse() knows in every command. */
static const char *const common_flags[] = {"-q"};
static const char *const common_values[] = {"--message-format", "--color"};

/* How many arguments the option takes, 0 if it is not ours. */
static int own_option(const char *arg, const Option *rows, size_t count) {
    for (size_t i = 0; i < COUNT_OF(common_flags); i++)
        if (!strcmp(arg, common_flags[i]))
            return 1;
    for (size_t i = 0; i < COUNT_OF(common_values) + count; i++) {
        const char *name =
            i < count ? rows[i].name : common_values[i - count]; /* all rows take a value */
        size_t len = strlen(name);
        if (!strncmp(arg, name, len) && (!arg[len] || arg[len] == '='))
            return arg[len] ? 1 : 2;
    }
    return 0;
}

static void part(Parted *p, int argc, char **argv, const Option *rows, size_t count) {
    p->my[p->mine++] = argv[0];
    p->their[p->theirs++] = argv[0];
    for (int i = 1; i < argc; i++) {
        int own = own_option(argv[i], rows, count);
        p->help |= !strcmp(argv[i], "--help") || !strcmp(argv[i], "-h");
        for (int k = 0; k < own && i + k < argc; k++)
            p->my[p->mine++] = argv[i + k];
        if (own) {
            i += own - 1;
        } else if (!p->has_file && argv[i][0] != '-') {
            p->my[p->mine++] = argv[i];
            p->has_file = true;
        } else {
            p->their[p->theirs++] = argv[i];
        }
    }
}

static int run_model(Compile *c, const char *path, const Parted *p) {
    Loaded loaded;
    int code = EXIT_INPUT;
    bool ok = code_load(c, path, &loaded);
    fflush(stdout);
    diag_flush(c->diag, stderr);
    if (ok) {
        km_launch launch = {"kmodel run", loaded.weights, 1};
        code = km_main(loaded.model, &launch, p->theirs, p->their);
    }
    code_unload(&loaded);
    return code;
}

int command_run(int argc, char **argv) {
    CompileOptions options;
    CommonOptions common = {0};
    Option table[NCODE_OPTIONS];
    code_options(&options, table);
    Arena *a = arena_new();
    Parted p = {.my = arena_array(a, (size_t)argc + 1, sizeof(char *)),
                .their = arena_array(a, (size_t)argc + 1, sizeof(char *))};
    part(&p, argc, argv, table, COUNT_OF(table));
    if (p.help)
        p.my[p.mine++] = "--help";
    int code = options_parse(&p.mine, p.my, table, COUNT_OF(table), 1, 1, &common);
    if (p.help)
        run_options_help("kmodel run FILE", stdout);
    if (code == OPTIONS_FINE) {
        Compile c;
        compile_init(&c, &options);
        diag_set_format(c.diag, common.format, common.color);
        code = run_model(&c, p.my[1], &p);
        compile_release(&c);
    }
    arena_free(a);
    return code;
}
