/* Options: the tables' reader, and what --help prints of them. */
#include "options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const format_choices[] = {"text", "json", NULL};
static const char *const color_choices[] = {"auto", "always", "never", NULL};

int usage_error(const char *command, const char *format, ...) {
    va_list args;
    va_start(args, format);
    fprintf(stderr, "kmodel %s: ", command);
    vfprintf(stderr, format, args);
    va_end(args);
    fprintf(stderr, "\nTry 'kmodel %s --help'.\n", command);
    return EXIT_USAGE;
}

/* Two tables read as one. */
typedef struct Tables {
    const Option *own, *common;
    size_t nown, ncommon;
} Tables;

static const Option *table_at(const Tables *t, size_t i) {
    return i < t->nown ? &t->own[i] : &t->common[i - t->nown];
}

static const Option *find(const Tables *t, const char *name, size_t len) {
    for (size_t i = 0; i < t->nown + t->ncommon; i++)
        if (strlen(table_at(t, i)->name) == len && memcmp(table_at(t, i)->name, name, len) == 0)
            return table_at(t, i);
    return NULL;
}

static const char *nearest(const Tables *t, const char *name) {
    const char *names[64];
    size_t count = 0;
    for (size_t i = 0; i < t->nown + t->ncommon && count < COUNT_OF(names); i++)
        names[count++] = table_at(t, i)->name;
    return diag_did_you_mean(name, names, count);
}

static bool is_choice(const char *const *choices, const char *value) {
    for (size_t i = 0; choices[i]; i++)
        if (strcmp(choices[i], value) == 0)
            return true;
    return false;
}

static int refuse_choice(const char *command, const Option *o, const char *value) {
    fprintf(stderr, "kmodel %s: %s cannot be '%s': it is one of", command, o->name, value);
    for (size_t i = 0; o->choices[i]; i++)
        fprintf(stderr, "%s %s", i ? "," : "", o->choices[i]);
    fprintf(stderr, "\nTry 'kmodel %s --help'.\n", command);
    return EXIT_USAGE;
}

static int set(const char *command, const Option *o, const char *value) {
    if (o->choices && !is_choice(o->choices, value)) {
        return refuse_choice(command, o, value);
    } else if (o->flag) {
        *o->flag = true;
    } else if (o->number) {
        char *end;
        errno = 0;
        long n = strtol(value, &end, 10);
        if (errno || end == value || *end || n < 0 || n > INT32_MAX)
            return usage_error(command, "%s needs a number, not '%s'", o->name, value);
        *o->number = (int)n;
    } else if (o->take) {
        if (!o->take(o->user, value))
            return usage_error(command, "%s cannot be '%s': it is %s", o->name, value, o->value);
    } else {
        *o->text = value;
    }
    return OPTIONS_FINE;
}

static void print_option(const Option *o) {
    int width = printf("  %s%s%s", o->name, o->value ? " " : "", o->value ? o->value : "");
    printf("%*s%s\n", width < 28 ? 28 - width : 1, "", o->help);
}

static int print_help(const char *name, const Tables *t) {
    const Command *c = command_find(name);
    printf("usage: kmodel %s %s\n\n%s\n\n", name, c->arguments, c->help);
    for (size_t i = 0; i < t->nown + t->ncommon; i++)
        print_option(table_at(t, i));
    return EXIT_FINE;
}

/* The option at argv[*i], and its value if it takes one. */
static int take_option(const Tables *t, int argc, char **argv, int *i) {
    const char *arg = argv[*i], *equals = arg[1] == '-' ? strchr(arg, '=') : NULL;
    const Option *o = find(t, arg, equals ? (size_t)(equals - arg) : strlen(arg));
    if (!o) {
        const char *meant = nearest(t, arg);
        return usage_error(argv[0],
                           meant ? "no such option: %s; did you mean %s?" : "no such option: %s",
                           arg, meant);
    }
    if (!o->value)
        return equals ? usage_error(argv[0], "%s takes no value", o->name) : set(argv[0], o, NULL);
    if (!equals && *i + 1 >= argc)
        return usage_error(argv[0], "%s needs a value: %s", o->name, o->value);
    return set(argv[0], o, equals ? equals + 1 : argv[++*i]);
}

static int check_operands(const char *command, int count, int min, int max) {
    if (count < min)
        return usage_error(command, count == 0 ? "expected a file" : "too few arguments");
    if (count > max)
        return usage_error(command, "too many arguments");
    return OPTIONS_FINE;
}

int options_parse(int *argc, char **argv, const Option *options, size_t count, int min, int max,
                  CommonOptions *common) {
    const char *format = "text", *color = "auto";
    bool help = false;
    const Option shared[] = {
        {"--message-format", "FORMAT", "diagnostics as text, or json: one object a line",
         .text = &format, .choices = format_choices},
        {"--color", "WHEN", "auto, always or never", .text = &color, .choices = color_choices},
        {"-q", NULL, "say nothing but diagnostics", .flag = &common->quiet},
        {"--help", NULL, "print this", .flag = &help},
        {"-h", NULL, "print this", .flag = &help},
    };
    const Tables t = {options, shared, count, COUNT_OF(shared) - 1};
    const Tables with_short = {options, shared, count, COUNT_OF(shared)};
    int operands = 0, code;
    bool ended = false;
    for (int i = 1; i < *argc; i++) {
        bool option = !ended && argv[i][0] == '-' && argv[i][1];
        if (!option)
            argv[++operands] = argv[i];
        else if (strcmp(argv[i], "--") == 0)
            ended = true;
        else if ((code = take_option(&with_short, *argc, argv, &i)) != OPTIONS_FINE)
            return code;
    }
    if (help)
        return print_help(argv[0], &t);
    *argc = operands + 1;
    common->format = strcmp(format, "json") == 0 ? DIAG_JSON : DIAG_TEXT;
    common->color = strcmp(color, "always") == 0 ||
                    (strcmp(color, "auto") == 0 && isatty(STDERR_FILENO) && !getenv("NO_COLOR"));
    return check_operands(argv[0], operands, min, max);
}

int command_end(Compile *c) {
    fflush(stdout);
    diag_flush(c->diag, stderr);
    int code = diag_errors(c->diag) > 0 ? EXIT_INPUT : EXIT_FINE;
    compile_release(c);
    return code;
}
