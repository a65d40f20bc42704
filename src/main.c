/* kmodel: the table of commands. */
#include "cli/command.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#define VERSION "0.1.0"

static const Command commands[] = {
    {"check", "FILE [--emit ast|model|ops|plan]", "Checks a file: shapes, arguments, asserts.",
     command_check},
    {"summary", "FILE [--style keras2]", "Prints what model.summary() prints.", command_summary},
    {"build", "FILE [-o FILE] [--emit exe|lib|shared|obj|asm|llvm|ast|model|ops|plan]",
     "Compiles a model to a binary or a library.", command_build},
    {"run", "FILE [options of a built binary]", "Compiles a model and runs it at once.",
     command_run},
    {"verify", "FILE [--input FILE [--expected FILE]] [--against interp]",
     "Compares compiled code with the interpreter and with Keras's outputs.", command_verify},
    {"import", "FILE.keras|FILE.h5 [-o OUT.kmodel]",
     "Turns a saved model into source and a weight file.", command_import},
    {"explain", "[CODE]", "Explains a diagnostic, or lists all.", command_explain},
    {"targets", "", "Lists the CPUs that --cpu takes.", command_targets},
};

const Command *command_find(const char *name) {
    for (size_t i = 0; i < COUNT_OF(commands); i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

static void print_usage(FILE *out) {
    fputs("kmodel: compiles Keras models to native code\n\nusage: kmodel COMMAND ...\n\n", out);
    for (size_t i = 0; i < COUNT_OF(commands); i++)
        fprintf(out, "  %-10s %s\n", commands[i].name, commands[i].help);
    fputs("\n'kmodel COMMAND --help' says more.\n", out);
}

static int unknown_command(const char *name) {
    const char *names[COUNT_OF(commands)];
    for (size_t i = 0; i < COUNT_OF(commands); i++)
        names[i] = commands[i].name;
    const char *meant = diag_did_you_mean(name, names, COUNT_OF(commands));
    fprintf(stderr, "kmodel: no such command: %s%s%s%s\nTry 'kmodel --help'.\n", name,
            meant ? "; did you mean " : "", meant ? meant : "", meant ? "?" : "");
    return EXIT_USAGE;
}

/* BUG() and asserts end here, having said what is wrong. */
static void internal_error(int signal) {
    (void)signal;
    _exit(EXIT_INTERNAL);
}

static int run(int argc, char **argv) {
    if (argc < 2) {
        print_usage(stderr);
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0) {
        print_usage(stdout);
        return EXIT_FINE;
    }
    if (strcmp(argv[1], "--version") == 0)
        return puts("kmodel " VERSION) < 0 ? EXIT_INPUT : EXIT_FINE;
    const Command *c = command_find(argv[1]);
    return c ? c->run(argc - 1, argv + 1) : unknown_command(argv[1]);
}

int main(int argc, char **argv) {
    signal(SIGABRT, internal_error);
    signal(SIGXFSZ, SIG_IGN); /* beyond `ulimit -f`, writing fails as on a full disk */
    int code = run(argc, argv);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        perror("kmodel: standard output");
        return code ? code : EXIT_INPUT;
    }
    return code;
}
