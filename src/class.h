/* Classes of Keras as tables: what a constructor is called, where it lives and which arguments it
 * takes. A layer's class (LayerDef, layer.h) begins with a ClassDef; initializers, regularizers,
 * constraints, optimizers, losses are plain ClassDefs (configs.c). Binding a call's arguments to a
 * ClassDef is the only argument checking there is: .kmodel source and the JSON of saved models both
 * go through it. */
#ifndef CLASS_H
#define CLASS_H

#include "diag.h"
#include "shape.h"
#include "value.h"

typedef enum ArgType {
    ARG_ANY, /* kept as it is */
    ARG_INT,
    ARG_FLOAT, /* an int is taken and becomes a float */
    ARG_BOOL,
    ARG_STR,
    ARG_CHOICE,     /* a string out of .choices */
    ARG_INTS,       /* .count ints, or one int for all: bound as a tuple of .count ints */
    ARG_PAIRS,      /* padding, cropping: n, (h, w) or ((top, bottom), (left, right)), .count pairs:
                       bound as a tuple of pairs */
    ARG_SHAPE,      /* a tuple or list of ints and None */
    ARG_AXIS,       /* an int, or a list of ints: bound as given */
    ARG_NUMBERS,    /* a number, or a (nested) list of numbers: scale, mean */
    ARG_DTYPE,      /* 'float32', keras.DTypePolicy('mixed_float16'), ... */
    ARG_ACTIVATION, /* None, a name, keras.activations.relu, a layer such as LeakyReLU(0.1) */
    ARG_INITIALIZER, /* None, a name, an object: bound as the object */
    ARG_REGULARIZER,
    ARG_CONSTRAINT,
    ARG_LAYER,    /* for wrappers */
    ARG_SCHEDULE, /* a learning rate: a float that is not negative, or a schedule */
} ArgType;

typedef enum ArgUse {
    ARG_USED,     /* decides shapes, weights or values */
    ARG_TRAINING, /* cannot matter to a forward pass: checked, kept for round trips */
} ArgUse;

typedef struct ArgDef {
    const char *name;
    ArgType type;
    ArgUse use;
    bool required;
    const char *missing;   /* the help when a required one is not given; may be NULL */
    bool nullable;         /* None is a value of its own */
    Value fallback;        /* Keras's default, in the form it is bound to; not for required ones */
    int count;             /* ARG_INTS, ARG_PAIRS: how many */
    bool has_min, has_max; /* of ints and floats, each element of ARG_INTS */
    double min, max;
    const char *const *choices; /* NULL-terminated */
    bool any_case;              /* Keras lowers the string before it looks: padding='SAME' */
    const char *old_name;       /* a Keras-2 spelling that Keras 3 still takes, with a warning */
    /* Not supported yet or not by Keras's CPU back end: values other than the default are rejected
     * with this reason. */
    const char *only_default;
    const char *doc; /* half a line for docs/layers.md */
} ArgDef;

typedef struct ClassDef {
    const char *name;           /* Keras's class name: "Conv2D" */
    const char *module;         /* "keras.layers" */
    const char *const *aliases; /* what the module calls it too, NULL-terminated, or NULL:
                                   {"Convolution2D"} */
    const char *snake;          /* the string that stands for it: "he_normal"; NULL: none does */
    const char *const *strings; /* further strings that stand for it: {"normal"}; may be NULL */
    const ArgDef *args;         /* in the order of the constructor */
    int nargs;
} ClassDef;

/* An instance of a plain ClassDef, or the bound half of a Layer. */
typedef struct Object {
    const ClassDef *def;
    Value *args;     /* def->nargs of them, bound */
    Span *arg_spans; /* where each was written; SPAN_NONE when it was left out */
    bool *given;     /* whether it was written */
    Span span;       /* of the callee's name, for the primary caret; the whole call is call_span */
    Span call_span;
} Object;

/* One argument as written. name NULL: positional. */
typedef struct CallArg {
    const char *name;
    Span name_span;
    Value value;
    Span span;
} CallArg;
typedef Vec(CallArg) CallArgs;

/* Binds a call; out->span and out->call_span are set already. Each unknown, missing, doubled or
 * ill-typed argument is a diagnostic at its place, with did-you-mean; false if there was any, or,
 * quietly, if a value is unknown. `extra` (may be NULL) holds more keyword arguments that the class
 * takes, e.g. layer_common_args; they are bound to extra_args. Bound forms:
 *     INITIALIZER REGULARIZER CONSTRAINT   None or VALUE_OBJECT
 *     ACTIVATION                           None, VALUE_STR (a name that Keras knows) or VALUE_LAYER
 *     DTYPE                                None or VALUE_STR, the policy's name
 *     BOOL                                 VALUE_BOOL (0 and 1 are taken)
 * A serialised object, {'class_name': 'HeNormal', 'config': {...}}, is taken where Keras does. */
bool class_bind(const ClassDef *def, const CallArgs *call, Object *out, const ArgDef *extra,
                int nextra, Value *extra_args, Arena *a, Diag *d);

/* An instance with every argument at its default. */
Object *object_default(Arena *a, const ClassDef *def, Span span);

/* Index of the argument called name, or -1. */
int class_arg(const ClassDef *def, const char *name);

/* Whether the class goes by this name in its module: its own or an alias. */
bool class_is_named(const ClassDef *def, const char *name);

/* Looks a plain class up, by class name, alias or a string that stands for it, within a module
 * ("keras.initializers") or, with module NULL, anywhere. */
const ClassDef *config_find(const char *module, const char *name);
/* What `module.name` is in source: by class name and alias only. */
const ClassDef *config_exported(const char *module, const char *name);
/* What a string stands for: 'he_normal', 'HeNormal', 'normal'. */
const ClassDef *config_for_string(const char *module, const char *name);
void config_each(void (*visit)(const ClassDef *def, void *context), void *context);

/* The names of Keras's activations, canonical and aliases ("swish"). */
bool activation_is_known(const char *name);
extern const char *const activation_names[];
extern const size_t activation_nnames;

/* Typed access to bound arguments; the type must be the declared one. */
int64_t arg_int(const Object *o, int arg);
double arg_float(const Object *o, int arg);
bool arg_bool(const Object *o, int arg);
const char *arg_str(const Object *o, int arg);       /* NULL for None */
int64_t arg_int_at(const Object *o, int arg, int i); /* element i of ARG_INTS */
bool arg_is_none(const Object *o, int arg);

#endif
