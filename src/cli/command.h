/* The commands: one file each, one row of the table in main.c. */
#ifndef COMMAND_H
#define COMMAND_H

#include "compile.h"

/* Exit codes. */
enum { EXIT_FINE = 0, EXIT_INPUT = 1, EXIT_USAGE = 2, EXIT_INTERNAL = 3 };

typedef struct Command {
    const char *name;
    const char *arguments;             /* "FILE [--style keras2]" */
    const char *help;                  /* one line */
    int (*run)(int argc, char **argv); /* argv[0] is the command's name */
} Command;

/* main.c: the row of that name; NULL. */
const Command *command_find(const char *name);

int command_check(int argc, char **argv);
int command_summary(int argc, char **argv);
int command_build(int argc, char **argv);
int command_run(int argc, char **argv);
int command_import(int argc, char **argv);
int command_explain(int argc, char **argv);
int command_targets(int argc, char **argv);
int command_verify(int argc, char **argv);

#endif
