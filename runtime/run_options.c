/* The command line: one row per option. SPDX-License-Identifier: 0BSD */
#include "run_options.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

typedef enum Kind { FLAG, TEXT, COUNT, NUMBER, INPUT } Kind;

typedef struct Row {
    const char *name, *argument;
    Kind kind;
    size_t field; /* of RunOptions */
    const char *help;
} Row;

#define FIELD(name) offsetof(RunOptions, name)
static const Row rows[] = {
    {"--input", "FILE", INPUT, 0, "what to run on: .npy .png .jpg .csv .f32, a folder of pictures"},
    {"--output", "FILE", TEXT, FIELD(output), "write results there: .npy .csv .f32, or - for .npy"},
    {"--input-format", "F", TEXT, FIELD(input_format), "npy, csv, raw or picture; by content"},
    {"--output-format", "F", TEXT, FIELD(output_format), "npy, csv or raw; by the name"},
    {"--top", "K", COUNT, FIELD(top), "print the K greatest outputs of each sample"},
    {"--labels", "FILE", TEXT, FIELD(labels), "names of the outputs, one on a line"},
    {"--scale", "X", NUMBER, FIELD(scale), "multiply the input by X (1/255 is a number, too)"},
    {"--offset", "X", NUMBER, FIELD(offset), "then add X"},
    {"--threads", "N", COUNT, FIELD(threads), "0: as many as there are cores"},
    {"--time", NULL, FLAG, FIELD(time), "say how long the model ran"},
    {"--profile", NULL, FLAG, FIELD(profile), "time of every layer"},
    {"--bench", NULL, FLAG, FIELD(bench), "run again and again, on random numbers or the input"},
    {"--batch", "N", COUNT, FIELD(batch), "samples in a run of --bench (1)"},
    {"--runs", "N", COUNT, FIELD(runs), "runs of --bench (as many as fit a second)"},
    {"--summary", NULL, FLAG, FIELD(summary), "print the model's summary"},
    {"--help", NULL, FLAG, FIELD(help), "print this"},
    {"--version", NULL, FLAG, FIELD(version), "print what this binary was made of"},
};

static const Row *row_find(const char *name, size_t length) {
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strlen(rows[i].name) == length && !memcmp(rows[i].name, name, length))
            return &rows[i];
    return NULL;
}

static bool parse_count(const char *text, int *value) {
    char *end;
    errno = 0;
    long n = strtol(text, &end, 10);
    *value = (int)n;
    return end > text && !*end && !errno && n >= 0 && n <= 1000000;
}

/* "0.5", "1/255". */
static bool parse_number(const char *text, double *value) {
    char *end;
    *value = strtod(text, &end);
    if (end == text)
        return false;
    if (*end == '/') {
        const char *below = end + 1;
        double divisor = strtod(below, &end);
        if (end == below || divisor == 0)
            return false;
        *value /= divisor;
    }
    return !*end;
}

static bool set(RunOptions *o, const Row *row, const char *value, Problem *p) {
    void *field = (char *)o + row->field;
    if (row->kind == INPUT)
        o->inputs[o->ninputs++] = value;
    if (row->kind == TEXT)
        *(const char **)field = value;
    if (row->kind == COUNT && !parse_count(value, field))
        return problem(p, "%s: expected a count, found '%s'", row->name, value);
    if (row->kind == NUMBER && !parse_number(value, field))
        return problem(p, "%s: expected a number, found '%s'", row->name, value);
    return true;
}

/* The option at argv[0]; *used: how many arguments it takes. */
static bool parse_option(RunOptions *o, int argc, char **argv, int *used, Problem *p) {
    const char *equals = strchr(argv[0], '=');
    size_t length = equals ? (size_t)(equals - argv[0]) : strlen(argv[0]);
    const Row *row = row_find(argv[0], length);
    *used = 1;
    if (!row)
        return problem(p, "unknown option %.*s; see --help", (int)length, argv[0]);
    if (row->kind == FLAG && equals)
        return problem(p, "%s takes no value", row->name);
    if (row->kind == FLAG)
        return *((bool *)((char *)o + row->field)) = true;
    if (equals)
        return set(o, row, equals + 1, p);
    *used = 2;
    return argc > 1 ? set(o, row, argv[1], p)
                    : problem(p, "%s: expected %s after it", row->name, row->argument);
}

static bool is_one_of(const char *word, const char *const *words) {
    for (; word && *words; words++)
        if (!strcmp(word, *words))
            return true;
    return !word;
}

static bool run_options_check(const RunOptions *o, Problem *p) {
    static const char *const in[] = {"npy", "csv", "raw", "picture", NULL};
    if (!is_one_of(o->input_format, in))
        return problem(p, "--input-format: expected npy, csv, raw or picture, found '%s'",
                       o->input_format);
    static const char *const out[] = {"npy", "csv", "raw", NULL};
    if (!is_one_of(o->output_format, out))
        return problem(p, "--output-format: expected npy, csv or raw, found '%s'",
                       o->output_format);
    if (o->batch < 1)
        return problem(p, "--batch: expected at least 1, found %d", o->batch);
    if (o->threads > 1024)
        return problem(p, "--threads: expected at most 1024, found %d", o->threads);
    if (o->top && o->output)
        return problem(p, "--top prints to standard output; it does not go with --output");
    return true;
}

bool run_options_parse(RunOptions *o, const char **inputs, int threads, int argc, char **argv,
                       Problem *p) {
    *o = (RunOptions){.inputs = inputs, .threads = threads, .batch = 1, .scale = 1};
    bool only_files = false; /* after "--" */
    for (int i = 1, used; i < argc; i += used) {
        used = 1;
        if (only_files || argv[i][0] != '-' || !argv[i][1])
            o->inputs[o->ninputs++] = argv[i];
        else if (!strcmp(argv[i], "--"))
            only_files = true;
        else if (!parse_option(o, argc - i, argv + i, &used, p))
            return false;
    }
    o->bench |= o->profile && !o->ninputs;
    return run_options_check(o, p);
}

void run_options_help(const char *program, FILE *out) {
    fprintf(out, "usage: %s [options] FILE...\n\n", program);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char left[40];
        snprintf(left, sizeof left, "%s %s", rows[i].name,
                 rows[i].argument ? rows[i].argument : "");
        fprintf(out, "  %-18s %s\n", left, rows[i].help);
    }
}
