/* Compile-time values: what expressions of a .kmodel file evaluate to and what arguments are bound
 * to. */
#ifndef VALUE_H
#define VALUE_H

#include "arena.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct Value Value;

typedef enum ValueKind {
    VALUE_UNKNOWN, /* after an error; everything made of it is unknown too, quietly */
    VALUE_NONE,
    VALUE_BOOL,
    VALUE_INT,
    VALUE_FLOAT,
    VALUE_STR,
    VALUE_TUPLE,
    VALUE_LIST,
    VALUE_DICT,
    VALUE_RANGE,
    VALUE_ELLIPSIS,
    VALUE_SLICE,
    VALUE_ITERATOR, /* zip(), enumerate(), a generator: its items, until somebody takes them */
    VALUE_FUNCTION, /* def or lambda */
    VALUE_BUILTIN,  /* len, range, a method bound to its object, a function of Keras such as
                       keras.activations.relu */
    VALUE_MODULE,   /* keras, tf.keras.layers, ... */
    VALUE_CLASS,    /* a constructor: Dense, HeNormal, Sequential (class.h) */
    VALUE_OBJECT,   /* an instance of a ClassDef that is neither layer nor model: HeNormal(),
                       L2(1e-4), Adam() */
    VALUE_LAYER,
    VALUE_MODEL,
    VALUE_TENSOR, /* a symbolic tensor: model.output, layer.output */
} ValueKind;

/* Lists are shared by reference, as in Python, so that an alias sees an append. */
typedef struct ValueList {
    Vec(Value) items;
} ValueList;

typedef struct ValueDict {
    Vec(Value) keys;
    Vec(Value) values;
} ValueDict;

struct Value {
    ValueKind kind;
    union {
        bool boolean;
        int64_t integer;
        double number;
        struct {
            const char *text;
            size_t len;
        } str;           /* NUL-terminated too */
        ValueList *list; /* TUPLE, LIST and ITERATOR */
        ValueDict *dict;
        struct {
            int64_t start, stop, step;
        } range;
        const Value *slice;               /* three: lower, upper, step */
        struct Function *function;        /* eval.h */
        const struct Builtin *builtin;    /* builtin.h */
        const char *module;               /* canonical: "keras.layers" */
        const struct ClassDef *class_def; /* class.h */
        struct Object *object;            /* class.h */
        struct Layer *layer;              /* model.h */
        struct Model *model;              /* model.h */
        struct Tensor *tensor;            /* model.h */
    } u;
};

/* As constant expressions too, for argument defaults in tables: .fallback = VALUE_AS_INT(1) */
#define VALUE_AS_NONE     {.kind = VALUE_NONE}
#define VALUE_AS_BOOL(b)  {.kind = VALUE_BOOL, .u.boolean = (b)}
#define VALUE_AS_INT(i)   {.kind = VALUE_INT, .u.integer = (i)}
#define VALUE_AS_FLOAT(f) {.kind = VALUE_FLOAT, .u.number = (f)}
#define VALUE_AS_STR(s)   {.kind = VALUE_STR, .u.str = {(s), sizeof(s) - 1}}

Value value_none(void);
Value value_bool(bool b);
Value value_int(int64_t i);
Value value_float(double f);
Value value_str(Arena *a, const char *text); /* copies */
Value value_strn(Arena *a, const char *text, size_t len);
Value value_tuple(Arena *a, const Value *items, size_t count);
Value value_list(Arena *a, const Value *items, size_t count);
Value value_dict(Arena *a);
void value_dict_set(Arena *a, Value dict, Value key, Value value);
const Value *value_dict_get(Value dict, const char *key); /* NULL if absent */
Value *value_dict_find(Value dict, Value key);            /* NULL if absent */

bool value_is_number(Value v);      /* int, float or bool */
double value_number(Value v);       /* of a number */
bool value_is_integral(Value v);    /* int or bool */
int64_t value_integer(Value v);     /* of an integral one */
bool value_is_sequence(Value v);    /* tuple or list */
bool value_equal(Value a, Value b); /* Python's ==: 1 == 1.0 == True */
/* The same, taking from *work what it costs; false once that is used up. */
bool value_equal_within(Value a, Value b, int64_t *work);
bool value_is(Value a, Value b); /* Python's is: the same object */
bool value_truth(Value v);       /* Python's bool() */
int64_t range_length(Value range);

/* -1, 0, 1 for two numbers, exactly. False if one of them is NaN. */
bool value_order(Value a, Value b, int *order);

/* Python's repr() and str(): "(None, 28)", "'relu'", "1e-05"; what errors and print show. */
char *value_repr(Arena *a, Value v);
char *value_str_of(Arena *a, Value v);
char *value_brief(Arena *a, Value v); /* repr() for an error: long ones end in "..." */

/* "int", "tuple", "NoneType", "Dense layer": what an error calls it. */
const char *value_type_name(Value v);
/* With its article: "an int", "a Dense"; "None". */
char *value_described(Arena *a, Value v);

/* repr() of a float: the shortest text that reads back as the same double. Also for the source
 * writer. */
char *float_repr(Arena *a, double f);

#endif
