/* Evaluating expressions while compiling. Python's meaning, exactly, or a diagnostic: integers have
 * 64 bits, work is bounded, functions do not recurse. After an error a value is unknown, and what
 * is made of it is unknown too, quietly. */
#ifndef EVAL_H
#define EVAL_H

#include "ast.h"
#include "builtin.h"
#include "check.h"

typedef Vec(Value) Values;

/* One variable. A function's locals exist, unset, from the start. */
typedef struct Variable {
    const char *name;
    Value value;
    bool set;
    Span span; /* where it was assigned last */
} Variable;

typedef struct Scope {
    struct Scope *outer; /* the enclosing function or file; NULL for the file */
    Vec(Variable) variables;
} Scope;

/* A def or lambda, with the values of its defaults and the scope that it closes over. */
typedef struct Function {
    const char *name; /* "<lambda>" */
    Parameters params;
    Value *defaults; /* unknown where there is none */
    const Stmt *def; /* or */
    const Expr *lambda;
    Scope *outer;
    Span span;
    bool active; /* being called */
} Function;

/* What an assert needs to explain itself: every expression evaluated, with its value. */
typedef struct Trace {
    const Expr *expr;
    Value value;
} Trace;

/* A load_weights() of some model. */
typedef struct WeightsFile {
    const Model *model;
    const char *path;
    Span span;
} WeightsFile;

struct Eval {
    Arena *arena;
    Diag *diag;
    Namer *names;
    const CheckOptions *options;
    Program *program;
    const Source *source;
    Scope *scope;
    int64_t steps_left;
    int depth;
    bool functional;      /* the functional API was used, and reported */
    bool none_reported;   /* None has no attributes: said once */
    bool stopped;         /* out of steps: everything ends, quietly */
    Builtin *activations; /* one per name, made when first needed */
    Vec(Model *) models;  /* in the order they were made */
    Vec(WeightsFile) weights;
    Vec(const char *) stars;   /* modules of `from m import *` */
    Vec(const char *) foreign; /* other modules that an error has been reported about */
    bool tracing;
    Vec(Trace) trace;
};

#define UNKNOWN ((Value){.kind = VALUE_UNKNOWN})

/* A new evaluator with the file's scope. */
Eval *eval_new(Arena *a, const CheckOptions *options, Program *program, Namer *names, Diag *d);

Value eval_expr(Eval *e, const Expr *x);

/* Takes `steps` from what the file may use up. False, with one diagnostic, when it is used up. */
bool eval_spend(Eval *e, int64_t steps, Span span);

/* Opens an error; gives the unknown value, so that evaluation can `return eval_error(...)`. */
Value eval_error(Eval *e, DiagCode code, Span span, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Variables. */
Variable *scope_find(Scope *s, const char *name); /* here or outside; NULL */
void scope_declare(Eval *e, Scope *s, const char *name);
void scope_set(Eval *e, Scope *s, Name name, Value v);
Scope *scope_new(Eval *e, Scope *outer);

/* The values of parameters' defaults, unknown where there is none. */
Value *eval_defaults(Eval *e, const Parameters *params);

/* dict[key] = value. False after an error or if the key is unknown. */
bool dict_set(Eval *e, Value dict, Value key, Value value, Span span);

/* name.c: a name as a value: variable, builtin, or what Keras exports. */
Value eval_name(Eval *e, const char *name, Span span);

/* assign.c: target = v, for names, tuples, items and attributes; del target. */
void eval_assign(Eval *e, const Expr *target, Value v, Span value_span);
void eval_delete(Eval *e, const Expr *target);
/* Declares in s every name that the target binds. */
void eval_declare_target(Eval *e, Scope *s, const Expr *target);

/* iterate.c: the items of anything that can be iterated over, once. False after an error or if
 * v is unknown. */
bool eval_items(Eval *e, Value v, Span span, Values *items);

/* operator.c */
Value eval_binary(Eval *e, Operator op, Value a, Value b, Span span);
Value eval_unary(Eval *e, Operator op, Value v, Span span);
/* A comparison: True, False, or unknown. */
Value eval_compare(Eval *e, Operator op, Value a, Value b, Span span);
/* a < b for sorting, min and max; false after an error too, with *ok false. */
bool eval_less(Eval *e, Value a, Value b, Span span, bool *ok);
bool eval_equal(Eval *e, Value a, Value b);

/* arithmetic.c: ints are exact, floats are doubles. */
Value eval_arithmetic(Eval *e, Operator op, Value a, Value b, Span span);

/* index.c */
Value eval_subscript(Eval *e, Value object, Value index, Span span);
/* Resolves an index of a sequence of n: negative ones count from the end. False after an error. */
bool eval_index(Eval *e, Value index, size_t n, const char *what, Span span, size_t *at);

/* call.c */
Value eval_call_value(Eval *e, Value callee, const Call *call);
Value eval_call_with(Eval *e, Value callee, const Value *args, size_t count, Span span);

/* percent.c: 'conv%d' % i */
Value eval_percent(Eval *e, Value format, Value args, Span span);

/* format.c: format(v, spec), as in f-strings. */
Value eval_format(Eval *e, Value v, const char *spec, Span span);

/* attribute.c: object.name */
Value eval_attribute(Eval *e, Value object, Name name);
void eval_set_attribute(Eval *e, Value object, Name name, Value v, Span span);
/* The methods of str, list and dict; unknown if there is none of that name. */
Value method_find(Eval *e, Value object, const char *name);
/* Attributes of models and layers. False if there is none of that name. */
bool model_attribute(Eval *e, Value model, Name name, Value *out);
bool layer_attribute(Eval *e, Value layer, Name name, Value *out);

/* A method, bound to its object. */
Value eval_bind(Eval *e, const Builtin *method, Value self);
/* (None, 28, 28, 1); unknown for an unknown shape. */
Value shape_value(Eval *e, Shape s);

/* builtins.c */
const Builtin *builtin_find(const char *name);
const char *const *builtin_names(Arena *a, size_t *count);

/* model_methods.c: Sequential(...), and what a model's methods do. */
Value sequential_call(Eval *e, const Call *call);
Value model_summary_method(Eval *e, const Builtin *b, const Call *call);
const Builtin *model_method(const char *name);

/* check_statement.c: runs a body. */
typedef enum Flow { FLOW_NEXT, FLOW_BREAK, FLOW_CONTINUE, FLOW_RETURN } Flow;
Flow run_statements(Eval *e, const Stmts *body, Value *result);
void run_import(Eval *e, const Stmt *s);
void run_lost(Eval *e, Span span);
void run_assert(Eval *e, const Stmt *s);

#endif
