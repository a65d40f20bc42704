/* Collects diagnostics in the order they are found, each mistake once. */
#include "diag_internal.h"

#include <stdlib.h>
#include <string.h>

/* Beyond these many a reader has stopped reading; they are counted and not kept. */
enum { KEPT_MAX = 100 };

struct Diag {
    Arena *arena;
    const Source *source;
    const char *path, *what; /* diag_set_place */
    DiagFormat format;
    bool color;
    Vec(Diagnostic *) all;
    Diagnostic *last; /* what label, note and help add to: not in `all` if it was dropped */
    size_t flushed;   /* how many of `all` have been printed */
    int errors;
    int dropped, dropped_flushed; /* errors beyond KEPT_MAX */
};

Diag *diag_new(Arena *a) {
    Diag *d = arena_alloc(a, sizeof *d);
    d->arena = a;
    return d;
}

void diag_set_format(Diag *d, DiagFormat format, bool color) {
    d->format = format;
    d->color = color;
}

void diag_set_source(Diag *d, const Source *source) {
    d->source = source;
}

void diag_set_place(Diag *d, const char *path, const char *what) {
    d->path = path;
    d->what = what;
}

/* A message is read by somebody: names of megabytes are cut, between two characters. */
enum { MESSAGE_MAX = 4000 };

static const char *message_of(Diag *d, const char *format, va_list args) {
    char *text = arena_vprintf(d->arena, format, args);
    if (strlen(text) > MESSAGE_MAX) {
        char *end = text + MESSAGE_MAX;
        while (((unsigned char)*end & 0xC0) == 0x80)
            end--;
        memcpy(end, "...", sizeof "...");
    }
    return text;
}

static bool same_text(const char *a, const char *b) {
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bool is_repetition(const Diagnostic *a, const Diagnostic *b) {
    if (a->code != b->code || a->source != b->source || !same_text(a->path, b->path))
        return false;
    if (!same_text(a->what, b->what))
        return false;
    if (a->span.begin != b->span.begin || a->span.end != b->span.end)
        return false;
    return !span_is_none(a->span) || same_text(a->message, b->message);
}

static bool is_known(const Diag *d, const Diagnostic *g) {
    for (size_t i = 0; i < d->all.count; i++)
        if (is_repetition(d->all.at[i], g))
            return true;
    return false;
}

static void open(Diag *d, Diagnostic fields, const char *format, va_list args) {
    Diagnostic *g = arena_alloc(d->arena, sizeof *g);
    *g = fields;
    if (!g->source && !g->path) {
        g->path = d->path;
        g->what = d->what;
    }
    g->message = message_of(d, format, args);
    d->last = g;
    if (is_known(d, g))
        return;
    d->errors += g->is_error;
    if (d->all.count < KEPT_MAX)
        vec_push(d->arena, &d->all, g);
    else
        d->dropped += g->is_error;
}

bool diag_error(Diag *d, DiagCode code, Span span, const char *format, ...) {
    va_list args;
    va_start(args, format);
    open(d,
         (Diagnostic){.code = code,
                      .is_error = true,
                      .source = span_is_none(span) ? NULL : d->source,
                      .span = span},
         format, args);
    va_end(args);
    return false;
}

void diag_warning(Diag *d, DiagCode code, Span span, const char *format, ...) {
    va_list args;
    va_start(args, format);
    open(d,
         (Diagnostic){.code = code, .source = span_is_none(span) ? NULL : d->source, .span = span},
         format, args);
    va_end(args);
}

bool diag_file_error(Diag *d, DiagCode code, const char *path, const char *format, ...) {
    va_list args;
    va_start(args, format);
    open(d,
         (Diagnostic){.code = code,
                      .is_error = true,
                      .path = arena_strdup(d->arena, path),
                      .span = SPAN_NONE},
         format, args);
    va_end(args);
    return false;
}

void diag_file_warning(Diag *d, DiagCode code, const char *path, const char *format, ...) {
    va_list args;
    va_start(args, format);
    open(d, (Diagnostic){.code = code, .path = arena_strdup(d->arena, path), .span = SPAN_NONE},
         format, args);
    va_end(args);
}

void diag_label(Diag *d, const char *format, ...) {
    va_list args;
    va_start(args, format);
    d->last->label = message_of(d, format, args);
    va_end(args);
}

void diag_note(Diag *d, Span span, const char *format, ...) {
    va_list args;
    va_start(args, format);
    DiagNote note = {.source = span_is_none(span) ? NULL : d->source,
                     .span = span,
                     .text = message_of(d, format, args)};
    vec_push(d->arena, &d->last->notes, note);
    va_end(args);
}

void diag_help(Diag *d, const char *format, ...) {
    va_list args;
    va_start(args, format);
    vec_push(d->arena, &d->last->helps, message_of(d, format, args));
    va_end(args);
}

int diag_errors(const Diag *d) {
    return d->errors;
}

void diag_flush(Diag *d, FILE *out) {
    for (; d->flushed < d->all.count; d->flushed++) {
        if (d->format == DIAG_JSON) {
            diag_print_json(d->all.at[d->flushed], out);
        } else {
            if (d->flushed > 0)
                fputc('\n', out);
            diag_print_text(d->all.at[d->flushed], d->color, out);
        }
    }
    if (d->dropped > d->dropped_flushed && d->format == DIAG_TEXT)
        fprintf(out, "\n... and %d more errors\n", d->dropped - d->dropped_flushed);
    d->dropped_flushed = d->dropped;
}

_Noreturn void bug_at(const char *file, int line, const char *format, ...) {
    va_list args;
    va_start(args, format);
    fprintf(stderr, "kmodel: internal error at %s:%d: ", file, line);
    vfprintf(stderr, format, args);
    fprintf(stderr, "\nThis is a mistake in kmodel, not in your file. Please report it with the "
                    "file that shows it.\n");
    va_end(args);
    abort();
}
