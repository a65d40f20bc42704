/* How the built-in functions take their arguments. */
#ifndef BUILTIN_ARGS_H
#define BUILTIN_ARGS_H

#include "eval.h"

typedef struct BuiltinTable {
    const Builtin *rows;
    size_t count;
} BuiltinTable;

extern const BuiltinTable function_builtins, type_builtins, sequence_builtins, math_builtins;
extern const BuiltinTable str_methods, list_methods, tuple_methods, dict_methods;

const Builtin *table_find(const BuiltinTable *table, const char *name);

/* In place, by the keywords key= and reverse= of the call. False after an error. */
bool sort_items(Eval *e, const Call *call, Values *items);

#define PARAMS(...)                                                                                \
    (const char *const[]) {                                                                        \
        __VA_ARGS__                                                                                \
    }

/* Positional and keyword arguments into out[], unknown where one was left out; between least and
 * most of them. False after an error. */
bool take_args(Eval *e, const Builtin *b, const Call *call, const char *const *names, size_t least,
               size_t most, Value *out);

/* The keyword argument called name, or unknown. */
Value take_keyword(const Call *call, const char *name);
size_t count_positional(const Call *call);

/* Whether all keyword arguments are among names; else an error. */
bool only_keywords(Eval *e, const Builtin *b, const Call *call, const char *const *names,
                   size_t count);

/* A whole float as an int; an error if it has no such. */
Value float_to_int(Eval *e, double f, Span span);

#endif
