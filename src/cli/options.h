/* Options of the command line, by table. Every command takes the common ones too. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include "command.h"

typedef struct Option {
    const char *name;  /* "--style", or "-o" */
    const char *value; /* what --help calls its value: "FILE"; NULL: a flag */
    const char *help;  /* one line */
    const char **text; /* where the value goes; or ... */
    int *number;       /* ... as a number >= 0; or ... */
    bool *flag;        /* ... true, for flags */
    bool (*take)(void *user, const char *value); /* ... or to a function: false if it is no value */
    void *user;
    const char *const *choices; /* what it may be, NULL-terminated; NULL: anything */
} Option;

typedef struct CommonOptions {
    DiagFormat format; /* --message-format */
    bool color;        /* of diagnostics, on stderr */
    bool quiet;        /* -q */
} CommonOptions;

enum { OPTIONS_FINE = -1 };

/* Takes the options out of argv, so that argv[1 .. *argc) are the operands; "--" ends options.
 * Gives OPTIONS_FINE, or the exit code to end with: --help was asked for, or the command line is
 * wrong, and that has been said. Operands must be between min and max in number. */
int options_parse(int *argc, char **argv, const Option *options, size_t count, int min, int max,
                  CommonOptions *common);

/* Says what is wrong with the command line. Gives EXIT_USAGE. */
int usage_error(const char *command, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Ends a command: prints the diagnostics and gives the exit code. Releases the compilation. */
int command_end(Compile *c);

#endif
