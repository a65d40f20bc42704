/* The evaluator's state: variables, and the budget that makes every file end. */
#include "eval.h"

#include <string.h>

/* Enough for any model; a hostile file is stopped within a second. */
enum { STEPS = 5000000 };

Eval *eval_new(Arena *a, const CheckOptions *options, Program *program, Namer *names, Diag *d) {
    Eval *e = arena_alloc(a, sizeof *e);
    *e = (Eval){.arena = a,
                .diag = d,
                .names = names,
                .options = options,
                .program = program,
                .steps_left = STEPS};
    e->scope = scope_new(e, NULL);
    return e;
}

bool eval_spend(Eval *e, int64_t steps, Span span) {
    if (e->stopped)
        return false;
    if (steps <= e->steps_left) {
        e->steps_left -= steps;
        return true;
    }
    e->stopped = true;
    diag_error(e->diag, DIAG_too_much_work, span, "evaluating this file takes too long");
    diag_note(e->diag, SPAN_NONE, "a file may use %d steps of evaluation", STEPS);
    return false;
}

Value eval_error(Eval *e, DiagCode code, Span span, const char *format, ...) {
    va_list args;
    va_start(args, format);
    const char *text = arena_vprintf(e->arena, format, args);
    va_end(args);
    diag_error(e->diag, code, span, "%s", text);
    return UNKNOWN;
}

Scope *scope_new(Eval *e, Scope *outer) {
    Scope *s = arena_alloc(e->arena, sizeof *s);
    s->outer = outer;
    return s;
}

static Variable *find_here(Scope *s, const char *name) {
    for (size_t i = 0; i < s->variables.count; i++)
        if (!strcmp(s->variables.at[i].name, name))
            return &s->variables.at[i];
    return NULL;
}

Variable *scope_find(Scope *s, const char *name) {
    for (; s; s = s->outer) {
        Variable *v = find_here(s, name);
        if (v)
            return v;
    }
    return NULL;
}

void scope_declare(Eval *e, Scope *s, const char *name) {
    if (!find_here(s, name))
        vec_push(e->arena, &s->variables, (Variable){.name = name, .span = SPAN_NONE});
}

void scope_set(Eval *e, Scope *s, Name name, Value v) {
    scope_declare(e, s, name.text);
    *find_here(s, name.text) = (Variable){name.text, v, true, name.span};
}
